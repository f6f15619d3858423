"""A database as it is after two years, for what is measured with it: reports, their histories, who works on them."""

import json
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Table, insert, literal, select

from bot.deployment_file import read_deployment
from handlers.cases.deadlines import policy_of
from handlers.cases.ladder import kind_of, steps_on
from handlers.loading import load_deployment
from handlers.service import Service
from storage import migrate
from storage.crypto import Vault, new_key
from storage.db import Database, UnitOfWork
from storage.models import (
    Address,
    Case,
    CaseEvent,
    Conversation,
    Outbound,
    Rating,
    Reminder,
    Report,
    Reporter,
)
from storage.models import table as rows_of
from storage.queries import conversations, officers
from storage.queries.officers import OfficerRow
from storage.vocabulary import CaseState, Channel, Clock, Closing, Language, ReportType, Role

AT_ONCE = 10_000
TEXT = "jalan rusak depan SDN 5 desa mungguk sejak kemarin, banyak lubang besar"
DAY = timedelta(days=1)
#: how open reports stand, one after another: state, clock, and the working days from filing to its end
_RUNNING = (
    *((CaseState.UNVERIFIED, Clock.CHECK, 3), (CaseState.DISPOSED, Clock.FIRST_ANSWER, 7)),
    *((CaseState.IN_PROGRESS, Clock.SETTLE, 16), (CaseState.REOPENED, Clock.FIRST_ANSWER, 20)),
    *((CaseState.IN_PROGRESS, Clock.SETTLE, 16), (CaseState.IN_PROGRESS, Clock.SETTLE, 18)),
    *((CaseState.ANSWERED, Clock.CITIZEN_REPLY, 0), (CaseState.ON_HOLD, Clock.CITIZEN_DATA, 0)),
    (CaseState.FORWARDED, Clock.OUTSIDE, 16),
)
#: clocks that end by themselves: none of them is over
_REPORTERS = frozenset({Clock.CITIZEN_REPLY, Clock.CITIZEN_DATA})


@dataclass
class Filling:
    """What there is at noon of a day: so many reports, as many on each of the days before, filed by one in five."""

    service: Service
    noon: datetime
    reports: int
    days: int
    #: every so many-th is open
    open_every: int

    def __post_init__(self) -> None:
        self._policy = policy_of(self.service.deployment.deadlines)
        self._due_on = cache(self._working_day)

    def into(self, uow: UnitOfWork) -> None:
        self._people(uow)
        sealed, data = uow.vault.seal(TEXT), uow.vault.seal(json.dumps({"text": TEXT}))
        for first in range(1, self.reports + 1, AT_ONCE):
            numbers = range(first, min(first + AT_ONCE, self.reports + 1))
            _add(uow, rows_of(Report), (self._report(n, sealed) for n in numbers))
            _add(uow, rows_of(Case), (self._case(n) for n in numbers))
            _add(uow, rows_of(CaseEvent), (event for n in numbers for event in self._events(n, data)))
            _add(uow, rows_of(Rating), (self._rating(n) for n in numbers if not n % 4))
            _add(uow, rows_of(Outbound), (self._sent(n, sealed) for n in numbers))
        self._reminded(uow)

    def _people(self, uow: UnitOfWork) -> None:
        people = range(1, self.reports // 5 + 2)
        _add(uow, rows_of(Reporter), ({"id": n, "language": "id", "created_at": self.noon} for n in people))
        _add(uow, rows_of(Address), (address_of(uow.vault, n, self.noon) for n in people))
        progress = uow.vault.seal("{}")
        row = {"progress_sealed": progress, "version": 1, "updated_at": self.noon}
        _add(uow, rows_of(Conversation), ({"address_id": n, **row} for n in people))

    def _filed_at(self, number: int) -> datetime:
        return self.noon - self.days * DAY * (1 - number / self.reports)

    def _report(self, number: int, sealed: bytes) -> dict[str, object]:
        filed_at, deployment = self._filed_at(number), self.service.deployment
        return {
            "id": number,
            "number": f"{number:07}",
            "draft_id": f"{number:032}",
            "reporter_id": number // 5 + 1,
            "address_id": number // 5 + 1,
            "channel": ("telegram", "sms")[number % 2],
            "language": "id",
            "type": ReportType.COMPLAINT.value if number % 50 else ReportType.OVERSIGHT.value,
            "category_code": deployment.categories[number % len(deployment.categories)].code,
            "area_code": deployment.areas[number % len(deployment.areas)].code,
            "description_sealed": sealed,
            "place_sealed": sealed,
            "occurred_on": filed_at.date(),
            "is_ongoing": True,
            "is_anonymous": True,
            "is_secret": True,
            "is_emergency": False,
            "consent_version": "1",
            "filed_at": filed_at,
        }

    def _case(self, number: int) -> dict[str, object]:
        filed_at, is_open = self._filed_at(number), number % self.open_every == 0
        own = [agency.code for agency in self.service.deployment.agencies if not agency.is_outside]
        state, clock, days = _RUNNING[number // self.open_every % len(_RUNNING)]
        due_on = self._due_on(filed_at.date(), days)
        if clock in _REPORTERS:
            due_on = self._due_on(self.noon.date(), number // self.open_every % 10)
        closing = Closing.SILENCE if number % 2 else Closing.CONFIRMED
        is_disposed = not is_open or clock not in {Clock.CHECK, Clock.CITIZEN_DATA, Clock.OUTSIDE}
        disposed_at = filed_at + number % 5 * DAY if is_disposed else None
        return {
            "report_id": number,
            "state": state.value if is_open else CaseState.SETTLED.value,
            "agency_code": own[number % len(own)]
            if number % 50
            else self.service.deployment.integrity.agency,
            "check_due_on": self._due_on(filed_at.date(), 3),
            "policy": self._policy,
            "clock": clock.value if is_open else None,
            "due_on": due_on if is_open else None,
            "checked_at": disposed_at,
            "disposed_at": disposed_at,
            "first_answer_at": filed_at + number % 13 * DAY,
            "closed_at": None if is_open else filed_at + number % 31 * DAY,
            "closing": None if is_open else closing.value,
            "asked_at": self.noon if is_open and clock is Clock.CITIZEN_DATA else None,
            "returns": 0,
            "reopenings": 0,
            "version": 1,
            "last_seq": 3,
            "last_hash": bytes(32),
            "updated_at": filed_at,
        }

    def _working_day(self, start: date, days: int) -> date:
        calendar = self.service.calendar
        return calendar.due_on(calendar.due_on(start, days) - DAY, 1)

    def _events(self, number: int, data: bytes) -> Iterator[dict[str, object]]:
        for seq, kind in enumerate(("filed", "disposed", "started"), start=1):
            yield {
                "report_id": number,
                "seq": seq,
                "at": self._filed_at(number),
                "kind": kind,
                "actor_kind": "officer",
                "is_public": True,
                "data_sealed": data,
                "data_digest": bytes(32),
                "previous_hash": bytes(32),
                "hash": bytes(32),
            }

    def _rating(self, number: int) -> dict[str, object]:
        return {"report_id": number, "round": 0, "stars": number % 5 + 1, "created_at": self.noon}

    def _sent(self, number: int, sealed: bytes) -> dict[str, object]:
        """Return the newest news: for those that are asked for data, the question."""
        sent_at = self._case(number)["asked_at"] or self._filed_at(number)
        return {
            "address_id": number // 5 + 1,
            "channel": "telegram",
            "report_id": number,
            "priority": "1-news",
            "payload_sealed": sealed,
            "state": "sent",
            "due_at": None,
            "attempts": 1,
            "provider_id": str(number),
            "created_at": sent_at,
            "sent_at": sent_at,
        }

    def _reminded(self, uow: UnitOfWork) -> None:
        """Note all that the clock has said by noon."""
        case = rows_of(Case)
        calendar, escalation = self.service.calendar, self.service.deployment.escalation
        for step in steps_on(escalation, calendar, self.noon.date()):
            for rung in (step.rung, *step.below):
                said = select(
                    case.c.report_id, literal(kind_of(step.clock, rung)), case.c.due_on, literal(self.noon)
                ).where(case.c.clock == step.clock.value, case.c.due_on <= step.until)
                if step.after is not None:
                    said = said.where(case.c.due_on > step.after)
                uow.connection.execute(
                    insert(rows_of(Reminder)).from_select(["report_id", "kind", "due_on", "at"], said)
                )


def address_of(vault: Vault, number: int, at: datetime) -> dict[str, object]:
    return {
        "id": number,
        "reporter_id": number,
        "channel": "telegram",
        "identifier_hash": vault.fingerprint("address:telegram", str(number)),
        "identifier_sealed": vault.seal(str(number)),
        "created_at": at,
    }


def appoint(uow: UnitOfWork, service: Service, now: datetime) -> dict[str, OfficerRow]:
    """Give each agency a liaison and a head, and the government its coordinator, inspectorate and decider."""
    posts = {
        "coordinator": (Role.COORDINATOR, None),
        "decider": (Role.DECIDER, None),
        "inspectorate": (Role.INSPECTORATE, service.deployment.integrity.agency),
    }
    for agency in service.deployment.agencies:
        if not agency.is_outside:
            posts[f"liaison {agency.code}"] = (Role.LIAISON, agency.code)
            posts[f"head {agency.code}"] = (Role.SUPERVISOR, agency.code)
    return {name: _officer(uow, name, role, agency, now) for name, (role, agency) in posts.items()}


def _officer(uow: UnitOfWork, name: str, role: Role, agency: str | None, now: datetime) -> OfficerRow:
    contact = conversations.get_or_create_contact(uow, Channel.TELEGRAM, name, Language.INDONESIAN, now)
    officer_id = officers.insert_officer(
        uow,
        address_id=contact.address_id,
        name=name,
        role=role,
        agency_code=agency,
        is_deputy=False,
        now=now,
    )
    found = officers.find_officer(uow, officer_id)
    assert found is not None  # noqa: S101
    return found


def _add(uow: UnitOfWork, table: Table, rows: Iterable[dict[str, Any]]) -> None:
    """Add rows that all have the same columns; PostgreSQL takes them as a stream (COPY), several times as fast."""
    if not (found := list(rows)):
        return
    if uow.connection.dialect.name == "sqlite":
        uow.connection.execute(insert(table), found)
        return
    columns = list(found[0])
    statement = f"COPY {table.name} ({', '.join(columns)}) FROM STDIN"
    driver: Any = uow.connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        for row in found:
            copy.write_row([row[name] for name in columns])


def service_of_sekadau() -> Service:
    return Service.of(read_deployment(Path("deployments/sekadau.yaml")))


@contextmanager
def filled(
    *, reports: int, days: int, open_every: int, url: str | None = None, key: str | None = None
) -> Iterator[tuple[Database, Filling]]:
    """Make such a database, in a file that is gone afterwards; `url`: in this one, which is empty."""
    service = service_of_sekadau()
    filling = Filling(
        service, datetime(2026, 8, 3, 12, tzinfo=service.deployment.zone), reports, days, open_every
    )
    with tempfile.TemporaryDirectory() as folder:
        database = Database(url or f"sqlite:///{folder}/kanal.db", Vault([key or new_key()]))
        migrate.upgrade(database)
        with database.writing() as uow:
            load_deployment(uow, service.deployment, filling.noon)
            if not database.is_sqlite:  # what is referred to is there: seven million look-ups less
                uow.connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
            filling.into(uow)
        _settle(database)
        try:
            yield database, filling
        finally:
            database.close()


def _settle(database: Database) -> None:
    """Leave it as one that has grown: ids go on behind those given, and PostgreSQL knows how much there is."""
    if not database.is_sqlite:
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for name in ("report", "reporter", "address"):
                last = f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), max(id)) FROM {name}"  # noqa: S608
                connection.exec_driver_sql(last)
            connection.exec_driver_sql("VACUUM ANALYZE")


def size_of(database: Database) -> int:
    """Return how many bytes a database takes on the disk."""
    pages = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
    with database.engine.connect() as connection:
        query = pages if database.is_sqlite else "SELECT pg_database_size(current_database())"
        return int(connection.exec_driver_sql(query).scalar_one())
