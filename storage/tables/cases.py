"""How reports are handled."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from storage.tables.base import BigId, maybe_ref, one_of, ref, row_id
from storage.vocabulary import ActorKind, CaseState, Clock, Closing, EventKind

#: partial indexes: cases that somebody has still something to do for, by `due_on`
RUNNING = text("due_on IS NOT NULL")
#: partial index: of those the ones that an agency was given
GIVEN = text("due_on IS NOT NULL AND disposed_at IS NOT NULL")
#: partial index: of those the ones whose reporters were not told yet that the Ombudsman may take it over
NOT_OFFERED = text("due_on IS NOT NULL AND offered_at IS NULL")
#: partial index: cases that came back from an agency
RETURNED = text("returns > 0")
#: partial index: archived cases whose reporters object
APPEALED = text("appealed_at IS NOT NULL")


def _kept(what: str) -> Index:
    """Index, by the day they ended, the cases that are over and of which something has not been erased yet."""
    still = text(f"closed_at IS NOT NULL AND {what}_erased_at IS NULL")
    return Index(f"ix_cases_{what}_kept", "closed_at", sqlite_where=still, postgresql_where=still)


class Case(SQLModel, table=True):
    """How a report is handled; one for each."""

    __tablename__ = "cases"  # CASE is a reserved word of SQL
    __table_args__ = (
        one_of("state", CaseState),
        one_of("clock", Clock),
        one_of("closing", Closing),
        CheckConstraint("(clock IS NULL) = (due_on IS NULL)", name="clock_while_due"),
        # The queue of an agency, and of all of them, by what is due first; without what is over.
        Index("ix_cases_agency_queue", "agency_code", "due_on", sqlite_where=GIVEN, postgresql_where=GIVEN),
        Index("ix_cases_due", "due_on", "report_id", sqlite_where=RUNNING, postgresql_where=RUNNING),
        Index("ix_cases_returned", "returns", sqlite_where=RETURNED, postgresql_where=RETURNED),
        Index("ix_cases_clock_due", "clock", "due_on", sqlite_where=RUNNING, postgresql_where=RUNNING),
        Index("ix_cases_ombudsman", "ombudsman_on", sqlite_where=NOT_OFFERED, postgresql_where=NOT_OFFERED),
        Index("ix_cases_appealed", "appealed_at", sqlite_where=APPEALED, postgresql_where=APPEALED),
        *(_kept(what) for what in ("media", "texts", "audit")),
    )

    report_id: int = Field(primary_key=True, foreign_key="report.id", sa_type=BigId)
    state: str
    #: holds it, or is proposed while nobody does
    agency_code: str | None = Field(default=None, foreign_key="agency.code", index=True)
    #: D1: the day by which it is checked and passed on
    check_due_on: date
    #: handlers.cases.deadlines policy in force when it was filed, JSON
    policy: str = Field(sa_type=Text)
    #: weekdays that the agency worked when it got the case ("123456"); None: those of the deployment
    week: str | None = None
    #: the officer who took it; None: whoever of the agency comes first
    officer_id: int | None = maybe_ref("officer.id")
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
    #: when its age had its files, its reporter's words, and the contents of its history erased
    media_erased_at: datetime | None = None
    texts_erased_at: datetime | None = None
    audit_erased_at: datetime | None = None
    #: D9: the day its reporter is told that the Ombudsman may take it over, if it is unsettled then
    ombudsman_on: date | None = None
    #: told so; since then SETUJU is understood
    offered_at: datetime | None = None
    #: SETUJU: it may be passed on there
    consented_at: datetime | None = None
    #: how often agencies handed it back; how often the reporter had it reopened
    returns: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    reopenings: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    #: the report it was joined with
    parent_report_id: int | None = maybe_ref("report.id")
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
        one_of("kind", EventKind),
        one_of("actor_kind", ActorKind),
    )

    id: int | None = row_id()
    report_id: int = ref("report.id", index=False)  # the unique constraint's index serves
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


class ProposedAnswer(SQLModel, table=True):
    """An answer that waits for the agency's second person."""

    __tablename__ = "proposed_answer"

    report_id: int = Field(primary_key=True, foreign_key="report.id", sa_type=BigId)
    officer_id: int = ref("officer.id")
    #: handlers.moves.Solution as JSON
    answer_sealed: bytes
    created_at: datetime


class Reminder(SQLModel, table=True):
    """Something the clock has said of a case: once for each kind and deadline."""

    report_id: int = Field(primary_key=True, foreign_key="report.id", sa_type=BigId)
    #: clock and rung of the ladder ("settle:-2"), or what else it is about
    kind: str = Field(primary_key=True)
    due_on: date = Field(primary_key=True)
    at: datetime
