"""What comes in and goes out, and the dialogue between."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from storage.tables.base import OPEN, BigId, maybe_ref, one_of, ref, row_id
from storage.vocabulary import Channel, DeliveryState, OutboundState, Priority

#: partial index: rows that a provider may report on
SENT = text("provider_id IS NOT NULL")


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

    __table_args__ = (UniqueConstraint("channel", "external_id"), one_of("channel", Channel))

    id: int | None = row_id()
    channel: str
    external_id: str
    received_at: datetime = Field(index=True)


class InboundFailure(SQLModel, table=True):
    """A message whose handler raised, whole, until it is run again."""

    __tablename__ = "inbound_failure"
    __table_args__ = (UniqueConstraint("channel", "external_id"), one_of("channel", Channel))

    id: int | None = row_id()
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
        one_of("channel", Channel),
        one_of("state", OutboundState),
        one_of("priority", Priority),
        one_of("delivery_state", DeliveryState),
        CheckConstraint("(due_at IS NULL) = (state IN ('sent', 'dead'))", name="due_while_open"),
        # Both hold open rows only, so what has been sent costs nothing here. The first finds what is due
        # without a look at what is not, the second what goes before it at the same address.
        Index(
            "ix_outbound_due", "channel", "priority", "due_at", "id", sqlite_where=OPEN, postgresql_where=OPEN
        ),
        Index("ix_outbound_queue", "address_id", "priority", "id", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_outbound_provider_id", "channel", "provider_id", sqlite_where=SENT, postgresql_where=SENT),
    )

    id: int | None = row_id()
    address_id: int = ref("address.id")
    channel: str
    report_id: int | None = maybe_ref("report.id")
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
