"""What becomes of a file somebody sent: kept, or not and told so. The caller commits."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from handlers import codec, files_wording
from handlers.cases.numbers import show
from handlers.conversation import progress as saved
from handlers.i18n import Phrase
from handlers.officers import notices_wording
from handlers.service import Service
from storage.db import UnitOfWork
from storage.queries import attachments, cases, conversations, outbox
from storage.queries.attachments import Kept, Owner
from storage.vocabulary import ActorKind, EventKind, Priority


@dataclass(frozen=True, slots=True)
class _Told:
    """What is said of a file that is not kept: of an unfinished report, and of a filed one."""

    of_draft: Phrase
    of_report: Phrase


_NOT_HAD = _Told(files_wording.DRAFT_FILE_LOST, files_wording.FILE_LOST)
_NOT_TAKEN = _Told(files_wording.DRAFT_FILE_REFUSED, files_wording.FILE_REFUSED)
#: by code; of other codes the person only learns that the file did not arrive
_TOLD: Mapping[str, _Told] = {
    "type": _NOT_TAKEN,
    "unreadable": _NOT_TAKEN,
    "too_big": _Told(files_wording.DRAFT_FILE_TOO_LARGE, files_wording.FILE_TOO_LARGE),
    "pixels": _Told(files_wording.DRAFT_FILE_TOO_FINE, files_wording.FILE_TOO_FINE),
}
#: media type of the copy of a picture that others see
SHOWN_PICTURE = "image/jpeg"


def shown_type(media_type: str) -> str:
    """Return the media type of what others see of a file (`shown_digest`)."""
    return SHOWN_PICTURE if media_type.startswith("image/") else media_type


def stored(uow: UnitOfWork, attachment_id: int, kept: Kept, now: datetime) -> bool:
    """Note where a file is kept; False when it is no longer wanted."""
    if not attachments.settle_stored(uow, attachment_id, kept):
        return False
    owner = attachments.find_owner(uow, attachment_id)
    if owner is not None and owner.report_id is not None:
        cases.append_event(
            uow,
            owner.report_id,
            EventKind.ATTACHMENT_STORED,
            ActorKind.SYSTEM,
            data={"position": owner.position, "size": kept.size, "type": kept.media_type},
            is_public=False,
            now=now,
        )
    return True


def lost(uow: UnitOfWork, service: Service, attachment_id: int, code: str, now: datetime) -> None:
    """Give a file up, as not to be had or not accepted; the report goes on, and its reporter learns which and why."""
    owner = attachments.find_owner(uow, attachment_id)
    if owner is None or not attachments.settle_lost(uow, attachment_id, code):
        return
    voice, told = service.voice(owner.language), _TOLD.get(code, _NOT_HAD)
    intake = service.deployment.intake
    limit = intake.max_megapixels if code == "pixels" else intake.max_attachment_mb
    if owner.is_officer:
        reply = voice.say(notices_wording.FILE_LOST, position=owner.position, limit=intake.max_attachment_mb)
    elif owner.report_id is None or owner.report_number is None:
        _forget(uow, owner, now)
        reply = voice.say(told.of_draft, position=owner.position, limit=limit)
    else:
        number = show(service.deployment.number, owner.report_number)
        reply = voice.say(told.of_report, position=owner.position, number=number, limit=limit)
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
        outbox.Message(
            address_id=owner.address_id,
            channel=owner.channel,
            payload=codec.dump_reply(reply),
            priority=Priority.NEWS,
            report_id=owner.report_id,
        ),
        now=now,
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
