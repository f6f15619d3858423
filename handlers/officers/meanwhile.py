"""What others did with a case since an officer looked at it."""

from handlers.messages import Reply
from handlers.officers import wording
from handlers.officers.seat import Seat
from storage.queries import dossiers, officers
from storage.queries.dossiers import Line
from storage.queries.handling import CaseRow
from storage.vocabulary import ActorKind


def by_others(seat: Seat, case: CaseRow, version: int) -> Line | None:
    """Return what somebody else did last since the case had a version; None: nothing, or one did it oneself."""
    if version == case.version:
        return None
    lines = dossiers.list_lines(seat.uow, case.report_id, tuple(wording.DEEDS), 1)
    return next((line for line in lines if line.data.get("officer") != seat.officer.id), None)


def tell(seat: Seat, case: CaseRow, line: Line, words: str = "") -> Reply:
    """Say who did what and when; with the officer's own text, where there is one to keep."""
    return seat.voice.reply(
        wording.STALE_TEXT if words else wording.STALE,
        {
            "number": seat.number(case),
            "name": _who(seat, line),
            "deed": seat.voice.text(wording.DEEDS[line.kind]),
            "at": line.at,
            "words": words,
        },
    )


def _who(seat: Seat, line: Line) -> str:
    if line.actor is ActorKind.REPORTER:
        return seat.voice.text(wording.THE_CITIZEN)
    officer_id = line.data.get("officer")
    officer = officers.find_officer(seat.uow, officer_id) if isinstance(officer_id, int) else None
    return officer.name if officer else seat.voice.text(wording.THE_CLOCK)
