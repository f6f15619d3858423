"""A report's life as the database lives it, and what is asked of it, with few reports and with many.

    .venv/bin/python -m benchmarks.life [reports …] [--postgresql]

Each act is one durable transaction, without the batches in which a running Kanal commits, and what it queues for
citizens and officers is queued as well. On SQLite by one process, on PostgreSQL by two. `benchmarks/filling.py` says
what the reports are.
"""

import argparse
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from multiprocessing import get_context

from benchmarks.filling import appoint, filled, service_of_sekadau, size_of
from handlers import actions, moves
from handlers.conversation.progress import Draft
from handlers.figures import gather
from handlers.messages import Exhibit, Made
from handlers.moves import Actor, Solution
from handlers.officers.access import Reach
from handlers.officers.proposals import TOGETHER
from handlers.service import Service
from storage.crypto import Vault, new_key
from storage.db import Database, UnitOfWork
from storage.queries import cases, clock, conversations, desks, handling
from storage.queries.conversations import Contact
from storage.queries.desks import Sieve
from storage.queries.handling import CaseRow
from storage.queries.officers import OfficerRow
from storage.vocabulary import ActorKind, Channel, Clock, Language
from tests.fakes import postgresql

SIZES, DAYS, OPEN_EVERY = (1_000, 10_000, 100_000, 1_000_000), 730, 3
LIVES, ROUNDS, WARM, PROCESSES = 60, 5, 5, 2
TEXT = "jalan rusak depan SDN 5 desa mungguk sejak kemarin, banyak lubang besar"

Act = Callable[[UnitOfWork], object]


@dataclass
class Seen:
    #: lives a second, of each round
    lives: list[float] = field(default_factory=list)
    #: CPU milliseconds of one
    cpu_ms: list[float] = field(default_factory=list)
    #: seconds, by what is asked
    asked: dict[str, float] = field(default_factory=dict)
    bytes_each: float = 0.0


class Town:
    """Citizens who report, one after another, and the officers who handle it."""

    def __init__(
        self,
        database: Database,
        service: Service,
        now: datetime,
        officers: Mapping[str, OfficerRow],
        first: int,
    ) -> None:
        self._database, self._service, self._now, self._officers = database, service, now, officers
        self._people = first
        self.agency = next(one.code for one in service.deployment.agencies if not one.is_outside)
        self.number = ""
        self.contact: Contact

    def live(self) -> None:
        """File, verify, dispose, start, answer, confirm, search."""
        self._people += 1
        draft_id = f"bench-{self._people}"
        with self._database.writing() as uow:
            self.contact = conversations.get_or_create_contact(
                uow, Channel.TELEGRAM, f"7{self._people:09}", Language.INDONESIAN, self._now
            )
            conversations.save_progress(uow, self.contact, "{}", draft_touched_at=None, now=self._now)
            draft = Draft(draft_id, TEXT, category=self._service.deployment.other_category)
            actions.file_report(uow, self._service, self.contact, draft, self._now)
            found = cases.find_by_draft(uow, draft_id)
        assert found is not None  # noqa: S101
        report_id, self.number = found
        solution = Solution(TEXT, "Sudah ditambal aspal dingin hari ini.", self._now.date())
        coordinator, liaison = self._actor("coordinator"), self._actor(f"liaison {self.agency}")
        self._do(report_id, lambda uow, case: moves.verify(uow, self._service, case, coordinator, self._now))
        self._do(
            report_id,
            lambda uow, case: moves.dispose(uow, self._service, case, coordinator, self.agency, self._now),
        )
        self._do(report_id, lambda uow, case: moves.start(uow, self._service, case, liaison, TEXT, self._now))
        self._do(
            report_id, lambda uow, case: moves.answer(uow, self._service, case, liaison, solution, self._now)
        )
        self._do(report_id, lambda uow, case: moves.confirm(uow, self._service, case, self._now))
        with self._database.reading() as uow:
            actions.show_status(uow, self._service, self.contact, self.number, self._now)

    def questions(self) -> Iterator[tuple[str, Act]]:
        """Yield what is asked of the database."""
        today, service = self._now.date(), self._service
        reach = Reach(
            agency_code=self.agency, own_agency_code=self.agency, is_oversight=False, is_disposed=True
        )
        month = Made(
            Exhibit.FIGURES, None, today.replace(day=1), today, Language.INDONESIAN, is_oversight=None
        )
        yield (
            "status by number",
            lambda uow: actions.show_status(uow, service, self.contact, self.number, self._now),
        )
        yield "an officer's queue", partial(desks.list_queue, reach=reach, sieve=Sieve(), limit=5)
        yield (
            "the late ones of it",
            partial(desks.list_queue, reach=reach, sieve=Sieve(late_on=today), limit=5),
        )
        yield "what may be the same, of an area and category", self._alike
        yield "what is due: 100 cases", lambda uow: clock.list_passed(uow, Clock.FIRST_ANSWER, today, 100)
        yield "figures of this month", lambda uow: gather(uow, service, month, self._now)

    def _alike(self, uow: UnitOfWork) -> None:
        """Look for what belongs to the newest report of a place and category."""
        deployment = self._service.deployment
        place = [deployment.areas[0].code], deployment.categories[0].code
        for one in desks.list_told(uow, Reach(), areas=place[0], category=place[1], limit=1):
            desks.list_alike(uow, one.case, TOGETHER)

    def ask(self, question: Act) -> float:
        with self._database.writing() as uow:  # what is due is locked where it is read
            started = time.perf_counter()
            question(uow)
            return time.perf_counter() - started

    def _actor(self, name: str) -> Actor:
        return Actor(ActorKind.OFFICER, self._officers[name])

    def _do(self, report_id: int, move: Callable[[UnitOfWork, CaseRow], object]) -> None:
        with self._database.writing() as uow:
            move(uow, handling.get_case(uow, report_id))


def live_on(town: Town) -> tuple[float, float]:
    """Let reports live, and return how many a second, and the CPU milliseconds of one."""
    for _ in range(WARM):
        town.live()
    started, used = time.perf_counter(), time.process_time()
    for _ in range(LIVES):
        town.live()
    used = time.process_time() - used
    return LIVES / (time.perf_counter() - started), used / LIVES * 1000


def live_apart(
    url: str, key: str, now: datetime, officers: Mapping[str, OfficerRow], first: int
) -> tuple[float, float]:
    """The same in a process of its own."""
    database = Database(url, Vault([key]))
    try:
        return live_on(Town(database, service_of_sekadau(), now, officers, first))
    finally:
        database.close()


def observe(size: int, url: str | None = None) -> Seen:
    """Let reports live among so many others, and ask; `url`: of PostgreSQL, where two processes do it at once."""
    seen, key = Seen(), new_key()
    with filled(reports=size, days=DAYS, open_every=OPEN_EVERY, url=url, key=key) as (database, filling):
        seen.bytes_each = size_of(database) / size
        with database.writing() as uow:
            officers = appoint(uow, filling.service, filling.noon)
        town = Town(database, filling.service, filling.noon, officers, 0)
        for number in range(1, ROUNDS + 1):
            both = (
                [live_on(town)] if url is None else _live_together(url, key, filling.noon, officers, number)
            )
            seen.lives.append(sum(rate for rate, _ in both))
            seen.cpu_ms.append(statistics.mean(used for _, used in both))
        town.live()
        for name, question in town.questions():
            seen.asked[name] = statistics.median(town.ask(question) for _ in range(2 * ROUNDS + 1))
    return seen


def _live_together(
    url: str, key: str, now: datetime, officers: Mapping[str, OfficerRow], number: int
) -> list[tuple[float, float]]:
    with ProcessPoolExecutor(PROCESSES, get_context("spawn")) as pool:
        firsts = [(number * PROCESSES + process) * 1_000_000 for process in range(PROCESSES)]
        return list(pool.map(partial(live_apart, url, key, now, officers), firsts))


def measure(sizes: Sequence[int] = SIZES, server: postgresql.Server | None = None) -> Iterator[str]:
    """Yield the lines of the section."""
    seen = {size: observe(size, server.create(f"life{size}") if server else None) for size in sizes}
    yield f"| reports in it | {' | '.join(f'{size:,}' for size in seen)} |"
    yield "|---" + "|--:" * len(seen) + "|"
    rows: Mapping[str, Callable[[Seen], str]] = {
        "lives: file, verify, dispose, start, answer, confirm, search": lambda one: (
            f"{_median(one.lives):.0f}/s"
        ),
        "CPU of one, without the database server": lambda one: f"{_median(one.cpu_ms):.1f} ms",
        "bytes a report": lambda one: f"{one.bytes_each:,.0f}",
    }
    for name, shown in rows.items():
        yield f"| {name} | {' | '.join(map(shown, seen.values()))} |"
    for name in next(iter(seen.values())).asked:
        yield f"| {name} | {' | '.join(f'{one.asked[name] * 1000:.2f} ms' for one in seen.values())} |"


_median = statistics.median


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("sizes", type=int, nargs="*", default=SIZES)
    parser.add_argument("--postgresql", action="store_true")
    wanted = parser.parse_args()
    if wanted.postgresql:
        postgresql.FAST = ()  # the disk counts here
        with postgresql.serving() as server:
            lines = list(measure(wanted.sizes, server))
    else:
        lines = list(measure(wanted.sizes))
    print("\n".join(lines))


if __name__ == "__main__":
    main()
