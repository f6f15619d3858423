"""What officers are told in one run: a card each, or one list where there are many."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from handlers import clock_wording as wording
from handlers import codec
from handlers.cases.numbers import show
from handlers.i18n import Field, Voice
from handlers.messages import Reply
from handlers.officers import cards
from handlers.officers.access import may_see
from handlers.officers.notices import Roster
from handlers.service import Service
from storage.db import UnitOfWork
from storage.queries import outbox
from storage.queries.handling import CaseRow
from storage.queries.officers import OfficerRow
from storage.vocabulary import Priority

#: more than so many at once are one message
CARDS = 3
#: that a list names
LINES = 20


@dataclass(frozen=True, slots=True)
class _Item:
    case: CaseRow
    intro: str
    useful_until: datetime
    stands_in_morning: bool


@dataclass
class Post:
    """Collects what officers are to be told, and queues it."""

    uow: UnitOfWork
    service: Service
    now: datetime
    _items: dict[int, list[_Item]] = field(default_factory=lambda: defaultdict(list))
    _officers: dict[int, OfficerRow] = field(default_factory=dict)
    _messages: list[outbox.Message] = field(default_factory=list)

    @cached_property
    def roster(self) -> Roster:
        return Roster(self.uow, self.service.local_day(self.now))

    def add(
        self,
        officer: OfficerRow,
        case: CaseRow,
        intro: str,
        useful_until: datetime,
        *,
        stands_in_morning: bool = False,
    ) -> None:
        """Tell an officer of a case, with a card where they may see it.

        `stands_in_morning`: in this day's message to them, so that of several it need not come by itself as well.
        """
        self._officers[officer.id] = officer
        self._items[officer.id].append(_Item(case, intro, useful_until, stands_in_morning))

    def tell(self, message: outbox.Message) -> None:
        """Tell a reporter."""
        self._messages.append(message)

    def send(self) -> None:
        for officer_id, items in self._items.items():
            officer = self._officers[officer_id]
            items.sort(key=lambda one: (one.case.due_on or one.case.check_due_on, one.case.report_id))
            theirs = [one for one in items if may_see(officer, one.case)]
            beyond = [one for one in items if one not in theirs]
            if len(theirs) > 1:  # one alone is shown whole, several are lines of that message
                theirs = [one for one in theirs if not one.stands_in_morning]
            self._send(officer, theirs, self._card, self._list)
            self._send(officer, beyond, self._beyond, self._all_beyond)
        outbox.queue(self.uow, *self._messages, now=self.now)

    def _send(
        self,
        officer: OfficerRow,
        items: list[_Item],
        one_by_one: Callable[[OfficerRow, _Item], Reply],
        together: Callable[[OfficerRow, list[_Item]], Reply],
    ) -> None:
        if len(items) > CARDS:
            until = max(one.useful_until for one in items)
            self._add(officer, together(officer, items), None, until)
        else:
            for one in items:
                self._add(officer, one_by_one(officer, one), one.case.report_id, one.useful_until)

    def _card(self, officer: OfficerRow, item: _Item) -> Reply:
        intro = self.service.voice(officer.language).text(item.intro)
        return cards.card(self.uow, self.service, officer, item.case, self.now, intro=intro)

    def _beyond(self, officer: OfficerRow, item: _Item) -> Reply:
        return self.service.voice(officer.language).reply(wording.BEYOND, self._late(item))

    def _late(self, item: _Item) -> dict[str, Field]:
        """Return what those hear of a case who may not see it."""
        today, case = self.service.local_day(self.now), item.case
        due_on, calendar = case.due_on or today, self.service.calendar_for(case.clock, case.week)
        return {
            "number": show(self.service.deployment.number, case.number),
            "late": max(calendar.working_days_between(due_on, today), 1),
            "agency": self._agency(case),
            "due": due_on,
        }

    def _all_beyond(self, officer: OfficerRow, items: list[_Item]) -> Reply:
        voice = self.service.voice(officer.language)
        lines = [voice.text(wording.BEYOND_LINE, **self._late(one)) for one in items[:LINES]]
        lines += self._more(voice, items)
        return voice.say(
            wording.SEVERAL_BEYOND, count=len(items), lines="\n".join(lines), number=self._first(items)
        )

    def _agency(self, case: CaseRow) -> str:
        """Return who has it: an agency, or those who check and pass on."""
        deployment = self.service.deployment
        agency = deployment.agency_by_code.get(case.agency_code or "")
        return agency.short_name if agency and case.disposed_at else deployment.name

    def _list(self, officer: OfficerRow, items: list[_Item]) -> Reply:
        service, voice = self.service, self.service.voice(officer.language)
        today, form = service.local_day(self.now), service.deployment.number
        lines = [
            f"{show(form, one.case.number)} · {cards.due_in_short(service, one.case, voice, today)}"
            for one in items[:LINES]
        ]
        lines += self._more(voice, items)
        return voice.say(wording.SEVERAL, count=len(items), lines="\n".join(lines), number=self._first(items))

    def _first(self, items: list[_Item]) -> str:
        return show(self.service.deployment.number, items[0].case.number)

    @staticmethod
    def _more(voice: Voice, items: list[_Item]) -> list[str]:
        more = len(items) - LINES
        return [voice.text(wording.MORE, count=more)] if more > 0 else []

    def _add(self, officer: OfficerRow, reply: Reply, report_id: int | None, useful_until: datetime) -> None:
        self._messages.append(
            outbox.Message(
                address_id=officer.address_id,
                channel=officer.channel,
                payload=codec.dump_reply(reply),
                priority=Priority.NEWS,
                report_id=report_id,
                useful_until=useful_until,
            )
        )
