"""How a report stands, in words: which clock runs, who has it, until when, and what was last heard (M17)."""

from datetime import date, datetime

from handlers import report_wording
from handlers import status_wording as wording
from handlers.cases.deadlines import days_of, read_policy
from handlers.cases.numbers import show
from handlers.cases.visibility import View, view_of
from handlers.conversation import progress as saved
from handlers.i18n import Field, Phrase, Voice
from handlers.messages import Page, Reply
from handlers.moving.working import sentence
from handlers.service import Service
from storage.db import UnitOfWork
from storage.queries import cases, handling
from storage.queries.cases import Standing, Told
from storage.queries.conversations import Contact
from storage.queries.handling import CaseRow
from storage.vocabulary import CaseState, Clock, Closing, EventKind

#: events whose officer's words are the news
_WORDS = {
    EventKind.STARTED: ("text",),
    EventKind.ANSWERED: ("finding", "action"),
    EventKind.EXTENDED: ("text",),
    EventKind.HELD: ("text",),
    EventKind.ASKED: ("text",),
    EventKind.ARCHIVED: ("text",),
}
_QUESTIONS = frozenset({EventKind.HELD, EventKind.ASKED})
#: events told in words of ours
_LABELS = {
    EventKind.VERIFIED: wording.TOLD_CHECKED,
    EventKind.DISPOSED: wording.TOLD_DISPOSED,
    EventKind.FORWARDED: wording.TOLD_DISPOSED,
    EventKind.HANDED_BACK: wording.TOLD_RETURNED,
    EventKind.REJECTED: wording.TOLD_OPEN,
    EventKind.REOPENED: wording.TOLD_OPEN,
    EventKind.RESTORED: wording.TOLD_ANEW,
    EventKind.CONFIRMED: wording.TOLD_CONFIRMED,
    EventKind.REPLIED: wording.TOLD_REPLIED,
    EventKind.LAPSED: wording.TOLD_LAPSED,
}
_BY_CLOCK = {
    Clock.CHECK: wording.NEXT_CHECK,
    Clock.FIRST_ANSWER: wording.NEXT_FIRST,
    Clock.SETTLE: wording.NEXT_SETTLE,
    Clock.CITIZEN_REPLY: wording.NEXT_REPLY,
    Clock.CITIZEN_DATA: wording.NEXT_DATA,
    Clock.OUTSIDE: wording.NEXT_OUTSIDE,
}
#: states in which whoever has the case is to act
_AT_AGENCY = frozenset({CaseState.DISPOSED, CaseState.IN_PROGRESS, CaseState.REOPENED, CaseState.FORWARDED})


def describe(uow: UnitOfWork, service: Service, contact: Contact, standing: Standing, now: datetime) -> Reply:
    """Return what somebody may read of a report; only its own people get what officers wrote."""
    deployment, voice = service.deployment, service.voice(contact.language)
    is_own = view_of(standing) is View.OWNER
    case = _handled(uow, handling.read_case(uow, standing.report_id), is_own=is_own)
    coming = upcoming(service, voice, case, service.local_day(now))
    is_told = is_own and case.closing is not Closing.WITHDRAWN
    last = _last_news(uow, service, voice, case) if is_told else None
    fields: dict[str, Field] = {
        "number": show(deployment.number, standing.number),
        "state": voice.text(report_wording.STATE_WORDS[CaseState(standing.state)]),
        "filed": service.local_day(standing.filed_at),
    }
    about = deployment.category_by_code[standing.category_code].name[voice.language]
    own, others = wording.STATUS_OWN.chat, wording.STATUS.chat
    text = voice.text(own if is_own else others, **fields, about=about, next=coming.text)
    short = voice.sms(wording.STATUS.sms, **fields, next=coming.short)
    return Reply(
        text=f"{text}\n{last.text}" if last else text,
        short=f"{short} {last.short}" if last else short,
        about=standing.report_id,
        page=page_of(voice, standing.number) if is_own else None,
    )


def no_reports(service: Service, contact: Contact) -> Reply:
    """Say that somebody has sent no report, and that what they are writing is none yet."""
    phrase = report_wording.NO_REPORTS_BUT_DRAFT if is_writing(contact) else report_wording.NO_REPORTS
    return service.voice(contact.language).say(phrase)


def is_writing(contact: Contact) -> bool:
    """Tell whether somebody has a report that is not sent yet."""
    return contact.progress is not None and saved.load(contact.progress).draft is not None


def page_of(voice: Voice, number: str) -> Page:
    """Return the report's page, as its own people get to know of it."""
    return Page(number, voice.text(report_wording.PAGE), voice.language)


def waits_for(service: Service, voice: Voice, case: CaseRow) -> str:
    """Return in a few words whose turn it is; empty: ours, or nobody's."""
    if case.state is CaseState.ANSWERED or case.asked_at is not None:
        return voice.text(wording.WAITS_FOR_YOU)
    if case.state in _AT_AGENCY:
        return voice.text(
            wording.WAITS_FOR, agency=names_of(service, case.agency_code or case.outside_code)[1]
        )
    return ""


def _handled(uow: UnitOfWork, case: CaseRow, *, is_own: bool) -> CaseRow:
    """Return the case that a report's news comes from: of a joined one, which its own people know of, the other."""
    if is_own and case.state is CaseState.DUPLICATE and case.parent_report_id is not None:
        return handling.read_case(uow, case.parent_report_id)
    return case


def upcoming(service: Service, voice: Voice, case: CaseRow, today: date) -> Reply:
    """Return what comes next and by when."""
    if case.appealed_at is not None:
        return voice.say(wording.NEXT_APPEAL)
    if case.closing is Closing.WITHDRAWN:
        return voice.say(wording.NEXT_WITHDRAWN)
    if case.clock is None or case.due_on is None:
        is_joined = case.state is CaseState.DUPLICATE
        return voice.say(wording.NEXT_JOINED if is_joined else wording.NEXT_NOTHING)
    left = service.calendar_for(case.clock, case.week).working_days_between(today, case.due_on)
    total = days_of(read_policy(case.policy), case.clock, case.type)
    days = max(total, left)  # it may have been moved
    fields: dict[str, Field] = {"due": case.due_on, "days": days, "day": max(days - left, 1)}
    phrase = _late(case.clock) if today > case.due_on else _BY_CLOCK[case.clock]
    return _named(service, voice, phrase, fields, case.agency_code or case.outside_code)


def _late(clock: Clock) -> Phrase:
    match clock:
        case Clock.CHECK:
            return wording.NEXT_CHECK_LATE
        case Clock.CITIZEN_REPLY | Clock.CITIZEN_DATA:  # late is not late for us: it is still taken
            return wording.NEXT_STILL
        case _:
            return wording.NEXT_LATE


def _last_news(uow: UnitOfWork, service: Service, voice: Voice, case: CaseRow) -> Reply | None:
    told = cases.find_event(uow, case.report_id, (*_WORDS, *_LABELS), is_public=True)
    if told is None:
        return None
    told = _reply_to(uow, case, told) or told
    if told.kind in _WORDS:
        words = " ".join(sentence(str(told.data.get(key, ""))) for key in _WORDS[told.kind]).strip()
        return voice.say(wording.LAST_NEWS, at=service.local_day(told.at), news=words) if words else None
    names = names_of(service, agency_told(told))
    long, short = (voice.text(_LABELS[told.kind], agency=name) for name in names)
    at = service.local_day(told.at)
    return Reply(
        text=voice.text(wording.LAST_NEWS.chat, at=at, news=long),
        short=voice.sms(wording.LAST_NEWS.sms, at=at, news=short),
    )


def _reply_to(uow: UnitOfWork, case: CaseRow, told: Told) -> Told | None:
    """Return the reporter's answer to a question that was heard last; None: it is none, or open."""
    if told.kind not in _QUESTIONS:
        return None
    replied = cases.find_event(uow, case.report_id, {EventKind.REPLIED})
    return replied if replied is not None and replied.seq > told.seq else None


def agency_told(told: Told) -> str:
    """Return the code of the agency that an event names; "": it names none."""
    return str(told.data.get("to") or told.data.get("by") or "")


def _named(
    service: Service, voice: Voice, phrase: Phrase, fields: dict[str, Field], code: str | None
) -> Reply:
    """Say a phrase that names an agency: in full in a chat, short in an SMS."""
    name, short_name = names_of(service, code)
    return Reply(
        text=voice.text(phrase.chat, **fields, agency=name),
        short=voice.sms(phrase.sms, **fields, agency=short_name),
    )


def names_of(service: Service, code: str | None) -> tuple[str, str]:
    """Return an agency's name, in full and short; without one the whole government's."""
    agency = service.deployment.agency_by_code.get(code or "")
    name = service.deployment.name
    return (agency.name, agency.short_name) if agency else (name, name)
