"""What reporters told us, and what hangs on it."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from storage.tables.base import OPEN, BigId, maybe_ref, one_of, ref, row_id
from storage.vocabulary import AttachmentState, Channel, Language, MediaKind, ReportType

#: partial index: what the inspectorate lists
OVERSIGHT = text(f"type = '{ReportType.OVERSIGHT}'")


class Report(SQLModel, table=True):
    """What the reporter told us (laporan); unchanged once filed."""

    __table_args__ = (
        one_of("channel", Channel),
        one_of("type", ReportType),
        one_of("language", Language),
        # What was reported of a place, the newest first.
        Index("ix_report_area_category", "area_code", "category_code", "id"),
        Index("ix_report_oversight", "id", sqlite_where=OVERSIGHT, postgresql_where=OVERSIGHT),
    )

    id: int | None = row_id()
    #: tracking number, digits only
    number: str = Field(unique=True)
    #: a draft makes one report, however often its confirmation arrives
    draft_id: str = Field(unique=True)
    reporter_id: int = ref("reporter.id")
    #: where it was filed from
    address_id: int = ref("address.id")
    channel: str
    language: str
    type: str
    category_code: str = Field(foreign_key="category.code", index=True)
    area_code: str | None = Field(default=None, foreign_key="area.code")
    description_sealed: bytes
    #: the place in the reporter's words
    place_sealed: bytes | None = None
    #: "lat,lon" of a location sent
    location_sealed: bytes | None = None
    #: the day it came where the reporter told none
    occurred_on: date
    is_day_told: bool = Field(default=True, sa_column_kwargs={"server_default": text("true")})
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


class Attachment(SQLModel, table=True):
    """A file somebody sent; its bytes lie outside the database, by a keyed hash of them."""

    __table_args__ = (
        one_of("kind", MediaKind),
        one_of("state", AttachmentState),
        CheckConstraint("(due_at IS NULL) = (state <> 'pending')", name="due_while_pending"),
        Index("ix_attachment_due", "due_at", sqlite_where=OPEN, postgresql_where=OPEN),
    )

    id: int | None = row_id()
    address_id: int = ref("address.id")
    draft_id: str = Field(index=True)
    #: None until the draft is filed
    report_id: int | None = maybe_ref("report.id")
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


class ReportFollower(SQLModel, table=True):
    """A second address from which a report's reporter follows it."""

    __tablename__ = "report_follower"

    report_id: int = Field(primary_key=True, foreign_key="report.id", sa_type=BigId)
    address_id: int = Field(primary_key=True, foreign_key="address.id", index=True, sa_type=BigId)
    created_at: datetime


class LinkRequest(SQLModel, table=True):
    """Somebody asks to follow a report from another address and has to give back a code."""

    __tablename__ = "link_request"

    id: int | None = row_id()
    #: who asks
    address_id: int = ref("address.id")
    #: None: there is no such report, which the one who asks does not learn
    report_id: int | None = maybe_ref("report.id")
    #: keyed hash
    code_digest: bytes
    #: wrong codes given
    tries: int = 0
    expires_at: datetime
    created_at: datetime


class Rating(SQLModel, table=True):
    """How a reporter judges one solution."""

    __table_args__ = (CheckConstraint("stars BETWEEN 1 AND 5", name="stars"),)

    report_id: int = Field(primary_key=True, foreign_key="report.id", sa_type=BigId)
    #: how often the case had been reopened by then: each solution is judged once
    round: int = Field(primary_key=True)
    stars: int
    created_at: datetime
