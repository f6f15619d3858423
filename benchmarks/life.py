"""A report's life as the database lives it, and what is asked of it, with few reports and with many, on SQLite.

Each act is one durable transaction, without the batches in which a running Kanal commits, and what it queues for
citizens and officers is queued as well. `benchmarks/filling.py` says what the reports are.
"""

import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from benchmarks.filling import appoint, filled
from handlers import actions, moves
from handlers.conversation.progress import Draft
from handlers.figures import gather
from handlers.messages import Exhibit, Made
from handlers.moves import Actor, Solution
from handlers.officers.access import Reach
from handlers.service import Service
from storage.db import Database, UnitOfWork
from storage.queries import cases, clock, conversations, desks, handling
from storage.queries.conversations import Contact
from storage.queries.desks import Sieve
from storage.queries.handling import CaseRow
from storage.queries.officers import OfficerRow
from storage.vocabulary import ActorKind, Channel, Clock, Language

SIZES, DAYS, OPEN_EVERY = (1_000, 10_000, 100_000), 730, 3
LIVES, ROUNDS = 60, 5
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


class Town:
    """Citizens who report, one after another, and the officers who handle it."""

    def __init__(self, database: Database, service: Service, now: datetime) -> None:
        self._database, self._service, self._now = database, service, now
        self._people = 0
        with database.writing() as uow:
            self._officers: Mapping[str, OfficerRow] = appoint(uow, service, now)
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
        yield "what is due: 100 cases", lambda uow: clock.list_passed(uow, Clock.FIRST_ANSWER, today, 100)
        yield "figures of this month", lambda uow: gather(uow, service, month, self._now)

    def ask(self, question: Act) -> float:
        with self._database.reading() as uow:
            started = time.perf_counter()
            question(uow)
            return time.perf_counter() - started

    def _actor(self, name: str) -> Actor:
        return Actor(ActorKind.OFFICER, self._officers[name])

    def _do(self, report_id: int, move: Callable[[UnitOfWork, CaseRow], object]) -> None:
        with self._database.writing() as uow:
            move(uow, handling.get_case(uow, report_id))


def observe(size: int) -> Seen:
    """Let reports live among so many others, and ask."""
    seen = Seen()
    with filled(reports=size, days=DAYS, open_every=OPEN_EVERY) as (database, filling):
        town = Town(database, filling.service, filling.noon)
        town.live()
        for _ in range(ROUNDS):
            started, used = time.perf_counter(), time.process_time()
            for _ in range(LIVES):
                town.live()
            seen.cpu_ms.append((time.process_time() - used) / LIVES * 1000)
            seen.lives.append(LIVES / (time.perf_counter() - started))
        for name, question in town.questions():
            seen.asked[name] = statistics.median(town.ask(question) for _ in range(2 * ROUNDS + 1))
    return seen


def measure() -> Iterator[str]:
    """Yield the lines of the section."""
    seen = {size: observe(size) for size in SIZES}
    yield f"| reports in it | {' | '.join(f'{size:,}' for size in SIZES)} |"
    yield "|---" + "|--:" * len(SIZES) + "|"
    lives = [f"{statistics.median(one.lives):.0f}/s" for one in seen.values()]
    yield f"| lives: file, verify, dispose, start, answer, confirm, search | {' | '.join(lives)} |"
    used = [f"{statistics.median(one.cpu_ms):.1f} ms" for one in seen.values()]
    yield f"| CPU of one | {' | '.join(used)} |"
    for name in seen[SIZES[0]].asked:
        yield f"| {name} | {' | '.join(f'{one.asked[name] * 1000:.2f} ms' for one in seen.values())} |"
