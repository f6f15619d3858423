"""Drafts left alone, whatever happens in between, on both databases."""

from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from handlers.hours import is_quiet
from handlers.messages import Reply
from handlers.service import Service
from storage.db import Database
from storage.vocabulary import Channel
from tests.clockwork import DAY, EXPIRED, HALF_AN_HOUR, TEXT, Clockwork
from tests.fakes.clock import MONDAY
from tests.killed import Dead, Fuse
from tests.person import Person


@pytest.fixture
def clockwork(loaded: Database, service: Service) -> Clockwork:
    return Clockwork(loaded, service)


# --- whatever happens ---


class Town(RuleBasedStateMachine):
    """People begin reports, go on, send them or throw them away, while the jobs run now and then, and are killed."""

    def __init__(self, clockwork: Clockwork, fuse: Fuse) -> None:
        super().__init__()
        self.clockwork, self.fuse = clockwork, fuse
        self.now = MONDAY
        channels = (Channel.TELEGRAM, Channel.TELEGRAM, Channel.SMS)
        self.people = [clockwork.person(channel) for channel in channels]
        #: by person: when each recall since the last touch came
        self.told: dict[str, list[datetime]] = {one.identifier: [] for one in self.people}
        self.stopped: set[str] = set()
        for one in self.people:
            one.says("halo")

    @rule(
        index=st.integers(0, 2),
        said=st.sampled_from(
            [TEXT, TEXT, "lewati", "1", "ya", "batal", "lapor", "depan pasar", "STOP", "MULAI"]
        ),
    )
    def somebody_writes(self, index: int, said: str) -> None:
        person = self.people[index]
        before = self.clockwork.row(person)
        person.now = self.now
        person.says(said)
        if self.clockwork.row(person).version != before.version:
            self.told[person.identifier] = []
        self.stopped -= {person.identifier}
        if self.clockwork.contact(person).is_stopped:
            self.stopped |= {person.identifier}

    @rule(minutes=st.sampled_from([1, 10, 30, 45, 120, 400, 1000, 3000]))
    def time_goes_by(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule(survived=st.none() | st.integers(0, 12))
    def the_jobs_run(self, survived: int | None) -> None:
        drafts = {one.identifier: self.clockwork.progress(one).draft for one in self.people}
        touched = {one.identifier: self.clockwork.row(one).draft_touched_at for one in self.people}
        self.fuse.left = survived
        with suppress(Dead):
            self.clockwork.recalls(self.now)
            self.clockwork.expires(self.now)
        self.fuse.left = None
        for person in self.people:
            who = person.identifier
            news = self.clockwork.news(person)
            if news:
                assert len(news) == 1
                assert drafts[who] is not None
                self.one_is_told(person, news[0], self.now - touched[who])
            gone = drafts[who] is not None and self.clockwork.progress(person).draft is None
            assert not gone or self.now - touched[who] >= 3 * DAY

    def one_is_told(self, person: Person, reply: Reply, lain: timedelta) -> None:
        deployment = self.clockwork.service.deployment
        assert not is_quiet(self.now, deployment.quiet_hours, deployment.zone)
        assert person.identifier not in self.stopped
        if EXPIRED in reply.text:
            assert person.channel is not Channel.SMS
            assert lain >= 3 * DAY
            return
        told = self.told[person.identifier]
        told.append(self.now)
        assert HALF_AN_HOUR <= lain < 3 * DAY
        assert len(told) <= (1 if person.channel is Channel.SMS else 2)
        assert len({one.astimezone(deployment.zone).date() for one in told}) == len(told)


@pytest.mark.timeout(300)
def test_whatever_happens(clockwork: Clockwork, kind: str) -> None:
    """Nobody is told twice, at night, too early, against their wish, or of what they have sent; no draft goes early."""
    fuse = Fuse()
    fuse.watch(clockwork.database)

    class Here(Town):
        def __init__(self) -> None:
            super().__init__(clockwork, fuse)

    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=60 if kind == "sqlite" else 20,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )
