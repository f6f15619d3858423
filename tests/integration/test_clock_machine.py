"""Whatever officers and reporters do, and however time jumps: what the clock says holds, on both databases.

As `test_moves_machine.py`, with jobs that run in any order at any hour, weeks of downtime, leave, and a delivery that
comes late.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import Row, select

from bot.scheduler import JOBS, Job
from handlers import codec
from handlers.clock.deadlines import is_working_hour
from handlers.hours import is_quiet
from handlers.officers.access import OF_AGENCY, may_see
from handlers.service import Service
from storage.db import Database
from storage.models import CaseEvent, Conversation, Outbound, Reminder, table
from storage.queries import dossiers, officers, outbox
from storage.queries.handling import CaseRow
from storage.queries.officers import OfficerRow
from storage.vocabulary import Channel, EventKind, OutboundState, ReportType, Role
from tests.government import POSTS, Government

EVENT, OUTBOUND, REMINDER = table(CaseEvent), table(Outbound), table(Reminder)
CONVERSATION = table(Conversation)
SPOKEN = (EventKind.REMINDED, EventKind.OVERDUE, EventKind.ESCALATED)
#: mostly when reminders leave; at night, too early, and in the evening as well
HOURS = (time(8), time(9), time(12), time(19, 59), time(1), time(7, 30), time(21))
Key = tuple[int, str, date]


class Clockwork(Government):
    """A government whose clock runs."""

    #: reminders that were looked at, in all stories
    looked_at = 0

    def __init__(self, database: Database, service: Service) -> None:
        super().__init__(database, service)
        #: what was said of reports: to whom, in which words, of which deadline
        self.said: set[tuple[Any, ...]] = set()
        #: by report, clock and deadline: the rung that was reached
        self.reached: dict[Key, int] = {}

    @initialize(days=st.sampled_from([0, 4]))
    def begin(self, days: int) -> None:
        """The day after the check was due the clock has much to say; on the first day nothing."""
        self.set_up()
        self.said, self.reached = set(), {}
        self._goes_on(days, time(8))
        for job in JOBS:
            self._runs(job)

    # --- what happens ---

    @rule(order=st.permutations(JOBS), days=st.integers(0, 4), hour=st.sampled_from(HOURS))
    def jobs_run(self, order: Sequence[Job], days: int, hour: time) -> None:
        """Some days later every job runs, in any order; at once again, and soon there is nothing to do.

        A job may find what another one has just made of a case, but not its own.
        """
        self._goes_on(days, hour)
        for job in order:
            self._runs(job)
            assert self._runs(job) == 0, job.name
        for _ in order:
            if not sum(self._runs(job) for job in order):
                return
        pytest.fail("the jobs find no end")

    @rule(weeks=st.integers(1, 5))
    def weeks_pass(self, weeks: int) -> None:
        """Nothing runs."""
        self.now += timedelta(weeks=weeks)

    @rule(who=st.sampled_from(sorted(POSTS)), days=st.integers(0, 15))
    def goes_on_leave(self, who: str, days: int) -> None:
        today = self.service.local_day(self.now)
        with self.database.writing() as uow:
            officers.insert_leave(uow, self._people[who], today, today + timedelta(days=days), self.now)

    @rule(hours=st.integers(0, 60))
    def delivers(self, hours: int) -> None:
        """Delivery takes what is due, perhaps long after it was queued; never what is of no use by then."""
        at = self.now + timedelta(hours=hours)
        with self.database.writing() as uow:
            leased = outbox.lease(uow, Channel.TELEGRAM, 99, at, at + timedelta(minutes=1))
            done = [outbox.Settlement(one.id, one.attempts, OutboundState.SENT, sent_at=at) for one in leased]
            outbox.settle(uow, done)
            late = select(OUTBOUND.c.id).where(
                OUTBOUND.c.id.in_([one.id for one in leased]), OUTBOUND.c.useful_until <= at
            )
            assert uow.connection.execute(late).all() == []

    def _goes_on(self, days: int, hour: time) -> None:
        zone = self.service.deployment.zone
        then = datetime.combine(self.service.local_day(self.now) + timedelta(days=days), hour, zone)
        self.now = max(then, self.now)

    def _runs(self, job: Job) -> int:
        """Run a job to its end, and look at all it said."""
        before, total = self._cases(), 0
        events = self._last_event()
        while True:
            with self.database.writing() as uow:
                done = job.work(uow, self.service, self.now)
            if not done:
                break
            total += done
        for case, after in zip(before, self._cases(), strict=True):
            if case.clock is after.clock and case.due_on and after.due_on:
                assert after.due_on >= case.due_on, job.name
        self._look(before, events)
        return total

    # --- what holds ---

    @invariant()
    def nothing_waits_that_has_lost_its_meaning(self) -> None:
        """No reminder of a report that is over waits to be sent, nor one for somebody who is shut out."""
        cases = {case.report_id: case for case in self._cases()}
        over = {case.report_id for case in cases.values() if followed(case, cases).due_on is None}
        for row in self._rows(OUTBOUND.c.useful_until.is_not(None), OUTBOUND.c.state == "pending"):
            assert row.report_id not in over
            officer = self._officer_at(row.address_id)
            assert officer is None or not officer.is_suspended or self._has_draft(row.address_id)

    def _has_draft(self, address_id: int) -> bool:
        """Who is shut out may begin a report as any citizen does, and is reminded of it."""
        touched = select(CONVERSATION.c.draft_touched_at).where(CONVERSATION.c.address_id == address_id)
        with self.database.reading() as uow:
            return uow.connection.execute(touched).scalar_one_or_none() is not None

    def _look(self, before: list[CaseRow], events: int) -> None:
        by_id = {case.report_id: case for case in before}
        for row in self._rows(OUTBOUND.c.id > self.seen):
            self.seen = row.id
            due_at = row.due_at or self.now
            deployment = self.service.deployment
            assert not is_quiet(max(due_at, self.now), deployment.quiet_hours, deployment.zone)
            if row.useful_until is not None and row.report_id is not None:
                self._look_at_reminder(row, by_id[row.report_id], followed(by_id[row.report_id], by_id))
        self._climb(by_id, events)

    def _look_at_reminder(self, row: Row[Any], case: CaseRow, followed: CaseRow) -> None:
        assert is_working_hour(self.service, self.now)
        assert row.useful_until > self.now
        assert followed.due_on is not None
        assert followed.closed_at is None
        with self.database.reading() as uow:
            text = codec.load_reply(uow.vault.unseal(row.payload_sealed)).text
            told = dossiers.get_story(uow, case.report_id).description
        said = (row.address_id, case.report_id, followed.clock, followed.due_on, text)
        assert said not in self.said
        self.said.add(said)
        type(self).looked_at += 1
        officer = self._officer_at(row.address_id)
        if officer is not None:
            self._may_hear(officer, case)
            assert may_see(officer, case) or told not in text

    def _may_hear(self, officer: OfficerRow, case: CaseRow) -> None:
        """Nobody of the accused, of another agency, or shut out; nobody away while somebody else is there."""
        assert not officer.is_suspended
        assert officer.agency_code is None or officer.agency_code != case.accused_agency_code
        if officer.role in OF_AGENCY:
            assert (officer.agency_code, case.disposed_at is not None) == (case.agency_code, True)
        if case.type is ReportType.OVERSIGHT:
            assert officer.role in {Role.COORDINATOR, Role.INSPECTORATE}
        with self.database.reading() as uow:
            away = officers.list_away(uow, self.service.local_day(self.now))
            agency = officer.agency_code if officer.role in OF_AGENCY else None
            others = {one.id for one in officers.list_active(uow, {officer.role}, agency)}
        assert officer.id not in away or others <= away

    def _climb(self, cases: dict[int, CaseRow], after: int) -> None:
        """What is said of a deadline gets louder, never less so."""
        with self.database.reading() as uow:
            rows = uow.connection.execute(
                select(EVENT.c.report_id, EVENT.c.data_sealed)
                .where(EVENT.c.id > after, EVENT.c.kind.in_([kind.value for kind in SPOKEN]))
                .order_by(EVENT.c.id)
            ).all()
            spoken = [(row.report_id, json.loads(uow.vault.unseal(row.data_sealed))) for row in rows]
        for report_id, data in spoken:
            due_on = cases[report_id].due_on
            if due_on is None or not data.get("days"):  # half of the time, and day 60, are no rungs
                continue
            key = (report_id, data["clock"], due_on)
            assert data["days"] > self.reached.get(key, -999), key
            self.reached[key] = data["days"]

    def _rows(self, *conditions: Any) -> list[Row[Any]]:
        with self.database.reading() as uow:
            return list(uow.connection.execute(select(OUTBOUND).where(*conditions).order_by(OUTBOUND.c.id)))

    def _officer_at(self, address_id: int) -> OfficerRow | None:
        with self.database.reading() as uow:
            return officers.find_officer_by_address(uow, address_id)

    def _last_event(self) -> int:
        with self.database.reading() as uow:
            newest = select(EVENT.c.id).order_by(EVENT.c.id.desc()).limit(1)
            return uow.connection.execute(newest).scalar() or 0


def followed(case: CaseRow, cases: Mapping[int, CaseRow]) -> CaseRow:
    """Return the case that decides over one: the one it follows, or itself."""
    return cases[case.parent_report_id] if case.parent_report_id else case


@pytest.mark.timeout(300)
def test_whatever_happens(loaded: Database, service: Service) -> None:
    """In any order, at any time."""

    class Here(Clockwork):
        def __init__(self) -> None:
            super().__init__(loaded, service)

    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=20,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
            phases=(Phase.generate,),  # a hundred times slower otherwise when it fails
        ),
    )
    assert Here.looked_at > 0
