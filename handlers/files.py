"""What becomes of a file somebody sent: kept, or lost and told so. The caller commits."""

from dataclasses import replace
from datetime import datetime

from handlers import codec, wording
from handlers.cases.numbers import show
from handlers.conversation import progress as saved
from handlers.service import Service
from storage.db import UnitOfWork
from storage.queries import attachments, cases, conversations, outbox
from storage.queries.attachments import Owner
from storage.vocabulary import ActorKind, EventKind, Priority


def stored(uow: UnitOfWork, attachment_id: int, *, digest: str, size: int, now: datetime) -> None:
    if not attachments.settle_stored(uow, attachment_id, digest=digest, size=size):
        return
    owner = attachments.find_owner(uow, attachment_id)
    if owner is None or owner.report_id is None:
        return
    cases.append_event(
        uow,
        owner.report_id,
        EventKind.ATTACHMENT_STORED,
        ActorKind.SYSTEM,
        data={"position": owner.position, "size": size},
        is_public=False,
        now=now,
    )


def lost(uow: UnitOfWork, service: Service, attachment_id: int, code: str, now: datetime) -> None:
    """Give a file up; the report stays, and its reporter learns which file is missing."""
    owner = attachments.find_owner(uow, attachment_id)
    if owner is None or not attachments.settle_lost(uow, attachment_id, code):
        return
    voice = service.voice(owner.language)
    if owner.report_id is None or owner.report_number is None:
        _forget(uow, owner, now)
        reply = voice.say(wording.DRAFT_FILE_LOST, position=owner.position)
    else:
        number = show(service.deployment.number, owner.report_number)
        reply = voice.say(wording.FILE_LOST, position=owner.position, number=number)
        cases.append_event(
            uow,
            owner.report_id,
            EventKind.ATTACHMENT_LOST,
            ActorKind.SYSTEM,
            data={"position": owner.position, "code": code},
            is_public=False,
            now=now,
        )
    outbox.queue(
        uow,
        address_id=owner.address_id,
        channel=owner.channel,
        payload=codec.dump_reply(reply),
        priority=Priority.NEWS,
        now=now,
        report_id=owner.report_id,
    )


def _forget(uow: UnitOfWork, owner: Owner, now: datetime) -> None:
    """Let a draft count a file no more."""
    stored_progress = conversations.lock_progress(uow, owner.address_id)
    progress = saved.load(stored_progress) if stored_progress else None
    if progress is None or progress.draft is None or progress.draft.id != owner.draft_id:
        return
    draft = replace(progress.draft, attachments=max(progress.draft.attachments - 1, 0))
    fewer = saved.dump(replace(progress, draft=draft))
    conversations.replace_progress(uow, owner.address_id, fewer, now)
