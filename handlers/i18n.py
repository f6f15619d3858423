"""Words in the reader's language: gettext catalogues, dates and lists formatted by Babel.

Message ids are English, so English needs no catalogue; Indonesian's is `locales/id/LC_MESSAGES/kanal.po`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from importlib import resources
from typing import NamedTuple
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.messages.pofile import read_po

from handlers.messages import Choice, Reply
from storage.vocabulary import Language

#: what a text has room for
Field = str | int | date | datetime


class Phrase(NamedTuple):
    """One thing the bot says, in two wordings: for a chat, and for an SMS (GSM-7, short)."""

    chat: str
    sms: str


def N_(message: str) -> str:  # noqa: N802 - gettext's customary name: marks a message for extraction
    return message


def NP_(context: str, message: str) -> str:  # noqa: N802, ARG001 - as N_, with a context
    return message


@cache
def _catalogue(language: Language) -> Mapping[tuple[str | None, str], str]:
    """Return translations by context and message; read from the .po file, so that none can be stale."""
    if language is Language.ENGLISH:
        return {}
    path = resources.files("handlers") / "locales" / language.value / "LC_MESSAGES" / "kanal.po"
    with path.open("rb") as file:
        messages = read_po(file, locale=language.value)
    return {(entry.context, str(entry.id)): str(entry.string) for entry in messages if entry.string}


_IN_FULL, _IN_SHORT = "EEEE, d MMMM y", "EEE dd/MM"


@lru_cache(maxsize=256)  # most talk is of the same few days, and Babel takes its time
def _day(day: date, pattern: str, language: Language) -> str:
    return format_date(day, pattern, locale=language.value)


@dataclass(frozen=True, slots=True)
class Voice:
    """Speaks one language in one time zone."""

    language: Language
    zone: ZoneInfo
    #: what stands after a time of day ("WIB")
    zone_label: str

    def say(
        self,
        phrase: Phrase,
        *,
        choices: tuple[Choice, ...] = (),
        location_label: str = "",
        **fields: Field,
    ) -> Reply:
        """Return the phrase with its fields as a reply."""
        return self.reply(phrase, fields, choices=choices, location_label=location_label)

    def reply(
        self,
        phrase: Phrase,
        fields: Mapping[str, Field],
        *,
        choices: tuple[Choice, ...] = (),
        location_label: str = "",
    ) -> Reply:
        """Return the phrase as a reply; dates are written out in the chat and short in the SMS.

        An SMS has no buttons: its text may name the choices as `{options}`, numbered.
        """
        options = " ".join(f"{number} {choice.label}" for number, choice in enumerate(choices, start=1))
        return Reply(
            text=self.text(phrase.chat, **fields),
            short=self.sms(phrase.sms, **{"options": options, **fields}),
            choices=choices,
            location_label=location_label,
        )

    def text(self, message: str, **fields: Field) -> str:
        written = {name: self._written(value) for name, value in fields.items()}
        return self._translated(None, message).format(**written)

    def sms(self, message: str, **fields: Field) -> str:
        short = {name: self._short(value) for name, value in fields.items()}
        return self._translated("sms", message).format(**short)

    def _translated(self, context: str | None, message: str) -> str:
        return _catalogue(self.language).get((context, message), message)

    def _written(self, value: Field) -> str:
        """Return "Kamis, 6 Agustus 2026"; with a time "Kamis, 6 Agustus 2026 09.05 WIB"."""
        match value:
            case datetime():
                local = value.astimezone(self.zone)
                clock = f"{local:%H.%M}" if self.language is Language.INDONESIAN else f"{local:%H:%M}"
                return f"{_day(local.date(), _IN_FULL, self.language)} {clock} {self.zone_label}"
            case date():
                return _day(value, _IN_FULL, self.language)
            case _:
                return str(value)

    def _short(self, value: Field) -> str:
        """Return "Kam 06/08"."""
        match value:
            case datetime():
                return _day(value.astimezone(self.zone).date(), _IN_SHORT, self.language)
            case date():
                return _day(value, _IN_SHORT, self.language)
            case _:
                return str(value)
