"""A government with its officers and reporters, of whom anybody may do anything at any time."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import func, select

from handlers import codec, moves
from handlers.cases.lifecycle import RULES, Move, TransitionNotAllowed
from handlers.cases.numbers import new_number, show
from handlers.dispatch import receive
from handlers.messages import Address, Inbound, Press, Reply
from handlers.moves import SYSTEM, Actor, Solution, Unfit
from handlers.officers import joining
from handlers.officers.access import Act, NotPermitted, may, may_see
from handlers.officers.commands import BY_NAME
from handlers.service import Service
from storage.db import Database, UnitOfWork
from storage.models import Address as AddressRow
from storage.models import CaseEvent, Outbound, metadata, table
from storage.queries import audit, conversations, handling, officers
from storage.queries.handling import CaseRow
from storage.queries.officers import OfficerRow
from storage.vocabulary import ActorKind, CaseState, Channel, ReportType, Role
from tests import builders
from tests.fakes.clock import MONDAY

EVENT, OUTBOUND, ADDRESS = table(CaseEvent), table(Outbound), table(AddressRow)
WORDS = "Tiang lampu di depan pasar sudah kami periksa pagi ini."
SOLUTION = Solution("Kabel lampu putus di dua tiang.", "Kabel diganti, lampu menyala lagi.", date(2026, 3, 2))
POSTS = {
    "coordinator": (Role.COORDINATOR, None),
    "coordinator of PUPR": (Role.COORDINATOR, "PUPR"),
    "liaison of PUPR": (Role.LIAISON, "PUPR"),
    "another of PUPR": (Role.LIAISON, "PUPR"),
    "liaison of Dishub": (Role.LIAISON, "DISHUB"),
    "approver of PUPR": (Role.APPROVER, "PUPR"),
    "head of PUPR": (Role.SUPERVISOR, "PUPR"),
    "inspectorate": (Role.INSPECTORATE, "INSPEKTORAT"),
    "decider": (Role.DECIDER, None),
    "auditor": (Role.AUDITOR, None),
}
REPORTS: tuple[dict[str, Any], ...] = (
    {"type": "complaint", "is_secret": False},
    {"type": "complaint", "accused_agency_code": "PUPR"},
    {"type": "oversight"},
)
#: tables that the deployment file fills
FROM_FILE = frozenset({"deployment", "agency", "category", "area"})
#: what an officer does, and the moves or acts that it is
DEEDS: dict[str, tuple[tuple[Move | Act, ...], Callable[..., Any]]] = {
    "verify": ((Move.VERIFY,), moves.verify),
    "hold": ((Move.HOLD, Move.ASK), moves.hold),
    "dispose": ((Move.DISPOSE,), moves.dispose),
    "hand back": ((Move.HAND_BACK,), moves.hand_back),
    "forward": ((Move.FORWARD,), moves.forward),
    "join": ((Move.JOIN,), moves.join),
    "archive": ((Move.ARCHIVE,), moves.archive),
    "start": ((Move.START,), moves.start),
    "answer": ((Move.ANSWER,), moves.answer),
    "propose": ((Move.ANSWER,), moves.propose),
    "decline": ((Act.APPROVE,), moves.decline),
    "reopen": ((Move.REOPEN,), moves.reopen),
    "restore": ((Move.RESTORE,), moves.restore),
    "extend": ((Move.EXTEND,), moves.extend),
    "note": ((Act.NOTE,), moves.note),
    "take": ((Act.TAKE,), moves.take),
    "protect": ((Act.RECLASSIFY,), moves.reclassify),
    "number": ((Act.NUMBER,), moves.set_outside_number),
    "identity": ((Act.IDENTITY,), moves.see_identity),
    "text": ((Act.IDENTITY,), moves.see_text),
}
#: what reporters do, and the clock
WISHES: dict[str, Callable[[UnitOfWork, Service, CaseRow, datetime], Any]] = {
    "reply": lambda uow, service, case, now: moves.reply(uow, service, case, WORDS, now),
    "confirm": moves.confirm,
    "reject": lambda uow, service, case, now: moves.reject(uow, service, case, WORDS, now),
    "reopen": lambda uow, service, case, now: moves.reopen(uow, service, case, moves.REPORTER, WORDS, now),
    "appeal": lambda uow, service, case, now: moves.appeal(uow, service, case, WORDS, now),
    "withdraw": lambda uow, service, case, now: moves.withdraw(uow, service, case, WORDS, now),
    "rate": lambda uow, service, case, now: moves.rate(uow, service, case, 4, now),
    "lapse": moves.lapse,
}
AGENCIES = st.sampled_from(["PUPR", "PUPR", "DISHUB", "INSPEKTORAT", "PLN"])
REFUSALS = (TransitionNotAllowed, NotPermitted, Unfit)


class Government(RuleBasedStateMachine):
    """A government with its officers, its reporters, and time."""

    def __init__(self, database: Database, service: Service) -> None:
        super().__init__()
        self.database, self.service = database, service
        #: ids of officers, by what POSTS calls them
        self._people: dict[str, int] = {}
        self.now = MONDAY
        self.reports: list[int] = []
        #: a word of each report that no other text has
        self.says: list[str] = []
        self.sent = 0
        #: of officers, in this story
        self.buttons: dict[int, list[Press]] = {}
        #: the last row of the outbox that was looked at
        self.seen = 0

    @initialize()
    def begin(self) -> None:
        self.set_up()

    def set_up(self) -> None:
        with self.database.writing() as uow:
            for one in reversed(metadata.sorted_tables):  # nothing of the story before
                if one.name not in FROM_FILE:
                    uow.connection.execute(one.delete())
            for name, (role, agency) in POSTS.items():
                self._people[name] = builders.an_officer(uow, role, agency).id
            for number, report in enumerate(REPORTS):
                contact = builders.a_contact(uow, f"6{number:09}")
                conversations.save_progress(uow, contact, "{}", draft_touched_at=None, now=self.now)
                self.says.append(f"xylofon{number}q")
                told = {
                    "category_code": "LAIN",
                    "description": f"lampu jalan mati, {self.says[-1]}, sejak kemarin",
                    "number": a_number(self.service, number),
                }
                self.reports.append(builders.a_case(uow, contact, **(told | report)))
            self.seen = uow.connection.execute(select(func.max(OUTBOUND.c.id))).scalar_one() or 0

    # --- what is done ---

    @rule(data=st.data(), which=st.integers(0, 2), other=st.integers(0, 2), agency=AGENCIES)
    def does_what_goes(self, data: st.DataObject, which: int, other: int, agency: str) -> None:
        """An officer makes a move that the table allows: so stories come far."""
        case = self._cases()[which]
        people = {who: self._officer(who) for who in POSTS}
        possible = [
            (deed, who)
            for deed, (acts, _) in DEEDS.items()
            for who, officer in people.items()
            if isinstance(acts[0], Move) and is_permitted(deed, officer, case)
        ]
        if possible:
            self.does(*data.draw(st.sampled_from(possible)), which, other, agency)

    @rule(
        deed=st.sampled_from(sorted(DEEDS)),
        who=st.sampled_from(sorted(POSTS)),
        which=st.integers(0, 2),
        other=st.integers(0, 2),
        agency=AGENCIES,
    )
    def tries(self, deed: str, who: str, which: int, other: int, agency: str) -> None:
        """An officer tries anything."""
        self.does(deed, who, which, other, agency)

    def does(self, deed: str, who: str, which: int, other: int, agency: str) -> None:
        """It is never done if the tables forbid it; if they allow it, it is refused for what was given at most."""
        make = DEEDS[deed][1]
        before = self._cases()
        case, officer = before[which], self._officer(who)
        given = self._given(deed, before[other], officer, agency)
        actor = Actor(ActorKind.OFFICER, officer)
        is_allowed = is_permitted(deed, officer, case)
        more = {"is_secret": True} if deed == "protect" else {}
        refusal = self._try(
            before, which, lambda uow, case: make(uow, self.service, case, actor, *given, self.now, **more)
        )
        assert is_allowed or refusal is not None, (deed, who, case)
        assert not is_allowed or not isinstance(refusal, NotPermitted), (deed, who, case)
        # What is archived is touched again only once its reporter contests that.
        is_narrower = case.state is CaseState.ARCHIVED
        assert not is_allowed or is_narrower or not isinstance(refusal, TransitionNotAllowed), (deed, case)

    @rule(
        who=st.sampled_from(sorted(POSTS)),
        command=st.sampled_from(sorted(BY_NAME)),
        which=st.integers(0, 2),
        rest=st.sampled_from(["", "PUPR", "PLN", WORDS, "R3", "3 hari"]),
    )
    def commands(self, who: str, command: str, which: int, rest: str) -> None:
        """An officer types a command, whole or not, with any report's number."""
        number = show(self.service.deployment.number, self._cases()[which].number)
        self._receive(who, text=f"/{command} {number} {rest}".strip())

    @rule(
        who=st.sampled_from(sorted(POSTS)), text=st.sampled_from(["ya", WORDS, "PUPR", "1", "batal", "12/08"])
    )
    def goes_on(self, who: str, text: str) -> None:
        """An officer answers whatever they were asked, or nothing at all."""
        self._receive(who, text=text)

    @rule(who=st.sampled_from(sorted(POSTS)), data=st.data())
    def presses(self, who: str, data: st.DataObject) -> None:
        """An officer presses a button, fresh or stale, of this story."""
        if buttons := self.buttons.get(self._people[who]):
            self._receive(who, press=data.draw(st.sampled_from(buttons)))

    @rule(wish=st.sampled_from(sorted(WISHES)), which=st.integers(0, 2))
    def wishes(self, wish: str, which: int) -> None:
        """A reporter, or the clock, tries something."""
        self._try(self._cases(), which, lambda uow, case: WISHES[wish](uow, self.service, case, self.now))

    @rule(who=st.sampled_from(sorted(POSTS)), is_back=st.booleans())
    def is_suspended(self, who: str, is_back: bool) -> None:
        """Somebody is shut out, or comes back; no case is moved by it."""
        before = self._cases()
        act = joining.resume if is_back else joining.suspend
        with self.database.writing() as uow:
            act(uow, self.service, self._people[who], SYSTEM, self.now)
        after = self._cases()
        assert [case.state for case in after] == [case.state for case in before]
        assert is_back or all(
            case.officer_id != self._people[who] for case in after if case.closed_at is None
        )
        self._hear(after, after)

    @rule(days=st.integers(1, 12))
    def days_pass(self, days: int) -> None:
        self.now += timedelta(days=days)

    # --- what holds ---

    @invariant()
    def clocks_are_right(self) -> None:
        """A due date has a clock and is a working day; what is over has neither; who has a case may see it."""
        for case in self._cases():
            assert (case.clock is None) is (case.due_on is None)
            assert case.due_on is None or self.service.calendar.is_working(case.due_on)
            is_over = case.state in {CaseState.SETTLED, CaseState.ARCHIVED}
            assert is_over is (case.closed_at is not None), case
            assert is_over is (case.closing is not None), case
            assert not is_over or case.clock is None

    @invariant()
    def nothing_with_the_accused(self) -> None:
        """No case is where it must not be."""
        for case in self._cases():
            if case.disposed_at is not None and case.agency_code is not None:
                assert case.agency_code != case.accused_agency_code
                assert case.type is not ReportType.OVERSIGHT or case.agency_code == "INSPEKTORAT"

    def teardown(self) -> None:
        with self.database.reading() as uow:
            assert list(audit.verify_history(uow)) == []

    # --- how ---

    def _given(self, deed: str, other: CaseRow, officer: OfficerRow, agency: str) -> list[Any]:
        match deed:
            case "verify" | "restore" | "protect":
                return []
            case "dispose":
                return [agency]
            case "forward":
                return ["PLN", WORDS]
            case "join":
                return [other]
            case "archive":
                return [self.service.deployment.archive_reasons[0].code, WORDS]
            case "answer" | "propose":
                return [replace(SOLUTION, done_on=self.service.local_day(self.now))]
            case "extend":
                return [3, WORDS]
            case "take":
                return [officer]
            case "number":
                return ["1916449"]
            case _:
                return [WORDS]

    def _try(
        self, before: list[CaseRow], which: int, deed: Callable[[UnitOfWork, CaseRow], Any]
    ) -> Exception | None:
        """Do something in a transaction of its own; returns why it was refused, if it was."""
        events = self._events()
        refusal: Exception | None = None
        try:
            with self.database.writing() as uow:
                deed(uow, handling.get_case(uow, self.reports[which]))
        except REFUSALS as error:
            refusal = error
        after, counted = self._cases(), self._events()
        if refusal is not None:
            assert (after, counted) == (before, events)
        self._check(before, events)
        return refusal

    def _receive(self, who: str, **what: Any) -> None:
        """Let an officer send something; nothing raises, whatever it is."""
        before, events = self._cases(), self._events()
        self.sent += 1
        address = Address(Channel.TELEGRAM, self._identifier(who))
        inbound = Inbound(address, f"{id(self)}-{self.sent}", self.now, **what)
        with self.database.writing() as uow:
            receive(uow, self.service, inbound, self.now)
        self._check(before, events)

    def _identifier(self, who: str) -> str:
        with self.database.reading() as uow:
            sealed = uow.connection.execute(
                select(ADDRESS.c.identifier_sealed).where(ADDRESS.c.id == self._officer(who).address_id)
            ).scalar_one()
            return uow.vault.unseal(sealed)

    def _check(self, before: list[CaseRow], events: dict[int, int]) -> None:
        """Cases went along the table or stayed, with an event for each change; and who was told what."""
        after, counted = self._cases(), self._events()
        for was, now in zip(before, after, strict=True):
            assert now.state is was.state or leads(was.state, now.state), (was.state, now.state)
            is_changed = replace(was, version=0) != replace(now, version=0)
            assert not is_changed or counted[now.report_id] > events[now.report_id], now
        self._hear(before, after)

    def _hear(self, before: list[CaseRow], after: list[CaseRow]) -> None:
        """No officer is told of what they may not see: not what it says, nor under which number they would find it."""
        for officer, reply, about in self._told():
            self.buttons.setdefault(officer.id, []).extend(
                Press(reply.question or "", choice.value) for choice in reply.choices
            )
            for number, (was, now) in enumerate(zip(before, after, strict=True)):
                if not (may_see(officer, was) or may_see(officer, now)):
                    assert about != now.report_id, (officer, now, reply)
                    assert self.says[number] not in f"{reply.text} {reply.short}", (officer, now, reply)

    def _told(self) -> list[tuple[OfficerRow, Reply, int | None]]:
        with self.database.reading() as uow:
            rows = uow.connection.execute(
                select(OUTBOUND).where(OUTBOUND.c.id > self.seen).order_by(OUTBOUND.c.id)
            ).all()
            self.seen = max((row.id for row in rows), default=self.seen)
            found = [(officers.find_officer_by_address(uow, row.address_id), row) for row in rows]
            return [
                (officer, codec.load_reply(uow.vault.unseal(row.payload_sealed)), row.report_id)
                for officer, row in found
                if officer is not None
            ]

    def _cases(self) -> list[CaseRow]:
        with self.database.reading() as uow:
            return [handling.read_case(uow, report_id) for report_id in self.reports]

    def _officer(self, who: str) -> OfficerRow:
        with self.database.reading() as uow:
            officer = officers.find_officer(uow, self._people[who])
        assert officer is not None
        return officer

    def _events(self) -> dict[int, int]:
        """How many events each report has."""
        with self.database.reading() as uow:
            rows = uow.connection.execute(
                select(EVENT.c.report_id, func.count())
                .where(EVENT.c.report_id.in_(self.reports))
                .group_by(EVENT.c.report_id)
            )
            return {row[0]: row[1] for row in rows}


def is_permitted(deed: str, officer: OfficerRow, case: CaseRow) -> bool:
    """Whether the tables let an officer do it; whoever leaves an answer to a second person is no second person."""
    is_first = deed != "propose" or may(officer, Act.TAKE, case)
    return is_first and any(may(officer, act, case) for act in DEEDS[deed][0])


def a_number(service: Service, serial: int) -> str:
    """A number with the right check digit."""
    return new_number(service.deployment.number, lambda _: serial)


def leads(before: CaseState, after: CaseState) -> bool:
    """Whether a line of the table leads from one state to the other."""
    return any(before in line.frm and line.to is after for lines in RULES.values() for line in lines)
