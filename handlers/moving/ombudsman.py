"""The Ombudsman, who may take over what stays unsettled for so long, if its reporter agrees (D9, M16)."""

from datetime import datetime

from handlers import ombudsman_wording as wording
from handlers.moving.base import REPORTER, SYSTEM, record
from handlers.news import Asks, News, tell
from handlers.officers.notices import What, tell_officers
from handlers.service import Service
from storage.db import UnitOfWork
from storage.queries import conversations, handling
from storage.queries.conversations import Contact
from storage.queries.handling import CaseRow
from storage.vocabulary import EventKind


def offer(uow: UnitOfWork, service: Service, case: CaseRow, now: datetime) -> None:
    """Tell its reporter once, and those whose reports follow it, of their right; silence changes nothing."""
    ombudsman = service.deployment.ombudsman
    fields = {"days": (service.local_day(now) - service.local_day(case.filed_at)).days}
    fresh = [one for one in handling.list_children(uow, case.report_id) if one.offered_at is None]
    for one in (case, *fresh):
        after = handling.move_case(uow, one, now, offered_at=now)
        record(uow, after, EventKind.REMINDED, SYSTEM, now, is_public=False, about="ombudsman")
        phrase = wording.OFFER if one is case else wording.OFFER_JOINED
        news = News(phrase, {**fields, "ombudsman": ombudsman.name}, asks=Asks.CONSENT)
        # That somebody cannot be reached, or wants no news, is known of the news before.
        if conversations.find_reach(uow, one.report_id) is not None:
            tell(uow, service, after, news, now)


def consent(
    uow: UnitOfWork, service: Service, case: CaseRow, now: datetime, *, at: Contact | None = None
) -> None:
    """SETUJU: coordinators are told to pass it on; it goes on here all the same."""
    after = handling.move_case(uow, case, now, consented_at=now)
    record(uow, after, EventKind.CONSENTED, REPORTER, now, is_public=True)
    name = service.deployment.ombudsman.name
    tell_officers(uow, service, after, What.CONSENTED, now, words=name)
    tell(uow, service, after, News(wording.AGREED, {"ombudsman": name}), now, at=at)
