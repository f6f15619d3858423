"""What a reporter says of an answer: solved or not yet, with what reason; how many stars; SETUJU."""

import re
from dataclasses import dataclass

from handlers.conversation.phrasebook import (
    AFTER_NOT_YET,
    AGAIN,
    BACK,
    BUT,
    CONSENT_FILLERS,
    CONSENTS,
    STAR_FILLERS,
    STARS,
    STILL,
    VERDICT_FILLERS,
    VERDICTS,
)
from handlers.conversation.words import fold, phrase_table, read_phrase, words_of


@dataclass(frozen=True, slots=True)
class Verdict:
    is_solved: bool
    #: what was said besides
    words: str = ""


_VERDICTS = phrase_table(VERDICTS, VERDICT_FILLERS)
STILL_SAID, _AFTER_NOT_YET = frozenset(words_of(STILL)), frozenset(words_of(AFTER_NOT_YET))
_AGAIN, _BACK = frozenset(words_of(AGAIN)), frozenset(words_of(BACK))
_STARS = phrase_table(STARS, STAR_FILLERS)
_CONSENTS = phrase_table(CONSENTS, CONSENT_FILLERS)
#: the first words, up to a mark or a "but"
_HEAD = re.compile(
    rf"(?P<head>[^,.;:!\n–—]+?)(?P<mark>[,.;:!\n–—]+|\b(?:{BUT})\b)\s*(?P<rest>.+)", re.IGNORECASE | re.DOTALL
)
_BUT = re.compile(rf"(?:{BUT})\b", re.IGNORECASE)
#: words of a sentence that may tell of what is not solved; a longer one is rather a report of its own
_FEW_WORDS = 12
#: of "eh rusak lagi pak"
_VERY_FEW = 4


def read_verdict(text: str) -> Verdict | None:
    """Return what a text says to "is it solved?"; None: it may well be about something else."""
    text = text.strip()
    if text.endswith("?"):
        return None
    bare = _bare(text)
    if bare is not None:
        return Verdict(bare)
    if (parted := _parted(text)) is not None:
        return parted
    words = words_of(text)
    if words[:1] == ("belum",):
        rest = text.split(maxsplit=1)[1:] if words[1:2] and words[1] in _AFTER_NOT_YET else [text]
        return Verdict(is_solved=False, words=rest[0])
    if len(words) <= _VERY_FEW and _AGAIN & set(words) and _BACK & set(words):
        return Verdict(is_solved=False, words=text)
    is_still = words[:1] and (words[0] in STILL_SAID or (_BUT.match(text) and STILL_SAID & set(words)))
    if words[:2] == ("not", "yet") or (is_still and len(words) <= _FEW_WORDS):
        return Verdict(is_solved=False, words=text)
    return None


def _bare(text: str) -> bool | None:
    """Return the verdict that all the words of a text are, politeness aside."""
    said = read_phrase(text, _VERDICTS)
    if said is None and text.lower().startswith(("ya ", "iya ", "ya,", "iya,", "yes ", "yes,")):
        said = read_phrase(text.split(maxsplit=1)[-1], _VERDICTS)  # "ya, belum"
    return None if said is None else said == "solved"


def _parted(text: str) -> Verdict | None:
    """Read a verdict and what follows it: "sudah, tapi masih bocor", "belum beres. Airnya keruh"."""
    match = _HEAD.fullmatch(text)
    head = _bare(match["head"]) if match else None
    if match is None or head is None:
        return None
    rest = match["rest"].strip()
    if head is False:
        return Verdict(is_solved=False, words=rest)
    words = words_of(rest)
    if _BUT.match(match["mark"]) or _BUT.match(rest) or STILL_SAID & set(words):
        return Verdict(is_solved=False, words=text)
    is_clear = "tidak" not in words and len(words) <= _FEW_WORDS
    return Verdict(is_solved=True, words=rest) if is_clear else None


def read_stars(text: str) -> int | None:
    """Return 1 to 5, said alone or as "nilai 4" or "5 (baik)"."""
    said = read_phrase(fold(text), _STARS)
    return int(said) if said else None


def read_consent(text: str) -> bool | None:
    """Return what a text says to "may we pass it on?"; None: nothing, or not clearly."""
    said = read_phrase(text, _CONSENTS)
    return None if said is None else said == "agree"
