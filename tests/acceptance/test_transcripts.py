"""Whole dialogues as text files: each is played by the real program and must come out as it stands.

UPDATE_TRANSCRIPTS=1 writes them anew; read the difference aloud before it is committed.
"""

import asyncio
import os
from pathlib import Path

import pytest

from bot.story import play
from tests.deployment import sekadau

ROOT = Path(__file__).parents[2]
FOLDER = Path(__file__).parents[1] / "transcripts"


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.txt")), ids=lambda path: path.stem)
def test_dialogue(path: Path, tmp_path: Path) -> None:
    """The dialogue goes as written."""
    written = path.read_text(encoding="utf-8")
    played = asyncio.run(play(written, sekadau(), tmp_path))
    if os.environ.get("UPDATE_TRANSCRIPTS"):
        path.write_text(played, encoding="utf-8")
        return
    assert played == written


def test_readme_shows_what_the_demo_plays(tmp_path: Path) -> None:
    """The dialogue in the README is what comes out today."""
    story = (ROOT / "bot" / "stories" / "demo.txt").read_text(encoding="utf-8")
    shown = (ROOT / "README.md").read_text(encoding="utf-8").split("```text\n")[1].split("\n```")[0]
    assert shown in asyncio.run(play(story, sekadau(), tmp_path))
