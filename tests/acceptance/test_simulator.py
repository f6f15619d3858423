"""`/simulator` of the real program: a whole life without any account, by plain forms and by pushed events."""

import asyncio
import html
import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from tests.acceptance.program import Program, prepared
from tests.visitor import CITIZEN, COORDINATOR, ROADS, SMS_CITIZEN, Visitor, bubbles_in

pytestmark = pytest.mark.asyncio(loop_scope="module")

WHOLE = "jalan berlubang besar depan SDN 1 ds mungguk sejak kemarin, anak2 sering jatuh"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def program(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Program]:
    """A program that has no provider."""
    async with prepared(tmp_path_factory.mktemp("simulator")) as one:
        yield one
        assert await one.stop() == 0
        assert "Traceback" not in one.output


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def visitor(program: Program) -> AsyncIterator[Visitor]:
    """Somebody at its page, on the morning of a working day; tests bring in people of their own."""
    async with httpx.AsyncClient(base_url=program.url, trust_env=False, timeout=30) as client:
        one = Visitor(client)
        await one.posts("clock", {"to": "morning"})
        yield one


@pytest_asyncio.fixture(loop_scope="module")
async def citizen(visitor: Visitor) -> int:
    """Somebody new on Telegram."""
    return await visitor.brings_in(channel="telegram")


async def files_a_report(visitor: Visitor, citizen: int) -> str:
    """Report by Telegram with an album of three pictures and return the number."""
    assert "Ada foto?" in (await visitor.says(citizen, WHOLE)).words
    assert "sudah kami terima" in (await visitor.says(citizen, sample="album")).words
    await visitor.presses(citizen, "Lanjut")
    await visitor.presses(citizen, "Rahasia (disarankan)")
    receipt = await visitor.presses(citizen, "Kirim")
    (number,) = re.findall(r"Nomornya: SKD-(\d{3} \d{4})", receipt.words)
    (address,) = re.findall(r'href="http://[^/]+(/simulator/lacak/[^"]+)"', receipt.source)
    page = await visitor.client.get(html.unescape(address))
    assert page.status_code == 200
    assert f"SKD-{number}" in html.unescape(page.text).replace("\xa0", " ")
    return str(number).replace(" ", "")


async def test_the_address_to_try_it_at_is_told_first(program: Program) -> None:
    """Before the channels that are off; nothing else has to be set up."""
    first = next(line for line in program.output.splitlines() if line and "warning" not in line)
    assert first == f"Try it: {program.url}/simulator"


async def test_a_whole_life(visitor: Visitor, citizen: int) -> None:
    """Reported, passed on, answered with a picture, confirmed and rated: each in their own chat."""
    number = await files_a_report(visitor, citizen)
    card = visitor.newest(COORDINATOR)
    assert "Laporan baru, perlu diperiksa." in card.words
    album = visitor.chat(COORDINATOR)[-2]
    assert len(re.findall(r"<img ", album.source)) == 3
    assert "diteruskan ke Dinas PUPR" in (await visitor.says(COORDINATOR, f"/disposisi PUPR {number}")).words
    assert "Laporan baru untuk instansi Anda." in visitor.newest(ROADS).words
    for said in (
        f"/jawab {number}",
        "Lubang selebar dua meter di depan sekolah",
        "Lubang sudah ditambal aspal",
    ):
        await visitor.says(ROADS, said)
    await visitor.presses(ROADS, "Hari ini")
    assert "Warga akan menerima" in (await visitor.says(ROADS, sample="road")).words
    await visitor.presses(ROADS, "Kirim")
    assert "dijawab Dinas Pekerjaan Umum" in visitor.newest(citizen).words
    assert "<img " in visitor.newest(citizen).source
    await visitor.presses(citizen, "Ya, sudah")
    await visitor.presses(citizen, "5 (baik)")
    report = visitor.page.split('id="report"')[1]
    for line in (
        "Laporan masuk",
        "Diteruskan: Dinas PUPR",
        "Dijawab",
        "Warga: sudah selesai",
        "Dinilai warga",
    ):
        assert line in report


async def test_a_report_by_sms_counts_its_parts(visitor: Visitor) -> None:
    """The SMS phone gets the short wording in GSM-7, without buttons; both sides show how many SMS it takes."""
    asked = await visitor.says(SMS_CITIZEN, WHOLE)
    assert re.search(r"1 SMS", asked.words)
    assert not asked.buttons
    receipt = await visitor.says(SMS_CITIZEN, "YA")
    assert re.search(r"no\. SKD-\d{3} \d{4}\.", receipt.words)
    await visitor.says(SMS_CITIZEN, "terima kasih banyak " * 12)
    assert "2 SMS" in [one for one in visitor.chat(SMS_CITIZEN) if one.is_own][-1].words


async def test_the_first_pages_form_leads_to_the_simulators_reports(visitor: Visitor, citizen: int) -> None:
    """It asks there; among the real ones its numbers are unknown, the page says where to look, and there it is."""
    assert '<form action="/simulator/lacak"' in (await visitor.client.get("/")).text
    await visitor.says(citizen, WHOLE)
    for label in ("Lewati", "Anonim", "Kirim"):
        receipt = await visitor.presses(citizen, label)
    (number,) = re.findall(r"Nomornya: SKD-(\d{3} \d{4})", receipt.words)
    ask = {"nomor": number, "lang": "id"}
    missed = await visitor.client.get("/lacak", params=ask, follow_redirects=True)
    (address,) = re.findall(r'href="(/simulator/lacak\?[^"]+)"', missed.text)
    found = await visitor.client.get(html.unescape(address), follow_redirects=True)
    assert (missed.status_code, found.status_code) == (404, 200)
    unknown = await visitor.client.get("/simulator/lacak", params={"nomor": "9401171"}, follow_redirects=True)
    assert (unknown.status_code, "Cari di simulator" in unknown.text) == (404, False)


async def test_the_clock_reminds_and_misses_deadlines(visitor: Visitor, citizen: int) -> None:
    """To the next deadline, and past it: the officer is reminded, the citizen told; then none lies ahead."""
    await files_a_report(visitor, citizen)
    await visitor.posts("clock", {"to": "deadline"})
    assert "Di meja Anda" in visitor.newest(COORDINATOR).words
    assert "(hari ini)" in visitor.page
    await visitor.posts("clock", {"to": "deadline"})
    assert "(terlambat 1 hari kerja)" in visitor.page
    assert "Batas waktu lewat" in visitor.page
    refused = await visitor.posts("clock", {"to": "deadline"})
    assert "yang masih terbuka sudah lewat batasnya" in refused.text


async def test_a_recalled_draft(visitor: Visitor, citizen: int) -> None:
    """Ten minutes are ten minutes: what was begun is asked after, once it is time."""
    await visitor.says(citizen, WHOLE)
    before = len(visitor.chat(citizen))
    for _ in range(4):
        await visitor.posts("clock", {"to": "minutes"})
    assert len(visitor.chat(citizen)) == before + 1


async def test_places_stickers_voices_replies_and_edits(visitor: Visitor, citizen: int) -> None:
    """What people send besides texts comes in as it does on Telegram, with the keyboard that asks for a place."""
    await visitor.says(citizen, "sampah menumpuk tidak diangkut seminggu, baunya sampai ke rumah")
    assert 'name="what" value="place">Kirim lokasi saya<' in visitor.page
    asked = await visitor.says(citizen, what="place", point="-0.01164, 110.91581")
    assert "Titik Anda ada di Desa Mungguk" in asked.words
    assert "Kirim lokasi saya<" not in visitor.page
    await visitor.presses(citizen, "Ya")
    assert "sudah kami terima (1)" in (await visitor.says(citizen, what="voice")).words
    sent = len(visitor.chat(citizen))
    await visitor.says(citizen, what="sticker")
    assert len(visitor.chat(citizen)) == sent + 2
    told = next(one for one in visitor.chat(citizen) if "sampah menumpuk" in one.words)
    answer = await visitor.says(citizen, "sampah menumpuk tidak diangkut sebulan", edit=str(told.number))
    assert "Perubahan Anda sudah kami catat." in answer.words
    changed = next(one for one in visitor.chat(citizen) if one.number == told.number)
    assert "sebulan" in changed.words
    assert "diubah" in changed.words
    await visitor.says(citizen, "lewati", reply=str(answer.number))
    assert "<blockquote>" in [one for one in visitor.chat(citizen) if one.is_own][-1].source


async def test_own_files_come_in_by_what_they_are(visitor: Visitor, citizen: int) -> None:
    """A page that says to be one is shown to nobody as a page, and refused by its content; its sender is told."""
    await visitor.says(citizen, WHOLE)
    page = b"<script>alert(1)</script>"
    await visitor.says(citizen, files=[("files", ("a.html", page, "text/html"))])
    own = [one for one in visitor.chat(citizen) if one.is_own][-1]
    (address,) = re.findall(r'href="(/simulator/files/\d+)"', own.source)
    answer = await visitor.client.get(address)
    assert answer.content == page
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"] == "attachment"
    assert "tidak bisa kami terima" in visitor.newest(citizen).words


async def test_more_people_come_in(visitor: Visitor) -> None:
    """A citizen by SMS, and an officer of another agency who gets to work at once."""
    citizen = await visitor.brings_in(channel="sms")
    assert "YA untuk kirim" in (await visitor.says(citizen, WHOLE)).words
    officer = await visitor.brings_in(role="liaison", agency="DLH", channel="telegram")
    assert ">DLH<" in visitor.page
    assert "Tugas Anda" in (await visitor.says(officer, "/daftar")).words
    await visitor.brings_in(role="liaison", agency="DLH", channel="sms")
    assert ">DLH 2<" in visitor.page
    answer = await visitor.posts("people", {"role": "liaison", "agency": "PLN", "channel": "sms"})
    assert answer.status_code == 422


async def test_the_page_speaks_both_languages(visitor: Visitor) -> None:
    """The page's own words follow its address; what the program says to people follows the people."""
    page = await Visitor(visitor.client, "lang=en").looks()
    assert '<html lang="en">' in page
    assert "Next working day" in page


SLIPS: list[tuple[str, dict[str, str], int]] = [
    ("people/1/messages", {"text": ""}, 422),
    ("people/1/messages", {"text": "x" * 4097}, 422),
    ("people/1/messages", {"text": "x" * 1025, "sample": "road"}, 422),
    ("people/2/messages", {"text": "x" * 1531}, 422),
    ("people/1/messages", {"what": "place", "point": "91, 0"}, 422),
    ("people/1/messages", {"what": "place", "point": "NaN, inf"}, 422),
    ("people/1/messages", {"text": "hai", "reply": "999"}, 422),
    ("people/999/messages", {"text": "hai"}, 422),
    ("people/x/messages", {"text": "hai"}, 422),
    ("people/9223372036854775808/messages", {"text": "hai"}, 422),
    ("people/1/presses", {"data": "x"}, 422),
    ("people/1/presses", {"bubble": "99999", "data": "x"}, 422),
    ("people", {"role": "king", "channel": "sms"}, 422),
    ("people", {"channel": "fax"}, 422),
    ("clock", {"to": "yesterday"}, 422),
]
BROKEN = [
    ("multipart/form-data; boundary=x", b"--x\r\nnonsense"),
    ("multipart/form-data", b"nonsense"),
    ("application/x-www-form-urlencoded", b"text=%ff%fe%00\xff"),
    ("text/plain", b"\x00\xff"),
    ("multipart/form-data; boundary=x", b"x" * 25_000_001),
]


async def test_what_cannot_be_done_is_said_in_words(visitor: Visitor) -> None:
    """A slip is told on the page itself, and whatever bytes are posted, it is never our fault."""
    for path, data, status in SLIPS:
        answer = await visitor.posts(path, data)
        assert answer.status_code == status, path
        assert status != 422 or re.search(r'role="alert" >\w', answer.text), path
    many = [("files", (f"{number}.txt", b"x", "text/plain")) for number in range(13)]
    answer = await visitor.posts(f"people/{CITIZEN}/messages", files=many)
    assert (answer.status_code, "paling banyak 10 sekali kirim" in answer.text) == (422, True)
    for kind, body in BROKEN:
        headers = {"Sec-Fetch-Site": "same-origin", "Content-Type": kind}
        answer = await visitor.client.post(
            f"/simulator/people/{CITIZEN}/messages", content=body, headers=headers
        )
        assert answer.status_code in {204, 422}, kind
    for path in ("files/999", "files/9223372036854775808", "files/x", "f/x", "else"):
        assert (await visitor.client.get(f"/simulator/{path}")).status_code == 404, path


async def test_only_this_computers_own_page_gets_in(visitor: Visitor) -> None:
    """A name that merely points here (DNS rebinding) or a proxy reads nothing, a form of another site does nothing."""
    for host in ("evil.example", "127.0.0.1.evil.example:8080", "127.0.0.1@evil.example", "[", ""):
        assert (await visitor.client.get("/simulator/", headers={"Host": host})).status_code in {400, 403}, (
            host
        )
    for header in ("X-Forwarded-For", "X-Forwarded-Proto", "Forwarded", "Via", "X-Real-IP"):
        assert (
            await visitor.client.get("/simulator/", headers={header: "203.0.113.9"})
        ).status_code == 403, header
    strangers: tuple[dict[str, str], ...] = (
        {},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    )
    for headers in strangers:
        assert (await visitor.client.post("/simulator/reset", headers=headers)).status_code == 403, headers
    ours = {"Origin": str(visitor.client.base_url).rstrip("/")}  # a browser without Sec-Fetch-Site
    answer = await visitor.client.post(
        f"/simulator/people/{CITIZEN}/messages", data={"text": "hai"}, headers=ours
    )
    assert answer.status_code == 204


# --- pushed ---


async def events_since(visitor: Visitor, since: str, until: str, **headers: str) -> list[tuple[str, str]]:
    """Return (name, last id) of the events from one on until one holds a text."""
    found = []
    query = {"since": since, "lang": "id"}
    async with (
        asyncio.timeout(15),
        visitor.client.stream("GET", "/simulator/events", params=query, headers=headers) as answer,
    ):
        assert answer.headers["content-type"].startswith("text/event-stream")
        name, number, said = "", "", ""
        async for line in answer.aiter_lines():
            kind, _, value = line.partition(": ")
            match kind:
                case "event":
                    name, number, said = value, "", ""
                case "id":
                    number = value
                case "data":
                    said += value
                case "" if name:
                    found.append((name, number))
                    if until in said or name == until:
                        return found
                    name = ""
    return found


def since_of(page: str) -> str:
    (since,) = re.findall(r'data-since="([^"]+)"', page)
    return str(since)


async def test_events_are_pushed_and_none_is_missed(visitor: Visitor, citizen: int) -> None:
    """Who was away gets, by the id of the last event seen, what came meanwhile and nothing twice."""
    await visitor.looks()
    since = since_of(visitor.page)
    stream = asyncio.ensure_future(events_since(visitor, since, "Ada foto?"))
    other = Visitor(visitor.client)
    await other.says(citizen, WHOLE)
    first = await stream
    bubbles = [number for name, number in first if name == "bubble"]
    assert len(bubbles) == 2
    assert {"piece"} <= {name for name, _ in first}
    await other.presses(citizen, "Lewati")
    await other.says(SMS_CITIZEN, "status")
    newest = other.newest(SMS_CITIZEN)
    more = await events_since(visitor, since, f"bubble-{newest.number}", **{"Last-Event-ID": bubbles[-1]})
    later = [number for name, number in more if name == "bubble"]
    # The question that was replaced in its place, the SMS, the answer to it.
    assert len(later) == 3
    assert not set(bubbles) & set(later)


async def test_a_page_of_an_earlier_trial_loads_anew(visitor: Visitor) -> None:
    """After starting over its numbers mean nothing any more."""
    await visitor.looks()
    since = since_of(visitor.page)
    await visitor.posts("reset")
    assert since_of(visitor.page) != since
    assert await events_since(visitor, since, "reload") == [("reload", "")]


async def test_a_restart_in_the_middle(tmp_path: Path) -> None:
    """Chats, clock and people are the same after a kill; what the page did not hear of and repeats is sent once."""
    async with prepared(tmp_path) as program:
        async with httpx.AsyncClient(base_url=program.url, trust_env=False, timeout=30) as client:
            visitor = Visitor(client)
            await visitor.posts("clock", {"to": "morning"})
            await visitor.says(CITIZEN, WHOLE, key="sent-1")
            before = bubbles_in(visitor.page)
            clock = re.findall(r'id="clock"><time datetime="([^"]{13})', visitor.page)
            await program.kill()
            await program.start()
            assert bubbles_in(await visitor.looks()) == before
            assert re.findall(r'id="clock"><time datetime="([^"]{13})', visitor.page) == clock
            await visitor.says(CITIZEN, WHOLE, key="sent-1")
            assert bubbles_in(visitor.page) == before
            assert "Siapa yang boleh tahu" in (await visitor.presses(CITIZEN, "Lewati")).words
            async with client.stream(
                "GET", "/simulator/events", params={"since": since_of(visitor.page)}
            ) as stream:
                assert "retry" in await anext(stream.aiter_lines())
                assert await program.stop() == 0  # though a stream is open
        assert "Traceback" not in program.output
