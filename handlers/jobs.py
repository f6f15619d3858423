"""What the clock does: each job is a function of (unit of work, service, now) that returns how many it did.

A job finds its work in the database, does one batch of it, and is called again until it returns 0. So it catches up
after downtime and does nothing twice: what a batch has done, no later query finds.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

import structlog

from handlers import actions, codec, which
from handlers import feedback_wording as said
from handlers.conversation import progress as saved
from handlers.conversation.progress import Draft, Progress
from handlers.conversation.recall import expired, recalled
from handlers.conversation.setting import DropFiles, Setting, Turn
from handlers.deployment import Deployment
from handlers.here import Here
from handlers.hours import is_quiet, last_morning, last_time
from handlers.messages import Reply
from handlers.service import Service
from storage.db import UnitOfWork
from storage.queries import drafts, outbox, retention
from storage.queries.conversations import Contact
from storage.queries.drafts import Left
from storage.vocabulary import Channel, Priority

log = structlog.get_logger()

#: drafts of one transaction, some 50 ms; whoever writes to us meanwhile waits for its end
BATCH = 100
#: the same for rows that are only deleted
DELETED_AT_ONCE = 1000
#: whoever sits at the keyboard is asked as they come
KEYBOARD = frozenset({Channel.CONSOLE})
#: also left out where a message would cost more than it is worth
COSTLY = KEYBOARD | {Channel.SMS}
#: a draft is recalled so often at the most
RECALLS = 2
#: what could not be sent until then is not: the next one, of the next morning, says the same
RECALL_USEFUL = timedelta(hours=10)

Judge = Callable[[Left, Progress, Draft, Setting], Turn]
#: what becomes of words kept without a draft
JudgeKept = Callable[[Here], Turn | None]


@dataclass(frozen=True, slots=True)
class Window:
    """Drafts that are to be recalled now: those touched from `since` until before `before`."""

    since: datetime
    before: datetime
    #: how often they count as recalled afterwards; only those recalled less often are meant
    recalls: int
    #: channels that are left out
    besides: frozenset[Channel]


def recall_windows(deployment: Deployment, now: datetime) -> tuple[Window, ...]:
    """Return whom to remind of their drafts at `now`; nobody in quiet hours.

    A chat is reminded when the draft has lain for `recall_after_minutes`, and once more in the morning of the day
    after; an SMS costs money and comes in the morning only. What would fall into the night, or fell into downtime,
    is left to the morning, so that there is one message then and not two. Too late is what would come when the
    draft has less than that time to live.
    """
    quiet, zone = deployment.quiet_hours, deployment.zone
    if is_quiet(now, quiet, zone):
        return ()
    wait = timedelta(minutes=deployment.drafts.recall_after_minutes)
    oldest = now - timedelta(hours=deployment.drafts.expire_after_hours) + wait
    # What had lain long enough by the end of a night is recalled in the morning that follows.
    morning = last_time(last_morning(now, quiet, zone), quiet.end, zone) - wait
    today = last_time(now, quiet.end, zone) - wait
    lain = now - wait + timedelta.resolution  # to the instant is long enough
    return (
        Window(oldest, morning, RECALLS, KEYBOARD),
        Window(max(oldest, today), lain, 1, COSTLY),
    )


def recall_drafts(uow: UnitOfWork, service: Service, now: datetime) -> int:
    """Remind people of reports they began and did not send."""
    for window in recall_windows(service.deployment, now):
        left = drafts.lock_to_recall(
            uow,
            since=window.since,
            before=window.before,
            recalls_below=window.recalls,
            besides=window.besides,
            limit=BATCH,
        )
        if left:
            _recall(uow, service, left, window.recalls, now)
            return len(left)
    return 0


def _recall(uow: UnitOfWork, service: Service, left: list[Left], recalls: int, now: datetime) -> None:
    progress: dict[int, str] = {}
    for one, turn in _judged(uow, service, left, now, partial(_recalled, recalls), kept=_reminded):
        _tell(uow, one, turn, now, useful_until=now + RECALL_USEFUL)
        progress[one.address_id] = saved.dump(turn.progress)
    drafts.save_recalled(uow, progress, recalls)


def _recalled(recalls: int, one: Left, at: Progress, draft: Draft, setting: Setting) -> Turn:
    """Return the recall; it says until the end of which day the draft is kept for sure, and whether it is the last."""
    deployment = setting.knowledge.deployment
    expires_at = one.touched_at + timedelta(hours=deployment.drafts.expire_after_hours)
    last_whole_day = expires_at.astimezone(deployment.zone).date() - timedelta(days=1)
    until, is_last = max(last_whole_day, setting.today), recalls == RECALLS
    return recalled(at, draft, until, setting, is_last=is_last)


def expire_drafts(uow: UnitOfWork, service: Service, now: datetime) -> int:
    """Drop reports that nobody came back to, with their files, and say so once; chats only, as an SMS costs money.

    Not in quiet hours: nobody is told then, and whoever writes at night may still go on.
    """
    deployment = service.deployment
    if is_quiet(now, deployment.quiet_hours, deployment.zone):
        return 0
    before = now - timedelta(hours=deployment.drafts.expire_after_hours) + timedelta.resolution
    left = drafts.lock_to_expire(uow, before, BATCH)
    progress: dict[int, str] = {}
    for one, turn in _judged(uow, service, left, now, _expired, kept=_forgotten):
        for effect in turn.outputs:
            if isinstance(effect, DropFiles):
                actions.drop_files(uow, effect.draft_id)
        if one.can_be_told and one.channel not in COSTLY:
            _tell(uow, one, turn, now)
        progress[one.address_id] = saved.dump(turn.progress)
    drafts.save_expired(uow, progress)
    return len(left)


def _expired(_one: Left, at: Progress, draft: Draft, setting: Setting) -> Turn:
    return expired(at, draft, setting)


def _reminded(here: Here) -> Turn | None:
    """Ask again about words that may be a report of their own."""
    again = which.remind(here)
    return Turn(again.at, again.replies) if again else None


def _forgotten(here: Here) -> Turn | None:
    if here.at.kept is None:  # or no key opens it
        return None
    return Turn(replace(here.at, kept=None), (here.voice.say(said.KEPT_EXPIRED),))


def forget_inbound(uow: UnitOfWork, service: Service, now: datetime) -> int:
    """Forget providers' message ids; they only serve to know repeats by, and none comes after so long."""
    before = now - timedelta(days=service.deployment.retention.inbound_days)
    return retention.delete_inbound(uow, before, DELETED_AT_ONCE)


def _judged(
    uow: UnitOfWork, service: Service, left: list[Left], now: datetime, judge: Judge, *, kept: JudgeKept
) -> Iterator[tuple[Left, Turn]]:
    """Yield each draft with what becomes of it; one that cannot be judged is set aside and holds up no other."""
    broken: list[int] = []
    for one in left:
        try:
            here = _here(uow, service, one, now)
            at, draft = here.at, here.at.draft
            turn = kept(here) if draft is None else judge(one, at, draft, here.setting)
        except Exception:  # a job's edge, like the inbox's: one person's trouble is not the others'
            log.exception("draft_set_aside")
            turn = None
        if turn is None:
            broken.append(one.address_id)
        else:
            yield one, turn
    drafts.set_aside(uow, broken)


def _here(uow: UnitOfWork, service: Service, one: Left, now: datetime) -> Here:
    """Return whose conversation was left alone, and where it stands."""
    contact = Contact(one.address_id, one.reporter_id, one.channel, one.language)
    return Here(uow, service, contact, saved.load(one.progress) if one.progress else Progress(), now)


def _tell(
    uow: UnitOfWork, one: Left, turn: Turn, now: datetime, *, useful_until: datetime | None = None
) -> None:
    for reply in turn.outputs:
        if isinstance(reply, Reply):
            outbox.queue(
                uow,
                outbox.Message(
                    address_id=one.address_id,
                    channel=one.channel,
                    payload=codec.dump_reply(reply),
                    priority=Priority.NEWS,
                    useful_until=useful_until,
                ),
                now=now,
            )
