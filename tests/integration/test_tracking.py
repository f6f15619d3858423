"""GET /lacak/…: a report's page shows where it stands, and nothing that is nobody's business."""

import asyncio
import re
from collections import Counter
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

import httpx
import pytest

from bot.links import page_path
from bot.web.app import build_web
from bot.web.pages import Pages
from bot.web.start import start_route
from bot.web.throttle import MISSES, SECONDS
from bot.web.tracking import tracking_routes
from handlers import moves
from handlers.deployment_parts import Contacts
from handlers.overview import Seen, look
from handlers.service import Service
from storage.crypto import Vault, new_key
from storage.db import Database
from storage.vocabulary import Language
from tests.fakes.clock import FakeClock
from tests.office import FILED, SOLUTION, Office

Get = Callable[..., Coroutine[Any, Any, httpx.Response]]
REASON = "Kata pelapor Xilarno."
OPEN, SECRET, OVERSIGHT, UNKNOWN = "7341917", "5200842", "6119029", "9401171"


@pytest.fixture
def known(service: Service) -> Service:
    """The service of a deployment that says how to reach it."""
    contact = Contacts(telegram="SekadauAduanBot", sms="0812 3456-7890")
    return Service.of(service.deployment.model_copy(update={"contact": contact}), service.random_below)


@pytest.fixture
def office(loaded: Database, service: Service) -> Office:
    return Office(loaded, service).open()


@pytest.fixture
def get(loaded: Database, known: Service, clock: FakeClock) -> Get:
    clock.move_to(FILED)
    pages = Pages(known)
    web = build_web([start_route(pages), *tracking_routes(loaded, pages, clock)], pages)

    async def ask(path: str, peer: str = "203.0.113.9", **headers: str) -> httpx.Response:
        transport = httpx.ASGITransport(web, client=(peer, 50_000))
        async with httpx.AsyncClient(transport=transport, base_url="https://kanal.example.id") as client:
            return await client.get(path, headers={"Accept": "text/html", **headers})

    return ask


def visible(page: str) -> str:
    """Return what can be read of a page, in one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.split("</head>")[1]).split())


def nameless(page: str, number: str) -> str:
    return page.replace(number, "").replace(f"{number[:3]} {number[3:]}", "")


async def test_a_life(office: Office, get: Get) -> None:
    """Whoever knows the number of an open report follows it, and reads neither its people nor what they wrote."""
    report = office.files(number=OPEN, is_secret=False, description=REASON, place="di rumah Budi")
    first = visible((await get(f"/lacak/{OPEN}")).text)
    assert "Laporan SKD-734 1917" in first
    assert "Diterima (sekarang) Diteruskan (belum)" in first
    assert "Kami periksa paling lambat Kamis, 6 Agustus 2026" in first
    assert "Ditangani oleh" not in first  # the agency is proposed only
    office.does("rima", moves.verify, on=report)
    office.disposed(on=report)
    assert "Ditangani oleh Dinas Pekerjaan Umum dan Penataan Ruang" in visible(
        (await get(f"/lacak/{OPEN}")).text
    )
    office.does("budi", moves.answer, SOLUTION, on=report)
    answered = (await get(f"/lacak/{OPEN}")).text
    assert "Dijawab (sekarang) Selesai (belum)" in visible(answered)
    assert "Belum selesai?" in answered
    assert "https://t.me/SekadauAduanBot?start=buka-7341917" in answered
    assert "sms:081234567890?body=BUKA%207341917" in answered
    office.says(moves.reject, REASON, on=report)
    last = (await get(f"/lacak/{OPEN}?lang=en")).text
    assert "Passed on (done) Being worked on (now)" in visible(last)
    assert "Whoever reported it said that it is not solved." in last
    for page in (first, answered, last):
        assert not any(
            word in page for word in ("Xilarno", "Budi", SOLUTION.finding, SOLUTION.action, "5000000")
        )


async def test_late(office: Office, get: Get, clock: FakeClock) -> None:
    """A day that is past is said once, as missed: not as the next one, nor that we are just at it."""
    office.files(number=OPEN, is_secret=False)
    clock.move_to(FILED + timedelta(days=14))
    late = visible((await get(f"/lacak/{OPEN}")).text)
    assert "sudah kami terima, tetapi belum kami periksa. Diterima" in late
    assert "Seharusnya sudah kami periksa Kamis, 6 Agustus 2026." in late
    assert "sedang kami periksa" not in late
    assert "Batas berikutnya" not in late


async def test_the_simulators_panel(office: Office, service: Service) -> None:
    """It names an agency once one has the report, and the end of a report once."""

    def seen(number: str) -> Seen:
        with office.database.reading() as uow:
            found = look(uow, service, service.voice(Language.INDONESIAN), number, FILED.date()).chosen
        assert found is not None
        return found

    report = office.files(number=OPEN)
    assert seen(OPEN).agency == ""
    office.disposed(on=report)
    assert seen(OPEN).agency == "Dinas PUPR"
    second = office.files(number=SECRET)
    office.does("rima", moves.archive, "R3", "Tempatnya tidak disebut, dan tidak ada jawaban.", on=second)
    assert seen(SECRET).state == "Diarsipkan"


async def test_ends(office: Office, get: Get) -> None:
    """The line of steps tells the truth of what is held, forwarded, archived and closed by silence."""
    report = office.files(number=OPEN, is_secret=False)
    office.does("rima", moves.hold, "Di mana tepatnya?", on=report)
    assert "Kami menunggu keterangan tambahan dari pelapor." in (await get(f"/lacak/{OPEN}")).text
    office.does("rima", moves.archive, "R3", "Tempatnya tidak disebut, dan tidak ada jawaban.", on=report)
    archived = visible((await get(f"/lacak/{OPEN}")).text)
    assert "Diterima (sudah) Diarsipkan (sekarang)" in archived
    assert "Tulis “BANDING 7341917” dan alasannya" in archived
    second = office.files(number=SECRET, is_secret=False)
    office.does("rima", moves.forward, "PLN", "Urusan PLN.", on=second)
    assert "Ditangani oleh PT PLN (Persero)" in visible((await get(f"/lacak/{SECRET}")).text)
    office.does("rima", moves.answer, SOLUTION, on=second)
    office.says(moves.lapse, on=second)
    lapsed = visible((await get(f"/lacak/{SECRET}")).text)
    assert "lalu ditutup karena tidak ada balasan" in lapsed
    assert "Dijawab (sudah) Selesai (sekarang)" in lapsed


@pytest.mark.parametrize(
    ("number", "more"), [(SECRET, {}), (OVERSIGHT, {"is_secret": False, "type": "oversight"})]
)
async def test_guarded(office: Office, get: Get, vault: Vault, number: str, more: dict[str, Any]) -> None:
    """Of a secret report only who has its address sees anything, and only where it stands."""
    office.disposed("INSPEKTORAT" if more else "PUPR", on=office.files(number=number, **more))
    shown = await get(page_path(vault, number))
    assert "Diteruskan (sekarang)" in visible(shown.text)
    assert "Laporan ini rahasia" in shown.text
    assert not any(
        word in shown.text for word in ("Dinas Pekerjaan", "Inspektorat", "Agustus 2026", "Dilaporkan")
    )
    unknown = (await get(f"/lacak/{UNKNOWN}?k=x")).text
    assert "Tidak ada yang bisa ditampilkan" in unknown
    stranger = Vault([new_key()])
    for path in (f"/lacak/{number}", f"/lacak/{number}?k=x", page_path(stranger, number)):
        hidden = await get(path)
        assert hidden.status_code == 404
        expected = (await get(path.replace(number, UNKNOWN))).text
        assert hidden.text == expected.replace(UNKNOWN, number).replace(
            "SKD-940 1171", f"SKD-{number[:3]} {number[3:]}"
        )


async def test_key_outlives_rotation(office: Office, get: Get, vault: Vault, key: str) -> None:
    """An address from before a rotation still opens the page while the old key is kept, and a newer one does too."""
    office.files(number=SECRET)
    rotated = Vault([new_key(), key])
    for path in (page_path(vault, SECRET), page_path(rotated, SECRET)):
        office.database.vault = rotated
        assert (await get(path)).status_code == 200


async def test_typed(office: Office, get: Get) -> None:
    """The form takes a number as people type it; a slip is told without a look into the database."""
    found = await get("/lacak?nomor=skd-734+1917&lang=en")
    assert (found.status_code, found.headers["location"]) == (303, "/lacak/7341917?lang=en")
    for path in ("/lacak?nomor=7341918", "/lacak/7341918", "/lacak?nomor=%3Cb%3E", "/lacak/" + "7" * 500):
        slip = await get(path)
        assert slip.status_code in {400, 404}
        assert "Ada yang keliru di nomor ini" in slip.text
        assert "<b>" not in slip.text
    assert "Lacak laporan" in (await get("/lacak")).text


async def test_guessing_is_slow(office: Office, get: Get, clock: FakeClock, vault: Vault) -> None:
    """After some misses a client waits, whatever it asks for, unless it has a page's own address; then it goes on."""
    office.files(number=OPEN, is_secret=False)
    office.files(number=SECRET)
    for _ in range(MISSES):
        assert (await get(f"/lacak/{SECRET}")).status_code == 404
    refused = await get(f"/lacak/{OPEN}?k=guess")
    assert refused.status_code == 429
    assert refused.headers["retry-after"] == str(int(SECONDS))
    assert "Mohon tunggu sebentar" in refused.text
    assert (await get(page_path(vault, SECRET))).status_code == 200
    clock.move(SECONDS)
    assert (await get(f"/lacak/{OPEN}")).status_code == 200


async def test_many_guesses_at_once_are_as_slow(office: Office, get: Get) -> None:
    """Each counts before it is looked up; what is there counts for nothing. A household of IPv6 is one client."""
    office.files(number=OPEN, is_secret=False)
    home, neighbour = "2001:db8:0:1::", "2001:db8:0:2::"
    for _ in range(MISSES + 1):
        assert (await get(f"/lacak/{OPEN}", peer=f"{home}1")).status_code == 200
    guesses = (get(f"/lacak/{UNKNOWN}", peer=f"{home}{number:x}") for number in range(1, 2 * MISSES))
    said = Counter([answer.status_code for answer in await asyncio.gather(*guesses)])
    assert said == {404: MISSES, 429: MISSES - 1}
    assert (await get(f"/lacak/{OPEN}", peer=f"{home}ffff")).status_code == 429
    assert (await get(f"/lacak/{OPEN}", peer=f"{neighbour}1")).status_code == 200


async def test_not_kept(office: Office, get: Get) -> None:
    """No page of a report is kept by a browser or found by a search engine."""
    office.files(number=OPEN, is_secret=False)
    for path in ("/lacak", f"/lacak/{OPEN}", f"/lacak/{UNKNOWN}"):
        page = await get(path)
        assert page.headers["cache-control"] == "no-store"
        assert page.headers["x-robots-tag"] == "noindex, nofollow"
        assert page.headers["referrer-policy"] == "no-referrer"


async def test_first_page(get: Get) -> None:
    """Whoever comes learns how to report and where to look one up, in both languages."""
    page = (await get("/", **{"Accept-Language": "id"})).text
    assert "Ada masalah di Kabupaten Sekadau? Laporkan." in page
    assert "https://t.me/SekadauAduanBot" in page
    assert "sms:081234567890?body=LAPOR%20" in page
    assert 'action="/lacak"' in page
    assert "Is something wrong in Kabupaten Sekadau?" in (await get("/?lang=en")).text
