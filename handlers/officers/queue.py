"""What waits for an officer: counted in the first line, the most urgent first, page by page."""

from dataclasses import dataclass, replace
from datetime import date

from handlers.cases.numbers import show
from handlers.conversation.flows.facts import area_name
from handlers.i18n import Field, Voice
from handlers.messages import Choice, Reply
from handlers.officers import looking_wording as wording
from handlers.officers.access import Reach, reach_of, shows_in_group
from handlers.officers.cards import category_of, due_in_short
from handlers.officers.commands import Arg
from handlers.officers.seat import Seat
from handlers.officers.task import Task
from handlers.service import Service
from storage.queries import desks
from storage.queries.desks import Counts, Sieve
from storage.queries.handling import CaseRow
from storage.vocabulary import Clock, Role

PAGE = 8
#: of lines by SMS
SHORT = 4
OBJECTIONS = 3
#: what a coordinator has to do; the rest is at agencies
ROUTING = (Clock.CHECK, Clock.CITIZEN_DATA, Clock.OUTSIDE)


@dataclass(frozen=True, slots=True)
class _Asked:
    """Which page of which part."""

    part: str = ""
    agency: str | None = None
    page: int = 1


def show_queue(seat: Seat, task: Task) -> Reply:
    reach, asked = _reach(seat), _read(seat, task.given.get(Arg.PAGE, ""))
    if reach is None:
        return _empty(seat, Counts(0, 0, 0, 0, 0, 0, 0), asked)
    whole = _whole(seat, asked)
    soon = seat.service.calendar.due_on(seat.today, 1)
    counts = desks.count_queue(seat.uow, reach, whole, seat.today, soon)
    sieve = _sieve(seat, whole, asked)
    total = counts.all
    if sieve != whole:
        total = desks.count_queue(seat.uow, reach, sieve, seat.today, soon).all
    pages = max(-(-total // PAGE), 1)
    asked = replace(asked, page=min(asked.page, pages))
    listed = desks.list_queue(seat.uow, reach, sieve, limit=PAGE, skip=(asked.page - 1) * PAGE)
    objections = _objections(seat) if asked.page == 1 else []
    if not listed and not objections:
        return _empty(seat, counts, asked)
    return _page(seat, asked, counts, [*objections, *listed], pages=pages)


def _reach(seat: Seat) -> Reach | None:
    """Return what is listed here: in a group its agency's, never one of type berkadar."""
    reach = reach_of(seat.officer)
    if reach is None or not seat.in_group:
        return reach
    return replace(reach, agency_code=seat.group_agency, is_oversight=False, is_disposed=True)


def _read(seat: Seat, text: str) -> _Asked:
    asked = _Asked()
    for word in text.split():
        if word.isdecimal() and 1 <= int(word[:4]) <= 9999:
            asked = replace(asked, page=int(word[:4]))
        elif word.lower() in wording.FILTERS:
            asked = replace(asked, part=word.lower())
        elif word.upper() in seat.service.deployment.agency_by_code:
            asked = replace(asked, agency=word.upper())
    return asked


def _whole(seat: Seat, asked: _Asked) -> Sieve:
    """Return what the counts are of."""
    is_routers = seat.officer.role is Role.COORDINATOR and not seat.in_group
    if is_routers and asked.agency is None and asked.part != "semua":
        return Sieve(clocks=ROUTING)
    return Sieve(agency_code=asked.agency)


def _sieve(seat: Seat, whole: Sieve, asked: _Asked) -> Sieve:
    match asked.part:
        case "baru":
            return replace(whole, is_new=True)
        case "terlambat":
            return replace(whole, late_on=seat.today)
        case "menunggu":
            return replace(whole, is_waiting=True)
        case "saya":
            return replace(whole, officer_id=seat.officer.id)
        case _:
            return whole


def _objections(seat: Seat) -> list[CaseRow]:
    is_routers = seat.officer.role is Role.COORDINATOR and not seat.in_group
    return desks.list_appealed(seat.uow, OBJECTIONS) if is_routers else []


def _empty(seat: Seat, counts: Counts, asked: _Asked) -> Reply:
    return seat.say(wording.QUEUE_EMPTY, *_filters(seat, asked), **_counted(seat, counts, asked))


def _counted(seat: Seat, counts: Counts, asked: _Asked) -> dict[str, Field]:
    is_all = seat.officer.agency_code is None and (asked.part == "semua" or asked.agency is None)
    title = wording.TITLE_ALL if is_all and asked.part == "semua" else wording.TITLE_OWN
    return {
        "title": seat.voice.text(title),
        "new": counts.new,
        "due": counts.due,
        "late": counts.late,
        "waiting": counts.waiting,
    }


def _page(seat: Seat, asked: _Asked, counts: Counts, listed: list[CaseRow], *, pages: int) -> Reply:
    lines = [line_of(seat, one) for one in listed]
    if pages > 1:
        lines += ["", seat.voice.text(wording.PAGE, page=asked.page, pages=pages)]
    short = [
        f"{one.number} {due_in_short(seat.service, one, seat.voice, seat.today)}" for one in listed[:SHORT]
    ]
    choices = [Choice(seat.number(one), f"lihat:{one.number}") for one in listed]
    reply = seat.say(
        wording.QUEUE,
        *choices,
        *_pager(seat, asked, pages),
        *_filters(seat, asked),
        **_counted(seat, counts, asked),
        lines="\n".join(lines),
    )
    sms = seat.say(wording.QUEUE, **_counted(seat, counts, asked), lines=f"{', '.join(short)}.")
    return replace(reply, short=sms.short)


def line_of(seat: Seat, case: CaseRow) -> str:
    """Return a case in a line; in a group its number, category and due date alone."""
    voice = seat.voice
    if case.appealed_at is not None:
        category = category_of(seat.service, case, voice)
        return voice.text(wording.OBJECTION, number=seat.number(case), category=category)
    if not seat.in_group:
        return line(seat.service, case, voice, seat.today)
    case = case if shows_in_group(case, case.is_secret) else replace(case, is_emergency=False)
    return line(seat.service, case, voice, seat.today, wording.LINE_IN_GROUP)


def line(service: Service, case: CaseRow, voice: Voice, today: date, form: str = wording.LINE) -> str:
    """Return number, category, place, agency and days left of a case, as far as the form names them."""
    deployment = service.deployment
    agency = deployment.agency_by_code.get(case.agency_code or "")
    return voice.text(
        form,
        number=show(deployment.number, case.number),
        category=category_of(service, case, voice),
        area=area_name(case.area_code, deployment, voice) if case.area_code else deployment.name,
        agency=agency.short_name if agency and case.disposed_at else deployment.name,
        due=due_in_short(service, case, voice, today),
    )


def _pager(seat: Seat, asked: _Asked, pages: int) -> list[Choice]:
    text = seat.voice.text
    turns = [(asked.page - 1, wording.EARLIER), (asked.page + 1, wording.LATER)]
    return [
        Choice(text(label), _value(asked, asked.part, page)) for page, label in turns if 1 <= page <= pages
    ]


def _filters(seat: Seat, asked: _Asked) -> list[Choice]:
    if seat.in_group:
        return []
    names = [name for name in ("baru", "terlambat", "menunggu") if name != asked.part]
    names += ["semua"] if seat.officer.role is Role.COORDINATOR and asked.part != "semua" else []
    names += ["saya"] if seat.officer.role is Role.LIAISON and asked.part != "saya" else []
    return [Choice(seat.voice.text(wording.FILTERS[name]), _value(asked, name, 1)) for name in names]


def _value(asked: _Asked, part: str, page: int) -> str:
    return f"daftar:{' '.join(filter(None, (part, asked.agency, str(page))))}"
