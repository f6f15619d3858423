"""Citizens, and where they are reached."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import SQLModel

from storage.tables.base import one_of, ref, row_id
from storage.vocabulary import Channel, Language

#: partial index: people who are not erased
KNOWN = text("erased_at IS NULL")

#: partial index: people of whose erasure something is still to be done
UNFORGOTTEN = text("erased_at IS NOT NULL AND forgotten_at IS NULL")


class Reporter(SQLModel, table=True):
    """A citizen, perhaps with several addresses, perhaps without a name."""

    __table_args__ = (
        one_of("language", Language),
        Index("ix_reporter_known", "created_at", sqlite_where=KNOWN, postgresql_where=KNOWN),
        Index("ix_reporter_unforgotten", "erased_at", sqlite_where=UNFORGOTTEN, postgresql_where=UNFORGOTTEN),
    )

    id: int | None = row_id()
    language: str
    name_sealed: bytes | None = None
    #: which notice on data the person agreed to when filing
    consent_version: str | None = None
    consented_at: datetime | None = None
    #: HAPUS DATA, or old age: name and addresses are gone, reports go on without news
    erased_at: datetime | None = None
    #: since when nothing is left of what the erasure still needed
    forgotten_at: datetime | None = None
    created_at: datetime


class Address(SQLModel, table=True):
    __table_args__ = (UniqueConstraint("channel", "identifier_hash"), one_of("channel", Channel))

    id: int | None = row_id()
    reporter_id: int = ref("reporter.id")
    channel: str
    #: keyed hash of the identifier, to find the address by
    identifier_hash: bytes
    identifier_sealed: bytes
    #: STOP: no news is sent until MULAI; answers to the person's own messages still are
    stopped_at: datetime | None = None
    #: blocked us, opted out or no such number; cleared by the next message from there
    unreachable_at: datetime | None = None
    created_at: datetime


class HumanRequest(SQLModel, table=True):
    """Somebody was not understood, or asked for a person; until one takes it up."""

    __tablename__ = "human_request"

    id: int | None = row_id()
    address_id: int = ref("address.id")
    created_at: datetime
    resolved_at: datetime | None = None
