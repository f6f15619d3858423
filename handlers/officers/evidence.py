"""Files that an officer sends: kept until they go with an answer."""

import uuid
from dataclasses import replace

from handlers import moves
from handlers.messages import Reply
from handlers.officers import advice_wording
from handlers.officers.commands import BY_NAME, Arg
from handlers.officers.seat import Seat
from handlers.officers.task import DRAFT_PREFIX, Task
from storage.queries import attachments
from storage.queries.handling import CaseRow
from storage.vocabulary import Channel, MediaKind

#: what shows that work was done
_SHOWING = frozenset({MediaKind.PHOTO, MediaKind.VIDEO, MediaKind.DOCUMENT})


def keep(seat: Seat, task: Task) -> Task:
    """Return the task with the files that came along; the same one where none did, or none that goes with it."""
    showing = [media for media in seat.inbound.media if media.kind in _SHOWING]
    if not showing or Arg.EVIDENCE not in BY_NAME[task.command].needs:
        return task
    draft_id = task.draft_id or f"{DRAFT_PREFIX}{uuid.uuid4().hex}"
    room = seat.service.deployment.intake.max_attachments - len(attachments.list_of_draft(seat.uow, draft_id))
    for media in showing[: max(room, 0)]:
        attachments.insert_attachment(
            seat.uow,
            address_id=seat.officer.address_id,
            draft_id=draft_id,
            kind=media.kind,
            ref=media.ref,
            now=seat.now,
            is_from_officer=True,
        )
    return replace(task, draft_id=draft_id, album=showing[0].group or "")


def is_missing(seat: Seat, task: Task, case: CaseRow) -> bool:
    """Tell whether a photo or document is still needed."""
    if seat.channel == Channel.SMS or not moves.needs_evidence(seat.service.deployment, case):
        return False
    return not (task.draft_id and attachments.list_of_draft(seat.uow, task.draft_id))


def refused(seat: Seat) -> Reply:
    return seat.say(advice_wording.NOT_UNDERSTOOD[Arg.EVIDENCE])
