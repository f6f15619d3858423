"""Whether a report's reporter was reached by what they were told last: for the officer who opens its card."""

from collections.abc import Sequence
from datetime import datetime

from handlers.i18n import Field, Phrase, Voice
from handlers.messages import Reply
from handlers.officers import cards_wording as wording
from storage.db import UnitOfWork
from storage.queries import sent
from storage.queries.dossiers import Line
from storage.queries.handling import CaseRow
from storage.queries.sent import LastNews
from storage.vocabulary import DeliveryState, OutboundState


def last_news(
    uow: UnitOfWork, voice: Voice, case: CaseRow, told: Sequence[Line], now: datetime
) -> Reply | None:
    """Return what became of the last news; None: there was none, or it had nowhere to go, as the card says then.

    `told`: the newest news that the case's history has.
    """
    last = sent.find_last_news(uow, case.report_id)
    if last is None or any(line.at > last.created_at for line in told):
        return None
    phrase, at = _fate(last, now)
    fields: dict[str, Field] = {"at": at}
    return voice.reply(phrase, fields)


def _fate(last: LastNews, now: datetime) -> tuple[Phrase, datetime]:
    """Return how to say it, and the time that belongs to it."""
    match last.state:
        case OutboundState.SENT:
            return _left(last)
        case OutboundState.DEAD if last.code == "stopped":
            return wording.NEWS_UNWANTED, last.created_at
        case OutboundState.DEAD:
            return _lost(last)
        case OutboundState.PENDING if last.code is not None:
            return wording.NEWS_AGAIN, last.due_at or now
        case _ if last.due_at is not None and last.due_at > now:
            return wording.NEWS_WAITS, last.due_at
        case _:
            return wording.NEWS_LEAVES, now


def _left(last: LastNews) -> tuple[Phrase, datetime]:
    if last.delivery_state == DeliveryState.FAILED:
        return _lost(last)
    if last.late_code is not None:
        return wording.NEWS_DOUBTED, last.reported_at or last.created_at
    if last.delivery_state == DeliveryState.DELIVERED:
        return wording.NEWS_ARRIVED, last.reported_at or last.created_at
    return wording.NEWS_LEFT, last.sent_at or last.created_at


def _lost(last: LastNews) -> tuple[Phrase, datetime]:
    phrase = wording.NEWS_REFUSED if last.is_unreachable else wording.NEWS_FAILED
    return phrase, last.created_at
