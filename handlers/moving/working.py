"""At the agency: work, answer, have the answer approved."""

from dataclasses import replace
from datetime import date, datetime

from pydantic import TypeAdapter

from handlers import news_wording as wording
from handlers.cases.lifecycle import Move, TransitionNotAllowed
from handlers.moving.base import (
    Actor,
    Fault,
    Solution,
    Unfit,
    advance,
    day_of_clock,
    permit,
    permit_act,
    record,
)
from handlers.moving.substance import check_solution, check_text
from handlers.news import Asks, Fields, News, Piece, tell, tell_all, tell_followers
from handlers.officers.access import Act
from handlers.officers.notices import What, tell_officers
from handlers.service import Service
from storage.db import UnitOfWork
from storage.queries import answers, attachments, cases, handling
from storage.queries.handling import CaseRow
from storage.vocabulary import CaseState, Clock, EventKind, Role

_SOLUTION = TypeAdapter(Solution)


def start(uow: UnitOfWork, service: Service, case: CaseRow, actor: Actor, plan: str, now: datetime) -> None:
    """Proses: what is being done (M7); again: news of it. Who starts has the case, unless somebody has it."""
    rule = permit(case, actor, Move.START)
    check_text(service, plan)
    today = service.local_day(now)
    due_on = case.settle_due_on or day_of_clock(service, case, Clock.SETTLE, today)
    after = advance(
        uow,
        service,
        case,
        rule,
        now,
        due_on=due_on,
        settle_due_on=due_on,
        first_answer_at=case.first_answer_at or now,
        officer_id=case.officer_id or _worker(actor),
    )
    record(uow, after, EventKind.STARTED, actor, now, is_public=True, text=plan)
    phrase = wording.PROGRESS_LATE if due_on < today else wording.PROGRESS
    tell_all(uow, service, after, News(phrase, {"words": sentence(plan), "due": due_on}), now)


def propose(
    uow: UnitOfWork, service: Service, case: CaseRow, actor: Actor, solution: Solution, now: datetime
) -> None:
    """Leave an answer to the agency's second person; an earlier one gives way."""
    permit(case, actor, Move.ANSWER)
    officer = permit_act(case, actor, Act.TAKE)
    check_solution(service, case, solution, service.local_day(now))
    answers.save_proposal(uow, case.report_id, officer.id, _SOLUTION.dump_json(solution).decode(), now)
    after = handling.move_case(uow, case, now, officer_id=case.officer_id or officer.id)
    record(uow, case, EventKind.PROPOSED, actor, now, is_public=False)
    tell_officers(uow, service, after, What.PROPOSED, now, but=actor.officer)


def find_proposed(uow: UnitOfWork, case: CaseRow) -> tuple[int, Solution] | None:
    """Return the answer that waits for the second person, and the id of who wrote it."""
    found = answers.find_proposal(uow, case.report_id)
    return None if found is None else (found.officer_id, _SOLUTION.validate_json(found.answer))


def decline(
    uow: UnitOfWork, service: Service, case: CaseRow, actor: Actor, reason: str, now: datetime
) -> None:
    """Send a proposed answer back to who wrote it."""
    permit_act(case, actor, Act.APPROVE)
    found = answers.find_proposal(uow, case.report_id)
    if found is None:
        raise TransitionNotAllowed(Move.ANSWER, case.state)
    check_text(service, reason)
    answers.delete_proposal(uow, case.report_id)
    after = handling.move_case(uow, case, now)
    record(uow, case, EventKind.DECLINED, actor, now, is_public=False, text=reason)
    tell_officers(uow, service, after, What.DECLINED, now, words=reason, to=found.officer_id)


def answer(
    uow: UnitOfWork, service: Service, case: CaseRow, actor: Actor, solution: Solution, now: datetime
) -> None:
    """Jawab: the reporter gets it and says whether it is solved (M8).

    Where the agency wants a second person it must be what somebody else has proposed (`propose`): raises NotPermitted
    for whoever does not approve, Unfit with UNPROPOSED.
    """
    rule = permit(case, actor, Move.ANSWER)
    if wants_approval(service, case):
        _check_approved(uow, case, actor, solution)
    check_solution(service, case, solution, service.local_day(now))
    answers.delete_proposal(uow, case.report_id)
    after = advance(
        uow,
        service,
        case,
        rule,
        now,
        first_answer_at=case.first_answer_at or now,
        answered_at=now,
        asked_at=None,
        officer_id=case.officer_id or _worker(actor),
    )
    attachments.add_to_report(uow, solution.files, case.report_id)
    record(
        uow,
        after,
        EventKind.ANSWERED,
        actor,
        now,
        is_public=True,
        finding=solution.finding,
        action=solution.action,
        done_on=solution.done_on.isoformat(),
        files=",".join(map(str, solution.files)),
    )
    said = news_of_answer(solution, after.due_on or service.local_day(now))
    tell(uow, service, after, said, now)
    tell_followers(uow, service, after, replace(said, phrase=wording.ANSWERED_JOINED), now)


def _check_approved(uow: UnitOfWork, case: CaseRow, actor: Actor, solution: Solution) -> None:
    """Raises NotPermitted, Unfit: four eyes see an answer, in whatever way it was given."""
    officer, found = permit_act(case, actor, Act.APPROVE), find_proposed(uow, case)
    if found is None or found[0] == officer.id or found[1] != solution:
        raise Unfit(Fault.UNPROPOSED)


def get_answer(uow: UnitOfWork, case: CaseRow) -> Solution:
    """Return the answer given last to a report that was answered, as the history keeps it."""
    found = cases.find_event(uow, case.report_id, {EventKind.ANSWERED})
    assert found is not None  # noqa: S101 - the move to the state wrote it
    files = filter(None, str(found.data.get("files", "")).split(","))
    return Solution(
        finding=str(found.data["finding"]),
        action=str(found.data["action"]),
        done_on=date.fromisoformat(str(found.data["done_on"])),
        files=tuple(map(int, files)),
    )


def news_of_answer(solution: Solution, due_on: date) -> News:
    """Return an answer with its question, and until when a word is waited for (M8)."""
    words = Piece(
        wording.SOLUTION,
        {
            "finding": sentence(solution.finding),
            "action": solution.action.strip().rstrip("."),
            "day": solution.done_on,
        },
    )
    fields: Fields = {"words": words, "due": due_on}
    return News(wording.ANSWERED, fields, asks=Asks.SOLVED, files=solution.files)


def wants_approval(service: Service, case: CaseRow) -> bool:
    """Tell whether an answer waits for a second person before it goes out."""
    agency = service.deployment.agency_by_code.get(case.agency_code or "")
    return case.state is not CaseState.FORWARDED and agency is not None and agency.needs_approval


def _worker(actor: Actor) -> int | None:
    """Return who has a case by working on it; whoever approves does not take it."""
    officer = actor.officer
    return officer.id if officer and officer.role in {Role.LIAISON, Role.INSPECTORATE} else None


def sentence(text: str) -> str:
    """Return a text that other sentences can follow."""
    text = text.strip()
    return text if not text or text[-1] in ".!?…" else f"{text}."
