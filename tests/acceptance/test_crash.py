"""The real process is killed at random moments while 30 citizens report; nothing is lost or filed twice.

CRASH_SEEDS=20 plays twenty seeds of each way in; a seed draws the same kills again.
"""

import asyncio
import os
import random
import re
from contextlib import suppress
from pathlib import Path

import pytest

from bot.opening import open_vault
from bot.settings import Settings
from storage.db import Database
from storage.queries import cases
from tests.acceptance.program import Program, kanal
from tests.fakes.telegram.citizen import Citizen
from tests.fakes.telegram.server import TOKEN, FakeTelegram

CITIZENS = 30
KILLS = 5
SEEDS = range(int(os.environ.get("CRASH_SEEDS", "1")))
#: which button a citizen presses, the first that is there
WANTED = ("Kirim", "Rahasia (disarankan)", "Lewati")
NUMBER = re.compile(r"Nomornya:\nSKD-(\d+ \d+)")


class Impatient:
    """Tells it all in one message, then presses what is asked for, as soon as it appears."""

    def __init__(self, citizen: Citizen, index: int) -> None:
        self._citizen = citizen
        self._pressed: set[tuple[int, str]] = set()
        citizen.says(f"jalan rusak depan SDN {index} desa mungguk sejak kemarin, banyak lubang besar")

    @property
    def numbers(self) -> set[str]:
        return {number for text in self._citizen.heard for number in NUMBER.findall(text)}

    def act(self) -> None:
        for message in reversed(self._citizen.messages):
            rows = (message.markup or {}).get("inline_keyboard", [])
            offered = {button["text"]: button["callback_data"] for row in rows for button in row}
            label = next((label for label in WANTED if label in offered), None)
            press = (message.message_id, offered.get(label or "", ""))
            # A question may have come twice: it was sent just before a kill, and sent again.
            if label is not None and press not in self._pressed:
                self._pressed.add(press)
                self._citizen.presses_data(*press)
                return


async def all_served(fake: FakeTelegram, people: list[Impatient]) -> None:
    """Let everybody act on everything that happens until each has a receipt."""

    def everybody_acts() -> bool:
        for person in people:
            person.act()
        return all(person.numbers for person in people)

    await fake.wait_for(everybody_acts, timeout=90)


async def killed_now_and_then(fake: FakeTelegram, program: Program, draw: random.Random) -> None:
    for _ in range(KILLS):
        until = len(fake.calls) + draw.randrange(1, 40)
        await fake.wait_for(lambda until=until: len(fake.calls) >= until, timeout=90)  # type: ignore[misc]
        await program.kill()
        await program.start()


@pytest.mark.parametrize("way", ["polling", "webhook"])
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.timeout(180)
async def test_kills(seed: int, way: str, tmp_path: Path) -> None:
    """Exactly one report for each confirmed draft, each with its receipt."""
    async with FakeTelegram(seed=seed, webhook_retry_seconds=0.2) as fake:
        people = [Impatient(fake.citizen(), index) for index in range(CITIZENS)]
        program = Program(tmp_path, TELEGRAM_BOT_TOKEN=TOKEN, TELEGRAM_API_URL=fake.url)
        if way == "webhook":
            program.env["PUBLIC_URL"] = program.url
        async with program:
            kills = asyncio.create_task(killed_now_and_then(fake, program, random.Random(seed)))
            await all_served(fake, people)
            kills.cancel()
            with suppress(asyncio.CancelledError):
                await kills
        assert [len(person.numbers) for person in people] == [1] * CITIZENS
        assert "Traceback" not in program.output
    code, said = await kanal(program.env, tmp_path, "audit", "verify")
    assert (code, said) == (0, f"the histories of {CITIZENS} reports hold together\n")
    assert reports_in(program.env) == CITIZENS


def reports_in(env: dict[str, str]) -> int:
    settings = Settings(database_url=env["DATABASE_URL"], data_dir=Path(env["DATA_DIR"]))
    database = Database(settings.database_url, open_vault(settings))
    try:
        with database.reading() as uow:
            return cases.count_reports(uow)
    finally:
        database.close()
