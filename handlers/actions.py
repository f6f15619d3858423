"""What a person's words do: each is one function of rule, rows and reply. The caller commits."""

from dataclasses import replace
from datetime import datetime, timedelta

from handlers import apart, feedback_wording, missed, pace, report_wording, status, wording
from handlers.cases.numbers import find_number, show
from handlers.cases.visibility import View, view_of
from handlers.conversation.flows.facts import area_label
from handlers.conversation.progress import Draft
from handlers.conversation.setting import Attach, CorrectReport, MoveFiles
from handlers.filing import free_number, open_case
from handlers.messages import Choice, Location, Reply
from handlers.officers import notices
from handlers.officers.notices import What
from handlers.pace import Pace
from handlers.service import Service
from storage.db import UnitOfWork
from storage.queries import attachments, cases, conversations, handling, invitations, sent
from storage.queries.cases import NewReport, Standing
from storage.queries.conversations import Contact
from storage.vocabulary import ActorKind, CaseState, EventKind, ReportType

#: reports listed in one message
LISTED = 10
#: of a number that cannot be one, so much is repeated
LONGEST_SHOWN = 30
#: numbers that show nothing, of one address within GUESSES_PAUSE; then nothing but one's own reports is shown
GUESSES = 20
GUESSES_PAUSE = timedelta(hours=1)


def attach(uow: UnitOfWork, contact: Contact, effect: Attach, now: datetime) -> None:
    """Note files to be fetched after the commit."""
    for media in effect.media:
        attachments.insert_attachment(
            uow,
            address_id=contact.address_id,
            draft_id=effect.draft_id,
            kind=media.kind,
            ref=media.ref,
            now=now,
        )


def drop_files(uow: UnitOfWork, draft_id: str) -> None:
    attachments.drop_attachments(uow, draft_id)


def move_files(uow: UnitOfWork, effect: MoveFiles) -> None:
    attachments.move_attachments(uow, effect.from_id, effect.to_id)


def file_report(uow: UnitOfWork, service: Service, contact: Contact, draft: Draft, now: datetime) -> Reply:
    """Turn a confirmed draft into a report with its case, and return the receipt (M4)."""
    deployment = service.deployment
    new = _new_report(uow, service, contact, draft, now)
    report_id = open_case(uow, service, new, now, **_on_behalf(draft))
    if draft.attachments:
        attachments.file_attachments(uow, draft.id, report_id)
    sent.assign(uow, contact.address_id, report_id)
    conversations.record_consent(uow, contact.reporter_id, deployment.consent_version, draft.name, now)
    case = handling.get_case(uow, report_id)
    if case.is_emergency or pace.shows_report(uow, service, contact, now):
        what = What.NEW_EMERGENCY if case.is_emergency else What.NEW
        notices.tell_officers(uow, service, case, what, now)
    number = show(deployment.number, new.number)
    phrase = report_wording.RECEIPTS[draft.is_emergency, contact.is_stopped]
    calls = "/".join(entry.number for entry in deployment.emergency.numbers)
    receipt = service.voice(contact.language).say(phrase, number=number, due=case.check_due_on, calls=calls)
    add = Choice(service.voice(contact.language).text(feedback_wording.ADD), "add")
    return replace(
        receipt,
        about=report_id,
        choices=(add,),
        question=f"case:{report_id}:{case.version}",
        page=status.page_of(service.voice(contact.language), new.number),
    )


def _on_behalf(draft: Draft) -> dict[str, bool]:
    """Return what the history notes of a report made for somebody else: whether that person agrees."""
    return {"on_behalf": True, "agreed": draft.is_agreed} if draft.is_on_behalf else {}


def _new_report(
    uow: UnitOfWork, service: Service, contact: Contact, draft: Draft, now: datetime
) -> NewReport:
    deployment = service.deployment
    category = draft.category or deployment.other_category
    if draft.is_integrity:
        category = deployment.integrity.category
    accused = deployment.category_by_code.get(draft.accused_category or "")
    location = (draft.location.lat, draft.location.lon) if draft.location else None
    return NewReport(
        number=free_number(uow, service),
        draft_id=draft.id,
        reporter_id=contact.reporter_id,
        address_id=contact.address_id,
        channel=contact.channel,
        language=contact.language,
        type=ReportType.OVERSIGHT if draft.is_integrity else draft.type,
        category_code=category,
        area_code=draft.area_code,
        description=draft.description,
        place=draft.place,
        location=location,
        occurred_on=draft.occurred_on or service.local_day(now),
        is_day_told=draft.occurred_on is not None,
        is_ongoing=draft.is_ongoing,
        is_anonymous=draft.is_anonymous,
        is_secret=draft.is_secret,
        is_emergency=draft.is_emergency,
        accused_agency_code=accused.agency if accused else None,
        consent_version=deployment.consent_version,
    )


def show_status(uow: UnitOfWork, service: Service, contact: Contact, text: str, now: datetime) -> Reply:
    """Answer STATUS with or without a number: what this person may see."""
    voice, number_format = service.voice(contact.language), service.deployment.number
    found = find_number(number_format, text)
    if found is None and text.strip():
        return _ask_number(service, contact)
    if found is None:
        own = cases.list_standings_of(uow, contact, LISTED)
        if not own:
            return status.no_reports(service, contact)
        return (
            status.describe(uow, service, contact, own[0], now)
            if len(own) == 1
            else _listed(uow, service, contact, own)
        )
    standing = cases.find_standing(
        uow, found.number, contact
    )  # by ours, or by LAPOR's, which has no check digit
    is_own = standing is not None and standing.is_own
    since = now - GUESSES_PAUSE
    if not is_own and invitations.count_wrong(uow, contact.address_id, since, is_number=True) >= GUESSES:
        return voice.say(report_wording.TOO_MANY_NUMBERS)
    if standing is not None and view_of(standing) is not View.NOTHING:
        return status.describe(uow, service, contact, standing, now)
    invitations.note_attempt(uow, contact.address_id, None, is_number=True, now=now, forget_before=since)
    if standing is None and not found.is_valid:
        return voice.say(report_wording.MISTYPED_NUMBER, number=text[found.start : found.end][:LONGEST_SHOWN])
    return voice.say(report_wording.NO_SUCH_NUMBER, number=show(number_format, found.number))


def _ask_number(service: Service, contact: Contact) -> Reply:
    example = show(service.deployment.number, report_wording.EXAMPLE_NUMBER)
    return service.voice(contact.language).say(report_wording.ASK_STATUS_NUMBER, example=example)


def show_reports(uow: UnitOfWork, service: Service, contact: Contact, now: datetime) -> Reply:
    own = cases.list_standings_of(uow, contact, LISTED)
    if not own:
        return status.no_reports(service, contact)
    return (
        status.describe(uow, service, contact, own[0], now)
        if len(own) == 1
        else _listed(uow, service, contact, own)
    )


def _listed(uow: UnitOfWork, service: Service, contact: Contact, own: list[Standing]) -> Reply:
    """A short list of a person's reports, with whom each waits for; over SMS numbers and states only."""
    voice, deployment = service.voice(contact.language), service.deployment
    lines, short = [], []
    for standing in own:
        number = show(deployment.number, standing.number)
        state = voice.text(report_wording.STATE_WORDS[CaseState(standing.state)])
        about = deployment.category_by_code[standing.category_code].name[voice.language]
        waits = status.waits_for(service, voice, handling.read_case(uow, standing.report_id))
        lines.append(f"{number}: {state}, {about}{waits and f' ({waits})'}")
        short.append(f"{number} {state}")
    return Reply(
        text=voice.text(report_wording.MY_REPORTS.chat, lines="\n".join(lines)),
        short=voice.sms(report_wording.MY_REPORTS.sms, lines=", ".join(short[:4])),
    )


def ask_for_addition(uow: UnitOfWork, service: Service, contact: Contact, text: str) -> Reply:
    """Answer a TAMBAH that cannot be kept: which report it is about, or what is to be added, is still to be said."""
    voice, number_format = service.voice(contact.language), service.deployment.number
    found = find_number(number_format, text)
    own = cases.list_standings_of(uow, contact, LISTED)
    if found and found.is_valid:
        target = next((one for one in own if one.number == found.number), None)
        if target is None:  # whether or not there is such a report
            return voice.say(report_wording.NOT_YOURS, number=show(number_format, found.number))
        return voice.say(report_wording.ASK_ADDITION, example=show(number_format, target.number))
    if not own:
        return status.no_reports(service, contact)
    if text.strip():
        numbers = ", ".join(show(number_format, one.number) for one in own[:4])
        return voice.say(report_wording.ASK_WHICH_REPORT, reports=numbers)
    return voice.say(report_wording.ASK_ADDITION, example=show(number_format, own[0].number))


def describe_point(service: Service, contact: Contact, location: Location) -> str:
    """Return a point in words, with the area it lies in."""
    voice, deployment = service.voice(contact.language), service.deployment
    code = service.knowledge.boundaries.locate(location).area_code
    area = area_label(code, deployment, voice) if code else voice.text(wording.PLACE_UNKNOWN)
    return voice.text(report_wording.POINT_ADDED, point=f"{location.lat:.5f}, {location.lon:.5f}", area=area)


def correct_report(
    uow: UnitOfWork, service: Service, contact: Contact, effect: CorrectReport, now: datetime
) -> Reply | None:
    """Keep a new version of a filed text beside the old one.

    None: the report is gone, or nothing is to be said, as too much was added lately.
    """
    found = cases.find_by_draft(uow, effect.draft_id)
    if found is None:
        return None
    voice, limit = service.voice(contact.language), service.deployment.intake.max_chars
    text, (report_id, number) = effect.text, found
    if len(text) > limit:
        return voice.say(wording.TOO_LONG, length=len(text), limit=limit)
    case = handling.get_case(uow, report_id)
    if apart.accuses(uow, service, case, text):
        return apart.keep(uow, service, contact, case, text, now)[1]
    data = {"text": text}
    cases.append_event(
        uow, report_id, EventKind.CORRECTED, ActorKind.REPORTER, data=data, is_public=False, now=now
    )
    shown = pace.show_addition(uow, service, case, text, What.ADDED, now)
    if shown is Pace.SILENT:
        return None
    phrase = feedback_wording.ADDED_MUCH if shown is Pace.LAST else report_wording.CORRECTED_REPORT
    confirmed = voice.say(phrase, number=show(service.deployment.number, number))
    return replace(confirmed, about=report_id)


def set_news(
    uow: UnitOfWork, service: Service, contact: Contact, *, is_wanted: bool, now: datetime
) -> tuple[Reply, ...]:
    """STOP and MULAI; confirmed when it changes something. Whom nothing reached is told as well that it does again.

    MULAI is followed by what was asked meanwhile.
    """
    is_off = contact.is_stopped or (is_wanted and contact.is_unreachable)
    if is_wanted is not is_off:
        return ()
    conversations.set_stopped(uow, contact.address_id, None if is_wanted else now)
    voice = service.voice(contact.language)
    if is_wanted:
        return (voice.say(report_wording.STARTED), *missed.list_missed(uow, service, contact, now))
    is_writing = status.is_writing(contact)
    return (voice.say(report_wording.STOPPED_IN_DRAFT if is_writing else report_wording.STOPPED),)
