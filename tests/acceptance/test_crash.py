"""The real process is killed at random moments while 30 citizens report; nothing is lost or filed twice.

CRASH_SEEDS=20 plays twenty seeds of each way in; a seed draws the same kills again.
"""

import asyncio
import os
import random
import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Protocol

import pytest

from storage.queries import cases
from tests.acceptance.program import Program, database_of, kanal, prepared
from tests.fakes.phone import Phone
from tests.fakes.smsgate.server import FakeSmsGate
from tests.fakes.telegram.citizen import Citizen
from tests.fakes.telegram.server import TOKEN, FakeTelegram

CITIZENS = 30
KILLS = 5
SEEDS = range(int(os.environ.get("CRASH_SEEDS", "1")))
#: which button a citizen presses, the first that is there
WANTED = ("Kirim", "Rahasia (disarankan)", "Lewati")
NUMBER = re.compile(r"(?:Nomornya:\n|terima, no\. )SKD-(\d+ \d+)")
STORY = "jalan rusak depan SDN {} desa mungguk sejak kemarin, banyak lubang besar"


class Person(Protocol):
    @property
    def numbers(self) -> set[str]:
        """Return the tracking numbers of the receipts they got."""

    def act(self) -> None:
        """Answer what is asked, as soon as it appears."""


class Impatient:
    """Tells it all in one message, then presses what is asked for."""

    def __init__(self, citizen: Citizen, index: int) -> None:
        self._citizen = citizen
        self._pressed: set[tuple[int, str]] = set()
        citizen.says(STORY.format(index))

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


class Texter:
    """The same by SMS."""

    def __init__(self, phone: Phone, index: int) -> None:
        self._phone = phone
        self._has_confirmed = False
        phone.says(f"LAPOR {STORY.format(index)}")

    @property
    def numbers(self) -> set[str]:
        return {number for text in self._phone.texts for number in NUMBER.findall(text)}

    def act(self) -> None:
        if not self._has_confirmed and any("Kirim laporan ini?" in text for text in self._phone.texts):
            self._has_confirmed = True
            self._phone.says("YA")


async def all_served(fake: FakeTelegram, people: Sequence[Person]) -> None:
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
        program = prepared(tmp_path, TELEGRAM_BOT_TOKEN=TOKEN, TELEGRAM_API_URL=fake.url)
        if way == "webhook":
            program.env["PUBLIC_URL"] = program.url
        async with program:
            await served_in_spite_of_kills(fake, program, people, seed)
    await all_is_well(program, people, tmp_path)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.timeout(240)
async def test_kills_with_half_by_sms(seed: int, tmp_path: Path) -> None:
    """The same with half of the citizens on SMS, by a phone that reports late what became of each text."""
    async with (
        FakeTelegram(seed=seed, webhook_retry_seconds=0.2) as fake,
        FakeSmsGate(
            changed=fake.world.changed, retry_seconds=0.5, auto_reports=("sms:sent", "sms:delivered")
        ) as gate,
    ):
        program = prepared(tmp_path, TELEGRAM_BOT_TOKEN=TOKEN, TELEGRAM_API_URL=fake.url)
        program.env |= {
            "PUBLIC_URL": program.url,
            "SMS_PROVIDER": "smsgate",
            "SMSGATE_URL": gate.url,
            "SMSGATE_USERNAME": gate.username,
            "SMSGATE_PASSWORD": gate.password,
            "SMSGATE_WEBHOOK_KEY": gate.webhook_key,
        }
        async with program:
            await program.says("SMS: serving")
            people: list[Person] = [Impatient(fake.citizen(), index) for index in range(CITIZENS // 2)]
            people += [Texter(gate.phone(), index) for index in range(CITIZENS // 2, CITIZENS)]
            await served_in_spite_of_kills(fake, program, people, seed)
    await all_is_well(program, people, tmp_path)


async def served_in_spite_of_kills(
    fake: FakeTelegram, program: Program, people: Sequence[Person], seed: int
) -> None:
    kills = asyncio.create_task(killed_now_and_then(fake, program, random.Random(seed)))
    await all_served(fake, people)
    kills.cancel()
    with suppress(asyncio.CancelledError):
        await kills


async def all_is_well(program: Program, people: Sequence[Person], folder: Path) -> None:
    assert [len(person.numbers) for person in people] == [1] * CITIZENS
    assert "Traceback" not in program.output
    code, said = await kanal(program.env, folder, "audit", "verify")
    assert (code, said) == (0, f"{CITIZENS} reports: every history holds together\n")
    assert reports_in(program.env) == CITIZENS


def reports_in(env: dict[str, str]) -> int:
    with database_of(env) as database, database.reading() as uow:
        return cases.count_reports(uow)
