"""What reporters missed while nothing reached them (STOP): no word counts for a question that never left."""

from collections.abc import Iterator
from datetime import datetime

from handlers import moves, news, status
from handlers.cases.deadlines import days_of, read_policy
from handlers.messages import Reply
from handlers.service import Service
from storage.db import UnitOfWork
from storage.queries import cases, clock, handling, open_questions
from storage.queries.conversations import Contact
from storage.queries.handling import CaseRow
from storage.vocabulary import CaseState, Clock


def is_missed(uow: UnitOfWork, case: CaseRow, now: datetime) -> bool:
    """Tell whether a report waits for a word that its reporter was never asked for."""
    since = case.answered_at if case.state is CaseState.ANSWERED else case.asked_at
    return since is not None and not clock.is_told(uow, case.report_id, since, now)


def list_missed(uow: UnitOfWork, service: Service, contact: Contact, now: datetime) -> Iterator[Reply]:
    """Yield what each report that waits for this person asks, as far as it never left; oldest first."""
    for one in reversed(open_questions.list_open(uow, contact, now)):
        case = handling.get_case(uow, one.report_id)
        standing = cases.find_standing_by_id(uow, one.report_id, contact)
        if standing is None or not is_missed(uow, case, now):
            continue
        if case.state is CaseState.ANSWERED:
            yield ask(uow, service, contact, case, now)
        else:
            yield status.describe(uow, service, contact, standing, now)


def ask(uow: UnitOfWork, service: Service, contact: Contact, case: CaseRow, now: datetime) -> Reply:
    """Return the answer with its question; for their word they get all of its days from now on (D6)."""
    after = restart(uow, service, case, now)
    due_on = after.due_on or service.local_day(now)
    answer = moves.news_of_answer(moves.get_answer(uow, case), due_on)
    return news.compose(service, after, answer, service.voice(contact.language))


def restart(uow: UnitOfWork, service: Service, case: CaseRow, now: datetime) -> CaseRow:
    """Let the days for a word on an answer begin anew, as nobody was asked yet."""
    days = days_of(read_policy(case.policy), Clock.CITIZEN_REPLY, case.type)
    return moves.wait_longer(uow, service, case, days, now)
