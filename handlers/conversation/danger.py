"""Danger in a text: whether there is any, and the helpline for whoever suffers it."""

from collections.abc import Iterator
from enum import Enum, auto

from handlers.conversation.phrases import NEAR, Phrases, Words
from handlers.deployment_parts import Emergency, Helpline


class _Danger(Enum):
    PLAIN = auto()
    VIOLENCE = auto()
    #: a helpline's people: no danger by themselves
    PEOPLE = auto()


_Meaning = tuple[_Danger, Helpline | None]


class Dangers:
    def __init__(self, emergency: Emergency) -> None:
        self._helplines = emergency.helplines
        self._table = Phrases(_meanings(emergency), emergency.exceptions)
        self.known = self._table.known

    def read(self, words: Words) -> tuple[bool, Helpline | None]:
        """Return whether a text's known words tell of danger, and the first helpline that is for it, if one is."""
        hits = self._table.find(words)
        violence = [hit.at for hit in hits if hit.meaning[0] is _Danger.VIOLENCE]
        meant = [
            helpline
            for hit in hits
            for danger, helpline in [hit.meaning]
            if danger is not _Danger.PEOPLE or any(abs(hit.at - at) <= NEAR for at in violence)
        ]
        return bool(meant), next((helpline for helpline in self._helplines if helpline in meant), None)


def _meanings(emergency: Emergency) -> Iterator[tuple[str, _Meaning]]:
    yield from ((phrase, (_Danger.PLAIN, None)) for phrase in emergency.keywords)
    yield from ((phrase, (_Danger.VIOLENCE, None)) for phrase in emergency.violence)
    for helpline in emergency.helplines:
        yield from ((phrase, (_Danger.PLAIN, helpline)) for phrase in helpline.keywords)
        yield from ((phrase, (_Danger.PEOPLE, helpline)) for phrase in helpline.people)
