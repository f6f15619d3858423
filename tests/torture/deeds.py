"""Each misfortune, done to a running town. People go on talking meanwhile."""

import asyncio
import random
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select, update

from storage.models import Conversation, table
from storage.queries.conversations import find_contact
from storage.vocabulary import Channel
from tests.acceptance.program import database_of
from tests.fakes.smsgate.server import FakeSmsGate
from tests.fakes.telegram.faults import Faults
from tests.fakes.twilio.server import FakeTwilio
from tests.torture.people import APOLOGY, QUESTIONS
from tests.torture.plan import Kind, Misfortune, Way
from tests.torture.town import DATABASE, REPORTS, SLEEPERS, Town
from tests.torture.traps import ALWAYS, BY_SMS, IN_A_JOB, POLLED, WITH_FILES

#: within which a program must have ended that is told to
STOP_SECONDS = 10.0
#: for so long the answer to a message takes that is on its way meanwhile
DRAIN_SECONDS = 0.3
#: texts of one round, at the most
LATEST = 40
#: how long something is out of reach
OUTAGE_SECONDS = 1.5
#: how far off the machine's clock may be
WRONG_SECONDS = 10
#: what may have something to do for people who are waited for
JOBS = ("recall_drafts", "expire_drafts", "remind", "lapse_questions")
#: nothing that a key of ours has sealed
NONSENSE = b"?"
CONVERSATION = table(Conversation)

Deed = Callable[[Town, int], Awaitable[None]]


async def befall(town: Town, misfortune: Misfortune) -> None:
    """Wait for its moment, then let it happen; returns when it is over, or will befall a request to come."""
    at = town.requests + misfortune.after
    await town.until(lambda: town.requests >= at)
    await DEEDS[misfortune.kind](town, misfortune.draw)


# --- to the programs ---


async def _kill(town: Town, draw: int) -> None:
    await asyncio.sleep(draw % 50 / 1000)
    everyone = town.everyone
    await town.kill(everyone[draw % len(everyone)])


async def _kill_sending(town: Town, _draw: int) -> None:
    await _kill_at_gate(town, has_effect=True)


async def _kill_unsent(town: Town, _draw: int) -> None:
    await _kill_at_gate(town, has_effect=False)


async def _kill_at_gate(town: Town, *, has_effect: bool) -> None:
    gate = town.telegram.faults.hold_next("sendMessage", has_effect=has_effect)
    await town.until(lambda: gate.is_reached)
    await town.kill(*town.of_role("delivery"))
    gate.open()


async def _kill_posted(town: Town, draw: int) -> None:
    await _kill_when_counted(town, draw, lambda: town.telegram.world.posted)


async def _kill_taken(town: Town, draw: int) -> None:
    await _kill_when_counted(town, draw, lambda: town.telegram.world.taken)


async def _kill_when_counted(town: Town, draw: int, count: Callable[[], int]) -> None:
    before = count()
    await town.until(lambda: count() > before)
    await asyncio.sleep(draw % 20 / 1000)  # the request is on its way: let it come to any point
    webs = town.of_role("web")
    await town.kill(webs[draw % len(webs)])


async def _crash(town: Town, draw: int) -> None:
    """Set a trap where somebody passes, and wait until it has sprung; it is taken away where nobody did."""
    points = [
        *ALWAYS,
        *(POLLED if town.way is Way.POLLING else ()),
        *(BY_SMS if town.sms else ()),
        *WITH_FILES,
    ]
    point = points[draw % len(points)]
    town.trap.set(point, 1 + draw % 3)
    chance = random.Random(draw)
    for _ in range(3):
        town.arrive_one(chance, has_photo=point in WITH_FILES, is_by_sms=point in BY_SMS)
    await town.until(lambda: town.dead or town.is_served)
    await town.until_kept()
    if town.trap.take_away():
        town.sprung.append(point)
        await town.revive()


async def _stop(town: Town, draw: int) -> None:
    """It drains within its time: what is on its way is written down, and leaves once."""
    program = town.everyone[draw % len(town.everyone)]
    gate = town.telegram.faults.hold_next("sendMessage")
    await town.until(lambda: gate.is_reached)
    stopping = asyncio.create_task(program.stop(STOP_SECONDS))
    await asyncio.sleep(DRAIN_SECONDS)
    gate.open()
    assert await stopping == 0, program.output
    await program.start()


# --- to Telegram ---


async def _lose(town: Town, _draw: int) -> None:
    town.telegram.faults.drop_next("sendMessage")


async def _break(town: Town, draw: int) -> None:
    town.telegram.faults.drop_next("sendMessage", times=1 + draw % 2, has_effect=False)


async def _refuse(town: Town, draw: int) -> None:
    town.telegram.faults.fail_next("sendMessage", 502, times=1 + draw % 3)


async def _throttle(town: Town, draw: int) -> None:
    town.telegram.faults.fail_next("sendMessage", 429, retry_after=1 + draw % 3)


async def _be_slow(town: Town, draw: int) -> None:
    gate = town.telegram.faults.hold_next("sendMessage")
    asyncio.get_running_loop().call_later(0.2 + draw % 20 / 10, gate.open)


async def _be_away(town: Town, _draw: int) -> None:
    """More refusals than there will be requests, until the time is over."""
    town.telegram.faults.fail_next("sendMessage", 502, times=1000)
    await asyncio.sleep(OUTAGE_SECONDS)
    town.telegram.faults.forget("sendMessage")


async def _repeat(town: Town, draw: int) -> None:
    town.telegram.world.repeats += 2 + draw % 6


async def _renumber(town: Town, _draw: int) -> None:
    town.telegram.forget_sequence()


# --- to the SMS provider ---


async def _lose_text(town: Town, _draw: int) -> None:
    _sms(town).faults.drop_next(_sending(town))


async def _refuse_text(town: Town, draw: int) -> None:
    _sms(town).faults.fail_next(_sending(town), 503, times=1 + draw % 2)


async def _report_twice(town: Town, _draw: int) -> None:
    sms = _sms(town)
    sms.auto_reports = (*reversed(sms.auto_reports), *sms.auto_reports)


async def _report_never(town: Town, _draw: int) -> None:
    _sms(town).auto_reports = ()


def settle_reports(town: Town) -> None:
    """Tell late what became of each text, and be reliable from now on."""
    if isinstance(town.sms, FakeTwilio):
        town.sms.auto_reports = REPORTS[1]
        for message in town.sms.messages[-LATEST:]:
            town.sms.report(message, "delivered")
    elif town.sms is not None:
        town.sms.auto_reports = REPORTS[0]
        for text in [*town.sms.messages.values()][-LATEST:]:
            town.sms.report(text, "sms:delivered")


def _sms(town: Town) -> FakeTwilio | FakeSmsGate:
    assert town.sms is not None
    return town.sms


def _sending(town: Town) -> str:
    return "CreateMessage" if isinstance(town.sms, FakeTwilio) else "send"


# --- to the database ---


async def _lock(town: Town, _draw: int) -> None:
    with database_of(town.env) as database, database.writing():
        await asyncio.sleep(OUTAGE_SECONDS)


async def _fill(town: Town, _draw: int) -> None:
    filler = Path(town.env["DATABASE_URL"].removeprefix("sqlite:///")).with_name("filler")
    try:
        with filler.open("wb", buffering=0) as file, suppress(OSError):
            while True:
                file.write(bytes(4096))
        await asyncio.sleep(2 * OUTAGE_SECONDS)
    finally:
        filler.unlink()


async def _cut(town: Town, _draw: int) -> None:
    assert town.server is not None
    await asyncio.to_thread(town.server.disconnect_all, DATABASE)


async def _close(town: Town, _draw: int) -> None:
    assert town.server is not None
    await asyncio.to_thread(town.server.close_to_all, DATABASE)
    await asyncio.sleep(OUTAGE_SECONDS)
    await asyncio.to_thread(town.server.reopen, DATABASE)


# --- to the clock ---


async def _run_jobs(town: Town, _draw: int) -> None:
    """Reminders that are due leave, by whichever run comes first; the others find nothing left."""
    for name in JOBS:
        for code, said in await asyncio.gather(*(town.kanal("jobs", "run", name) for _ in range(2))):
            assert code == 0, said
    town.is_recall_due = True


async def _crash_job(town: Town, draw: int) -> None:
    """It is undone as a whole; what comes after does all of it."""
    town.leave_alone()  # of the others, who came with the round, somebody may have been reminded by now
    town.trap.set(IN_A_JOB, 1 + draw % SLEEPERS)
    code, said = await town.kanal("jobs", "run", "recall_drafts")
    if not town.trap.take_away():
        raise AssertionError(f"nobody was reminded: {said}")
    town.sprung.append(IN_A_JOB)
    if code == 0:  # the program was first
        await town.revive()
    await _run_jobs(town, draw)


async def _pass_day(town: Town, _draw: int) -> None:
    """What could not be sent meanwhile waits, and leaves in its order."""
    away: list[tuple[Faults, str]] = [(town.telegram.faults, "sendMessage")]
    if town.sms is not None:
        away.append((town.sms.faults, _sending(town)))
    for faults, method in away:
        faults.fail_next(method, 503, times=1000)
    await asyncio.sleep(OUTAGE_SECONDS)
    town.watch.skip(timedelta(days=1))
    await asyncio.sleep(OUTAGE_SECONDS)
    for faults, method in away:
        faults.forget(method)


async def _set_clock(town: Town, draw: int) -> None:
    # The gateway's posts are refused where they are signed at quite another time.
    if draw % 3 == 0 and town.way is not Way.GATEWAY:
        await _set_back(town, timedelta(hours=1 + draw % 12))
    else:
        town.watch.set_wrong_by(timedelta(seconds=draw % (2 * WRONG_SECONDS + 1) - WRONG_SECONDS))


async def _set_back(town: Town, time: timedelta) -> None:
    """While messages wait: whoever is there is served all the same, until it is set right."""
    town.telegram.faults.fail_next("sendMessage", 502, times=1000)
    await asyncio.sleep(OUTAGE_SECONDS)
    town.watch.set_wrong_by(-time)
    town.telegram.faults.forget("sendMessage")
    await town.until(lambda: town.is_served)
    town.watch.set_wrong_by(timedelta())


# --- by what is in a message ---


async def _poison(town: Town, draw: int) -> None:
    """A state nobody can read: whoever writes is told once, and answered when it is mended and tried again."""
    person = town.arrive_one(random.Random(draw))
    first, _, *later = person.todo
    person.todo = deque([first])
    await town.until(lambda: person.hears(QUESTIONS[0]))
    whole = _spoil(town, max(town.telegram.world.chats), NONSENSE)
    person.todo = deque(later)
    town.telegram.citizen(max(town.telegram.world.chats)).says("lewati")
    await town.until(lambda: person.hears(APOLOGY))
    _spoil(town, max(town.telegram.world.chats), whole)
    code, said = await town.kanal("inbox", "retry")
    assert (code, "handled" in said) == (0, True), said


def _spoil(town: Town, chat_id: int, progress: bytes) -> bytes:
    """Replace what is remembered of somebody's conversation; returns what it was."""
    with database_of(town.env) as database, database.writing() as uow:
        contact = find_contact(uow, Channel.TELEGRAM, str(chat_id), with_progress=False)
        assert contact is not None
        its = CONVERSATION.c.address_id == contact.address_id
        before = uow.connection.execute(select(CONVERSATION.c.progress_sealed).where(its)).scalar_one()
        uow.connection.execute(update(CONVERSATION).where(its).values(progress_sealed=progress))
    return bytes(before)


DEEDS: dict[Kind, Deed] = {
    Kind.KILLED: _kill,
    Kind.KILLED_SENDING: _kill_sending,
    Kind.KILLED_UNSENT: _kill_unsent,
    Kind.KILLED_POSTED: _kill_posted,
    Kind.KILLED_TAKEN: _kill_taken,
    Kind.CRASHED: _crash,
    Kind.STOPPED: _stop,
    Kind.LOST: _lose,
    Kind.BROKEN: _break,
    Kind.REFUSED: _refuse,
    Kind.THROTTLED: _throttle,
    Kind.SLOW: _be_slow,
    Kind.AWAY: _be_away,
    Kind.REPEATED: _repeat,
    Kind.RENUMBERED: _renumber,
    Kind.SMS_LOST: _lose_text,
    Kind.SMS_REFUSED: _refuse_text,
    Kind.REPORTS_TWICE: _report_twice,
    Kind.REPORTS_NEVER: _report_never,
    Kind.LOCKED: _lock,
    Kind.FULL: _fill,
    Kind.CUT: _cut,
    Kind.CLOSED: _close,
    Kind.CLOCK: _run_jobs,
    Kind.JOB_CRASHED: _crash_job,
    Kind.DAY: _pass_day,
    Kind.SET: _set_clock,
    Kind.POISON: _poison,
}
