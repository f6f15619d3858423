"""The simulator's two channels: what the program says stands on a screen, by the rules of the real wires."""

from collections.abc import Sequence
from dataclasses import replace

from bot.channels.base import FetchError, OutFile, SendError, SendResult
from bot.channels.simulator.screens import Draft, Keyboard, Person, Screens
from bot.channels.sms.text import sendable
from bot.channels.telegram.files import batches_of, is_caption
from bot.channels.telegram.keyboard import Markup, edits_in_place, markup_for
from bot.channels.telegram.text import split_text
from bot.channels.text import well_formed
from bot.clock import Clock
from bot.pacing import Limits
from handlers.messages import Address, Reply
from handlers.sms_length import count_parts
from storage.vocabulary import Channel, Fault


class _Screened:
    """What both have in common."""

    #: nobody is paid or throttled here, and waiting shows nothing
    limits = Limits()

    def __init__(self, screens: Screens, clock: Clock) -> None:
        self._screens = screens
        self._clock = clock

    async def fetch(self, ref: str, max_bytes: int) -> bytes:
        """Return a file that somebody sent. Raises FetchError."""
        found = self._screens.load(int(ref))
        if found is None:
            raise FetchError("no_such_file", is_final=True)
        if len(found[1]) > max_bytes:
            raise FetchError("too_big", is_final=True)
        return found[1]

    def _person_at(self, to: Address) -> Person:
        person = self._screens.find_at(to.identifier)
        if person is None:
            raise SendError(Fault.BLOCKED, code="no_such_person")
        return person


class SimulatedTelegram(_Screened):
    """As `TelegramChannel`: lengths, keyboards, albums, captions, edits in place."""

    name = Channel.TELEGRAM
    takes_files = True

    async def send(
        self, to: Address, reply: Reply, *, key: str | None = None, files: Sequence[OutFile] = ()
    ) -> SendResult:
        person = self._person_at(to)
        parts = split_text(well_formed(_text_of(reply)))
        if not parts:
            raise SendError(Fault.REJECTED, code="empty_text")
        markup = markup_for(reply, is_private=True)
        number = self._edited(person, reply, parts, markup, files) or self._screens.show(
            person.id, _drafts(parts, files, _under(markup)), self._clock.now(), key
        )
        self._change_phone(person, reply, markup)
        return SendResult(str(number))

    def _edited(
        self,
        person: Person,
        reply: Reply,
        parts: Sequence[str],
        markup: Markup | None,
        files: Sequence[OutFile],
    ) -> int | None:
        """Put a reply in the place of an earlier one and return its number; None if it must be shown anew."""
        if files or len(parts) > 1 or not edits_in_place(reply):
            return None
        bubble = self._screens.find_bubble(int(str(reply.replaces)))
        if bubble is None or bubble.is_own or bubble.person_id != person.id:
            return None
        if bubble.items and not is_caption(parts[0]):
            return None
        self._screens.replace(bubble.id, parts[0], _under(markup))
        return bubble.id

    def _change_phone(self, person: Person, reply: Reply, markup: Markup | None) -> None:
        """Show or take away the keyboard in place of the phone's own; give the chat its commands."""
        match markup:
            case {"keyboard": keyboard}:
                self._screens.set_keyboard(person.id, keyboard)
            case {"remove_keyboard": True} if person.keyboard:
                self._screens.set_keyboard(person.id, [])
        if reply.menu is not None and reply.menu != person.menu:
            self._screens.set_menu(person.id, reply.menu)


class SimulatedSms(_Screened):
    """As the SMS channels: the short wording in GSM-7, in at most three parts."""

    name = Channel.SMS
    takes_files = False

    async def send(
        self,
        to: Address,
        reply: Reply,
        *,
        key: str | None = None,
        files: Sequence[OutFile] = (),  # noqa: ARG002 - there are none
    ) -> SendResult:
        person, text = self._person_at(to), sendable(reply.short)
        parts = count_parts(text)
        number = self._screens.show(person.id, [Draft(text, parts=parts)], self._clock.now(), key)
        return SendResult(str(number), parts)


def _text_of(reply: Reply) -> str:
    """Return what is said; a code, which Telegram gives as a link to a chat, as one types it."""
    return f"{reply.text}\n\n/start {reply.start_code}" if reply.start_code else reply.text


def _drafts(parts: Sequence[str], files: Sequence[OutFile], keyboard: Keyboard) -> list[Draft]:
    """Return the bubbles of one message: a picture with its caption, else albums before the text."""
    carried = [[(one.name, one.media_type, one.content) for one in batch] for batch in batches_of(files)]
    if len(files) == 1 and len(parts) == 1 and is_caption(parts[0]):
        return [Draft(parts[0], carried[0], keyboard)]
    texts = [Draft(part) for part in parts]
    texts[-1] = replace(texts[-1], keyboard=keyboard)
    return [*(Draft(files=batch) for batch in carried), *texts]


def _under(markup: Markup | None) -> Keyboard:
    """Return the buttons that stand under a message."""
    keyboard: Keyboard = markup.get("inline_keyboard", []) if markup else []
    return keyboard
