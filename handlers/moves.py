"""What moves a case: each is one function of rule, rows, event and news. The caller commits.

Every function checks the rule (`handlers.cases.lifecycle`) and, for officers, the permission
(`handlers.officers.access`) itself: raises TransitionNotAllowed, NotPermitted, or Unfit where what was given does not
do. The case passed in was read in this transaction (`storage.queries.handling.get_case`). The reporter, those whose
reports follow, and the officers concerned are told by the move; nothing is left to the caller to say.

They are written in `handlers/moving/`; others call them by this one name (`moves.dispose`).
"""

from handlers.moving.base import REPORTER, SYSTEM, Actor, Fault, Solution, Unfit
from handlers.moving.keeping import extend, note, reclassify, remind_me, see_identity, see_text, take
from handlers.moving.ombudsman import consent, offer
from handlers.moving.outcome import (
    appeal,
    archive,
    confirm,
    give_up,
    lapse,
    rate,
    reject,
    reopen,
    restore,
    wait_longer,
    withdraw,
)
from handlers.moving.routing import (
    as_outside_number,
    dispose,
    forward,
    go_on,
    hand_back,
    hold,
    join,
    reply,
    set_outside_number,
    verify,
)
from handlers.moving.substance import check_part, check_solution, check_text, needs_evidence
from handlers.moving.working import (
    answer,
    decline,
    find_proposed,
    get_answer,
    news_of_answer,
    propose,
    start,
    wants_approval,
)

__all__ = [
    "REPORTER",
    "SYSTEM",
    "Actor",
    "Fault",
    "Solution",
    "Unfit",
    "answer",
    "appeal",
    "archive",
    "as_outside_number",
    "check_part",
    "check_solution",
    "check_text",
    "confirm",
    "consent",
    "decline",
    "dispose",
    "extend",
    "find_proposed",
    "forward",
    "get_answer",
    "give_up",
    "go_on",
    "hand_back",
    "hold",
    "join",
    "lapse",
    "needs_evidence",
    "news_of_answer",
    "note",
    "offer",
    "propose",
    "rate",
    "reclassify",
    "reject",
    "remind_me",
    "reopen",
    "reply",
    "restore",
    "see_identity",
    "see_text",
    "set_outside_number",
    "start",
    "take",
    "verify",
    "wait_longer",
    "wants_approval",
    "withdraw",
]
