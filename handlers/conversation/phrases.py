"""Finds a table's words and phrases in a text that people typed: endings and slips of a letter aside."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Generic, TypeVar

from rapidfuzz.distance import OSA

from handlers.conversation.spelling import standard_words
from handlers.deployment_parts import AND

#: how many words such parts may span together
NEAR = 10
_ENDINGS = ("nya", "kah", "lah", "pun", "ku", "mu", "kan", "an", "ane", "ne", "e", "i")
_BEGINNINGS = ("di", "ber", "ter", "se", "ke", "nge", "ng")
_SHORTEST_STEM = 4
#: words shorter than this are never taken for a slip
_SHORTEST_SLIP = 7

T = TypeVar("T")
Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hit(Generic[T]):
    meaning: T
    #: index of the first word
    at: int
    phrase: str


class Phrases(Generic[T]):
    """A table from phrases to meanings; exceptions are phrases that hold words of others and mean nothing."""

    def __init__(self, meanings: Iterable[tuple[str, T]], exceptions: Iterable[str] = ()) -> None:
        self._plain: dict[Words, list[tuple[str, T]]] = defaultdict(list)
        self._spread: list[tuple[tuple[Words, ...], str, T]] = []
        for phrase, meaning in meanings:
            parts = _parts(phrase)
            if len(parts) == 1:
                self._plain[parts[0]].append((phrase, meaning))
            else:
                self._spread.append((parts, phrase, meaning))
        self._exceptions: list[tuple[Words, ...]] = []
        for parts in map(_parts, exceptions):
            if len(parts) == 1:
                self._plain.setdefault(parts[0], [])
            else:
                self._exceptions.append(parts)
        self._longest = max(map(len, self._plain), default=0)
        self._vocabulary = frozenset(
            word
            for parts in [
                *([plain] for plain in self._plain),
                *(p for p, _, _ in self._spread),
                *self._exceptions,
            ]
            for part in parts
            for word in part
        )
        self._by_shape: dict[tuple[str, int], list[str]] = defaultdict(list)
        for word in sorted(self._vocabulary):
            self._by_shape[word[0], len(word)].append(word)

    def find(self, words: Sequence[str]) -> list[Hit[T]]:
        """Return what a text's standard words hold; of overlapping phrases the longest, spread ones once."""
        known = tuple(self._known(word) for word in words)
        free, present = [True] * len(known), frozenset(known)
        for parts in self._exceptions:
            for start, end in _where(parts, known, free) if _are_all_in(present, parts) else ():
                free[start:end] = [False] * (end - start)
        return [*self._find_plain(known, free), *self._find_spread(known, present, free)]

    def _find_plain(self, known: Words, free: list[bool]) -> Iterator[Hit[T]]:
        """Yield hits of phrases in one piece; the words of exceptions are not free after it."""
        at = 0
        while at < len(known):
            part = self._longest_at(known, free, at)
            if part:
                yield from (Hit(meaning, at, phrase) for phrase, meaning in self._plain[part])
                if not self._plain[part]:
                    free[at : at + len(part)] = [False] * len(part)
            at += len(part) or 1

    def _longest_at(self, known: Words, free: Sequence[bool], at: int) -> Words:
        lengths = range(min(self._longest, len(known) - at), 0, -1)
        parts = (known[at : at + length] for length in lengths if all(free[at : at + length]))
        return next((part for part in parts if part in self._plain), ())

    def _find_spread(self, known: Words, present: frozenset[str], free: Sequence[bool]) -> Iterator[Hit[T]]:
        for parts, phrase, meaning in self._spread:
            if _are_all_in(present, parts) and (spans := _where(parts, known, free)):
                yield Hit(meaning, min(start for start, _ in spans), phrase)

    def _known(self, word: str) -> str:
        """Return the table's word that a typed word stands for, else the word itself."""
        if word in self._vocabulary:
            return word
        return self._stem(word) or self._slip(word) or word

    def _stem(self, word: str) -> str | None:
        bare = [word, *(word[len(start) :] for start in _BEGINNINGS if word.startswith(start))]
        ended = [stem[: -len(end)] for stem in bare for end in _ENDINGS if stem.endswith(end)]
        return next(
            (stem for stem in (*bare, *ended) if len(stem) >= _SHORTEST_STEM and stem in self._vocabulary),
            None,
        )

    def _slip(self, word: str) -> str | None:
        if len(word) < _SHORTEST_SLIP or not word.isalpha():
            return None
        lengths = (len(word), len(word) - 1, len(word) + 1)
        return next(
            (
                near
                for length in lengths
                if length >= _SHORTEST_SLIP
                for near in self._by_shape.get((word[0], length), ())
                if OSA.distance(word, near, score_cutoff=1) <= 1
            ),
            None,
        )


def _parts(phrase: str) -> tuple[Words, ...]:
    return tuple(tuple(standard_words(part)) for part in phrase.split(AND))


def _are_all_in(present: frozenset[str], parts: tuple[Words, ...]) -> bool:
    return all(present.issuperset(part) for part in parts)


def _where(parts: tuple[Words, ...], known: Words, free: Sequence[bool]) -> tuple[tuple[int, int], ...]:
    """Return start and end of each part, where all of them stand near each other; else nothing."""
    spans = [
        [
            (at, at + len(part))
            for at in range(len(known) - len(part) + 1)
            if known[at : at + len(part)] == part and all(free[at : at + len(part)])
        ]
        for part in parts
    ]
    for first in spans[
        0
    ]:  # the others are looked for around it: a long text that repeats itself costs no more
        around = [[span for span in others if abs(span[0] - first[0]) <= NEAR] for others in spans[1:]]
        found = next((each for each in product([first], *around) if _are_near(each)), None)
        if found:
            return found
    return ()


def _are_near(spans: tuple[tuple[int, int], ...]) -> bool:
    return max(end for _, end in spans) - min(start for start, _ in spans) <= NEAR
