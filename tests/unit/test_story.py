"""How dialogues are written: who is there, in which group, and what comes along."""

import asyncio
from pathlib import Path

import pytest

from bot.channels.base import OutFile
from bot.script import Line, Post, StoryError, parse
from bot.story import StoryChannel, play, render_chat
from handlers.messages import Address, Reply
from storage.vocabulary import Channel, Role
from tests.deployment import sekadau

HEAD = "# Grup\nat: 2026-08-03 09:05\nactors: Warga=sms, Liaison=telegram, Kepala=telegram\n"
GROUPS = "groups: Grup PUPR=Liaison, Kepala; Grup Lain=Kepala\n"


def test_groups() -> None:
    """Somebody speaks in a group of theirs, or to the bot alone."""
    story = parse(f"{HEAD}{GROUPS}\nLiaison@Grup PUPR: /daftar\n\nKanal → Grup PUPR: a\n\nKepala: a@b: c\n")
    assert story.groups == {"Grup PUPR": ("Liaison", "Kepala"), "Grup Lain": ("Kepala",)}
    assert story.steps == [Line("Liaison", "/daftar", "Grup PUPR"), Line("Kepala", "a@b: c")]


@pytest.mark.parametrize(
    "text",
    [
        f"{HEAD}{GROUPS}\nLiaison@Grup Lain: /daftar",
        f"{HEAD}{GROUPS}\nLiaison@Grup Hilang: /daftar",
        f"{HEAD}groups: Grup PUPR=Bupati\n\n-- +1d",
        f"{HEAD}weather: fine\n\n-- +1d",
        "actors: Warga=sms\n\n-- +1d",
    ],
    ids=["not a member", "no such group", "no such actor", "unknown line", "no time"],
)
def test_slips_in_a_story(text: str) -> None:
    """What cannot be meant is told, not played."""
    with pytest.raises(StoryError):
        parse(text)


def test_group_is_played(tmp_path: Path) -> None:
    """What was said in a group stands there again, and so does the head."""
    text = f"{HEAD}{GROUPS}\nLiaison@Grup PUPR: /daftar\n"
    assert asyncio.run(play(text, sekadau(), tmp_path)).startswith(text)


def test_files_are_shown() -> None:
    """What came along stands on a line before the text."""
    channel = StoryChannel(Channel.TELEGRAM, render_chat)
    files = [
        OutFile("foto-1.jpg", "image/jpeg", b""),
        OutFile("rekap.png", "image/png", b""),
        OutFile("suara-3.ogg", "audio/ogg", b""),
        OutFile("daftar.csv", "text/csv", b""),
    ]
    asyncio.run(channel.send(Address(Channel.TELEGRAM, "1"), Reply("Ini.", ""), files=files))
    assert channel.shown[0].text == "(foto) (gambar) (suara) (berkas daftar.csv)\nIni."


def test_officers_have_their_posts_from_the_beginning() -> None:
    """Role, agency, deputy, each only where there is one."""
    told = parse(
        "at: 2026-08-03 09:05\nactors: Rima=telegram, Dewi=sms\n"
        "officers: Rima=coordinator, Dewi=liaison PUPR deputy\n\nRima: /daftar\n"
    )
    assert told.posts == {
        "Rima": Post(Role.COORDINATOR, None, is_deputy=False),
        "Dewi": Post(Role.LIAISON, "PUPR", is_deputy=True),
    }


@pytest.mark.parametrize("officers", ["Budi=liaison PUPR", "Rima=king", "Rima", "Rima=liaison PUPR maybe"])
def test_posts_that_cannot_be_are_told(officers: str) -> None:
    """Nobody's, and of no known form."""
    with pytest.raises(StoryError, match="expected `officers: "):
        parse(f"at: 2026-08-03 09:05\nactors: Rima=telegram\nofficers: {officers}\n\n")


def test_a_post_without_its_agency_is_told(tmp_path: Path) -> None:
    """With the actor whose it is."""
    text = "at: 2026-08-03 09:05\nactors: Rima=telegram\nofficers: Rima=liaison PLN\n\nRima: /daftar\n"
    with pytest.raises(StoryError, match=r"^Rima: "):
        asyncio.run(play(text, sekadau(), tmp_path))


def test_who_has_a_post_works_with_it(tmp_path: Path) -> None:
    """The new report reaches the coordinator, and the head comes out as it went in."""
    head = "at: 2026-08-03 09:05\nactors: Warga=sms, Rima=telegram\nofficers: Rima=coordinator\n\n"
    said = "Warga: LAPOR lampu jln mati dpn sd 3 ds mungguk\n\nWarga: lewati\n\nWarga: 1\n\nWarga: ya\n"
    told = asyncio.run(play(head + said, sekadau(), tmp_path))
    assert told.startswith(head)
    assert "Kanal → Rima: " in told


def test_downtime_and_changed_settings(tmp_path: Path) -> None:
    """While the program is down nothing is said; a changed line of the deployment file counts from then on."""
    head = "at: 2026-08-03 09:05\nactors: Warga=sms\n\n"
    said = "Warga: LAPOR lampu jln mati dpn sd 3 ds mungguk\n\n{}\n\nWarga: ya\n"
    told = asyncio.run(play(head + said.format("-- 2026-08-05 09:00 (mati)"), sekadau(), tmp_path))
    assert "-- 2026-08-05 09:00 (mati)\n\nWarga: ya\n" in told
    (tmp_path / "story.db").unlink()
    told = asyncio.run(play(head + said.format("-- deadlines.check: 1"), sekadau(), tmp_path))
    assert "-- deadlines.check: 1\n\nWarga: ya\n" in told
    assert "Kami periksa paling lambat Sel 04/08" in told


@pytest.mark.parametrize(
    "line", ["deadlines.check: 0", "deadlines.chekc: 1", "nothing.such: 1", "number.x.y: 1"]
)
def test_settings_that_cannot_be_are_told(line: str, tmp_path: Path) -> None:
    """With the line as it was written."""
    with pytest.raises(StoryError, match=line):
        asyncio.run(play(f"{HEAD}\n-- {line}\n", sekadau(), tmp_path))
