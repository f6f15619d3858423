"""The Twilio channel: texts out, pictures in, and what Twilio is asked about our set-up."""

import re
from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from twilio.rest import Client

from bot.channels.base import FetchError, OutFile, SendError, SendResult
from bot.channels.http import BrokenOff
from bot.channels.sms.findings import Finding
from bot.channels.sms.sending import VALID_FOR, number_of
from bot.channels.sms.text import sendable
from bot.channels.sms.twilio.wire import UNCERTAIN, Json, QuietHttpClient, read_answer, unreadable
from bot.pacing import Limits, Rate
from handlers.messages import Address, Reply
from handlers.sms_length import count_parts
from storage.vocabulary import Channel, Fault

INBOUND_PATH: Final = "/sms/twilio/inbound"
STATUS_PATH: Final = "/sms/twilio/status"
#: Repeat a webhook five times, after any failure; without it Twilio tries once more, and only if it could not
#: connect. Source: https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides (November 2026).
OVERRIDES: Final = "#rc=5&rp=all"
#: A long code takes about one message a second, and queues the rest (for four hours, by then they are stale).
PER_SECOND: Final = 1.0

_ACCOUNTS: Final = "https://api.twilio.com/2010-04-01/Accounts"
_SERVICES: Final = "https://messaging.twilio.com/v1/Services"
#: Twilio's clock and ours may differ so much.
_SKEW: Final = timedelta(seconds=60)
#: Messages to one number among which a lost one is looked for, the newest.
_LOOK_BACK: Final = 20
#: Messages remembered, of those taken and of those in doubt.
_MEMORY: Final = 1000


class TwilioChannel:
    """Twilio behind `base.Channel`. `sender` is a number of ours, or the SID of a Messaging Service (MG…)."""

    name = Channel.SMS
    takes_files = False

    def __init__(
        self,
        account_sid: str,
        auth_token: str,
        sender: str,
        public_url: str,
        *,
        clock: Callable[[], datetime],
        api_url: str | None = None,
        per_second: float = PER_SECOND,
        connect_timeout: float = 5.0,
        read_timeout: float = 15.0,
    ) -> None:
        self.limits = Limits(overall=Rate(per_second))
        self._sender = sender
        self._public_url = public_url.rstrip("/")
        self._clock = clock
        self._auth = (account_sid, auth_token)
        self._account_url = f"{_ACCOUNTS}/{account_sid}"
        self._http = QuietHttpClient(api_url, connect_timeout=connect_timeout, read_timeout=read_timeout)
        # The empty environment keeps the library from reading one of its own.
        self._client = Client(account_sid, auth_token, http_client=self._http, environment={"": ""})
        #: messages Twilio has told us of: not the ones we look for
        self._taken: deque[str] = deque(maxlen=_MEMORY)
        #: key of a message that may have been sent → when it was first tried
        self._doubts: dict[str | None, datetime] = {}

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

        Twilio knows no keys by which to tell a repeat. So after an attempt whose end we did not see the
        message is looked for before it is sent again, now or, by its key, at the next attempt.
        """
        number, text = number_of(to), sendable(reply.short)
        in_doubt_since = self._doubts.get(key)
        if in_doubt_since and (found := await self._find(number, text, in_doubt_since)):
            return self._settled(found, text, key)
        tried_at = in_doubt_since or self._clock()
        self._doubt(key, tried_at)  # from here on, whatever happens: we may be stopped as we wait
        try:
            message = await self._create(number, text)
        except SendError as problem:
            if problem.code not in UNCERTAIN:
                self._doubts.pop(key, None)
                raise
            message = await self._find_or_raise(number, text, tried_at, problem)
        return self._settled(message, text, key)

    async def fetch(self, ref: str, max_bytes: int) -> bytes:
        """Return the file at one of the media addresses of an MMS. Raises FetchError."""
        try:
            return await self._http.download(ref, max_bytes, self._auth)
        except BrokenOff as problem:
            failure = FetchError(problem.code, is_final=False)
        raise failure

    async def examine(self) -> list[Finding]:
        """Look at the account and the sender, and whether what arrives is sent to us. Raises SendError."""
        try:
            account = await self._call("GET", f"{self._account_url}.json")
        except SendError as problem:
            if problem.fault is not Fault.MISCONFIGURED:
                raise
            return [Finding("credentials_refused", found=problem.code)]
        findings = []
        if (status := account.get("status")) != "active":
            findings.append(Finding("account_not_active", expected="active", found=str(status)))
        if account.get("type") == "Trial":
            findings.append(Finding("trial_account", is_fault=False))
        return findings + await self._examine_sender()

    async def register(self) -> None:
        """Enter our address at Twilio for what arrives, unless it stands there. Raises SendError.

        A sender that is not of this account is left to `examine`, which says so.
        """
        if self._is_service:
            await self._call(
                "POST",
                f"{_SERVICES}/{self._sender}",
                InboundRequestUrl=self.inbound_url,
                InboundMethod="POST",
                UseInboundWebhookOnNumber="false",
            )
            return
        for number in await self._numbers():
            if (number.get("sms_url"), number.get("sms_method")) != (self.inbound_url, "POST"):
                url = f"{self._account_url}/IncomingPhoneNumbers/{number['sid']}.json"
                await self._call("POST", url, SmsUrl=self.inbound_url, SmsMethod="POST")

    @property
    def inbound_url(self) -> str:
        """The address that stands at Twilio for what arrives."""
        return f"{self._public_url}{INBOUND_PATH}{OVERRIDES}"

    async def _create(self, number: str, text: str) -> Json:
        message = await self._call(
            "POST",
            f"{self._account_url}/Messages.json",
            To=number,
            Body=text,
            StatusCallback=f"{self._public_url}{STATUS_PATH}{OVERRIDES}",
            ValidityPeriod=int(VALID_FOR.total_seconds()),
            **{"MessagingServiceSid" if self._is_service else "From": self._sender},
        )
        if not _has_sid(message):
            raise unreadable()
        return message

    async def _find_or_raise(self, number: str, text: str, tried_at: datetime, problem: SendError) -> Json:
        """Return the message that was sent after all; if it was not, or nobody can tell, raise `problem`."""
        try:
            found = await self._find(number, text, tried_at)
        except SendError:
            found = None
        if found is None:
            raise problem
        return found

    async def _find(self, number: str, text: str, tried_at: datetime) -> Json | None:
        """Return the message with this text that Twilio took since `tried_at` and did not tell us of."""
        url = f"{self._account_url}/Messages.json"
        since = tried_at - _SKEW
        for message in await self._list("messages", url, To=number, PageSize=_LOOK_BACK):
            is_new = _created_at(message, otherwise=since - _SKEW) >= since
            if is_new and message.get("body") == text and message["sid"] not in self._taken:
                return message
        return None

    def _doubt(self, key: str | None, tried_at: datetime) -> None:
        if key is not None:
            self._doubts[key] = tried_at
            if len(self._doubts) > _MEMORY:
                del self._doubts[next(iter(self._doubts))]

    def _settled(self, message: Json, text: str, key: str | None) -> SendResult:
        sid = message["sid"]
        self._taken.append(sid)
        self._doubts.pop(key, None)
        return SendResult(sid, parts=_counted(message) or count_parts(text))

    @property
    def _is_service(self) -> bool:
        return self._sender.startswith("MG")

    async def _examine_sender(self) -> list[Finding]:
        if self._is_service:
            return await self._examine_service()
        if not self._sender.startswith("+"):
            return [Finding("sender_cannot_be_answered", found=self._sender)]
        numbers = await self._numbers()
        if not numbers:
            return [Finding("number_not_ours", found=self._sender)]
        number = numbers[0]
        findings = []
        if not (number.get("capabilities") or {}).get("sms"):
            findings.append(Finding("number_without_sms", found=self._sender))
        return findings + self._compare(number.get("sms_url"), number.get("sms_method"))

    async def _examine_service(self) -> list[Finding]:
        try:
            service = await self._call("GET", f"{_SERVICES}/{self._sender}")
        except SendError as problem:
            if problem.fault is not Fault.MISCONFIGURED:
                raise
            return [Finding("service_not_ours", found=self._sender)]
        if service.get("use_inbound_webhook_on_number"):
            return [Finding("service_defers_to_numbers", expected=self.inbound_url)]
        return self._compare(service.get("inbound_request_url"), service.get("inbound_method"))

    def _compare(self, url: str | None, method: str | None) -> list[Finding]:
        """Hold what is entered at Twilio against where we listen."""
        if url == self.inbound_url and method == "POST":
            return []
        address = (url or "").partition("#")[0]
        is_ours = address == self.inbound_url.partition("#")[0] and method == "POST"
        code = "inbound_without_repeats" if is_ours else "inbound_goes_elsewhere"
        found = f"{method} {url}" if url else None
        return [Finding(code, is_fault=not is_ours, expected=f"POST {self.inbound_url}", found=found)]

    async def _numbers(self) -> list[Json]:
        """Return the sender as a number of the account, if it is one."""
        url = f"{self._account_url}/IncomingPhoneNumbers.json"
        return await self._list("incoming_phone_numbers", url, PhoneNumber=self._sender, PageSize=1)

    async def _list(self, name: str, url: str, **query: object) -> list[Json]:
        """Return the first page of what Twilio lists under a name. Raises SendError."""
        found = (await self._call("GET", url, **query)).get(name)
        if not isinstance(found, list):
            raise unreadable()
        return [one for one in found if _has_sid(one)]

    async def _call(self, method: str, url: str, **fields: object) -> Json:
        """Return what Twilio answers. Raises SendError.

        By the library's client, but not by its classes of what Twilio holds: with one it loads all (7 MiB).
        """
        where = "params" if method == "GET" else "data"
        try:
            answer = await self._client.request_async(method, url, **{where: fields})
        except BrokenOff as problem:
            failure = SendError(Fault.UNREACHABLE, code=problem.code)
        else:
            return read_answer(answer.status_code, answer.text)
        raise failure


def _has_sid(found: object) -> bool:
    return isinstance(found, dict) and isinstance(found.get("sid"), str)


def _counted(message: Json) -> int:
    """Return the parts as Twilio counts them; 0: it does not say, as before a Messaging Service has a sender.

    Whatever stands there, the message was sent.
    """
    said = str(message.get("num_segments"))
    return int(said) if re.fullmatch("[0-9]{1,2}", said) else 0


def _created_at(message: Json, *, otherwise: datetime) -> datetime:
    try:
        created_at = parsedate_to_datetime(str(message.get("date_created")))
    except ValueError:  # it has none yet
        return otherwise
    return created_at if created_at.tzinfo else otherwise  # "-0000" says that the zone is not known
