"""Whether what an officer wrote says something: substance and evidence (docs/rules.md, Life cycle)."""

import re
from datetime import date, timedelta

from handlers.conversation.words import fold
from handlers.deployment import Deployment
from handlers.moving.base import Fault, Solution, Unfit
from handlers.service import Service
from handlers.sms_length import count_septets
from storage.queries.handling import CaseRow
from storage.vocabulary import CaseState

#: letters and digits; fewer say nothing
SHORTEST = 5
#: a text that has fewer words besides stock phrases is made of them
OWN_WORDS = 3
#: a solution may be older than the report, or planned, by so much
BEFORE, AHEAD = timedelta(days=60), timedelta(days=366)
#: words that bind stock phrases together
_FILLERS = frozenset(
    "dan atau yang di ke dari untuk akan segera sudah telah sedang kami kita anda saudara bapak ibu pak bu oleh "
    "dengan ini itu nya agar supaya serta juga secara the and to will be is has been have we you your our".split()
)
_UNFILLED = re.compile(r"[{}]|_{3,}|\.{4,}")


def check_text(service: Service, text: str) -> None:
    """Raises Unfit where a text of an officer's is empty, too long, a stock phrase, or an unfilled template."""
    _check_text(service, text, SHORTEST)


def check_part(service: Service, text: str) -> None:
    """Raises Unfit as `check_text`, also where a finding or an action is too short to be read by itself."""
    _check_text(service, text, max(SHORTEST, service.deployment.answers.min_part_chars))


def _check_text(service: Service, text: str, least: int) -> None:
    if sum(map(str.isalnum, text)) < least:
        raise Unfit(Fault.TOO_SHORT, limit=least)
    if _UNFILLED.search(text):
        raise Unfit(Fault.UNFILLED)
    _check_length(service, text)
    if _is_stock(service.deployment, text):
        raise Unfit(Fault.STOCK_PHRASE)


def check_solution(service: Service, case: CaseRow, solution: Solution, today: date) -> None:
    """Raises Unfit where an answer lacks substance; asked before anything is shown to be confirmed."""
    deployment = service.deployment
    for text in (solution.finding, solution.action):
        check_part(service, text)
    both = f"{solution.finding} {solution.action}"
    _check_length(service, both)
    if len(both.strip()) < deployment.answers.min_chars:
        raise Unfit(Fault.TOO_SHORT, limit=deployment.answers.min_chars)
    if not service.local_day(case.filed_at) - BEFORE <= solution.done_on <= today + AHEAD:
        raise Unfit(Fault.BAD_DAY)
    is_shown = bool(solution.files) or solution.by_text_only
    if needs_evidence(deployment, case) and not is_shown:
        raise Unfit(Fault.NO_EVIDENCE)


def needs_evidence(deployment: Deployment, case: CaseRow) -> bool:
    """Tell whether an answer goes with a photo or document: physical works of our own agencies."""
    is_ours = case.state is not CaseState.FORWARDED
    return is_ours and case.category_code in deployment.answers.evidence_categories


def _check_length(service: Service, text: str) -> None:
    limit = service.deployment.answers.max_chars
    if count_septets(text) > limit:
        raise Unfit(Fault.TOO_LONG, limit=limit)


def _is_stock(deployment: Deployment, text: str) -> bool:
    rest = f" {fold(text)} "
    had = rest
    for phrase in sorted(deployment.answers.stock_phrases, key=len, reverse=True):
        rest = rest.replace(f" {phrase} ", " ")
    own = [word for word in rest.split() if word not in _FILLERS]
    return rest != had and len(own) < OWN_WORDS
