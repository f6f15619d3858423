"""Each misfortune, done to a running town. People go on talking meanwhile."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

from tests.acceptance.program import database_of
from tests.fakes.smsgate.server import FakeSmsGate
from tests.fakes.twilio.server import FakeTwilio
from tests.torture.plan import Kind, Misfortune
from tests.torture.town import DATABASE, REPORTS, Town

#: within which a program must have ended that is told to
STOP_SECONDS = 10.0
#: texts of one round, at the most
LATEST = 40
#: how long something is out of reach
OUTAGE_SECONDS = 1.5

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


async def _stop(town: Town, draw: int) -> None:
    """It drains within its time: what is on its way is written down, and leaves once."""
    program = town.everyone[draw % len(town.everyone)]
    assert await program.stop(STOP_SECONDS) == 0, program.output
    await program.start()


# --- to Telegram ---


async def _lose(town: Town, _draw: int) -> None:
    town.lost_answers += 1
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
    for code, said in await asyncio.gather(*(town.kanal("jobs", "run", "recall_drafts") for _ in range(2))):
        assert code == 0, said
    town.is_recall_due = True


DEEDS: dict[Kind, Deed] = {
    Kind.KILLED: _kill,
    Kind.KILLED_SENDING: _kill_sending,
    Kind.KILLED_UNSENT: _kill_unsent,
    Kind.KILLED_POSTED: _kill_posted,
    Kind.KILLED_TAKEN: _kill_taken,
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
}
