"""What Twilio remembers: the account, its sender, messages, files, who opted out."""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from typing import Any, Final

from tests.fakes.phone import Phone, is_gsm, segments
from tests.fakes.telegram.world import RefusalError, Signal

Json = dict[str, Any]
Params = dict[str, str]

_E164: Final = re.compile(r"\+[1-9][0-9]{6,14}")
_MAX_BODY: Final = 1600
_MAX_VALIDITY_SECONDS: Final = 36_000
#: obeyed by Twilio itself, on long codes: https://www.twilio.com/docs/messaging/tutorials/advanced-opt-out
_STOP_WORDS: Final = frozenset(
    {"STOP", "UNSUBSCRIBE", "END", "QUIT", "STOPALL", "REVOKE", "OPTOUT", "CANCEL"}
)
_START_WORDS: Final = frozenset({"START", "YES", "UNSTOP"})


@dataclass
class Message:
    """One message on its way to a phone."""

    sid: str
    to: str
    body: str
    created_at: datetime
    status: str
    validity_seconds: int
    status_callback: str = ""
    error_code: int | None = None


@dataclass
class Settings:
    """What an operator has entered at Twilio."""

    account_status: str = "active"
    account_type: str = "Full"
    inbound_url: str = ""
    inbound_method: str = "POST"
    takes_sms: bool = True
    #: of a Messaging Service: its numbers' own webhooks go first
    defers_to_numbers: bool = False


@dataclass
class World:
    """Everything the fake server remembers."""

    account_sid: str
    #: the number, or the SID of the Messaging Service, that the program sends from
    sender: str
    #: the number that people write to
    number: str
    clock: Callable[[], datetime]
    random: random.Random
    changed: Signal = field(default_factory=Signal)
    settings: Settings = field(default_factory=Settings)
    phones: dict[str, Phone] = field(default_factory=dict)
    messages: dict[str, Message] = field(default_factory=dict)
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)

    @property
    def service_sid(self) -> str | None:
        return self.sender if self.sender.startswith("MG") else None

    def new_sid(self, prefix: str) -> str:
        return f"{prefix}{self.random.randrange(16**32):032x}"

    def create(self, form: Params) -> Message:
        """Take a message and hand it to its phone. Raises RefusalError."""
        self._check(form)
        phone = self.phones.get(form["To"])
        if phone and phone.has_opted_out:
            raise refusal(400, 21610, "Attempt to send to unsubscribed recipient")
        message = Message(
            sid=self.new_sid("SM"),
            to=form["To"],
            body=form["Body"],
            created_at=self.clock(),
            status="accepted" if self.service_sid else "queued",
            validity_seconds=int(form.get("ValidityPeriod", "36000")),
            status_callback=form.get("StatusCallback", ""),
        )
        self.messages[message.sid] = message
        if phone:
            phone.receive(message.body)
        return message

    def obey(self, phone: Phone, text: str) -> None:
        """Keep Twilio's own register of who wants no more."""
        word = text.strip().upper()
        if word in _STOP_WORDS:
            phone.has_opted_out = True
        elif word in _START_WORDS:
            phone.has_opted_out = False

    def message_json(self, message: Message) -> Json:
        created_at = format_datetime(message.created_at)
        uri = f"/2010-04-01/Accounts/{self.account_sid}/Messages/{message.sid}"
        is_waiting = message.status == "accepted"
        return {
            "account_sid": self.account_sid,
            "api_version": "2010-04-01",
            "body": message.body,
            "date_created": created_at,
            "date_sent": None if is_waiting else created_at,
            "date_updated": created_at,
            "direction": "outbound-api",
            "error_code": message.error_code,
            "error_message": None,
            "from": None if self.service_sid else self.number,
            "messaging_service_sid": self.service_sid,
            "num_media": "0",
            "num_segments": "0" if is_waiting else str(segments(message.body)),
            "price": None,
            "price_unit": "USD",
            "sid": message.sid,
            "status": message.status,
            "subresource_uris": {"media": f"{uri}/Media.json"},
            "to": message.to,
            "uri": f"{uri}.json",
        }

    def _check(self, form: Params) -> None:
        if form.get("MessagingServiceSid", form.get("From")) != self.sender:
            raise refusal(400, 21606, f"The 'From' phone number {form.get('From')} is not yours")
        if not _E164.fullmatch(form["To"]):
            raise refusal(400, 21211, f"Invalid 'To' Phone Number: {form['To']}")
        if form["To"] in self.phones and self.phones[form["To"]].is_landline:
            raise refusal(400, 21614, "'To' number is not a valid mobile number")
        if len(form["Body"]) > _MAX_BODY:
            raise refusal(400, 21617, "The concatenated message body exceeds the 1600 character limit")
        if not 1 <= int(form.get("ValidityPeriod", "36000")) <= _MAX_VALIDITY_SECONDS:
            raise refusal(400, 21621, "Validity period is out of range")


def refusal(status: int, code: int, description: str) -> RefusalError:
    return RefusalError(status, description, code=code)


def faults_of_text(body: str) -> list[str]:
    """Return what makes a text dear or unwelcome, though Twilio would take it."""
    return [] if is_gsm(body) else ["CreateMessage: Body is not GSM-7"]
