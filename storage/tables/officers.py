"""Who works reports, and from where."""

from datetime import date, datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from storage.tables.base import BigId, maybe_ref, one_of, ref, row_id
from storage.vocabulary import Period, Role


class Officer(SQLModel, table=True):
    """Somebody of the government who works reports (pejabat); reached at one address."""

    __table_args__ = (one_of("role", Role), Index("ix_officer_agency_role", "agency_code", "role"))

    id: int | None = row_id()
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
    __table_args__ = (one_of("role", Role),)

    id: int | None = row_id()
    #: keyed hash
    code_digest: bytes = Field(unique=True)
    name_sealed: bytes
    role: str
    agency_code: str | None = Field(default=None, foreign_key="agency.code", index=True)
    is_deputy: bool
    #: None: by the command line
    invited_by: int | None = maybe_ref("officer.id")
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None


class InvitationAttempt(SQLModel, table=True):
    """A code that somebody gave lately: who answers next answers the newest one, and wrong ones are counted.

    So are numbers of reports that showed nothing, apart.
    """

    __tablename__ = "invitation_attempt"

    id: int | None = row_id()
    address_id: int = ref("address.id")
    #: None: there is no such invitation
    invitation_id: int | None = maybe_ref("officer_invitation.id")
    #: a report's number, no code
    is_number: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    created_at: datetime


class OfficerLeave(SQLModel, table=True):
    """Days an officer is away, both included; the deputy gets what is theirs meanwhile."""

    __tablename__ = "officer_leave"

    id: int | None = row_id()
    officer_id: int = ref("officer.id")
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


class OwnReminder(SQLModel, table=True):
    """What an officer wants to be reminded of: one day for each report; gone once it was said."""

    __tablename__ = "own_reminder"

    report_id: int = Field(primary_key=True, foreign_key="report.id", sa_type=BigId)
    officer_id: int = Field(primary_key=True, foreign_key="officer.id", index=True, sa_type=BigId)
    due_on: date = Field(index=True)
    created_at: datetime


class Digest(SQLModel, table=True):
    """What gathered for an officer was looked through, and sent if there was anything: once for each period."""

    __table_args__ = (one_of("period", Period),)

    officer_id: int = Field(primary_key=True, foreign_key="officer.id", sa_type=BigId)
    period: str = Field(primary_key=True)
    #: its first day
    starts_on: date = Field(primary_key=True, index=True)
    at: datetime
