"""The catalogue of translations: complete, in step with the code, and whole sentences."""

import re
from pathlib import Path
from string import Formatter

import pytest
from babel.messages import Message
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po

from handlers import report_wording, wording
from handlers.i18n import Field, Phrase, Voice
from storage.vocabulary import CaseState, Language
from tests.deployment import sekadau
from tests.wordings import modules

HANDLERS = Path(wording.__file__).parent
CATALOGUE = HANDLERS / "locales" / "id" / "LC_MESSAGES" / "kanal.po"
KEYWORDS = {**DEFAULT_KEYWORDS, "N_": None, "NP_": ((1, "c"), 2)}
PHRASES = {
    name: phrase
    for module in modules()
    for name, phrase in vars(module).items()
    if isinstance(phrase, Phrase)
}


def _catalogue() -> Catalog:
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="id", abort_invalid=True)


def _messages() -> list[Message]:
    return [message for message in _catalogue() if message.id]


def _label(message: Message) -> str:
    return f"{message.context or 'chat'} {str(message.id)[:30]}"


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def _every_field(phrase: Phrase) -> dict[str, Field]:
    return {name: f"<{name}>" for name in _fields(phrase.chat) | _fields(phrase.sms)}


def _voice(language: Language) -> Voice:
    return Voice(language, sekadau().zone, sekadau().time_zone_label)


def test_in_step_with_the_code() -> None:
    """The catalogue holds what the code says, no less and no more; `make messages` brings it up to date."""
    said = {(context, text) for _, _, text, _, context in extract_from_dir(HANDLERS, keywords=KEYWORDS)}
    assert {(message.context, message.id) for message in _messages()} == said
    assert not _catalogue().obsolete


@pytest.mark.parametrize("message", _messages(), ids=_label)
def test_translated(message: Message) -> None:
    """Every entry is translated for sure, with the fields of the original."""
    assert message.string
    assert not message.fuzzy
    assert _fields(str(message.string)) == _fields(str(message.id))


@pytest.mark.parametrize("message", _messages(), ids=_label)
def test_no_glued_pieces(message: Message) -> None:
    """What is translated is a sentence or a label, never a piece that others are glued to."""
    for text in (str(message.id), str(message.string)):
        assert text == text.strip()
        assert text[0] not in ".,;:!?)"
        assert not re.search(r"  |\{\}|%[sd(]|\}\{", text)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("name", PHRASES)
def test_phrase(name: str, language: Language) -> None:
    """Every phrase can be said in both languages, with all of its fields, for a chat and for an SMS."""
    fields = _every_field(PHRASES[name])
    reply = _voice(language).reply(PHRASES[name], fields)
    for text, template in ((reply.text, PHRASES[name].chat), (reply.short, PHRASES[name].sms)):
        assert text.strip()
        assert "{" not in text
        assert all(f"<{field}>" in text for field in _fields(template))


@pytest.mark.parametrize("message", [m for m in _messages() if m.context == "sms"], ids=_label)
def test_sms_is_ascii(message: Message) -> None:
    """Texts for SMS are plain ASCII: one typographic sign would more than halve the room."""
    assert str(message.id).isascii()
    assert str(message.string).isascii()


@pytest.mark.parametrize("message", [m for m in _messages() if m.context == "sms"], ids=_label)
def test_sms_holds_nothing_of_the_person(message: Message) -> None:
    """Phones are shared: no SMS repeats what the person wrote."""
    assert not _fields(str(message.id)) & {"text", "facts", "about"}


def test_plural_forms() -> None:
    """Indonesian has one form for all numbers."""
    assert _catalogue().num_plurals == 1


def test_every_state_has_a_word() -> None:
    """Whatever state a case is in, there is a word for it that a citizen understands."""
    assert set(report_wording.STATE_WORDS) == set(CaseState)
