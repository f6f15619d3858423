"""What the deployment file defines, for rows to refer to."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Text
from sqlmodel import Field, SQLModel

from storage.tables.base import one_of
from storage.vocabulary import AreaLevel


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


class SchemaFloor(SQLModel, table=True):
    """Which releases work with this schema: those that know this revision; always one row."""

    __tablename__ = "schema_floor"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: int = Field(default=1, primary_key=True)
    revision: str


class Agency(SQLModel, table=True):
    """Instansi; the deployment file says the rest."""

    code: str = Field(primary_key=True)
    name: str


class Category(SQLModel, table=True):
    code: str = Field(primary_key=True)
    agency_code: str | None = Field(default=None, foreign_key="agency.code", index=True)


class Area(SQLModel, table=True):
    """Kabupaten, kecamatan, desa with their Kemendagri codes."""

    __table_args__ = (one_of("level", AreaLevel),)

    code: str = Field(primary_key=True)
    level: str
    name: str
    parent_code: str | None = Field(default=None, foreign_key="area.code", index=True)


class Announcement(SQLModel, table=True):
    """What officers were told that is about no report, and when last."""

    kind: str = Field(primary_key=True)
    said_on: date
