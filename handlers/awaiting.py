"""Which of a person's filed reports wait for such a message as they sent."""

from datetime import timedelta

from handlers import responses
from handlers.conversation.phrasebook import Word
from handlers.conversation.places import Found
from handlers.conversation.verdicts import STILL_SAID, read_consent, read_stars
from handlers.conversation.words import Command, fold, read_answer, words_of
from handlers.here import Here
from handlers.messages import Inbound
from storage.queries import open_questions
from storage.queries.open_questions import OpenQuestion
from storage.vocabulary import CaseState


def list_waiting(here: Here, inbound: Inbound) -> list[OpenQuestion]:
    """Return the person's reports that wait for such a message."""
    days = timedelta(days=here.service.deployment.handling.reopen_within_days)
    listed = open_questions.list_open(here.uow, here.contact, here.now - days)
    if not listed:
        return []
    verdict, stars = responses.verdict_of(here, inbound.text), read_stars(inbound.text)
    consent = read_consent(inbound.text)
    waiting = [
        one
        for one in listed
        if (one.is_asked and not _is_of_its_own(here, inbound.text, one))
        or (
            one.state is CaseState.ANSWERED
            and verdict is not None
            and not is_of_another(here, inbound.text, one)
        )
        or (one.state is CaseState.SETTLED and stars is not None and not one.is_rated)
        or (one.is_offered and consent is not None and (consent or not one.is_agreed))
    ]
    return waiting or _waiting_still(listed, read_answer(inbound.text), stars)


def _waiting_still(
    listed: list[OpenQuestion], answer: Command | None, stars: int | None
) -> list[OpenQuestion]:
    """Return what an answer may be about that nothing waits for: BELUM comes late, YA is not SETUJU.

    Second stars are about what was settled last.
    """
    settled = [one for one in listed if one.state is CaseState.SETTLED]
    if answer is not None and answer.word is Word.NOT_YET:
        return settled
    if answer is not None and answer.word is Word.YES and not fold(answer.rest):
        return [one for one in listed if one.is_offered and not one.is_agreed]
    return settled[:1] if stars is not None else []


def _is_of_its_own(here: Here, text: str, asked: OpenQuestion) -> bool:
    """Tell whether a text is rather a report of its own than an answer: danger, or another matter in another place."""
    knowledge = here.service.knowledge
    reading, place = knowledge.classifier.read(text), knowledge.gazetteer.find(text)
    is_elsewhere = place.found is Found.VILLAGE and place.codes[0] != asked.area_code
    return reading.is_emergency or (
        is_elsewhere and reading.is_sure and reading.category != asked.category_code
    )


def is_of_another(here: Here, text: str, asked: OpenQuestion) -> bool:
    """Tell whether a text that says no YA or BELUM, and no "masih", names another topic ("lampu mati lagi")."""
    classifier = here.service.knowledge.classifier
    is_answer = read_answer(text) is not None or not STILL_SAID.isdisjoint(words_of(text))
    return (
        not is_answer and classifier.read(text).is_sure and asked.category_code not in classifier.topics(text)
    )
