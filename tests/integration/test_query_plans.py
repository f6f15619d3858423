"""No job, command or answer reads a growing table from end to end: every statement's plan, on both databases."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection

from bot.scheduler import JOBS
from handlers.service import Service
from storage.db import Database
from storage.models import metadata
from storage.queries import outbox
from storage.vocabulary import Channel, OutboundState
from tests.busy import MORNINGS, Busy
from tests.killed import statements
from tests.person import Person

#: do not grow with what people send
SMALL = frozenset(
    "deployment agency category area officer officer_invitation officer_leave desk agency_group alembic_version".split()
)
GROWING = frozenset(metadata.tables) - SMALL
#: partial indexes that hold all that was ever sent, and nearly everybody: no better than their tables
LONG = frozenset({"ix_outbound_provider_id", "ix_reporter_known"})
#: the others hold what is still to be done, or is rare
PARTIAL = {
    index.name
    for table in metadata.tables.values()
    for index in table.indexes
    if index.dialect_options["postgresql"]["where"] is not None and index.name not in LONG
}
#: what may read much, by a piece of the statement
ALLOWED = (
    # our own helpers, who look at all that was said
    "SELECT outbound.payload_sealed FROM outbound JOIN address",
    "provider_id=CAST(outbound.id",
    # a coordinator's queue is counted: of all that is open
    "FROM cases JOIN report ON report.id = cases.report_id WHERE cases.due_on IS NOT NULL",
    # figures are of a period, which may be a year
    "report.filed_at >= ",
    # the newest 500 for a search, and the oldest messages for the purge, by their keys
    "report.description_sealed, report.place_sealed FROM cases JOIN report ON report.id = cases.report_id",
    "FROM outbound WHERE outbound.due_at IS NULL ORDER BY outbound.id LIMIT",
    # it is this purge that keeps them small
    *("DELETE FROM invitation_attempt", "DELETE FROM link_request", "DELETE FROM inbound_failure"),
)
OFFICERS = ("rima", "budi", "joko", "kepala", "sari", "tono", "agus")
ASKED_BY_OFFICERS = (
    "/daftar",
    "/daftar baru",
    "/daftar terlambat",
    "/daftar menunggu",
    "/daftar semua",
    "/daftar saya",
    "/lihat {}",
    "/catat {} sudah ditelepon",
    "/cari lubang",
    "/cari {}",
    "/cari mungguk",
    "/cari jalan",
    "/petugas",
    "/templat",
    "/disposisi {}",
    "batal",
    "/gabung {}",
    "batal",
    "/cuti 1 september - 3 september",
    "/bantuan",
)
ASKED_BY_CITIZENS = (
    "STATUS",
    "STATUS {}",
    "LAPORAN SAYA",
    "TAMBAH {} masih rusak",
    "DATA SAYA",
    "YA",
    "5",
    "ok mantap",
    "teknisinya belum datang",
    "tambahan",
    "BANTUAN",
    "STOP",
    "MULAI",
    "SAMBUNG {}",
    "CABUT {}",
)
Statement = tuple[str, Any]


def collected(database: Database, service: Service) -> list[Statement]:
    """Do all that there is to do once; return each statement once, however long its lists are."""
    with statements(database) as seen:
        office = Busy(database, service).open()
        number = office.cases["idle"].number
        for who in OFFICERS:
            for text in ASKED_BY_OFFICERS:
                office.people[who].says(text.format(number))
        for citizen in list(office.citizens.values())[-5:]:
            for text in ASKED_BY_CITIZENS:
                citizen.says(text.format(number))
        Person(database, service, now=office.now).files()
        for morning in MORNINGS:
            now = datetime.fromisoformat(morning).replace(tzinfo=service.deployment.zone)
            for job in JOBS:
                with database.writing() as uow:
                    job.work(uow, service, now)
            with database.writing() as uow:
                leased = outbox.lease(uow, Channel.TELEGRAM, 30, now, now + timedelta(minutes=1))
                settled = [outbox.Settlement(one.id, one.attempts, OutboundState.SENT) for one in leased]
                outbox.settle(uow, settled)
    one_each = {re.sub(r"\(\s*(?:[%?][^()]*,)+[^()]*\)", "(…)", text): (text, given) for text, given in seen}
    return [one for one in one_each.values() if re.match(r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH)", one[0])]


def scans_of(connection: Connection, statement: str, given: Any) -> list[str]:
    """Return what a statement's plan reads whole, of the growing tables."""
    if connection.dialect.name == "sqlite":
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given)
        return [row.detail for row in rows if _is_whole(row.detail)]
    plan = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", given).scalar_one()
    return list(_whole(plan[0]["Plan"]))


def _is_whole(detail: str) -> bool:
    found = re.match(r"SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?", detail)
    return found is not None and found[1] in GROWING and found[2] not in PARTIAL


def _whole(node: Mapping[str, Any], *, is_limited: bool = False) -> Iterator[str]:
    """Yield scans of a plan of PostgreSQL; the newest few by an index, in its order, are no whole table."""
    kind, relation, index = (node.get(name) for name in ("Node Type", "Relation Name", "Index Name"))
    is_limited = kind == "Limit" or (is_limited and kind not in {"Sort", "Aggregate", "Hash"})
    # The tables are small: of others than these it may well read an index from end to end here.
    is_read_by_key = index is not None and (is_limited or relation not in {"report", "cases", "case_event"})
    is_by_index = index in PARTIAL or "Index Cond" in node or is_read_by_key
    if relation in GROWING and kind not in {"Bitmap Heap Scan", "ModifyTable"} and not is_by_index:
        yield f"{kind} on {relation} {index or ''}"
    for below in node.get("Plans", ()):
        yield from _whole(below, is_limited=is_limited)


#: a million rows in every table, ten thousand in every partial index, and nothing known of the few that are there
FULL = """
UPDATE pg_class SET relpages = greatest(pg_relation_size(oid) / 8192, 1), reltuples = CASE
WHEN oid IN (SELECT indexrelid FROM pg_index WHERE indpred IS NOT NULL) THEN 1e4 ELSE 1e6 END
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'i');
DELETE FROM pg_statistic WHERE starelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)
"""


def as_if_full(connection: Connection) -> None:
    """Let PostgreSQL plan for full tables, where it would rather read the few rows there are."""
    for name in ("seqscan", "hashjoin", "mergejoin"):
        connection.exec_driver_sql(f"SET LOCAL enable_{name} = off")
    # Locked, so that it does not count the rows just now.
    connection.exec_driver_sql(f"LOCK TABLE {', '.join(sorted(GROWING))} IN SHARE UPDATE EXCLUSIVE MODE")
    for statement in FULL.split(";"):
        connection.exec_driver_sql(statement)


@pytest.mark.timeout(300)
def test_no_growing_table_is_read_whole(loaded: Database, service: Service, kind: str) -> None:
    """But for what is named here, with its reason."""
    found = collected(loaded, service)
    assert len(found) > 150
    whole: list[str] = []
    with loaded.engine.connect() as connection:
        if kind == "postgresql":
            as_if_full(connection)
        for text, given in found:
            scans = scans_of(connection, text, given[0] if isinstance(given, list) else given)
            plain = " ".join(text.split())
            if scans and not any(piece in plain for piece in ALLOWED):
                whole.append(f"{'; '.join(scans)}: {plain}")
        connection.rollback()
    assert not whole, "\n\n".join(whole)
