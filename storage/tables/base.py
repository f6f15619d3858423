"""The metadata, and what columns are made of."""

from collections.abc import Iterable
from typing import Any, cast

from sqlalchemy import BigInteger, CheckConstraint, Integer, MetaData, Table, text
from sqlmodel import Field, SQLModel

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


def table(model: type[SQLModel]) -> Table:
    """Return the model's Core table, for statements where the ORM costs more than it gives."""
    return cast("Table", model.__table__)  # type: ignore[attr-defined]


def one_of(column: str, values: Iterable[str]) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def row_id() -> Any:
    return Field(default=None, primary_key=True, sa_type=BigId)


def ref(target: str, *, index: bool = True) -> Any:
    return Field(foreign_key=target, index=index, sa_type=BigId)


def maybe_ref(target: str) -> Any:
    return Field(default=None, foreign_key=target, index=True, sa_type=BigId)
