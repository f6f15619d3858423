"""What officers do about officers: leave, invitations, suspension, groups."""

from dataclasses import replace
from datetime import date

from handlers.messages import Reply
from handlers.moves import Fault, Unfit
from handlers.officers import joining, proposals
from handlers.officers import looking_wording as wording
from handlers.officers.access import OF_AGENCY
from handlers.officers.advice_wording import NOT_UNDERSTOOD, UNFIT
from handlers.officers.arguments import split_deputy
from handlers.officers.commands import Arg
from handlers.officers.dialogue import ask, people_to_govern
from handlers.officers.queue import line_of
from handlers.officers.seat import Seat
from handlers.officers.task import Task
from storage.queries import desks, officers
from storage.queries.officers import OfficerRow
from storage.vocabulary import Role

#: open reports listed when somebody goes on leave
LISTED = 10
#: ends a leave early
BACK = frozenset({"selesai", "batal", "done", "kembali", "back"})
#: makes a group nobody's
LOOSE = frozenset({"lepas", "off"})


# --- leave ---


def take_leave(seat: Seat, task: Task) -> Reply:
    first = date.fromisoformat(task.given[Arg.FROM])
    last = date.fromisoformat(task.given[Arg.UNTIL])
    if last < first or last < seat.today:
        return seat.say(wording.LEAVE_BACKWARDS)
    officers.insert_leave(seat.uow, seat.officer.id, first, last, seat.now)
    text = seat.voice.text
    deputy = _deputy(seat, first)
    cases = desks.list_open_of(seat.uow, seat.officer.id, LISTED)
    listed = [text(wording.LEAVE_CASES if cases else wording.LEAVE_NO_CASES)]
    listed += [line_of(seat, one) for one in cases]
    return seat.say(
        wording.LEAVE,
        since=first,
        until=last,
        deputy=text(wording.LEAVE_DEPUTY, name=deputy.name) if deputy else text(wording.LEAVE_NOBODY),
        lines="\n".join(listed),
    )


def end_leave(seat: Seat) -> Reply:
    ended = officers.end_leave(seat.uow, seat.officer.id, seat.today)
    return seat.say(wording.LEAVE_ENDED if ended else wording.LEAVE_NONE)


def _deputy(seat: Seat, day: date) -> OfficerRow | None:
    """Return who gets the news meanwhile: a deputy of the same post, else a colleague."""
    away = officers.list_away(seat.uow, day)
    same = officers.list_active(seat.uow, {seat.officer.role}, seat.officer.agency_code)
    there = [one for one in same if one.id != seat.officer.id and one.id not in away]
    return next((one for one in there if one.is_deputy), there[0] if there else None)


# --- people ---


def list_officers(seat: Seat, _task: Task) -> Reply:
    text = seat.voice.text
    own = seat.officer.agency_code if seat.officer.role is Role.SUPERVISOR else None
    away = officers.list_away(seat.uow, seat.today)
    lines = []
    for one in officers.list_officers(seat.uow, agency_code=own):
        post = _post(seat, one)
        state = _state(one, away)
        if state:
            line = text(wording.OFFICER_LINE_STATE, id=one.id, name=one.name, post=post, state=text(state))
        else:
            line = text(wording.OFFICER_LINE, id=one.id, name=one.name, post=post)
        lines.append(line)
    return seat.say(wording.OFFICERS, lines="\n".join(lines))


def _state(officer: OfficerRow, away: frozenset[int]) -> str:
    if officer.is_suspended:
        return wording.IS_SUSPENDED
    if officer.is_unreachable:
        return wording.IS_UNREACHABLE
    return wording.IS_AWAY if officer.id in away else ""


def _post(seat: Seat, one: OfficerRow) -> str:
    return joining.post_name(seat.service, seat.voice, one.role, one.agency_code, is_deputy=one.is_deputy)


def invite(seat: Seat, task: Task) -> Reply:
    role, (name, is_deputy) = Role(task.given[Arg.ROLE]), split_deputy(task.given[Arg.NAME])
    agency = task.given.get(Arg.AGENCY)
    if role not in OF_AGENCY:
        agency = None
    try:
        code = joining.invite(
            seat.uow,
            seat.service,
            role=role,
            agency_code=agency,
            name=name,
            is_deputy=is_deputy,
            invited_by=seat.officer,
            now=seat.now,
        )
    except Unfit:
        return seat.say(UNFIT[Fault.NO_SUCH_AGENCY])
    post = joining.post_name(seat.service, seat.voice, role, agency, is_deputy=is_deputy)
    hours = seat.service.deployment.invitations.valid_hours
    invited = seat.say(wording.INVITED, name=name, post=post, code=code, hours=hours)
    return replace(invited, start_code=code)


def suspend(seat: Seat, task: Task) -> Reply:
    return _govern(seat, task, is_suspended=True)


def resume(seat: Seat, task: Task) -> Reply:
    return _govern(seat, task, is_suspended=False)


def _govern(seat: Seat, task: Task, *, is_suspended: bool) -> Reply:
    """Suspend whoever is meant, or let them work again; of several one is chosen first."""
    meant = proposals.find_person(task.given[Arg.OFFICER], people_to_govern(seat, task.command))
    if len(meant) != 1:
        advice = None if meant else seat.say(NOT_UNDERSTOOD[Arg.OFFICER])
        return ask(seat, task, Arg.OFFICER, None, advice)
    act = joining.suspend if is_suspended else joining.resume
    done = act(seat.uow, seat.service, meant[0].id, seat.actor, seat.now)
    name = done.name if done else ""
    return seat.say(wording.SUSPENDED if is_suspended else wording.RESUMED, name=name)
