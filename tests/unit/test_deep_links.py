"""What a link into the chat brings along is read as the words about a report that it stands for, and nothing else."""

import pytest

from handlers.conversation.phrasebook import Word
from handlers.conversation.words import read_command
from handlers.deep_links import WORDS, payload_of, unfold
from storage.vocabulary import Channel


@pytest.mark.parametrize("word", list(WORDS))
def test_words_about_a_report(word: Word) -> None:
    """It does what the same words do that somebody writes."""
    text = unfold(f"/start {payload_of(word, '7341917')}")
    command = read_command(text, Channel.TELEGRAM)
    assert command is not None
    assert (command.word, command.rest) == (word, "7341917")


@pytest.mark.parametrize(
    "text", ["/start", "/start ABCDE-23456", "/start di-6109012001", "buka-7341917", "/start hapus-7341917"]
)
def test_everything_else(text: str) -> None:
    """Invitations, posters, and what people write stay as they are."""
    assert unfold(text) == text
