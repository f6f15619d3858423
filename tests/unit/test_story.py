"""How dialogues are written: who is there, in which group, and what comes along."""

import asyncio
from pathlib import Path

import pytest

from bot.channels.base import OutFile
from bot.script import Line, StoryError, parse
from bot.story import StoryChannel, play, render_chat
from handlers.messages import Address, Reply
from storage.vocabulary import Channel
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
