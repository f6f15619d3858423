"""What age erases beside reports, and that a run which was cut off is taken up again, on both databases."""

import itertools
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import update

from handlers.retention import limits_of
from handlers.rights import FAREWELL_KEPT, finish_erasures
from handlers.service import Service
from storage.db import Database
from storage.queries import cases, inbox, links, officers, retention
from storage.queries.retention import Over, Part
from storage.vocabulary import (
    ActorKind,
    Channel,
    EventKind,
    Role,
)
from tests import builders
from tests.archive import (
    ATTACHMENT,
    CASE,
    DAY,
    EVENT,
    FILE,
    NAME,
    OUTBOUND,
    OVER,
    TOLD,
    WORDS,
    Archive,
    months,
)
from tests.desk import Office
from tests.fakes.clock import MONDAY
from tests.killed import Dead, Fuse, statements
from tests.person import Person
from tests.rows import assert_sound, everything, rows_of


@pytest.fixture
def town(loaded: Database, service: Service) -> Archive:
    town = Archive(loaded, service)
    town.open()
    return town


# --- what is left over ---


def test_leftovers(town: Archive) -> None:
    """Codes that are good no more, what was left half done, failed, or never sent: gone; what still serves is not."""
    with town.database.writing() as uow:
        contact = builders.a_contact(uow, "5000000123")
        builders.an_invitation(uow, "OLDER23456")
        builders.an_invitation(uow, "NEWER23456", now=months(11))
        officer = town.officers[Role.LIAISON]
        links.insert_request(uow, officer.address_id, None, "123456", now=MONDAY, expires_at=MONDAY)
        officers.save_task(uow, officer.id, WORDS[4], MONDAY)
        officers.save_task(uow, town.officers[Role.COORDINATOR].id, None, MONDAY)
        for number, now in (("1", MONDAY), ("2", months(11))):
            inbox.record_failure(
                uow, Channel.TELEGRAM, number, payload="{}", error="ValueError", traceback="", now=now
            )
        builders.queue(uow, "5000000123")  # cannot be sent: it waits still
        builders.an_attachment(uow, replace(contact, address_id=officer.address_id))
        uow.connection.execute(update(ATTACHMENT).values(is_from_officer=True))
    assert town.due(months(12)) == {"identities": 1, "leftovers": 4}
    assert town.run(months(12)) == 5
    assert town.due(months(24)) == {"files": 1, "leftovers": 2}
    assert town.run(months(24)) == 3
    assert town.due(months(60)) == {}


def test_messages_that_wait_keep_no_others(loaded: Database) -> None:
    """However many of a channel that is off wait in front, what was sent behind them goes."""
    with loaded.writing() as uow:
        for _ in range(3):
            builders.queue(uow, "5000000123")
        uow.connection.execute(update(OUTBOUND).values(state="sent", due_at=None).where(OUTBOUND.c.id == 3))
        assert retention.delete_messages(uow, MONDAY + DAY, limit=2) == 1
        assert retention.delete_messages(uow, MONDAY + DAY, limit=2) == 0
        assert retention.delete_messages(uow, MONDAY, limit=2) == 0


@pytest.mark.parametrize("word", ["/identitas", "HAPUS DATA SELAMANYA"])
def test_whom_an_officer_looked_up(loaded: Database, service: Service, word: str) -> None:
    """What told an officer who reported is erased along with who it was, on request as by age."""
    office = Office(loaded, service).open()
    citizen = Person(loaded, service, "5000000777")
    number = citizen.files(TOLD, "lewati", "terbuka", NAME, "ya")
    rima = office.people["rima"]
    assert NAME in rima.says(f"/identitas {number} perlu ditelepon petugas")
    if word == "/identitas":
        with loaded.writing() as uow:
            uow.connection.execute(update(CASE).values(OVER))
            uow.connection.execute(update(OUTBOUND).values(state="sent", due_at=None))
        Archive(loaded, service).run(months(72))
    else:
        citizen.says(word)
        with loaded.writing() as uow:
            uow.connection.execute(update(OUTBOUND).values(state="sent", due_at=None))
            finish_erasures(uow, service, MONDAY + FAREWELL_KEPT)
    told = everything(loaded)
    assert [mark for mark in (NAME, citizen.identifier) if mark in told] == []
    rima.hears()
    assert number in rima.says(f"/lihat {number}")


# --- whatever happens ---


def test_limits(service: Service) -> None:
    """Months end with the month; while a report may be reopened or contested, no setting lets it go."""
    deployment = service.deployment
    kept = deployment.retention.model_copy(update={"identity_months": 1, "media_months": 12})
    days = deployment.handling.model_copy(update={"reopen_within_days": 45})
    short = deployment.model_copy(update={"retention": kept, "handling": days})
    now = datetime(2027, 3, 31, 8, tzinfo=deployment.zone)
    limits = limits_of(short, service.calendar, now)
    assert limits.parts[Part.MEDIA] == Over(now.replace(year=2026), None)
    assert limits.leftovers.failed_before == now.replace(month=2, day=28)
    # 45 days to reopen after the day of the ending, that one whole
    assert limits.identity.before == now.replace(month=2, day=14, hour=0)
    long = deployment.handling.model_copy(update={"appeal_within_days": 60})
    limits = limits_of(short.model_copy(update={"handling": long}), service.calendar, now)
    last = limits.identity.before.date() - DAY
    assert service.calendar.due_on(last, 60) < now.date() <= service.calendar.due_on(last + DAY, 60)


def one_that_is_over(database: Database, identifier: str) -> int:
    """A person's report with a file and a note; returns its id."""
    with database.writing() as uow:
        contact = builders.a_contact(uow, identifier)
        builders.an_attachment(uow, contact, draft_id=identifier[::-1], ref=FILE)
        report_id = builders.a_filed(uow, contact, draft_id=identifier[::-1])
        noted, data = (EventKind.NOTED, ActorKind.OFFICER), {"text": WORDS[4]}
        cases.append_event(uow, report_id, *noted, data=data, is_public=False, now=MONDAY)
        builders.update_case(uow, report_id, MONDAY, **OVER)
    return report_id


def test_killed_and_run_again(town: Archive) -> None:
    """Wherever a run was cut off, the next one comes to the same end, and nothing is done twice."""
    fuse = Fuse()
    fuse.watch(town.database)
    for survived in itertools.count(step=5):
        identifier = f"61000{survived:05}"
        report_id = one_that_is_over(town.database, identifier)
        fuse.left = survived
        with suppress(Dead):
            town.run(months(60))
        was_killed, fuse.left = fuse.left < 0, None
        town.run(months(60))
        told = everything(town.database)
        assert [mark for mark in (identifier, FILE, WORDS[4]) if mark in told] == []
        kinds = [row.kind for row in rows_of(town.database, EVENT) if row.report_id == report_id]
        assert kinds == ["added", "noted", *["erased"] * 4]
        assert_sound(town.database)
        if not was_killed:
            assert survived > 30
            return


#: in statements that may read a whole table, as it does not grow; of messages they read the oldest alone
SMALL = (
    *("officer_invitation", "invitation_attempt", "link_request", "inbound_failure", "human_request"),
    *("FROM desk", "ORDER BY outbound.id"),
)


def test_no_run_reads_a_whole_table(town: Archive, kind: str) -> None:
    """What there is to do is found by indexes, with nothing to do and with something."""
    town.marked(town.person())
    with statements(town.database) as seen:
        town.run(months(6))
        town.run(months(60))
    queries = [
        one
        for one in seen
        if one[0].startswith(("SELECT", "UPDATE", "DELETE")) and not any(name in one[0] for name in SMALL)
    ]
    assert len(queries) > 30
    with town.database.writing() as uow:
        if kind == "postgresql":  # with next to no rows it would rather read them all
            uow.connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        explain = "EXPLAIN QUERY PLAN " if kind == "sqlite" else "EXPLAIN "
        for statement, parameters in queries:
            plan = str(list(uow.connection.exec_driver_sql(explain + statement, parameters)))
            assert "SCAN" not in plan.replace("SCAN USING", ""), f"{statement}\n{plan}"
            assert "Seq Scan" not in plan, f"{statement}\n{plan}"
