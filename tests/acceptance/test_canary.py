"""Marked names, words, places, addresses and secrets go through everything; none comes out where it must not."""

import asyncio
import io
import json
import re
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Final

from PIL import Image

from bot.web.telegram import SECRET_HEADER
from tests.acceptance.program import KEY, Town, several, town_of
from tests.fakes.telegram.citizen import Citizen
from tests.fakes.telegram.server import TOKEN

WEBHOOK: Final = "/telegram/webhook"
SECRET: Final = "canary-webhook-secret"
CHAT_ID: Final = 7_311_299_771
NAME, GIVEN_NAME, WORD, LANDMARK = "Xilarno", "Zetamindo", "qvorteks", "wimbelpasar"
LAT, LON = -0.0116437, 110.9158193
#: what must never be seen, by what it is
MARKS: Final[Mapping[str, str]] = {
    "name on Telegram": NAME,
    "name given": GIVEN_NAME,
    "words": WORD,
    "place in words": LANDMARK,
    "latitude": "0116437",
    "longitude": "9158193",
    "chat": str(CHAT_ID),
    "token": TOKEN.partition(":")[2],
    "data key": KEY,
    "webhook's secret": SECRET,
}
ROAD = f"jalan rusak {WORD} depan {LANDMARK} desa mungguk sejak kemarin, banyak lubang"
LAMP = f"lampu jalan mati {WORD} depan {LANDMARK} desa mungguk sejak kemarin, gelap sekali"


def seen(texts: Mapping[str, str]) -> list[str]:
    """Which marks are in which texts."""
    return [
        f"{mark} in {where}"
        for where, text in texts.items()
        for mark, marked in MARKS.items()
        if marked in text
    ]


async def test_no_mark_comes_out(tmp_path: Path) -> None:
    """Not in the log, at its most talkative, nor in metrics, errors, commands, the database or the files."""
    folders = {form: tmp_path / form for form in ("console", "json")}
    for folder in folders.values():
        folder.mkdir()
    async with asyncio.TaskGroup() as group:
        played = [group.create_task(everything(folder, form)) for form, folder in folders.items()]
    told, as_json = (task.result() for task in played)
    assert seen(told) == []
    assert seen(as_json) == []
    for event in ("inbound_failed", "send_failed", "fetch_failed"):
        assert event in told["log"]
        assert f'"event": "{event}"' in as_json["log"]


async def everything(folder: Path, log_format: str) -> dict[str, str]:
    """All that comes out of a program that has been through everything, by where it came out."""
    settings = {"LOG_LEVEL": "DEBUG", "LOG_FORMAT": log_format, "TELEGRAM_WEBHOOK_SECRET": SECRET}
    async with town_of("webhook", folder, **settings) as town:
        await meets_trouble(town)
        citizen = somebody(town)
        receipt, _ = await asyncio.gather(
            files_a_report(town, citizen), breaks_the_handler(town, somebody(town))
        )
        (page,) = re.findall(r"/lacak/\S+", receipt)
        assert seen({"chat": "".join(citizen.heard)}) == [
            "name given in chat",
            "words in chat",
            "place in words in chat",
        ]
        texts = await refusals(town) | {"page": (await town.program.get(page)).text}
        assert "Diterima" in texts["page"]
        if log_format == "console":  # what commands say is the same in both
            texts |= await commands(town)
        texts["metrics"] = (await town.program.get("/metrics")).text
        assert await town.program.stop() == 0
        texts["log"] = town.program.output
    assert page.partition("=")[2] not in texts["log"]
    assert is_a_picture_kept(folder)
    return texts | files_in(folder)


async def meets_trouble(town: Town) -> None:
    """A send and a fetch that fail; what Telegram says of them has marks in it."""
    fails = town.fake.faults.fail_next
    fails("sendMessage", 400, description=f"Bad Request: cannot parse {WORD} of {CHAT_ID}")
    somebody(town).sends_location(LAT, LON)
    await town.program.says("send_failed")
    fails("getFile", 400, description=f"Bad Request: {WORD}, {TOKEN}")
    citizen = somebody(town)
    citizen.sends_photo(b"lost", caption=WORD)
    await town.hears(citizen, "tidak sampai")


async def files_a_report(town: Town, citizen: Citizen) -> str:
    """With a picture and a name; returns the receipt."""
    citizen.sends_photo(a_picture(), caption=ROAD)
    await answers(
        town,
        citizen,
        ("Foto/berkas sudah kami terima (1).", "lanjut"),
        ("Siapa yang boleh tahu", "terbuka"),
        ("Nama siapa", GIVEN_NAME),
        ("Kirim laporan ini?", "ya"),
    )
    return await town.hears(citizen, "Nomornya:")


async def breaks_the_handler(town: Town, citizen: Citizen) -> None:
    """A report that cannot be stored."""
    town.program.rows("DELETE FROM category WHERE code = 'LAMPU'")
    citizen.says(LAMP)
    await answers(
        town, citizen, ("Ada foto?", "lewati"), ("Siapa yang boleh tahu", "1"), ("Kirim laporan ini?", "ya")
    )
    await town.hears(citizen, "Maaf, ada gangguan di pihak kami.")


async def answers(town: Town, citizen: Citizen, *dialogue: tuple[str, str]) -> None:
    for question, answer in dialogue:
        await town.hears(citizen, question)
        citizen.says(answer)


def somebody(town: Town) -> Citizen:
    """One more person whose name and address are marked."""
    return town.fake.citizen(int(f"{CHAT_ID}{len(town.fake.world.chats)}"), name=NAME)


async def refusals(town: Town) -> dict[str, str]:
    """What is answered to requests that are refused, each of them full of marks."""
    marks = " ".join(MARKS.values())
    good, bad = {SECRET_HEADER: SECRET}, {SECRET_HEADER: f"{TOKEN}{SECRET}"}
    answers = {
        "malformed": await town.program.post(WEBHOOK, f'{{"{marks}"'.encode(), good),
        "no update": await town.program.post(WEBHOOK, json.dumps({"update_id": marks}).encode(), good),
        "unreadable": await town.program.post(
            WEBHOOK, json.dumps({"update_id": 1, "message": {"text": marks}}).encode(), good
        ),
        "wrong secret": await town.program.post(WEBHOOK, marks.encode(), bad),
        "not found": await town.program.get(f"/{WORD}/{CHAT_ID}?token={TOKEN}"),
        "wrong method": await town.program.get(f"{WEBHOOK}?{SECRET}"),
    }
    statuses = [answer.status_code for answer in answers.values()]
    assert statuses == [400, 400, 200, 403, 404, 404]
    return {name: f"{answer.headers}{answer.text}" for name, answer in answers.items()}


async def commands(town: Town) -> dict[str, str]:
    """What an operator sees who looks at it all."""
    lines = (
        "doctor",
        "inbox failures --json",
        "outbox list --json",
        "inbox retry",
        "outbox list --state dead",
    )
    folder = Path(town.program.env["DATA_DIR"])
    said = await several(town.program.env, folder, *lines)
    assert "IntegrityError" in said[1][1]
    assert '"bad_request"' in said[2][1]
    return dict(zip(lines, (text for _, text in said), strict=True))


def files_in(folder: Path) -> dict[str, str]:
    """Everything on the disk, names as well: the database with its log, the pictures, the locks."""
    return {
        path.name: path.name + path.read_bytes().decode("latin-1")
        for path in folder.rglob("*")
        if path.is_file()
    }


def a_picture() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8), "grey").save(buffer, "JPEG", comment=WORD.encode())
    return buffer.getvalue()


def is_a_picture_kept(folder: Path) -> bool:
    """With two copies, under names that do not give its contents away to who has the same picture."""
    names = [path.name for path in (folder / "attachments").rglob("*") if path.is_file()]
    return (
        len(names) == 3
        and all(re.fullmatch("[0-9a-f]{64}", name) for name in names)
        and sha256(a_picture()).hexdigest() not in names
    )
