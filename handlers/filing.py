"""The rows of a report: itself, its case, its number, its files. The caller commits."""

from datetime import datetime, timedelta

from handlers.cases.deadlines import policy_of
from handlers.cases.numbers import new_number
from handlers.messages import Media
from handlers.service import Service
from storage.db import UnitOfWork
from storage.queries import attachments, cases
from storage.queries.cases import NewReport
from storage.queries.conversations import Contact
from storage.vocabulary import ActorKind, CaseState, EventKind

#: collisions after which tracking numbers grow by a digit
CROWDED = 5


def open_case(
    uow: UnitOfWork, service: Service, new: NewReport, now: datetime, **data: str | int | bool | None
) -> int:
    """Store a report with its case, to be checked (D1), and return its id; `data`: what its history notes besides."""
    deployment = service.deployment
    report_id = cases.insert_report(uow, new, now)
    cases.insert_case(
        uow,
        report_id,
        state=CaseState.UNVERIFIED,
        agency_code=deployment.category_by_code[new.category_code].agency,
        check_due_on=service.calendar.due_on(service.local_day(now), deployment.deadlines.check),
        policy=policy_of(deployment.deadlines),
        ombudsman_on=service.local_day(now) + timedelta(days=deployment.ombudsman.after_days),
        now=now,
    )
    cases.append_event(
        uow,
        report_id,
        EventKind.FILED,
        ActorKind.REPORTER,
        data={"channel": new.channel, "consent": new.consent_version, **data},
        is_public=True,
        now=now,
    )
    return report_id


def free_number(uow: UnitOfWork, service: Service) -> str:
    """Return an unused tracking number; the numbers grow by a digit where they get crowded."""
    number_format, tries = service.deployment.number, 0
    while cases.number_exists(uow, number := new_number(number_format, service.random_below)):
        tries += 1
        if tries % CROWDED == 0:
            number_format = number_format.model_copy(update={"digits": number_format.digits + 1})
    return number


def keep_files(
    uow: UnitOfWork,
    service: Service,
    contact: Contact,
    report_id: int,
    files: tuple[Media, ...],
    *,
    now: datetime,
) -> bool:
    """Keep a message's files with a filed report; False: it has as many as it may have."""
    limit = service.deployment.intake.max_attachments
    if attachments.count_of_report(uow, report_id) + len(files) > limit:
        return False
    for media in files:
        attachments.insert_attachment(
            uow,
            address_id=contact.address_id,
            draft_id=cases.get_draft_id(uow, report_id),
            report_id=report_id,
            kind=media.kind,
            ref=media.ref,
            now=now,
        )
    return True
