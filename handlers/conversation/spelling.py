"""Reads SMS spelling as standard words: for matching and search, never for what is stored or shown."""

import csv
import re
from functools import cache
from importlib import resources

from handlers.conversation.words import fold, remembered

#: how every amount of money is read: "100rb", "Rp 50.000", "2 juta", "300 ewu"
MONEY = "uang"
_MONEY = re.compile(
    r"\brp\.?\s*\d[\d.,]*(?:\s*(?:ribu|rb|juta|jt|k))?\b"
    r"|\b\d[\d.,]*\s*(?:ribu|rb|rebu|juta|jt|ewu|perak|rupiah)\b"
    r"|\b\d{1,3}(?:\.\d{3})+(?:,-)?(?!\d)",
    re.IGNORECASE,
)
_DOUBLED = re.compile(r"([a-z]{3,})2")


def standard_words(text: str) -> list[str]:
    """Return the words of a text in standard spelling, lower case, amounts of money as `MONEY`."""
    words, phrases, marked = _table()
    text = _MONEY.sub(f" {MONEY} ", text)
    text = marked.sub(lambda match: f" {words[match[0].casefold()]} ", text)
    standard = [part for word in fold(text).split() for part in _standard(word)]
    return _with_phrases(standard, phrases)


def is_gibberish(text: str) -> bool:
    """Tell whether a few words are but keys hit at random: nothing in them can be spoken or is a known short form."""
    words = standard_words(text) if len(text) <= _LONGEST_GIBBERISH else []
    return bool(words) and all(map(_UNSPEAKABLE.search, words))


_LONGEST_GIBBERISH = 40
_UNSPEAKABLE = re.compile(r"[bcdfghjklmnpqrstvwxz]{5}|^[^aiueoy\d]+$")


@remembered
def _standard(word: str) -> tuple[str, ...]:
    words, _, _ = _table()
    doubled = _DOUBLED.fullmatch(word)  # "lampu2"
    return tuple(words.get(word, doubled[1] if doubled else word).split())


def _with_phrases(words: list[str], phrases: dict[tuple[str, str], str]) -> list[str]:
    merged: list[str] = []
    for word in words:
        standard = phrases.get((merged[-1], word)) if merged else None
        if standard is None:
            merged.append(word)
        else:
            merged[-1:] = standard.split()
    return merged


@cache
def _table() -> tuple[dict[str, str], dict[tuple[str, str], str], re.Pattern[str]]:
    """Return spellings of one word, of two, and a pattern of those that `fold` would take apart ("u/", "e-ktp")."""
    file = resources.files("handlers.conversation").joinpath("spellings.csv")
    rows = list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))
    words = {row["written"]: row["standard"] for row in rows if " " not in row["written"]}
    pairs = (row["written"].split() for row in rows if " " in row["written"])
    standards = (row["standard"] for row in rows if " " in row["written"])
    phrases = {(first, second): standard for (first, second), standard in zip(pairs, standards, strict=True)}
    odd = "|".join(re.escape(written) for written in words if fold(written) != written)
    return words, phrases, re.compile(rf"(?<!\w)(?:{odd})(?!\w)", re.IGNORECASE)
