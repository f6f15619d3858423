"""Whether the histories of cases are as they were written."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import select

from storage.crypto import BadKey
from storage.db import UnitOfWork
from storage.queries.cases import CASE, EVENT, GENESIS, REPORT, link


@dataclass(frozen=True, slots=True)
class BrokenLink:
    """A place where a case's history does not hold together."""

    number: str
    seq: int
    why: str


def verify_history(uow: UnitOfWork) -> Iterator[BrokenLink]:
    """Yield every place where a history was changed, shortened or reordered.

    Whoever rewrites a whole history, with all its hashes and the case's own note of its end, is found out by a
    backup only.
    """
    query = (
        select(REPORT.c.number, CASE.c.last_seq, CASE.c.last_hash, EVENT)
        .join(CASE, CASE.c.report_id == REPORT.c.id)
        .outerjoin(EVENT, EVENT.c.report_id == REPORT.c.id)
        .order_by(REPORT.c.id, EVENT.c.seq)
        .execution_options(yield_per=1000)
    )
    for number, rows in groupby(uow.connection.execute(query), key=lambda row: row.number):
        yield from _verify_one(uow, number, rows)


def _verify_one(uow: UnitOfWork, number: str, rows: Iterator[Any]) -> Iterator[BrokenLink]:
    """The same for one case; `rows` are its events, or one row without any."""
    seq, previous = 0, GENESIS
    for row in rows:
        if row.seq is None:
            break
        why = _what_is_wrong(uow, row, seq + 1, previous)
        if why:
            yield BrokenLink(number, row.seq, why)
        seq, previous = row.seq, row.hash
    if seq < row.last_seq:
        yield BrokenLink(number, row.last_seq, "the end is missing")
    elif (seq, previous) != (row.last_seq, row.last_hash):
        yield BrokenLink(number, seq, "the case knows of another end")


def _what_is_wrong(uow: UnitOfWork, row: Any, seq: int, previous: bytes) -> str | None:
    if row.seq != seq:
        return f"event {seq} is missing"
    if row.previous_hash != previous:
        return "does not follow the event before"
    expected = link(
        row.report_id,
        row.seq,
        row.at,
        row.kind,
        row.actor_kind,
        is_public=row.is_public,
        digest=row.data_digest,
        previous=row.previous_hash,
    )
    if row.hash != expected:
        return "was changed"
    return _what_is_wrong_inside(uow, row.data_sealed, row.data_digest)


def _what_is_wrong_inside(uow: UnitOfWork, sealed: bytes | None, digest: bytes) -> str | None:
    """None also for contents that were erased: their digest stays in the chain."""
    if sealed is None:
        return None
    try:
        contents = uow.vault.unseal(sealed)
    except BadKey:
        return "its contents cannot be opened"
    return None if hashlib.sha256(contents.encode()).digest() == digest else "its contents were changed"
