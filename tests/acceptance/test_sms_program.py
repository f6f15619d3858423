"""`kanal run` serves citizens by SMS: the real process, the real libraries, strict fakes of both providers."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from storage.db import Database
from storage.queries.inbox import INBOUND
from tests.acceptance.program import Program, database_of, kanal, prepared
from tests.fakes.phone import Phone
from tests.fakes.smsgate.server import FakeSmsGate
from tests.fakes.telegram.server import TOKEN, FakeTelegram
from tests.fakes.twilio.server import FakeTwilio

WHOLE = "LAPOR jalan rusak depan SDN 2 ds mungguk sejak kmrn, banyak lobang"
NUMBER = re.compile(r"SKD-(\d{3} \d{4})")
#: outgoing parts of a straight report, from the first text to the receipt
MOST_PARTS = 3


@dataclass
class Town:
    """A program with Twilio and Telegram."""

    twilio: FakeTwilio
    telegram: FakeTelegram
    program: Program

    async def hears(self, phone: Phone, text: str) -> str:
        """Return the text on the phone that holds `text`, once it is there."""
        await self.twilio.wait_for(lambda: any(text in heard for heard in phone.texts))
        return next(heard for heard in reversed(phone.texts) if text in heard)

    async def files(self, phone: Phone) -> str:
        """Let somebody file a report by SMS; return its number."""
        phone.says(WHOLE)
        await self.hears(phone, "Balas YA untuk kirim")
        phone.says("ya")
        found = NUMBER.search(await self.hears(phone, "Laporan Anda kami terima"))
        assert found is not None
        return found[1]


@asynccontextmanager
async def town_in(folder: Path) -> AsyncIterator[Town]:
    async with FakeTelegram(webhook_retry_seconds=0.1) as telegram, FakeTwilio() as twilio:
        telegram.world.changed = twilio.world.changed  # one waits for both
        program = prepared(folder, TELEGRAM_BOT_TOKEN=TOKEN, TELEGRAM_API_URL=telegram.url)
        program.env |= {
            "PUBLIC_URL": program.url,
            "SMS_PROVIDER": "twilio",
            "TWILIO_ACCOUNT_SID": twilio.account_sid,
            "TWILIO_AUTH_TOKEN": twilio.auth_token,
            "TWILIO_FROM": twilio.sender,
            "TWILIO_API_URL": twilio.url,
        }
        async with program:
            await program.says("SMS: serving by Twilio")
            yield Town(twilio, telegram, program)


def count_inbound(database: Database) -> int:
    with database.reading() as uow:
        return len(uow.connection.execute(INBOUND.select()).all())


async def test_twilio(tmp_path: Path) -> None:
    """A report by SMS, its parts, STOP, a failed delivery that goes to the other channel, a forged webhook."""
    async with town_in(tmp_path) as town:
        await a_report_costs_few_parts(town)
        await stop_is_obeyed(town)
        await news_take_the_other_way(town)
        await a_forged_webhook_leaves_no_trace(town)
        assert town.program.url in town.program.output  # the operator is told what to enter at Twilio
        assert "#rc=5&rp=all" in town.program.output
    code, said = await kanal(town.program.env, tmp_path, "doctor")
    assert "kanal:" not in said
    code, said = await kanal(town.program.env, tmp_path, "outbox", "parts", "--json")
    assert code == 0, said
    assert '"reports": 2' in said


async def a_report_costs_few_parts(town: Town) -> None:
    phone = town.twilio.phone()
    await town.files(phone)
    assert phone.parts <= MOST_PARTS
    assert phone.in_ucs2 == []


async def stop_is_obeyed(town: Town) -> None:
    phone = town.twilio.phone()
    phone.says("BERHENTI")
    await town.hears(phone, "tidak akan menerima kabar")
    phone.says("mulai")
    await town.hears(phone, "kami kirim lagi")


async def news_take_the_other_way(town: Town) -> None:
    """What a phone cannot be told goes to the Telegram chat that follows the report."""
    phone, citizen = town.twilio.phone(), town.telegram.citizen()
    number = await town.files(phone)
    citizen.says(f"sambung {number}")
    code = (await town.hears(phone, "untuk menyambungkan"))[:6]
    citizen.says(code)
    await town.telegram.wait_for(lambda: any("sudah tersambung" in text for text in citizen.heard))
    phone.says(f"status {number}")
    await town.hears(phone, "DITERIMA")
    last = town.twilio.messages[-1]
    town.twilio.report(last, "undelivered", error_code=30005)
    await town.telegram.wait_for(lambda: any("DITERIMA" in text for text in citizen.heard))


async def a_forged_webhook_leaves_no_trace(town: Town) -> None:
    with database_of(town.program.env) as database:
        before = count_inbound(database)
        async with httpx.AsyncClient(trust_env=False) as client:
            for signature in ({}, {"X-Twilio-Signature": "bm90IHRoaXM="}):
                answer = await client.post(
                    f"{town.program.url}/sms/twilio/inbound",
                    data={"MessageSid": "SM1", "From": "+6281200000009", "Body": "lapor palsu"},
                    headers=signature,
                )
                assert answer.status_code == 403
        assert count_inbound(database) == before


async def test_android_phone(tmp_path: Path) -> None:
    """A report through an ordinary phone: webhooks registered by us, reports of what became of each text."""
    async with FakeSmsGate(auto_reports=("sms:sent", "sms:delivered")) as gate:
        program = prepared(tmp_path, SMS_PROVIDER="smsgate", SMSGATE_URL=gate.url)
        program.env |= {
            "PUBLIC_URL": program.url,
            "SMSGATE_USERNAME": gate.username,
            "SMSGATE_PASSWORD": gate.password,
            "SMSGATE_WEBHOOK_KEY": gate.webhook_key,
        }
        async with program:
            await program.says("SMS: serving by SMS Gateway for Android")
            phone = gate.phone()
            phone.says(WHOLE)
            await gate.wait_for(lambda: phone.texts)
            phone.says("IYA")
            await gate.wait_for(lambda: len(phone.texts) == 2)
            assert "Laporan Anda kami terima" in phone.texts[-1]
            assert phone.parts == 2
        code, said = await kanal(program.env, tmp_path, "doctor")
        assert (code, said.count(" fault "), "no coordinator" in said) == (1, 1, True), said
        assert "account, sender and webhooks are in order" in said.replace("\n", " ")
