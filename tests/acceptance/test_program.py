"""`kanal run` serves citizens on Telegram: the real process, the real library, updates by polling and by webhook."""

import asyncio
import io
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from PIL import Image

from bot.channels.telegram.channel import TelegramChannel
from handlers import report_wording
from handlers.service import Service
from storage.vocabulary import Language
from tests.acceptance.program import Town, town_of

pytestmark = pytest.mark.asyncio(loop_scope="module")

#: has everything that a report needs, so that the next question is about pictures
WHOLE = "jalan rusak depan SDN 2 desa mungguk sejak kemarin, banyak lubang besar"
IN_MUNGGUK = (-0.01164, 110.91581)
WANTED = ["message", "edited_message", "callback_query", "my_chat_member"]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def towns(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[dict[str, Town]]:
    """One that is polled for and one that is posted to."""
    async with (
        town_of("polling", tmp_path_factory.mktemp("polling")) as polling,
        town_of("webhook", tmp_path_factory.mktemp("webhook")) as webhook,
    ):
        yield {"polling": polling, "webhook": webhook}


@pytest.fixture(params=["polling", "webhook"])
def town(request: pytest.FixtureRequest, towns: dict[str, Town]) -> Town:
    """Each of the two: a test that asks for it is run in both."""
    return towns[str(request.param)]


def a_picture() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8), "grey").save(buffer, "JPEG")
    return buffer.getvalue()


# --- a report ---


async def test_a_whole_report(towns: dict[str, Town]) -> None:
    """Words, a place, a picture, buttons; at the end a receipt, and the picture is kept."""
    await asyncio.gather(*(reports(town) for town in towns.values()))


async def reports(town: Town) -> None:
    citizen = town.fake.citizen()
    citizen.says("sampah menumpuk tidak diangkut seminggu, baunya sampai ke rumah")
    await town.hears(citizen, "Di mana tempatnya?")
    assert citizen.buttons == ["Kirim lokasi saya"]
    citizen.sends_location(*IN_MUNGGUK)
    await town.hears(citizen, "Titik Anda ada di Desa Mungguk, Kec. Sekadau Hilir. Benar?")
    citizen.presses("Ya")
    await town.hears(citizen, "Ada foto?")
    citizen.sends_photo(a_picture())
    await town.hears(citizen, "Foto/berkas sudah kami terima (1).")
    citizen.presses("Lanjut")
    await town.hears(citizen, "Siapa yang boleh tahu")
    citizen.presses("Rahasia (disarankan)")
    await town.hears(citizen, "Kirim laporan ini?")
    citizen.presses("Kirim")
    receipt = await town.hears(citizen, "Nomornya:")
    assert citizen.buttons == ["Tambah"]
    (number,) = re.findall(r"Nomornya:\nSKD-(\d{3} \d{4})\n", receipt)
    if page := re.search(rf"{town.program.url}(/lacak/\S+)$", receipt):  # where the world reaches us
        assert "Diterima" in (await town.program.get(page[1])).text
    assert (page is None) == ("PUBLIC_URL" not in town.program.env)
    (report,) = town.program.rows(
        "SELECT category_code, area.name, attachment.state FROM report"
        " JOIN area ON area.code = area_code JOIN attachment ON report_id = report.id WHERE number = :number",
        number=number.replace(" ", ""),
    )
    assert report == ("SAMPAH", "Mungguk", "stored")


async def test_a_button_pressed_twice_acts_once(town: Town) -> None:
    """Every press is answered; the second one changes nothing."""
    citizen = town.fake.citizen()
    citizen.says(WHOLE)
    await town.hears(citizen, "Ada foto?")
    answered = len(town.fake.calls_of("answerCallbackQuery"))
    citizen.presses("Lewati")
    citizen.presses("Lewati")
    await town.hears(citizen, "Siapa yang boleh tahu")
    await town.all_taken()
    await town.fake.wait_for(lambda: len(town.fake.calls_of("answerCallbackQuery")) == answered + 2)
    assert len(citizen.heard) == 1


async def test_a_stale_button_explains_itself(town: Town) -> None:
    """A button of an earlier question says so, and the open question is asked again."""
    citizen = town.fake.citizen()
    citizen.says(WHOLE)
    await town.hears(citizen, "Ada foto?")
    old = citizen.messages[-1]
    data = (old.markup or {})["inline_keyboard"][0][0]["callback_data"]
    citizen.says("lewati")
    await town.hears(citizen, "Siapa yang boleh tahu")
    citizen.presses_data(old.message_id, data)
    await town.hears(citizen, "Tombol itu untuk pertanyaan sebelumnya.\n\nSiapa yang boleh tahu")


async def test_an_edited_message_edits_the_report(town: Town) -> None:
    """Who mends the message that tells the problem mends the report."""
    citizen = town.fake.citizen()
    told = citizen.says(WHOLE)
    await town.hears(citizen, "Ada foto?")
    citizen.edits(told, f"{WHOLE}, sudah ada yang jatuh")
    await town.hears(citizen, "Perubahan Anda sudah kami catat.")
    citizen.says("lewati")
    citizen.says("1")
    await town.hears(citizen, f"Masalah: {WHOLE}, sudah ada yang jatuh\n")


# --- texts ---


async def test_what_is_typed_comes_out_as_typed(town: Town) -> None:
    """Markup of any kind is text."""
    typed = f'{WHOLE} <b>tebal</b> &amp; "kutip" _a_ *b* `c` [d](http://e) </html>'
    citizen = town.fake.citizen()
    citizen.says(typed)
    await town.hears(citizen, "Ada foto?")
    citizen.says("lewati")
    citizen.says("lewati")
    await town.hears(citizen, f"Masalah: {typed}\n")
    assert not any("parse_mode" in call for call in town.fake.calls_of("sendMessage"))


async def test_a_text_that_is_too_long_is_measured(town: Town) -> None:
    """Nobody writes in vain: it says how long it may be."""
    citizen = town.fake.citizen()
    citizen.says("x" * 5000)
    await town.hears(citizen, "Pesan Anda 5000 huruf, paling banyak 2000.")


async def test_a_summary_longer_than_a_message_comes_in_parts(town: Town) -> None:
    """Telegram counts an emoji as two, and takes 4096; the buttons stand under the last part."""
    typed = f"{WHOLE} {'🚧' * 1920}"
    citizen = town.fake.citizen()
    citizen.says(typed)
    await town.hears(citizen, "Ada foto?")
    citizen.says("lewati")
    citizen.says("lewati")
    await town.hears(citizen, "Kirim laporan ini?")
    assert citizen.heard[-2].count("🚧") + citizen.heard[-1].count("🚧") == 1920
    assert citizen.messages[-2].markup is None
    assert citizen.buttons == ["Kirim", "Ubah", "Batal"]


async def test_what_we_cannot_read_is_said(town: Town) -> None:
    """A sticker gets an answer, too."""
    citizen = town.fake.citizen()
    citizen.sends_sticker()
    await town.hears(citizen, "Maaf, pesan seperti ini tidak dapat kami baca.")


@pytest.mark.parametrize("payload", ["", " aduan-rt03", f" {'x' * 64}"])
async def test_start_greets(town: Town, payload: str) -> None:
    """With and without what a link carries."""
    citizen = town.fake.citizen()
    citizen.says(f"/start{payload}")
    await town.hears(citizen, "Selamat datang di Layanan Aduan Sekadau.")


# --- what Telegram is told, and what it tells ---


async def test_the_menu_speaks_both_languages(town: Town, service: Service) -> None:
    """Each command is explained in the language of the phone; Indonesian for all others."""
    menus = {
        code: {entry["command"]: entry["description"] for entry in entries}
        for (_, code), entries in town.fake.world.commands.items()
    }
    assert menus == {
        "id": _menu(service, Language.INDONESIAN),
        "en": _menu(service, Language.ENGLISH),
        "": _menu(service, Language.INDONESIAN),
    }
    assert menus["id"]["lapor"] != menus["en"]["lapor"]


def _menu(service: Service, language: Language) -> dict[str, str]:
    return {name: service.voice(language).text(label) for name, label in report_wording.MENU.items()}


async def test_telegram_is_told_where_updates_go(town: Town) -> None:
    """By webhook: our address, a secret, the kinds we want, and nothing thrown away. By polling: no webhook."""
    assert town.fake.calls_of("getMe")
    if town.way == "polling":
        assert town.fake.calls_of("deleteWebhook") == [{"drop_pending_updates": False}]
        assert town.fake.calls_of("getUpdates")[0]["allowed_updates"] == WANTED
        return
    (told,) = town.fake.calls_of("setWebhook")
    assert re.fullmatch("[0-9a-f]{64}", told.pop("secret_token"))
    assert told == {
        "url": f"{town.program.url}/telegram/webhook",
        "allowed_updates": WANTED,
        "max_connections": 40,
        "drop_pending_updates": False,
    }
    assert not town.fake.calls_of("getUpdates")


async def test_who_blocks_us_is_noted_until_they_come_back(town: Town) -> None:
    """Nothing is said to either; the address is known to be out of reach meanwhile."""
    citizen = town.fake.citizen()
    citizen.says("halo")
    await town.hears(citizen, "Selamat datang")
    reachable = "SELECT count(*) FROM address WHERE unreachable_at IS NOT NULL"
    for act, count in ((citizen.blocks, 1), (citizen.unblocks, 0)):
        act()
        await town.all_taken()
        assert town.program.rows(reachable)[0][0] == count
    assert len(citizen.heard) == 1


async def test_groups_are_let_be(town: Town) -> None:
    """What somebody who is no officer says in a group is acknowledged, and neither answered nor kept."""
    group, citizen = town.fake.group(-1001), town.fake.citizen()
    known = town.program.rows("SELECT count(*) FROM address")[0][0]
    citizen.says(WHOLE, where=group)
    await town.all_taken()
    assert town.program.rows("SELECT count(*) FROM address")[0][0] == known
    assert town.program.rows("SELECT count(*) FROM inbound_failure")[0][0] == 0
    assert [message for message in group.messages.values() if message.is_ours] == []


@pytest.mark.parametrize("kind", ["poll_answer", "business_message", "kind_of_tomorrow"])
async def test_kinds_we_do_not_know_are_acknowledged_and_counted(town: Town, kind: str) -> None:
    """Such as waited since before we told Telegram what we want."""
    before = await ignored(town)
    town.fake.world.allowed_updates = None
    town.fake.world.add_update(kind, {"id": "1", "chat": "?"})
    await town.all_taken()
    assert await ignored(town) == before + 1


async def ignored(town: Town) -> float:
    return await town.program.metric('kanal_ignored_total{channel="telegram"}')


# --- the operator's side ---


async def test_health_and_metrics(town: Town) -> None:
    """Alive, ready, and counting; anything else is not there."""
    for path in ("/health/live", "/health/ready"):
        answer = await town.program.get(path)
        assert (answer.status_code, answer.text) == (200, "ok\n")
    citizen = town.fake.citizen()
    citizen.says("halo")
    await town.hears(citizen, "Selamat datang")
    assert await town.program.metric('kanal_inbound_total{channel="telegram",outcome="handled"}') >= 1
    assert await town.program.metric("kanal_inbound_failures") == 0
    assert (await town.program.get("/nowhere")).status_code == 404
    assert (await town.program.get("/telegram/webhook")).status_code == 404


async def test_it_ends_when_told_to(tmp_path: Path) -> None:
    """SIGTERM: quickly, with 0, also in the middle of a poll; what comes meanwhile the next start answers.

    Where another program has had the bot meanwhile, the start says so.
    """
    async with town_of("polling", tmp_path) as town:
        citizen = town.fake.citizen()
        citizen.says("halo")
        await town.hears(citizen, "Selamat datang")
        assert await town.program.stop() == 0
        citizen.says(WHOLE)
        other = TelegramChannel(town.fake.token, town.fake.url)
        await other.set_webhook("http://127.0.0.1:9/telegram/secret-path", "another")
        await other.stop()
        await town.program.start()
        await town.hears(citizen, "Ada foto?")
        assert len(citizen.heard) == 2
        assert town.program.output.count("updates went to 127.0.0.1 until now") == 1
        assert "secret-path" not in town.program.output
