"""What is said later of a filed report and accuses somebody in office becomes a secret report of its own.

As a first message such words are secret at once and kept from the accused (docs/rules.md, Types); so are they
later, though the accused may well be who has the report. They get a report of type berkadar pengawasan, as the rules
for those hold then on every side: gate, cards, groups, pages, exports, figures, deadlines. Hidden lines in the history
of the first one would have to be known everywhere, and nobody would have to answer them; the first report itself
turned into one would stop the work on it and tell the accused that they are. So nothing moves at the first one, nor
does anything there name the other.
"""

from dataclasses import replace
from datetime import datetime

from handlers import feedback_wording as said
from handlers import pace, wording
from handlers.cases.numbers import show
from handlers.conversation import talk
from handlers.conversation.classify import Classifier, Money
from handlers.filing import free_number, keep_files, open_case
from handlers.i18n import Phrase
from handlers.messages import Choice, Media, Reply
from handlers.officers import notices
from handlers.officers.notices import What
from handlers.pace import Pace
from handlers.service import Service
from handlers.status import page_of
from storage.db import UnitOfWork
from storage.queries import cases, dossiers, handling
from storage.queries.cases import NewReport
from storage.queries.conversations import Contact
from storage.queries.handling import CaseRow
from storage.vocabulary import ActorKind, EventKind, ReportType


def accuses(uow: UnitOfWork, service: Service, case: CaseRow, text: str) -> bool:
    """Tell whether a text must not be kept with this report; what is one of berkadar pengawasan takes it itself.

    Said of a report, "tukangnya minta 100rb" is about who works on it, so any money asked or paid is held back, as
    that costs little here; not where the report is about that anyway.
    """
    if case.type is ReportType.OVERSIGHT:
        return False
    classifier = service.knowledge.classifier
    if classifier.read(text).is_integrity:
        return True
    money = classifier.money_in(text)
    return money is not Money.NONE and money > _known_money(uow, classifier, case)


def _known_money(uow: UnitOfWork, classifier: Classifier, case: CaseRow) -> Money:
    """Return what is told of money by the report itself, and by the question its reporter is to answer."""
    filed = classifier.money_in(dossiers.get_story(uow, case.report_id).description)
    asked = (
        cases.find_event(uow, case.report_id, {EventKind.HELD, EventKind.ASKED}) if case.asked_at else None
    )
    if asked is None:
        return filed
    # A bill may be asked for; that somebody demanded money is still kept from who asks.
    return max(filed, min(classifier.money_in(str(asked.data.get("text"))), Money.PAID))


def keep(  # noqa: PLR0917 - as what it is called by
    uow: UnitOfWork,
    service: Service,
    contact: Contact,
    case: CaseRow,
    text: str,
    now: datetime,
    files: tuple[Media, ...] = (),
) -> tuple[int, Reply | None]:
    """Keep a message that accuses, with its files, as a report of its own; return that one's id, and what to say.

    What the same person says later of the same report is added there, until that one is over.
    None: too much was added lately.
    """
    key, found = _find_open(uow, case, contact)
    if found is None:
        new = _new_report(uow, service, contact, case, key, text, now)
        report_id = open_case(uow, service, new, now, besides=case.number)
    else:
        report_id, data = found, {"text": text}
        cases.append_event(
            uow, report_id, EventKind.ADDED, ActorKind.REPORTER, data=data, is_public=False, now=now
        )
    is_kept = keep_files(uow, service, contact, report_id, files, now=now)
    own = handling.get_case(uow, report_id)
    shown = Pace.EACH
    if found is None:
        notices.tell_officers(uow, service, own, What.NEW_EMERGENCY if own.is_emergency else What.NEW, now)
    else:
        what = What.ADDED_FILES if files else What.ADDED
        shown = pace.show_addition(uow, service, own, text, what, now)
    if shown is Pace.SILENT:
        return report_id, None
    reply = _confirmed(service, contact, own, said.KEPT_APART if shown is Pace.EACH else said.ADDED_MUCH)
    if is_kept:
        return report_id, reply
    limit = service.deployment.intake.max_attachments
    full = service.voice(contact.language).say(wording.TOO_MANY_FILES, limit=limit)
    return report_id, talk.combine(full, reply)


def _find_open(uow: UnitOfWork, case: CaseRow, contact: Contact) -> tuple[str, int | None]:
    """Return the report made of what they said before, with its key; None: there is none, or all are over."""
    first = key = f"apart-{case.report_id}-{contact.reporter_id}"
    count = 1
    while found := cases.find_by_draft(uow, key):
        if handling.read_case(uow, found[0]).closed_at is None:
            return key, found[0]
        count += 1
        key = f"{first}-{count}"
    return key, None


def _confirmed(service: Service, contact: Contact, own: CaseRow, phrase: Phrase) -> Reply:
    deployment, voice = service.deployment, service.voice(contact.language)
    agency = deployment.agency_by_code[deployment.integrity.agency].short_name
    number = show(deployment.number, own.number)
    return replace(
        voice.say(phrase, number=number, agency=agency),
        choices=(Choice(voice.text(said.ADD), "add"),),
        question=f"case:{own.report_id}:{own.version}",
        about=own.report_id,
        page=page_of(voice, own.number),
    )


def _new_report(  # noqa: PLR0917 - called here only
    uow: UnitOfWork,
    service: Service,
    contact: Contact,
    case: CaseRow,
    key: str,
    text: str,
    now: datetime,
) -> NewReport:
    """Return the report, at the same place: who examines it does not see the first one."""
    deployment = service.deployment
    return NewReport(
        number=free_number(uow, service),
        draft_id=key,
        reporter_id=contact.reporter_id,
        address_id=contact.address_id,
        channel=contact.channel,
        language=contact.language,
        type=ReportType.OVERSIGHT,
        category_code=deployment.integrity.category,
        area_code=case.area_code,
        description=text,
        place=dossiers.get_story(uow, case.report_id).place,
        location=None,
        occurred_on=service.local_day(now),
        is_day_told=False,
        is_ongoing=False,
        is_anonymous=True,
        is_secret=True,
        is_emergency=service.knowledge.classifier.read(text).is_emergency,
        accused_agency_code=_accused(service, case, text),
        consent_version=deployment.consent_version,
    )


def _accused(service: Service, case: CaseRow, text: str) -> str | None:
    """Return whom to keep it from: who works on the report, else whose topic it is."""
    deployment = service.deployment
    topic = deployment.category_by_code.get(service.knowledge.classifier.read(text).accused_category or "")
    held = case.agency_code if case.disposed_at is not None else None
    accused = held or (topic.agency if topic else None) or case.agency_code
    return None if accused == deployment.integrity.agency else accused
