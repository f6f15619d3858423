"""The Telegram channel: replies out, files in, and what Telegram is told about us."""

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Mapping, Sequence
from typing import Any, Final, TypeVar
from urllib.parse import urlencode

import structlog
from telegram import Bot, BotCommand, BotCommandScopeChat, File, WebhookInfo
from telegram.constants import UpdateType
from telegram.error import InvalidToken, TelegramError

from bot.channels.base import FetchError, OutFile, SendError, SendResult
from bot.channels.telegram.files import Sender, batches_of, is_caption
from bot.channels.telegram.keyboard import Markup, edits_in_place, markup_for
from bot.channels.telegram.request import LeanRequest
from bot.channels.telegram.text import split_text
from bot.channels.telegram.wire import to_fetch_error, to_send_error
from bot.channels.text import well_formed
from bot.pacing import Limits, Rate
from handlers.messages import Address, Reply
from storage.vocabulary import Channel, Fault, Language

OFFICIAL_API: Final = "https://api.telegram.org"

#: What we ask for by name: `my_chat_member` tells us who blocked us.
WANTED_UPDATES: Final = (
    UpdateType.MESSAGE,
    UpdateType.EDITED_MESSAGE,
    UpdateType.CALLBACK_QUERY,
    UpdateType.MY_CHAT_MEMBER,
)
#: Telegram's default: enough for commits in groups, little enough for one small machine.
_WEBHOOK_CONNECTIONS: Final = 40
_MAX_BATCH: Final = 100

# https://core.telegram.org/bots/faq (June 2026): 30 a second in all, about one a second in a chat with short bursts,
# 20 a minute in a group. `Rate` lets `burst` more out in the first second; a little air is left. The quarter makes
# good what a commit delays; without it 25 a second leave.
OVERALL: Final = Rate(28.7, burst=1.25)
IN_PRIVATE: Final = Rate(1, burst=3)
IN_GROUP: Final = Rate(18 / 60, burst=2)

#: Commands (name, explanation) for people whose app speaks the language; None: others.
Menu = Mapping[Language | None, Sequence[tuple[str, str]]]

_NO_PREVIEW: Final = {"is_disabled": True}
#: Messages whose pictures have left and whose text has not, remembered at most.
_MEMORY: Final = 1000

_T = TypeVar("_T")

log: structlog.stdlib.BoundLogger = structlog.get_logger()


class TelegramChannel:
    """Telegram behind `base.Channel`. Every call but `answer_press` raises SendError or FetchError."""

    name = Channel.TELEGRAM
    takes_files = True
    limits = Limits(overall=OVERALL, each=lambda chat: IN_GROUP if chat.startswith("-") else IN_PRIVATE)

    def __init__(
        self,
        token: str,
        api_url: str | None = None,
        *,
        connect_timeout: float = 5.0,
        read_timeout: float = 15.0,
    ) -> None:
        root = (api_url or OFFICIAL_API).rstrip("/")
        self._read_timeout = read_timeout
        self._requests = LeanRequest(read_timeout=read_timeout, connect_timeout=connect_timeout)
        # Polling has a connection of its own: it is held for as long as nobody writes.
        self._polls = LeanRequest(1, read_timeout=read_timeout, connect_timeout=connect_timeout)
        self._bot = Bot(
            token,
            base_url=f"{root}/bot",
            base_file_url=f"{root}/file/bot",
            request=self._requests,
            get_updates_request=self._polls,
        )
        self._answers: set[asyncio.Task[None]] = set()
        self._menus: Mapping[str, Menu] = {}
        #: key of a message whose text is still to be sent → how many of its uploads have left
        self._uploaded: dict[str | None, int] = {}
        #: the bot's name without "@", for deep links; known once `start` has succeeded
        self.username = ""

    async def start(self) -> None:
        """Open the connections and ask who we are. May be called again after it failed. Raises SendError."""
        try:
            await self._ask(self._bot.initialize())
        except (
            AttributeError,
            KeyError,
            TypeError,
            ValueError,
        ):  # the library, on an answer not of Telegram's
            failure = SendError(Fault.UNREACHABLE, code="unreadable")
        else:
            self.username = self._bot.username
            return
        raise failure

    async def stop(self) -> None:
        """Let the answers to presses go out, then close the connections."""
        await asyncio.gather(*self._answers, return_exceptions=True)
        await self._bot.shutdown()
        # Which leaves them open if `start` has not been called.
        await self._requests.shutdown()
        await self._polls.shutdown()

    async def send(
        self, to: Address, reply: Reply, *, key: str | None = None, files: Sequence[OutFile] = ()
    ) -> SendResult:
        """Send `reply` as it stands, without markup; a long one in parts, its keyboard under the last.

        The result names the last part. If a later part fails the earlier ones have been seen, and come again; so
        do pictures, but only where we do not know that they left or another process tries again.
        """
        parts = split_text(well_formed(self._text_of(reply)))
        if not parts:
            raise SendError(Fault.REJECTED, code="empty_text")
        chat_id = _chat_id(to)
        result = SendResult(await self._say(chat_id, reply, parts, files, key))
        if reply.menu is not None:
            await self._show_menu(chat_id, reply.menu)
        return result

    def _text_of(self, reply: Reply) -> str:
        """Return what is said, with the deep link of a code."""
        return f"{reply.text}\n\n{self.link(reply.start_code)}" if reply.start_code else reply.text

    def link(self, code: str) -> str:
        """Return the address that opens a chat with us and begins by a code (Telegram's deep link)."""
        return f"https://t.me/{self.username}?start={code}"

    async def fetch(self, ref: str, max_bytes: int) -> bytes:
        """Return the file with this id. The link to it holds our token, and lives in this call only."""
        file = await self._get_file(ref)
        if (file.file_size or 0) > max_bytes:
            raise FetchError("too_big", is_final=True)
        if not file.file_path:
            raise FetchError("no_path", is_final=False)
        content = await self._download(file)
        if len(content) > max_bytes:
            raise FetchError("too_big", is_final=True)
        return content

    async def answer_press(self, press_id: str) -> None:
        """Stop the button's spinning. A late answer is refused, which harms nobody."""
        with contextlib.suppress(TelegramError):
            await self._bot.answer_callback_query(press_id)

    def answer_press_soon(self, press_id: str) -> None:
        """Answer a press in the background, so that nothing waits for it."""
        task = asyncio.create_task(self.answer_press(press_id))
        self._answers.add(task)
        task.add_done_callback(self._answers.discard)

    async def set_menu(self, commands: Menu) -> None:
        """Show these commands wherever no other menu has been set."""
        await self._set_commands(commands, None)

    def set_menus(self, menus: Mapping[str, Menu]) -> None:
        """Know these menus by the names that `Reply.menu` gives them."""
        self._menus = menus

    async def set_webhook(self, url: str, secret: str) -> None:
        """Have updates posted to `url`, with `secret` in their header. What waits is kept."""
        await self._ask(
            self._bot.set_webhook(
                url,
                secret_token=secret,
                allowed_updates=WANTED_UPDATES,
                max_connections=_WEBHOOK_CONNECTIONS,
                drop_pending_updates=False,
            )
        )

    async def delete_webhook(self) -> None:
        """Make way for polling. What waits is kept."""
        await self._ask(self._bot.delete_webhook(drop_pending_updates=False))

    async def webhook_info(self) -> WebhookInfo:
        """Return where updates go, what Telegram last had to say of it, and how many wait (kept for a day)."""
        return await self._ask(self._bot.get_webhook_info())

    async def get_updates(self, offset: int | None, wait_seconds: int) -> list[dict[str, Any]]:
        """Return the updates that wait, each as JSON; those below `offset` are thereby acknowledged.

        As JSON, since `Bot.get_updates` loses (and logs) the whole batch over one update it cannot read.
        """
        query = {"limit": _MAX_BATCH, "timeout": wait_seconds, "allowed_updates": json.dumps(WANTED_UPDATES)}
        if offset is not None:
            query["offset"] = offset
        url = f"{self._bot.base_url}/getUpdates?{urlencode(query)}"
        body = await self._ask(self._polls.retrieve(url, read_timeout=wait_seconds + self._read_timeout))
        answer = await self._ask(_result(body))
        return [update for update in answer if isinstance(update, dict) and "update_id" in update]

    async def _say(
        self, chat_id: int, reply: Reply, parts: Sequence[str], files: Sequence[OutFile], key: str | None
    ) -> str:
        """Send the files, then the text, together where that can be. Return the number of the text's message."""
        markup = markup_for(reply, is_private=chat_id > 0)
        answers = _reply_parameters(reply)
        sender = Sender(self._bot, chat_id, answers)
        if len(files) == 1 and len(parts) == 1 and is_caption(parts[0]):
            if number := await self._upload(sender.single(files[0], parts[0], markup)):
                return number
        elif files:
            await self._upload_all(sender, files, key)
        elif reply.replaces and len(parts) == 1 and await self._edit(chat_id, reply, parts[0], markup):
            return reply.replaces
        for part in parts[:-1]:
            await self._post(chat_id, part, None, answers)
        number = await self._post(chat_id, parts[-1], markup, answers)
        self._uploaded.pop(key, None)
        return number

    async def _upload_all(self, sender: Sender, files: Sequence[OutFile], key: str | None) -> None:
        """Send files as albums or singly, but not those that have left at an earlier attempt."""
        batches = batches_of(files)
        for done in range(self._uploaded.get(key, 0), len(batches)):
            await self._upload(sender.batch(batches[done]))
            if key is not None:
                self._uploaded[key] = done + 1
        if len(self._uploaded) > _MEMORY:
            del self._uploaded[next(iter(self._uploaded))]

    async def _upload(self, call: Awaitable[str]) -> str | None:
        """Return the number of what was sent; None when it is refused: the text must get through without it."""
        try:
            return await self._ask(call)
        except SendError as problem:
            if problem.fault is not Fault.REJECTED:
                raise
            log.warning("files_refused", code=problem.code)
            return None

    async def _edit(self, chat_id: int, reply: Reply, text: str, markup: Markup | None) -> bool:
        """Put `text` in the place of an earlier message; False if it must be sent anew."""
        if not edits_in_place(reply):
            return False
        edited = {
            "chat_id": chat_id,
            "message_id": int(str(reply.replaces)),
            "reply_markup": markup if markup and "inline_keyboard" in markup else None,
        }
        failure = await self._failure(
            self._call("editMessageText", text=text, link_preview_options=_NO_PREVIEW, **edited)
        )
        if failure == "has_caption" and is_caption(text):
            failure = await self._failure(self._call("editMessageCaption", caption=text, **edited))
        return failure in {None, "not_modified"}

    async def _failure(self, edit: Awaitable[object]) -> str | None:
        """Return why a message cannot be changed, None if it has been. Raises SendError for other failures."""
        try:
            await edit
        except SendError as problem:
            if problem.code not in {"cannot_edit", "has_caption", "not_modified"}:
                raise
            return problem.code
        return None

    async def _post(
        self, chat_id: int, text: str, markup: Markup | None, answers: Mapping[str, Any] | None
    ) -> str:
        """Send one message as plain text: what a person typed comes out as typed. Return its number."""
        message = await self._call(
            "sendMessage",
            chat_id=chat_id,
            text=text,
            link_preview_options=_NO_PREVIEW,
            reply_markup=markup,
            reply_parameters=answers,
        )
        return str(message["message_id"])

    async def _show_menu(self, chat_id: int, name: str) -> None:
        """Give a chat its own menu, or the one that all have. If that fails the message has been sent all the same."""
        scope = BotCommandScopeChat(chat_id)
        try:
            if name:
                await self._set_commands(self._menus[name], scope)
            else:
                for language in (None, *Language):
                    await self._ask(self._bot.delete_my_commands(scope, language and language.value))
        except (SendError, KeyError) as problem:
            log.warning("menu_not_set", menu=name, error=type(problem).__name__)

    async def _set_commands(self, menu: Menu, scope: BotCommandScopeChat | None) -> None:
        for language, entries in menu.items():
            commands = [BotCommand(name, explanation) for name, explanation in entries]
            await self._ask(self._bot.set_my_commands(commands, scope, language and language.value))

    async def _get_file(self, ref: str) -> File:
        try:
            return await self._bot.get_file(ref)
        except TelegramError as problem:
            failure = to_fetch_error(problem)
        raise failure

    async def _download(self, file: File) -> bytes:
        try:
            return bytes(await file.download_as_bytearray())
        except InvalidToken:  # the library's word for 404
            failure = FetchError("link_gone", is_final=False)
        except TelegramError as problem:
            failure = to_fetch_error(problem)
        raise failure

    async def _call(self, method: str, **parameters: Any) -> Any:
        """Return what a method answers, as JSON (LeanRequest.call). Raises SendError."""
        return await self._ask(self._requests.call(f"{self._bot.base_url}/{method}", parameters))

    async def _ask(self, call: Awaitable[_T]) -> _T:
        try:
            return await call
        except TelegramError as problem:
            failure = to_send_error(problem)
        # Raised out here, so that the library's error, whose text may hold the token, does not go with it.
        raise failure


async def _result(body: bytes) -> list[Any]:
    """Return the list in an answer's `result`."""
    result = LeanRequest.parse_json_payload(body).get("result")
    return result if isinstance(result, list) else []


def _chat_id(to: Address) -> int:
    try:
        return int(to.identifier)
    except ValueError:
        failure = SendError(Fault.REJECTED, code="bad_address")
    raise failure


def _reply_parameters(reply: Reply) -> Mapping[str, Any] | None:
    """Return which message it hangs on, unless that is gone."""
    if not str(reply.answers).isdecimal():
        return None
    return {"message_id": int(str(reply.answers)), "allow_sending_without_reply": True}
