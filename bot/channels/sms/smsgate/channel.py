"""The channel of SMS Gateway for Android: an ordinary phone with an ordinary SIM card sends and receives."""

import hmac
import secrets
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final, TypeVar

from android_sms_gateway import AsyncAPIClient, Device, Message, MessageState, TextMessage, Webhook
from android_sms_gateway.enums import MessagePriority, ProcessState, WebhookEvent
from android_sms_gateway.errors import APIError

from bot.channels.base import FetchError, OutFile, SendError, SendResult
from bot.channels.http import BrokenOff, Http
from bot.channels.sms.findings import Finding
from bot.channels.sms.sending import VALID_FOR, number_of
from bot.channels.sms.smsgate.http import GatewayHttp
from bot.channels.sms.smsgate.wire import to_send_error
from bot.channels.sms.text import sendable
from bot.pacing import Limits, Rate
from handlers.messages import Address, Reply
from handlers.sms_length import count_parts
from storage.vocabulary import Channel, Fault

WEBHOOK_PATH: Final = "/sms/smsgate/webhook"
#: The gateway's own servers, where a phone in "Cloud" mode is connected.
OFFICIAL_API: Final = "https://api.sms-gate.app/3rdparty/v1"
#: What we ask to be told, a webhook each.
WANTED_EVENTS: Final = (
    WebhookEvent.SMS_RECEIVED,
    WebhookEvent.SMS_SENT,
    WebhookEvent.SMS_DELIVERED,
    WebhookEvent.SMS_FAILED,
)
#: A phone hands the network about one text a second; Android asks its owner when an app sends many more.
PER_SECOND: Final = 1.0

#: A phone that has not been heard of for so long is switched off or has lost its network.
_SILENCE: Final = timedelta(hours=1)
#: The gateway takes no longer ids.
_ID_LENGTH: Final = 32
_OVER: Final = frozenset({ProcessState.Failed, ProcessState.Cancelled, ProcessState.Cancelling})

_T = TypeVar("_T")


class SmsGateChannel:
    """SMS Gateway for Android behind `base.Channel`. `sim`: 1 to 3, None: the phone's own choice."""

    name = Channel.SMS
    takes_files = False
    limits = Limits(overall=Rate(PER_SECOND))

    def __init__(
        self,
        username: str,
        password: str,
        public_url: str,
        *,
        clock: Callable[[], datetime],
        api_url: str | None = None,
        sim: int | None = None,
        priority: MessagePriority = MessagePriority.DEFAULT,
        connect_timeout: float = 5.0,
        read_timeout: float = 15.0,
    ) -> None:
        self._webhook_url = f"{public_url.rstrip('/')}{WEBHOOK_PATH}"
        self._clock = clock
        self._sim = sim
        self._priority = priority
        self._secret = password.encode()
        self._http = Http(read_timeout=read_timeout, connect_timeout=connect_timeout)
        self._client = AsyncAPIClient(
            username,
            password,
            base_url=(api_url or OFFICIAL_API).rstrip("/"),
            http_client=GatewayHttp(self._http),
        )

    async def stop(self) -> None:
        """Close the connections."""
        await self._http.close()

    async def send(
        self,
        to: Address,
        reply: Reply,
        *,
        key: str | None = None,
        files: Sequence[OutFile] = (),  # noqa: ARG002 - there are none
    ) -> SendResult:
        """Send the short wording in GSM-7, with a report asked for. Raises SendError.

        The gateway takes an id of ours for each message, and a message of one id only once: what may have been
        sent is handed over again without harm.
        """
        number, text = number_of(to), sendable(reply.short)
        message_id = self._id_of(key, number, text)
        try:
            await self._hand_over(message_id, number, text)
        except SendError as problem:
            if problem.code not in {"409", "500"}:  # either is said of an id that is known already
                raise
            message_id = await self._known_or_anew(message_id, number, text, problem)
        return SendResult(message_id, parts=count_parts(text))

    async def fetch(self, ref: str, max_bytes: int) -> bytes:  # noqa: ARG002 - the channel brings in none
        """Raise FetchError: the gateway holds no files for us."""
        raise FetchError("no_files", is_final=True)

    async def ensure_webhooks(self) -> None:
        """Have what arrives, and what becomes of our texts, told to us. Raises SendError."""
        known = await self._ask(self._client.get_webhooks())
        told = {webhook.event for webhook in known if webhook.url == self._webhook_url}
        for event in WANTED_EVENTS:
            if event not in told:
                await self._ask(self._client.create_webhook(self._webhook(event)))

    async def examine(self) -> list[Finding]:
        """Look whether the phone is there, and whether what arrives is told to us. Raises SendError."""
        try:
            devices = await self._devices()
            webhooks = await self._ask(self._client.get_webhooks())
        except SendError as problem:
            if problem.fault is not Fault.MISCONFIGURED:
                raise
            return [Finding("credentials_refused", found=problem.code)]
        told = {webhook.event for webhook in webhooks if webhook.url == self._webhook_url}
        missing = [
            Finding("webhook_missing", expected=f"{event.value} {self._webhook_url}")
            for event in WANTED_EVENTS
            if event not in told
        ]
        return [*missing, *_examine_phones(devices, self._clock())]

    def _id_of(self, key: str | None, number: str, text: str) -> str:
        """Return the message's id at the gateway.

        By number and text as well, since keys begin anew with a new database, and the gateway would take another
        message for one it has sent; under a key, since the id is stored and the number is not to be guessed.
        """
        if key is None:
            return secrets.token_hex(_ID_LENGTH // 2)
        named = f"{key}\0{number}\0{text}".encode()
        return hmac.new(self._secret, named, sha256).hexdigest()[:_ID_LENGTH]

    async def _hand_over(self, message_id: str, number: str, text: str) -> None:
        message = Message(
            id=message_id,
            phone_numbers=[number],
            text_message=TextMessage(text),
            sim_number=self._sim,
            priority=self._priority,
            ttl=int(VALID_FOR.total_seconds()),
            with_delivery_report=True,
        )
        await self._ask(self._client.send(message))

    async def _known_or_anew(self, message_id: str, number: str, text: str, problem: SendError) -> str:
        """Return the id under which the message is known. What failed then is sent anew under another."""
        state = await self._state(message_id)
        if state is None:
            raise problem
        if state.state not in _OVER:
            return message_id
        another = self._id_of(None, number, text)
        await self._hand_over(another, number, text)
        return another

    async def _devices(self) -> list[Device] | None:
        """Return the account's phones; None where the phone itself answers ("Local" mode) and has no such list."""
        try:
            return await self._ask(self._client.list_devices())
        except SendError as problem:
            if problem.code == "404":
                return None
            raise

    async def _state(self, message_id: str) -> MessageState | None:
        try:
            return await self._ask(self._client.get_state(message_id))
        except SendError as problem:
            if problem.code == "404":
                return None
            raise

    def _webhook(self, event: WebhookEvent) -> Webhook:
        # An id of ours: a new address takes the place of the old one.
        return Webhook(f"kanal-{event.value.replace(':', '-')}", self._webhook_url, event)

    async def _ask(self, call: Awaitable[_T]) -> _T:
        try:
            return await call
        except (APIError, BrokenOff) as problem:
            failure = to_send_error(problem)
        except (AttributeError, KeyError, TypeError, ValueError):  # the library, on an answer it cannot read
            failure = SendError(Fault.UNREACHABLE, code="unreadable")
        # Raised out here, so that the library's error, whose text may name people, does not go with it.
        raise failure


def _examine_phones(devices: list[Device] | None, now: datetime) -> list[Finding]:
    if devices is None:
        return []
    if not devices:
        return [Finding("no_phone")]
    last_seen_at = max((device.last_seen for device in devices if device.last_seen), default=None)
    if last_seen_at and now - last_seen_at > _SILENCE:
        return [Finding("phone_silent", found=last_seen_at.isoformat())]
    return []
