"""The Telegram channel: replies out, files in, and what Telegram is told about us."""

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Mapping, Sequence
from typing import Any, Final, TypeVar
from urllib.parse import urlencode

from telegram import Bot, BotCommand, File, InlineKeyboardMarkup, LinkPreviewOptions, WebhookInfo
from telegram.constants import UpdateType
from telegram.error import InvalidToken, TelegramError

from bot.channels.base import FetchError, SendError, SendResult
from bot.channels.telegram.keyboard import Markup, markup_for
from bot.channels.telegram.text import split_text
from bot.channels.telegram.wire import QuietRequest, to_fetch_error, to_send_error
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
# 20 a minute in a group. `Rate` lets `burst` more out in the first second; a little air is left.
OVERALL: Final = Rate(28.7)
IN_PRIVATE: Final = Rate(1, burst=3)
IN_GROUP: Final = Rate(18 / 60, burst=2)

_T = TypeVar("_T")


class TelegramChannel:
    """Telegram behind `base.Channel`. Every call but `answer_press` raises SendError or FetchError."""

    name = Channel.TELEGRAM
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
        self._requests = QuietRequest(
            read_timeout=read_timeout, connect_timeout=connect_timeout, pool_timeout=connect_timeout
        )
        # Polling has a connection of its own: it is held for as long as nobody writes.
        self._polls = QuietRequest(1, read_timeout=read_timeout, connect_timeout=connect_timeout)
        self._bot = Bot(
            token,
            base_url=f"{root}/bot",
            base_file_url=f"{root}/file/bot",
            request=self._requests,
            get_updates_request=self._polls,
        )
        self._answers: set[asyncio.Task[None]] = set()
        #: the bot's name without "@", for deep links; known once `start` has succeeded
        self.username = ""

    async def start(self) -> None:
        """Open the connections and ask who we are. May be called again after it failed."""
        await self._ask(self._bot.initialize())
        self.username = self._bot.username

    async def stop(self) -> None:
        """Let the answers to presses go out, then close the connections."""
        await asyncio.gather(*self._answers, return_exceptions=True)
        await self._bot.shutdown()
        # Which leaves them open if `start` has not been called.
        await self._requests.shutdown()
        await self._polls.shutdown()

    async def send(self, to: Address, reply: Reply, *, key: str | None = None) -> SendResult:  # noqa: ARG002 - Telegram takes none
        """Send `reply` as it stands, without markup; a long one in parts, its keyboard under the last.

        The result names the last part. If a later part fails the earlier ones have been seen, and come again.
        """
        parts = split_text(well_formed(reply.text))
        if not parts:
            raise SendError(Fault.REJECTED, code="empty_text")
        chat_id = _chat_id(to)
        markup = markup_for(reply, is_private=chat_id > 0)
        if reply.replaces and len(parts) == 1 and await self._edit(chat_id, reply, parts[0], markup):
            return SendResult(reply.replaces)
        for part in parts[:-1]:
            await self._post(chat_id, part, None)
        return SendResult(await self._post(chat_id, parts[-1], markup))

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

    async def set_menu(self, commands: Mapping[Language | None, Sequence[tuple[str, str]]]) -> None:
        """Show these commands (name, explanation) to people whose app speaks the language; None: others."""
        for language, entries in commands.items():
            menu = [BotCommand(name, explanation) for name, explanation in entries]
            await self._ask(self._bot.set_my_commands(menu, language_code=language and language.value))

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

    async def _edit(self, chat_id: int, reply: Reply, text: str, markup: Markup | None) -> bool:
        """Put `text` in the place of an earlier message; False if it must be sent anew."""
        if reply.location_label or not str(reply.replaces).isdecimal():
            return False  # only keyboards under the message can be changed
        try:
            await self._ask(
                self._bot.edit_message_text(
                    text,
                    chat_id,
                    int(str(reply.replaces)),
                    link_preview_options=LinkPreviewOptions(is_disabled=True),
                    reply_markup=markup if isinstance(markup, InlineKeyboardMarkup) else None,
                )
            )
        except SendError as problem:
            if problem.code == "cannot_edit":
                return False
            if problem.code != "not_modified":
                raise
        return True

    async def _post(self, chat_id: int, text: str, markup: Markup | None) -> str:
        """Send one message as plain text: what a person typed comes out as typed. Return its number."""
        message = await self._ask(
            self._bot.send_message(
                chat_id,
                text,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
                reply_markup=markup,
            )
        )
        return str(message.message_id)

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

    async def _ask(self, call: Awaitable[_T]) -> _T:
        try:
            return await call
        except TelegramError as problem:
            failure = to_send_error(problem)
        # Raised out here, so that the library's error, whose text may hold the token, does not go with it.
        raise failure


async def _result(body: bytes) -> list[Any]:
    """Return the list in an answer's `result`."""
    result = QuietRequest.parse_json_payload(body).get("result")
    return result if isinstance(result, list) else []


def _chat_id(to: Address) -> int:
    try:
        return int(to.identifier)
    except ValueError:
        failure = SendError(Fault.REJECTED, code="bad_address")
    raise failure
