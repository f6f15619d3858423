"""Finds a table's words and phrases in a text that people typed: endings and slips of a letter aside."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from operator import itemgetter
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
Parts = tuple[Words, ...]


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
        spread: list[tuple[Parts, tuple[str, T]]] = []
        for phrase, meaning in meanings:
            parts = _parts(phrase)
            if len(parts) == 1:
                self._plain[parts[0]].append((phrase, meaning))
            else:
                spread.append((parts, (phrase, meaning)))
        spread_exceptions: list[tuple[Parts, None]] = []
        for parts in map(_parts, exceptions):
            if len(parts) == 1:
                self._plain.setdefault(parts[0], [])
            else:
                spread_exceptions.append((parts, None))
        self._spread, self._exceptions = _Spread(spread), _Spread(spread_exceptions)
        self._lengths = _lengths_by_first_word(self._plain)
        self._vocabulary = frozenset(
            word for part in [*self._plain, *self._spread.parts, *self._exceptions.parts] for word in part
        )
        self._by_shape: dict[tuple[str, int], list[str]] = defaultdict(list)
        for word in sorted(self._vocabulary):
            self._by_shape[word[0], len(word)].append(word)

    def find(self, known: Words) -> list[Hit[T]]:
        """Return what a text's known words hold; of overlapping phrases the longest, spread ones once."""
        present = self._vocabulary.intersection(known)
        if not present:
            return []
        free = [True] * len(known)
        for parts, _ in self._exceptions.held_by(present):
            for start, end in _where(parts, known, free):
                free[start:end] = [False] * (end - start)
        return [*self._find_plain(known, free), *self._find_spread(known, present, free)]

    def _find_plain(self, known: Words, free: list[bool]) -> Iterator[Hit[T]]:
        """Yield hits of phrases in one piece; the words of exceptions are not free after it."""
        taken = 0
        for at, word in enumerate(known):
            if at < taken or word not in self._lengths:
                continue
            part = self._longest_at(known, free, at)
            if not part:
                continue
            taken = at + len(part)
            if not self._plain[part]:
                free[at:taken] = [False] * len(part)
            yield from (Hit(meaning, at, phrase) for phrase, meaning in self._plain[part])

    def _longest_at(self, known: Words, free: Sequence[bool], at: int) -> Words:
        for length in self._lengths[known[at]]:
            part = known[at : at + length]
            if part in self._plain and all(free[at : at + length]):
                return part
        return ()

    def _find_spread(self, known: Words, present: frozenset[str], free: Sequence[bool]) -> Iterator[Hit[T]]:
        for parts, (phrase, meaning) in self._spread.held_by(present):
            if spans := _where(parts, known, free):
                yield Hit(meaning, min(start for start, _ in spans), phrase)

    def known(self, word: str) -> str:
        """Return the table's word that a word in standard spelling stands for, else the word itself."""
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


class _Spread(Generic[T]):
    """Phrases in several parts, found by the word of theirs that the fewest others have: of 300 most texts try none."""

    def __init__(self, phrases: Sequence[tuple[Parts, T]]) -> None:
        self.parts = [part for parts, _ in phrases for part in parts]
        words = [frozenset(word for part in parts for word in part) for parts, _ in phrases]
        count = Counter(word for each in words for word in each)
        self._by_rarest: dict[str, list[tuple[int, frozenset[str], Parts, T]]] = defaultdict(list)
        for at, ((parts, meaning), each) in enumerate(zip(phrases, words, strict=True)):
            rarest = min(each, key=lambda word: (count[word], word))
            self._by_rarest[rarest].append((at, each, parts, meaning))

    def held_by(self, present: frozenset[str]) -> list[tuple[Parts, T]]:
        """Return the phrases all of whose words are there, in the order of the table."""
        rarest = present.intersection(self._by_rarest)
        tried = [entry for word in rarest for entry in self._by_rarest[word] if entry[1] <= present]
        return [(parts, meaning) for _, _, parts, meaning in sorted(tried, key=itemgetter(0))]


def _lengths_by_first_word(phrases: Iterable[Words]) -> dict[str, list[int]]:
    """Return how many words phrases have that begin by a word, longest first."""
    lengths: dict[str, set[int]] = defaultdict(set)
    for phrase in phrases:
        lengths[phrase[0]].add(len(phrase))
    return {word: sorted(each, reverse=True) for word, each in lengths.items()}


def _parts(phrase: str) -> Parts:
    return tuple(tuple(standard_words(part)) for part in phrase.split(AND))


def _where(parts: Parts, known: Words, free: Sequence[bool]) -> tuple[tuple[int, int], ...]:
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
