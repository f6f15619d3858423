"""What a text is about: category and type, danger, suspected abuse, a wish for protection.

Keywords decide; they are the deployment's own. What they cannot tell the coordinator does.
"""

from collections import defaultdict
from dataclasses import dataclass
from enum import Enum, IntEnum, auto
from functools import lru_cache
from typing import TypeVar

from handlers.conversation.danger import Dangers
from handlers.conversation.phrases import NEAR, Hit, Phrases, Words
from handlers.conversation.signals import SIGNALS, Signal
from handlers.conversation.spelling import MONEY, standard_words
from handlers.conversation.words import LOOKED_AT, fold, remembered
from handlers.deployment import Deployment
from handlers.deployment_parts import AND, Category, Helpline
from storage.vocabulary import ReportType

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reading:
    #: code; the deployment's `other_category` where nothing tells
    category: str
    type: ReportType
    #: the category stands out
    is_sure: bool = False
    is_emergency: bool = False
    #: something is wrong, in so many words
    is_trouble: bool = False
    #: the one for who suffers the danger, if there is one
    helpline: Helpline | None = None
    #: suspected abuse (berkadar pengawasan)
    is_integrity: bool = False
    asks_protection: bool = False
    #: of an integrity report: what the accused office deals with
    accused_category: str | None = None


class Money(IntEnum):
    """What is told of money: each weighs more than the one before."""

    NONE = auto()
    PAID = auto()
    DEMANDED = auto()


class _Suspicion(Enum):
    PLAIN = auto()
    DEMAND = auto()
    OFFICE = auto()


#: what a keyword weighs, and what each further word of its phrase adds; the same for hints
_KEYWORD, _HINT = (2.0, 1.0), (1.0, 0.5)
#: people begin with the matter: what a hit in the first words weighs more
_OPENING, _EARLY = 8, 0.5
#: behind these, some little words aside, stands where it is
_PLACE_WORDS = frozenset(
    "di dekat depan belakang samping sebelah seberang sekitar at near in front next behind beside opposite".split()
)
_BETWEEN = frozenset("of to the a our".split())
#: what a category weighs that is only where it is, while a keyword of another one says what is wrong
_ONLY_THERE = 0.5
#: how far the first category must lead to be sure
_SURE, _LEAD = 2.0, 1.0
#: a text of more words is one story, whatever it touches on; by one of these words a shorter one lists things
_LISTED, _LINKS = 20, frozenset("dan juga serta and also".split())
#: what makes a text tell that something is wrong
_WRONG = 1.5
#: what makes a text a question or a wish
_MEANT = 3.0


class Classifier:
    def __init__(self, deployment: Deployment) -> None:
        self._other = deployment.other_category
        self._integrity_category = deployment.integrity.category
        self._topics = Phrases(
            (
                (phrase, (category.code, weight))
                for category in deployment.categories
                for phrase, weight in _weighted(category)
            ),
            exceptions=_without_topic(deployment),
        )
        integrity = deployment.integrity
        self._dangers = Dangers(deployment.emergency)
        self._suspicion = Phrases(
            (
                (phrase, suspicion)
                for suspicion, phrases in [
                    (_Suspicion.PLAIN, integrity.keywords),
                    (_Suspicion.DEMAND, integrity.demands),
                    (_Suspicion.OFFICE, integrity.offices),
                ]
                for phrase in phrases
            ),
            integrity.exceptions,
        )
        self._payments = Phrases(
            (phrase, money)
            for money, phrases in [
                (Money.NONE, integrity.fees),
                (Money.PAID, integrity.payments),
                (Money.DEMANDED, integrity.demands),
            ]
            for phrase in phrases
        )
        self._signals = Phrases(
            (phrase, meaning) for meaning, phrases in SIGNALS.items() for phrase in phrases.split(",")
        )
        self._known = remembered(self._look_up)
        #: one message is looked at from several sides
        self.read = lru_cache(maxsize=LOOKED_AT)(self._read)

    def _read(self, text: str) -> Reading:
        """Read a citizen's text. Total: any text, never raises."""
        of_topics, of_danger, of_suspicion, of_signals = self._known_words(text)
        ranked = self._ranked(of_topics, there=_ONLY_THERE)
        signals = self._signal_weights(of_signals)
        is_integrity = self._is_suspicious(of_suspicion)
        is_emergency, helpline = self._dangers.read(of_danger)
        accused = next(
            (code for code, _ in ranked if code not in (self._other, self._integrity_category)), None
        )
        return Reading(
            category=self._integrity_category if is_integrity else ranked[0][0],
            type=ReportType.OVERSIGHT if is_integrity else _type(signals, is_asking="?" in text),
            is_sure=is_integrity or (ranked[0][1] >= _SURE and ranked[0][1] - ranked[1][1] >= _LEAD),
            is_emergency=is_emergency,
            is_trouble=is_emergency or signals[Signal.TROUBLE] >= _WRONG,
            helpline=helpline,
            is_integrity=is_integrity,
            asks_protection=signals[Signal.PROTECTION] > 0,
            accused_category=accused if is_integrity else None,
        )

    def money_in(self, text: str) -> Money:
        """Return what a text tells of money, whoever took it; a plain question about fees tells nothing."""
        words = standard_words(text)
        found = {hit.meaning for hit in self._payments.find(tuple(map(self._payments.known, words)))}
        told = max(found, default=Money.NONE)
        return Money.PAID if told is Money.NONE and found and MONEY in words else told

    def topics(self, text: str) -> list[str]:
        """Return the categories that words of a text speak of, likeliest first."""
        return [code for code, weight in self._ranked(self._known_words(text)[0]) if weight]

    def problems(self, text: str) -> list[str]:
        """Return the categories of which a short text lists something each ("lampu mati dan jalan berlubang")."""
        words = self._known_words(text)[0]
        if len(words) > _LISTED or not _LINKS.intersection(words):
            return []
        weights: dict[str, float] = defaultdict(float)
        for hit in _first_of_each(self._topics.find(words)):
            code, weight = hit.meaning
            if weight >= _KEYWORD[0] and not _is_place(hit.at, words):
                weights[code] += weight
        return [code for code, weight in weights.items() if weight > _KEYWORD[0]]

    def _known_words(self, text: str) -> tuple[Words, ...]:
        """Return the words of a text as each table knows them."""
        return tuple(zip(*map(self._known, standard_words(text)), strict=True)) or ((),) * 4

    def _look_up(self, word: str) -> tuple[str, ...]:
        tables = (self._topics, self._dangers, self._suspicion, self._signals)
        return tuple(table.known(word) for table in tables)

    def _ranked(self, words: Words, *, there: float = 1.0) -> list[tuple[str, float]]:
        """Return categories and their weights, heaviest first; of equals the one mentioned first.

        `there`: the share that counts of a category that is but where it is.
        """
        weights: dict[str, float] = defaultdict(float)
        first: dict[str, int] = {}
        hits = _first_of_each(self._topics.find(words))
        for hit in hits:
            code, weight = hit.meaning
            weights[code] += weight + (_EARLY if hit.at < _OPENING else 0.0)
            first[code] = min(first.get(code, hit.at), hit.at)
        for code in _only_places(hits, words):
            weights[code] *= there
        ranked = sorted(weights.items(), key=lambda item: (-item[1], first[item[0]]))
        return [*ranked, (self._other, 0.0), (self._other, 0.0)]

    def _is_suspicious(self, words: Words) -> bool:
        hits = self._suspicion.find(words)
        if any(hit.meaning is _Suspicion.PLAIN for hit in hits):
            return True
        demands = [hit.at for hit in hits if hit.meaning is _Suspicion.DEMAND]
        offices = [hit.at for hit in hits if hit.meaning is _Suspicion.OFFICE]
        return any(abs(demand - office) <= NEAR for demand in demands for office in offices)

    def _signal_weights(self, words: Words) -> dict[Signal, float]:
        weights: dict[Signal, float] = defaultdict(float)
        for hit in _first_of_each(self._signals.find(words)):
            signal, weight = hit.meaning
            weights[signal] += weight
        return weights


def _first_of_each(hits: list[Hit[T]]) -> list[Hit[T]]:
    """Drop what repeats: saying a word twice does not make a text more of its topic."""
    return list({(hit.phrase, hit.meaning): hit for hit in reversed(hits)}.values())


def _only_places(hits: list[Hit[tuple[str, float]]], words: Words) -> set[str]:
    """Return categories told by where it is ("at school") while a keyword tells another one; none if none does."""
    there = {hit.meaning[0] for hit in hits if _is_place(hit.at, words)}
    told = {
        code
        for hit in hits
        for code, weight in [hit.meaning]
        if weight >= _KEYWORD[0] and not _is_place(hit.at, words)
    }
    return there - told if told else set()


def _is_place(at: int, words: Words) -> bool:
    before = [word for word in words[max(0, at - 3) : at] if word not in _BETWEEN]
    return bool(before) and before[-1] in _PLACE_WORDS


def _weighted(category: Category) -> list[tuple[str, float]]:
    return [
        (phrase, base + more * (len(phrase.replace(AND, " ").split()) - 1))
        for phrases, (base, more) in ((category.keywords, _KEYWORD), (category.hints, _HINT))
        for phrase in phrases
    ]


def _without_topic(deployment: Deployment) -> list[str]:
    """Return phrases that hold keywords by chance: "Sungai Ringin" is no river."""
    names = [folded for area in deployment.areas if len((folded := fold(area.name)).split()) > 1]
    return [*names, *(phrase for category in deployment.categories for phrase in category.exceptions)]


def _type(signals: dict[Signal, float], *, is_asking: bool) -> ReportType:
    """Tell a question and a wish from a complaint: what speaks of trouble counts against both."""
    trouble, wish = signals[Signal.TROUBLE], signals[Signal.WISH]
    question = signals[Signal.QUESTION] + (1.0 if is_asking else 0.0)
    if wish >= _MEANT and wish > trouble and wish >= question:
        return ReportType.ASPIRATION
    if question >= _MEANT and question > trouble:
        return ReportType.INFORMATION
    return ReportType.COMPLAINT
