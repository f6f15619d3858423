"""A picture goes all the way out: the real process hands it to Telegram, and shows it under the address of an SMS."""

from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from bot.clock import SystemClock
from bot.links import LIFETIME, write_token
from handlers import codec
from handlers.messages import Choice, Reply
from storage.queries import conversations, outbox
from storage.queries.attachments import ATTACHMENT
from storage.vocabulary import AttachmentState, Channel, Priority
from tests import builders
from tests.acceptance.program import Town, database_of, town_of
from tests.fakes.telegram.citizen import Citizen

NOTE = "di rumah Budi"


def note(town: Town, sender: Citizen) -> int:
    """Return the number of a picture that was just announced and is not fetched yet."""
    with database_of(town.program.env) as database, database.writing() as uow:
        contact = conversations.find_contact(uow, Channel.TELEGRAM, str(sender.chat_id), with_progress=False)
        assert contact is not None
        builders.an_attachment(uow, contact, ref=list(sender.files)[-1], now=SystemClock().now())
        return int(uow.connection.execute(select(ATTACHMENT.c.id)).scalar_one())


def queue(town: Town, to: Citizen, reply: Reply) -> None:
    with database_of(town.program.env) as database, database.writing() as uow:
        contact = conversations.find_contact(uow, Channel.TELEGRAM, str(to.chat_id), with_progress=False)
        assert contact is not None
        outbox.queue(
            uow,
            outbox.Message(
                address_id=contact.address_id,
                channel=Channel.TELEGRAM,
                payload=codec.dump_reply(reply),
                priority=Priority.DIRECT,
            ),
            now=SystemClock().now(),
        )


async def test_picture_from_one_to_another(tmp_path: Path) -> None:
    """It reaches the other without what does not concern them, and nobody who was not given its address."""
    async with town_of("webhook", tmp_path) as town:
        citizen, officer = town.fake.citizen(), town.fake.citizen()
        for one in (citizen, officer):
            one.says("halo")
            await town.hears(one, "Selamat datang")
        citizen.files["picture"] = builders.a_picture(NOTE)
        number = note(town, citizen)
        choices = (Choice("Ambil", "take"),)
        queue(town, officer, Reply("Laporan baru", "-", files=(number,), choices=choices, question="case:1"))
        await town.hears(officer, "Laporan baru")
        message = officer.messages[-1]
        assert message.upload is not None
        assert NOTE.encode() not in message.upload.content
        assert officer.buttons == ["Ambil"]

        (state,) = town.program.rows("SELECT state FROM attachment")[0]
        assert state == AttachmentState.STORED
        now = SystemClock().now()
        with database_of(town.program.env) as database:
            good = write_token(database.vault, number, now)
            over = write_token(database.vault, number, now - LIFETIME - timedelta(days=1))
        shown = await town.program.get(f"/f/{good}")
        assert (shown.status_code, shown.headers["content-type"]) == (200, "image/jpeg")
        assert shown.content == message.upload.content
        for token in (over, good[:-1], "x" * 22):
            gone = await town.program.get(f"/f/{token}")
            assert (gone.status_code, gone.text.split("\n")[1][:9]) == (404, "This file")
        assert good not in town.program.output
