"""Inbox and delivery are stopped between any two statements; nothing is lost, nothing is filed twice.

The world here is a provider that repeats what was not acknowledged, and takes what it is sent. The process in
between may die at any statement and any commit, lose its database for a moment, and be started again by an
operator who takes its leases over or lets them run out.
"""

import asyncio
import itertools
import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import Connection, event, select, text
from sqlalchemy.exc import OperationalError

from bot.channels.base import OutFile, SendError, SendResult
from bot.delivery import LEASE, Delivery
from bot.inbox import Inbox, Reception
from bot.metrics import Metrics
from bot.retry import LONGEST_DELAY
from bot.writer import Writer
from handlers.messages import Address, Inbound, Reply
from handlers.service import Service
from storage.crypto import Vault
from storage.db import Database
from storage.models import metadata
from storage.queries import audit, cases, inbox
from storage.queries.inbox import INBOUND
from storage.queries.outbox import OUTBOUND
from storage.vocabulary import Channel, Fault
from tests import builders
from tests.fakes.channel import FakeChannel
from tests.fakes.clock import MONDAY, FakeClock

#: what each citizen writes, over and over: every round files one report
ROUND = ("lampu jln mati dpn pasar ds mungguk sdh 2 mgg, gelap sekali", "lewati", "lewati", "ya")
CITIZENS = ("1", "2", "3")
#: failures of one person's messages in one story; more of them while others pass would be given up
PATIENCE = 5
#: after how many statements: within a delivery's turn, or anywhere in a batch of messages
STATEMENTS = st.integers(0, 8) | st.integers(0, 60)


class Dead(Exception):  # noqa: N818
    """The process has ended here."""


class Fuse:
    """Ends a process, or its connection for a moment, when a number of statements or commits have gone by."""

    def __init__(self) -> None:
        self.is_dead = False
        #: statements and commits that still succeed
        self._left: int | None = None
        #: commits that still succeed, the last of them unheard of
        self._commits: int | None = None
        self._kills = False

    def set(self, left: int, *, kills: bool) -> None:
        self._left, self._kills = left, kills

    def set_after_commits(self, commits: int) -> None:
        self._commits = commits

    def disarm(self) -> None:
        self._left = None

    def watch(self, database: Database) -> None:
        event.listen(database.engine, "before_cursor_execute", lambda *_args: self._burn())
        event.listen(database.engine, "commit", self._before_commit)

    def _before_commit(self, _connection: Connection) -> None:
        self._burn()
        if self._commits is not None:
            self._commits -= 1
            self.is_dead = self._commits == 0  # the commit still goes through; nobody hears of it

    def _burn(self) -> None:
        if self.is_dead:
            raise Dead
        if self._left is None:
            return
        self._left -= 1
        if self._left >= 0:
            return
        self._left = None
        if self._kills:
            self.is_dead = True
            raise Dead
        gone = sqlite3.OperationalError("disk I/O error")
        gone.sqlite_errorcode = sqlite3.SQLITE_IOERR
        raise OperationalError("x", {}, gone)


class Provider(FakeChannel):
    """Takes messages as long as the process lives that sends them."""

    def __init__(self) -> None:
        super().__init__()
        self.fuse = Fuse()
        #: (identifier, id of the outbox row) of each message that arrived, in order
        self.rows: list[tuple[str, int]] = []
        #: what becomes of the next attempts: "lost", "perhaps" (it arrives, but that is not told)
        self.moods: dict[str, list[str]] = {}

    async def send(
        self,
        to: Address,
        reply: Reply,
        *,
        key: str | None = None,
        files: Sequence[OutFile] = (),  # noqa: ARG002 - none come along here
    ) -> SendResult:
        if self.fuse.is_dead:
            raise Dead
        moods = self.moods.get(to.identifier, [])
        mood = moods.pop() if moods else "fine"
        if mood != "lost":
            self.rows.append((to.identifier, int(key or 0)))
            self.arrived.append((to.identifier, reply.text))
        if mood != "fine":
            raise SendError(Fault.UNREACHABLE, code=mood)
        return SendResult(provider_id=str(len(self.rows)))


class Machine(RuleBasedStateMachine):
    """One world, and one process after another in it."""

    def __init__(self, url: str, vault: Vault, service: Service) -> None:
        super().__init__()
        self.url, self.vault, self.service = url, vault, service
        self.runner = asyncio.Runner()
        self.clock = FakeClock()
        self.provider = Provider()
        self.ids = itertools.count(1)
        #: what the provider holds for us: sent by citizens, not acknowledged
        self.unacknowledged: list[Inbound] = []
        self.written: Counter[str] = Counter()
        self.failures: Counter[str] = Counter()
        #: how many messages may have gone out again: what was on its way at an end, or perhaps arrived
        self.repeats_allowed = 0
        self.database: Database | None = None

    @initialize()
    def begin(self) -> None:
        database = Database(self.url, self.vault)
        with database.writing() as uow:
            for table in ("outbound", "case_event", "cases", "attachment", "report", "conversation"):
                uow.connection.execute(text(f"DELETE FROM {table}"))  # noqa: S608
            for table in ("address", "reporter", "inbound", "inbound_failure"):
                uow.connection.execute(text(f"DELETE FROM {table}"))  # noqa: S608
        database.close()
        self._start(takes_over=True)

    def _start(self, *, takes_over: bool) -> None:
        self.fuse = self.provider.fuse = Fuse()
        self.database = Database(self.url, self.vault)
        self.fuse.watch(self.database)
        self.writer = Writer(self.database)
        self.writer.start()
        metrics = Metrics()
        self.inbox = Inbox(self.writer, self.service, self.clock, metrics, lambda: False, lambda **_: None)
        self.delivery = Delivery(
            self.writer,
            self.service,
            {Channel.TELEGRAM: self.provider},
            builders.enclosures(self.writer),
            self.clock,
            metrics,
        )
        if takes_over:
            self._run(self.delivery.release())

    def _run(self, work: Any) -> Any:
        """Let the process do something; it may die over it, or find its database gone."""
        try:
            return self.runner.run(work)
        except Exception as error:
            if not self.fuse.is_dead and type(error).__name__ != "StorageUnavailable":
                raise
            return None

    def _bury(self) -> None:
        assert self.database is not None
        self.writer.stop()
        self.database.close()
        self.repeats_allowed += self._count_unsettled()

    def _count_unsettled(self) -> int:
        """How many messages arrived of which no row says so: these, and only these, may arrive again."""
        database = Database(self.url, self.vault)
        with database.reading() as uow:
            sent = set(
                uow.connection.execute(select(OUTBOUND.c.id).where(OUTBOUND.c.state == "sent")).scalars()
            )
        database.close()
        return len({row for _, row in self.provider.rows} - sent)

    # What happens in the world.

    @rule(who=st.sampled_from(CITIZENS), count=st.integers(1, 4))
    def a_citizen_writes(self, who: str, count: int) -> None:
        for _ in range(count):
            said = ROUND[self.written[who] % len(ROUND)]
            self.written[who] += 1
            self.unacknowledged.append(
                Inbound(Address(Channel.TELEGRAM, who), f"u{next(self.ids)}", MONDAY, said)
            )

    @rule(seconds=st.sampled_from([1, 5, 30, 90]))
    def time_passes(self, seconds: int) -> None:
        self.clock.move(seconds)

    @rule(who=st.sampled_from(CITIZENS), mood=st.sampled_from(["lost", "perhaps"]))
    def the_provider_fails_once(self, who: str, mood: str) -> None:
        if self.failures[who] < PATIENCE:
            self.failures[who] += 1
            self.provider.moods.setdefault(who, []).append(mood)
            self.repeats_allowed += mood == "perhaps"

    # What the process does, and how it ends.

    @rule()
    def updates_are_taken_in(self) -> None:
        self._run(self._receive())

    async def _receive(self) -> None:
        """As the poll loop: everything at once, and acknowledged as far as it was received."""
        batch = list(self.unacknowledged)
        results = await asyncio.gather(*(self.inbox.receive(one) for one in batch), return_exceptions=True)
        if self.fuse.is_dead:
            return
        received = list(itertools.takewhile(lambda one: isinstance(one, Reception), results))
        del self.unacknowledged[: len(received)]

    @rule()
    def messages_are_delivered(self) -> None:
        self._run(self.delivery.run_once())

    @rule(left=STATEMENTS, takes_over=st.booleans(), is_inbox=st.booleans())
    def the_process_dies_between_two_statements(self, left: int, *, takes_over: bool, is_inbox: bool) -> None:
        self.fuse.set(left, kills=True)
        self._run(self._receive() if is_inbox else self.delivery.drain())
        self._bury()
        self._start(takes_over=takes_over)

    @rule(commits=st.integers(1, 4), takes_over=st.booleans(), is_inbox=st.booleans())
    def the_process_dies_after_a_commit(self, commits: int, *, takes_over: bool, is_inbox: bool) -> None:
        self.fuse.set_after_commits(commits)
        self._run(self._receive() if is_inbox else self.delivery.drain())
        self._bury()
        self._start(takes_over=takes_over)

    @rule(left=STATEMENTS, is_inbox=st.booleans())
    def the_database_is_gone_for_a_moment(self, left: int, *, is_inbox: bool) -> None:
        self.fuse.set(left, kills=False)
        self._run(self._receive() if is_inbox else self.delivery.drain())
        self.fuse.disarm()

    # What must hold at any time, and at the end.

    @invariant()
    def each_person_is_written_to_in_order(self) -> None:
        for who in CITIZENS:
            rows = [row for to, row in self.provider.rows if to == who]
            assert rows == sorted(rows)

    def teardown(self) -> None:
        if self.database is None:
            return
        try:
            self._run(self._receive())
            for _ in range(2 * PATIENCE):
                self.clock.move(LEASE + LONGEST_DELAY)
                self._run(self.delivery.drain())
            self.each_person_is_written_to_in_order()
            self._check(self.database)
        finally:
            self._bury()
            self.runner.close()

    def _check(self, database: Database) -> None:
        with database.reading() as uow:
            recorded = Counter(uow.connection.execute(select(INBOUND.c.external_id)).scalars())
            rows = uow.connection.execute(
                select(OUTBOUND.c.id, OUTBOUND.c.state).order_by(OUTBOUND.c.id)
            ).all()
            assert inbox.count_failures(uow) == 0
            assert list(audit.verify_history(uow)) == []
            filed = cases.count_reports(uow)
        assert self.unacknowledged == []
        assert recorded == Counter(f"u{number}" for number in range(1, next(self.ids)))
        assert filed == sum(count // len(ROUND) for count in self.written.values())
        assert {row.state for row in rows} <= {"sent"}
        assert {row for _, row in self.provider.rows} == {row.id for row in rows}
        assert len(self.provider.rows) - len(rows) <= self.repeats_allowed
        self._check_what_was_read()

    def _check_what_was_read(self) -> None:
        """Without repeats each citizen has read what somebody reads to whom nothing ever happened."""
        for who in CITIZENS:
            read, seen = [], set[int]()
            for (to, row), (_, said) in zip(self.provider.rows, self.provider.arrived, strict=True):
                if to == who and row not in seen:
                    seen.add(row)
                    read.append(_without_numbers(said))
            assert read == self.undisturbed(self.written[who]), who

    def undisturbed(self, count: int) -> list[str]:
        raise NotImplementedError


def _without_numbers(said: str) -> str:
    return re.sub(r"SKD-[\d ]+", "SKD-…", said)


def _undisturbed(database: Database, service: Service, count: int) -> list[list[str]]:
    """What one person reads in reply to each of the first `count` messages, when all goes well."""
    replies: list[list[str]] = []
    provider, clock, metrics = FakeChannel(), FakeClock(), Metrics()
    writer = Writer(database)
    writer.start()
    inbox_ = Inbox(writer, service, clock, metrics, lambda: False, lambda **_: None)
    delivery = Delivery(
        writer, service, {Channel.TELEGRAM: provider}, builders.enclosures(writer), clock, metrics
    )

    async def talk() -> None:
        for number in range(count):
            said = ROUND[number % len(ROUND)]
            await inbox_.receive(Inbound(Address(Channel.TELEGRAM, "0"), f"x{number}", MONDAY, said))
            await delivery.drain()
            replies.append([_without_numbers(one) for one in provider.texts()])
            provider.arrived.clear()

    asyncio.run(talk())
    writer.stop()
    return replies


@pytest.mark.timeout(300)
def test_nothing_is_lost_and_nothing_twice(
    loaded: Database, kind: str, service: Service, vault: Vault, open_database: Callable[[str], Database]
) -> None:
    """Whatever the order of messages, deliveries, failures, ends and outages."""
    url = loaded.url.render_as_string(hide_password=False)
    expected = _undisturbed(loaded, service, 3 * len(ROUND))

    class Here(Machine):
        def __init__(self) -> None:
            super().__init__(url, vault, service)

        def undisturbed(self, count: int) -> list[str]:
            # From the second round on each is like the one before.
            rounds = [expected[n] if n < len(expected) else expected[n % 4 + 8] for n in range(count)]
            return [said for replies in rounds for said in replies]

    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=150 if kind == "sqlite" else 40,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )


def test_the_story_is_one_that_files(loaded: Database, service: Service) -> None:
    """The test above means something only if every round ends in a receipt."""
    replies = _undisturbed(loaded, service, 2 * len(ROUND))
    assert [any("SKD-…" in one for one in some) for some in replies] == [False, False, False, True] * 2
    assert {table.name for table in metadata.sorted_tables} >= {"outbound", "report"}
