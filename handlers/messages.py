"""The neutral values every channel speaks: what came in, what is to be sent."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from storage.vocabulary import Channel, DeliveryState, Fault, Language, MediaKind


@dataclass(frozen=True, slots=True)
class Address:
    """Where a person is reached: a channel and the identifier there (chat id, E.164 number)."""

    channel: Channel
    identifier: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Media:
    """A file the provider holds for us; fetched after the message is committed."""

    kind: MediaKind
    #: what the provider wants to hear to hand it over (file id, URL)
    ref: str = field(repr=False)
    #: bytes, as the provider says, if it does
    size: int | None = None
    #: id of the album it belongs to
    group: str | None = None
    #: media type, as the provider says, if it does
    type: str | None = None


@dataclass(frozen=True, slots=True)
class Location:
    """A point, WGS84 degrees."""

    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Press:
    """A button pressed: the question it belongs to (see `Reply.question`) and the choice's value."""

    question: str
    value: str


class Notice(StrEnum):
    """What a provider tells us about an address, without the person having written."""

    BLOCKED = "blocked"
    UNBLOCKED = "unblocked"
    #: a group has another identifier from now on (`Inbound.moved_to`)
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Inbound:
    """One thing that came in, on any channel."""

    #: the chat it came from, and where an answer goes
    address: Address
    #: the provider's id of this delivery; a repeat carries the same one
    external_id: str
    #: when it was sent as far as the provider says, else when it reached us; aware UTC
    at: datetime
    text: str = field(default="", repr=False)
    press: Press | None = None
    media: tuple[Media, ...] = ()
    location: Location | None = None
    #: the provider's id of the message itself (edits name it again; a press names the pressed one)
    message_ref: str | None = None
    #: the provider's id of the message this one replies to
    reply_to: str | None = None
    is_edit: bool = False
    notice: Notice | None = None
    #: with Notice.MOVED: the group's new identifier
    moved_to: str | None = field(default=None, repr=False)
    #: who wrote it, where that is not the chat itself: in a group
    sender: Address | None = None
    #: something we cannot read: sticker, poll, contact, game
    unsupported: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer offered: what the person reads and what comes back."""

    label: str
    value: str


class Exhibit(StrEnum):
    """A file made when its message leaves."""

    #: an agency's figures as a picture
    FIGURES = "figures"
    #: its reports as a table, without identities, and figures by topic and place
    WORKBOOK = "workbook"


@dataclass(frozen=True, slots=True)
class Made:
    """What to make a file of; whoever asked was allowed to when they asked."""

    exhibit: Exhibit
    #: None: all agencies
    agency_code: str | None
    #: local days, both included
    since: date
    until: date
    language: Language
    #: of type berkadar pengawasan alone; False: all but those; None: of every type
    is_oversight: bool | None = False


@dataclass(frozen=True, slots=True)
class Page:
    """A report's page, for whoever may see all that it shows."""

    #: tracking number, digits
    number: str
    #: what stands before the address
    lead: str
    #: the one we speak with them, whatever their browser says
    language: Language


@dataclass(frozen=True, slots=True)
class Reply:
    """One message to be sent, in both wordings; plain text, no markup."""

    text: str = field(repr=False)
    #: wording for SMS: GSM-7, no more than the person needs
    short: str = field(repr=False)
    choices: tuple[Choice, ...] = ()
    #: id of the question the choices answer; a press brings it back
    question: str | None = None
    #: label of a button that sends one's location, where the channel has such; empty: none is offered
    location_label: str = ""
    #: provider's id of our message that this one takes the place of, where the channel can edit
    replaces: str | None = None
    #: provider's id of the message it answers, where several talk: in a group
    answers: str | None = None
    #: id of the report it is about
    about: int | None = None
    #: ids of kept files that go with it: pictures where the channel has them, else a short address that expires
    files: tuple[int, ...] = ()
    #: stands before their addresses
    files_label: str = "Foto"
    made: Made | None = None
    #: its address follows the long wording where the world reaches us; in an SMS it would cost a part of its own
    page: Page | None = None
    #: with an address that opens a chat with us and begins by this code, where the channel has such
    start_code: str = field(default="", repr=False)
    #: in a group: the answer is to be a reply to this message, as others do not reach us there
    wants_reply: bool = False
    #: the command menu that this chat shows from now on (handlers.officers.commands.MENUS); "": the citizens' one
    menu: str | None = None


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """What a provider says, later, of a message it took."""

    channel: Channel
    #: as in SendResult, when the message was handed over
    provider_id: str
    state: DeliveryState
    #: the provider's code of a failure, or our word for it
    code: str | None
    #: when it happened as far as the provider says, else when we heard of it; aware UTC
    at: datetime
    #: what a failure means, in the terms of the outbox
    fault: Fault | None = None
