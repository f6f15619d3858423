"""The card of a case: what an officer needs to know of it."""

from dataclasses import replace
from datetime import datetime

from handlers import report_wording
from handlers.cases.numbers import show
from handlers.i18n import N_, NP_, Phrase
from handlers.messages import Reply
from handlers.service import Service
from storage.db import UnitOfWork
from storage.queries.handling import CaseRow
from storage.queries.officers import OfficerRow

CARD = Phrase(N_("{number}: {state}. {about}"), NP_("sms", "{number}: {state}."))


def card(
    uow: UnitOfWork,  # noqa: ARG001 - the whole card reads more
    service: Service,
    officer: OfficerRow,
    case: CaseRow,
    now: datetime,  # noqa: ARG001 - as above
    *,
    intro: str = "",
    in_group: bool = False,  # noqa: ARG001 - as above
) -> Reply:
    """Return the card for one officer, below an introduction."""
    voice, deployment = service.voice(officer.language), service.deployment
    said = voice.say(
        CARD,
        number=show(deployment.number, case.number),
        state=voice.text(report_wording.STATE_WORDS[case.state]),
        about=deployment.category_by_code[case.category_code].name[voice.language],
    )
    return replace(
        said,
        text=f"{intro}\n\n{said.text}".strip(),
        short=f"{intro} {said.short}".strip(),
        about=case.report_id,
    )
