"""The tables: columns and constraints, no behaviour.

`…_sealed` columns hold what `storage.crypto.Vault.seal` made; everything personal is one of them.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlmodel import Field, SQLModel

from storage.vocabulary import (
    ActorKind,
    AreaLevel,
    AttachmentState,
    CaseState,
    Channel,
    Clock,
    Closing,
    DeliveryState,
    EventKind,
    Language,
    MediaKind,
    OutboundState,
    Priority,
    ReportType,
    Role,
)

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
metadata: MetaData = SQLModel.metadata

#: 64 bits on PostgreSQL; SQLite numbers only INTEGER keys by itself.
BigId = BigInteger().with_variant(Integer, "sqlite")
#: partial indexes: rows that still have something to be done at `due_at`
OPEN = text("due_at IS NOT NULL")
#: partial indexes: cases that somebody has still something to do for, by `due_on`
RUNNING = text("due_on IS NOT NULL")
#: partial index: archived cases whose reporters object
APPEALED = text("appealed_at IS NOT NULL")
#: partial index: rows that a provider may report on
SENT = text("provider_id IS NOT NULL")


def table(model: type[SQLModel]) -> Table:
    """Return the model's Core table, for statements where the ORM costs more than it gives."""
    return cast("Table", model.__table__)  # type: ignore[attr-defined]


def _one_of(column: str, values: Iterable[str]) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def _id() -> Any:
    return Field(default=None, primary_key=True, sa_type=BigId)


def _ref(target: str, *, index: bool = True) -> Any:
    return Field(foreign_key=target, index=index, sa_type=BigId)


def _maybe_ref(target: str) -> Any:
    return Field(default=None, foreign_key=target, index=True, sa_type=BigId)


class LoadedDeployment(SQLModel, table=True):
    """The deployment file as `kanal setup` last loaded it; always one row."""

    __tablename__ = "deployment"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: int = Field(default=1, primary_key=True)
    content: str = Field(sa_type=Text)
    #: of the content, hexadecimal
    sha256: str
    loaded_at: datetime
    #: sealed with the data keys, to tell wrong keys at once
    check_sealed: bytes


class Agency(SQLModel, table=True):
    """Instansi; the deployment file says the rest."""

    code: str = Field(primary_key=True)
    name: str


class Category(SQLModel, table=True):
    code: str = Field(primary_key=True)
    agency_code: str | None = Field(default=None, foreign_key="agency.code", index=True)


class Area(SQLModel, table=True):
    """Kabupaten, kecamatan, desa with their Kemendagri codes."""

    __table_args__ = (_one_of("level", AreaLevel),)

    code: str = Field(primary_key=True)
    level: str
    name: str
    parent_code: str | None = Field(default=None, foreign_key="area.code", index=True)


class Reporter(SQLModel, table=True):
    """A citizen, perhaps with several addresses, perhaps without a name."""

    __table_args__ = (_one_of("language", Language),)

    id: int | None = _id()
    language: str
    name_sealed: bytes | None = None
    #: which notice on data the person agreed to when filing
    consent_version: str | None = None
    consented_at: datetime | None = None
    #: HAPUS DATA: name, addresses and files are gone, reports go on without news
    erased_at: datetime | None = None
    created_at: datetime


class Address(SQLModel, table=True):
    __table_args__ = (UniqueConstraint("channel", "identifier_hash"), _one_of("channel", Channel))

    id: int | None = _id()
    reporter_id: int = _ref("reporter.id")
    channel: str
    #: keyed hash of the identifier, to find the address by
    identifier_hash: bytes
    identifier_sealed: bytes
    #: STOP: no news is sent until MULAI; answers to the person's own messages still are
    stopped_at: datetime | None = None
    #: blocked us, opted out or no such number; cleared by the next message from there
    unreachable_at: datetime | None = None
    created_at: datetime


class Conversation(SQLModel, table=True):
    """The one dialogue at one address."""

    address_id: int = Field(primary_key=True, foreign_key="address.id", sa_type=BigId)
    #: handlers.conversation.progress.Progress as JSON
    progress_sealed: bytes
    #: counts changes: compare-and-set for who holds no lock
    version: int
    #: keyed hash of the last SMS that told something, and when it came: its repeat is no second report
    recent_digest: bytes | None = None
    recent_at: datetime | None = None
    #: how often the person was reminded of the draft since they last touched it
    recalls: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    #: when the person last touched an unfinished draft; None: there is none
    draft_touched_at: datetime | None = Field(default=None, index=True)
    updated_at: datetime


class Inbound(SQLModel, table=True):
    """What has been taken in; a provider's repeat meets its own id here."""

    __table_args__ = (UniqueConstraint("channel", "external_id"), _one_of("channel", Channel))

    id: int | None = _id()
    channel: str
    external_id: str
    received_at: datetime = Field(index=True)


class InboundFailure(SQLModel, table=True):
    """A message whose handler raised, whole, until it is run again."""

    __tablename__ = "inbound_failure"
    __table_args__ = (UniqueConstraint("channel", "external_id"), _one_of("channel", Channel))

    id: int | None = _id()
    channel: str
    external_id: str
    #: handlers.messages.Inbound as JSON
    payload_sealed: bytes
    #: with the values it mentions, hence sealed
    traceback_sealed: bytes
    #: name of the exception's class
    error: str
    attempts: int = 1
    failed_at: datetime
    #: when a retry succeeded
    resolved_at: datetime | None = None


class Outbound(SQLModel, table=True):
    """One message to be sent, in the outbox."""

    __table_args__ = (
        _one_of("channel", Channel),
        _one_of("state", OutboundState),
        _one_of("priority", Priority),
        _one_of("delivery_state", DeliveryState),
        CheckConstraint("(due_at IS NULL) = (state IN ('sent', 'dead'))", name="due_while_open"),
        # Both hold open rows only, so what has been sent costs nothing here. The first finds what is due
        # without a look at what is not, the second what goes before it at the same address.
        Index(
            "ix_outbound_due", "channel", "priority", "due_at", "id", sqlite_where=OPEN, postgresql_where=OPEN
        ),
        Index("ix_outbound_queue", "address_id", "priority", "id", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_outbound_provider_id", "channel", "provider_id", sqlite_where=SENT, postgresql_where=SENT),
    )

    id: int | None = _id()
    address_id: int = _ref("address.id")
    channel: str
    report_id: int | None = _maybe_ref("report.id")
    priority: str
    #: handlers.messages.Reply as JSON
    payload_sealed: bytes
    state: str = OutboundState.PENDING
    #: pending: not before; leased: when the lease ends; None: nothing more to do
    due_at: datetime | None
    attempts: int = 0
    #: the provider's or our word for the last failure
    code: str | None = None
    #: the provider's id of the sent message
    provider_id: str | None = None
    #: SMS parts it was sent in, as the provider counts (and charges) them
    parts: int | None = None
    #: what the provider last reported of it, its code for that, and when we heard
    delivery_state: str | None = None
    delivery_code: str | None = None
    reported_at: datetime | None = None
    #: code of a failure reported after success: a note, as the person may well have read it
    late_code: str | None = None
    created_at: datetime
    sent_at: datetime | None = None
    #: a reminder that was not sent by then, or before its case moved, is not sent at all
    useful_until: datetime | None = None


class Report(SQLModel, table=True):
    """What the reporter told us (laporan); unchanged once filed."""

    __table_args__ = (_one_of("channel", Channel), _one_of("type", ReportType), _one_of("language", Language))

    id: int | None = _id()
    #: tracking number, digits only
    number: str = Field(unique=True)
    #: a draft makes one report, however often its confirmation arrives
    draft_id: str = Field(unique=True)
    reporter_id: int = _ref("reporter.id")
    #: where it was filed from
    address_id: int = _ref("address.id")
    channel: str
    language: str
    type: str
    category_code: str = Field(foreign_key="category.code", index=True)
    area_code: str | None = Field(default=None, foreign_key="area.code", index=True)
    description_sealed: bytes
    #: the place in the reporter's words
    place_sealed: bytes | None = None
    #: "lat,lon" of a location sent
    location_sealed: bytes | None = None
    occurred_on: date
    #: it has gone on since then
    is_ongoing: bool
    #: agencies never see name or address
    is_anonymous: bool
    #: the text too is only for those who handle it
    is_secret: bool
    is_emergency: bool
    #: the agency the report accuses; it never sees the report
    accused_agency_code: str | None = Field(default=None, foreign_key="agency.code", index=True)
    consent_version: str
    filed_at: datetime = Field(index=True)


class Case(SQLModel, table=True):
    """How a report is handled; one for each."""

    __tablename__ = "cases"  # CASE is a reserved word of SQL
    __table_args__ = (
        _one_of("state", CaseState),
        _one_of("clock", Clock),
        _one_of("closing", Closing),
        CheckConstraint("(clock IS NULL) = (due_on IS NULL)", name="clock_while_due"),
        # The queue of an agency, and of all of them, by what is due first; without what is over.
        Index("ix_cases_agency_due", "agency_code", "due_on", sqlite_where=RUNNING, postgresql_where=RUNNING),
        Index("ix_cases_clock_due", "clock", "due_on", sqlite_where=RUNNING, postgresql_where=RUNNING),
        Index("ix_cases_appealed", "appealed_at", sqlite_where=APPEALED, postgresql_where=APPEALED),
    )

    report_id: int = Field(primary_key=True, foreign_key="report.id", sa_type=BigId)
    state: str
    #: holds it, or is proposed while nobody does
    agency_code: str | None = Field(default=None, foreign_key="agency.code", index=True)
    #: D1: the day by which it is checked and passed on
    check_due_on: date
    #: handlers.cases.deadlines policy in force when it was filed, JSON
    policy: str = Field(sa_type=Text)
    #: the officer who took it; None: whoever of the agency comes first
    officer_id: int | None = _maybe_ref("officer.id")
    #: the clock that runs now, and its last day; None: none does
    clock: str | None = None
    due_on: date | None = None
    #: D3 to D5: the day by which it is to be settled, once it is checked
    settle_due_on: date | None = None
    #: working days that were left to the clock that stands still while the reporter is asked
    days_left: int | None = None
    #: a question of ours to the reporter is open since then
    asked_at: datetime | None = None
    #: the reporter contests the archiving; nobody has decided yet
    appealed_at: datetime | None = None
    checked_at: datetime | None = None
    #: to the agency that has it now
    disposed_at: datetime | None = None
    first_answer_at: datetime | None = None
    answered_at: datetime | None = None
    closed_at: datetime | None = Field(default=None, index=True)
    closing: str | None = None
    #: how often agencies handed it back; how often the reporter had it reopened
    returns: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    reopenings: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    #: the report it was joined with
    parent_report_id: int | None = _maybe_ref("report.id")
    #: where it is handled outside, and its number there (LAPOR's tracking id)
    outside_code: str | None = Field(default=None, foreign_key="agency.code", index=True)
    outside_number: str | None = Field(default=None, index=True)
    version: int
    #: where its history ends: number and hash of the last event, so that a cut-off end is noticed
    last_seq: int
    last_hash: bytes
    updated_at: datetime


class CaseEvent(SQLModel, table=True):
    """One line of a case's append-only history; each holds the hash of the one before."""

    __tablename__ = "case_event"
    __table_args__ = (
        UniqueConstraint("report_id", "seq"),
        _one_of("kind", EventKind),
        _one_of("actor_kind", ActorKind),
    )

    id: int | None = _id()
    report_id: int = _ref("report.id", index=False)  # the unique constraint's index serves
    seq: int
    at: datetime
    kind: str
    actor_kind: str
    is_public: bool
    #: JSON with a salt; may be erased, the digest stays
    data_sealed: bytes | None
    #: SHA-256 of the JSON, so that the chain can be checked after an erasure
    data_digest: bytes
    previous_hash: bytes
    hash: bytes


class ReportFollower(SQLModel, table=True):
    """A second address from which a report's reporter follows it."""

    __tablename__ = "report_follower"

    report_id: int = Field(primary_key=True, foreign_key="report.id", sa_type=BigId)
    address_id: int = Field(primary_key=True, foreign_key="address.id", index=True, sa_type=BigId)
    created_at: datetime


class LinkRequest(SQLModel, table=True):
    """Somebody asks to follow a report from another address and has to give back a code."""

    __tablename__ = "link_request"

    id: int | None = _id()
    #: who asks
    address_id: int = _ref("address.id")
    #: None: there is no such report, which the one who asks does not learn
    report_id: int | None = _maybe_ref("report.id")
    #: keyed hash
    code_digest: bytes
    #: wrong codes given
    tries: int = 0
    expires_at: datetime
    created_at: datetime


class HumanRequest(SQLModel, table=True):
    """Somebody was not understood, or asked for a person; until one takes it up."""

    __tablename__ = "human_request"

    id: int | None = _id()
    address_id: int = _ref("address.id")
    created_at: datetime
    resolved_at: datetime | None = None


class Attachment(SQLModel, table=True):
    """A file somebody sent; its bytes lie outside the database, by a keyed hash of them."""

    __table_args__ = (
        _one_of("kind", MediaKind),
        _one_of("state", AttachmentState),
        CheckConstraint("(due_at IS NULL) = (state <> 'pending')", name="due_while_pending"),
        Index("ix_attachment_due", "due_at", sqlite_where=OPEN, postgresql_where=OPEN),
    )

    id: int | None = _id()
    address_id: int = _ref("address.id")
    draft_id: str = Field(index=True)
    #: None until the draft is filed
    report_id: int | None = _maybe_ref("report.id")
    kind: str
    ref_sealed: bytes
    state: str = AttachmentState.PENDING
    #: when to try to fetch it next; None: nothing more to do
    due_at: datetime | None
    attempts: int = 0
    code: str | None = None
    #: keyed hash of the bytes, hexadecimal: the file's name in the store
    digest: str | None = None
    size: int | None = None
    #: by content ("image/jpeg")
    media_type: str | None = None
    #: the copy that others see, without place and device, and its size; a small picture of it
    shown_digest: str | None = None
    shown_size: int | None = None
    thumbnail_digest: str | None = None
    #: an officer's, for the reporter
    is_from_officer: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    created_at: datetime


class Officer(SQLModel, table=True):
    """Somebody of the government who works reports (pejabat); reached at one address."""

    __table_args__ = (_one_of("role", Role), Index("ix_officer_agency_role", "agency_code", "role"))

    id: int | None = _id()
    address_id: int = Field(foreign_key="address.id", unique=True, sa_type=BigId)
    name_sealed: bytes
    role: str
    #: None: all of them
    agency_code: str | None = Field(default=None, foreign_key="agency.code")
    #: stands in: gets what the first one gets when that one is away
    is_deputy: bool
    joined_at: datetime
    suspended_at: datetime | None = None


class OfficerInvitation(SQLModel, table=True):
    """A one-time way to become an officer."""

    __tablename__ = "officer_invitation"
    __table_args__ = (_one_of("role", Role),)

    id: int | None = _id()
    #: keyed hash
    code_digest: bytes = Field(unique=True)
    name_sealed: bytes
    role: str
    agency_code: str | None = Field(default=None, foreign_key="agency.code", index=True)
    is_deputy: bool
    #: None: by the command line
    invited_by: int | None = _maybe_ref("officer.id")
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None


class InvitationAttempt(SQLModel, table=True):
    """A code that somebody gave lately: who answers next answers the newest one, and wrong ones are counted."""

    __tablename__ = "invitation_attempt"

    id: int | None = _id()
    address_id: int = _ref("address.id")
    #: None: there is no such invitation
    invitation_id: int | None = _maybe_ref("officer_invitation.id")
    created_at: datetime


class OfficerLeave(SQLModel, table=True):
    """Days an officer is away, both included; the deputy gets what is theirs meanwhile."""

    __tablename__ = "officer_leave"

    id: int | None = _id()
    officer_id: int = _ref("officer.id")
    from_on: date
    until_on: date
    created_at: datetime


class Desk(SQLModel, table=True):
    """What an officer is in the middle of; one thing at a time."""

    officer_id: int = Field(primary_key=True, foreign_key="officer.id", sa_type=BigId)
    #: handlers.officers.desk.Task as JSON; None: nothing
    task_sealed: bytes | None
    updated_at: datetime


class AgencyGroup(SQLModel, table=True):
    """A group chat in which an agency's officers work."""

    __tablename__ = "agency_group"

    address_id: int = Field(primary_key=True, foreign_key="address.id", sa_type=BigId)
    agency_code: str = Field(foreign_key="agency.code", index=True)
    created_at: datetime


class ProposedAnswer(SQLModel, table=True):
    """An answer that waits for the agency's second person."""

    __tablename__ = "proposed_answer"

    report_id: int = Field(primary_key=True, foreign_key="report.id", sa_type=BigId)
    officer_id: int = _ref("officer.id")
    #: handlers.moves.Solution as JSON
    answer_sealed: bytes
    created_at: datetime


class Rating(SQLModel, table=True):
    """How a reporter judges one solution."""

    __table_args__ = (CheckConstraint("stars BETWEEN 1 AND 5", name="stars"),)

    report_id: int = Field(primary_key=True, foreign_key="report.id", sa_type=BigId)
    #: how often the case had been reopened by then: each solution is judged once
    round: int = Field(primary_key=True)
    stars: int
    created_at: datetime


class Reminder(SQLModel, table=True):
    """Something the clock has said of a case: once for each kind and deadline."""

    report_id: int = Field(primary_key=True, foreign_key="report.id", sa_type=BigId)
    #: clock and rung of the ladder ("settle:-2"), or what else it is about
    kind: str = Field(primary_key=True)
    due_on: date = Field(primary_key=True)
    at: datetime
