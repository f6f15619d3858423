"""How far a conversation has come: the state that is stored between two messages.

A saved conversation is a file format: new fields need defaults, and old states stay as test fixtures.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache

from pydantic import TypeAdapter

from handlers.conversation.words import LOOKED_AT
from handlers.messages import Choice, Location
from storage.vocabulary import ReportType


class Step(StrEnum):
    """The question that is open."""

    DESCRIPTION = "description"
    CONSENT = "consent"
    DETAIL = "detail"
    PLACE = "place"
    WHICH_AREA = "which_area"
    POINT = "point"
    LANDMARK = "landmark"
    PHOTOS = "photos"
    PRIVACY = "privacy"
    NAME = "name"
    SUMMARY = "summary"
    EDIT = "edit"
    WHEN = "when"
    CATEGORY = "category"
    DISCARD = "discard"
    RESUME = "resume"


@dataclass(frozen=True, slots=True)
class Draft:
    """The answers so far."""

    id: str
    description: str = field(default="", repr=False)
    #: the provider's id of the message that holds the description, for edits
    description_ref: str | None = None
    #: characters of the description that this message holds; what was added later follows. 0: all of them
    described_chars: int = 0
    #: parts of an SMS that came as several, by number
    parts: tuple[tuple[int, str], ...] = ()
    #: where, in the person's words
    place: str = field(default="", repr=False)
    area_code: str | None = None
    #: areas that fit what was said; the person is asked which
    area_options: tuple[str, ...] = ()
    #: they are places that were each named, not ones of the same name
    names_several: bool = False
    location: Location | None = field(default=None, repr=False)
    #: the words or the point say where exactly
    is_pinpointed: bool = False
    category: str | None = None
    #: the person chose the category; otherwise it is a guess
    is_category_chosen: bool = False
    type: ReportType = ReportType.COMPLAINT
    occurred_on: date | None = None
    #: the words for a day that no calendar has, while no other is told
    impossible_day: str = ""
    is_ongoing: bool = False
    attachments: int = 0
    is_anonymous: bool = True
    is_secret: bool = True
    name: str = field(default="", repr=False)
    is_emergency: bool = False
    is_integrity: bool = False
    accused_category: str | None = None
    #: told for somebody else, and that person agrees
    is_on_behalf: bool = False
    is_agreed: bool = False
    #: optional questions that are done with: answered, skipped, or not to be asked
    done: frozenset[Step] = frozenset()


class Awaits(StrEnum):
    """What the next words are, of a report that is filed."""

    #: TAMBAH
    ADDITION = "addition"
    #: BUKA
    REOPENING = "reopening"
    #: BANDING
    APPEAL = "appeal"
    #: CABUT: why
    REASON = "reason"
    #: CABUT: YA or TIDAK
    WITHDRAWAL = "withdrawal"


@dataclass(frozen=True, slots=True)
class Awaited:
    """The next words, or files, belong to a filed report."""

    report_id: int
    what: Awaits
    #: what comes later means something else
    until: datetime
    #: an album whose first part was taken: only the others are awaited
    album: str | None = None
    #: of CABUT: why, and how many questions had been asked, as YA answers a draft's later one
    reason: str = field(default="", repr=False)
    asked: int = 0


@dataclass(frozen=True, slots=True)
class ToldApart:
    """What accused somebody in office went to a report of its own; files without words that follow do so too."""

    report_id: int
    #: what comes later may mean something else
    until: datetime
    #: an album whose first part went there
    album: str | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """What came for one of several reports, until the person says which."""

    #: handlers.messages.Inbound as JSON
    messages: tuple[str, ...] = field(repr=False)
    #: ids, in the order in which they are offered
    reports: tuple[int, ...]
    #: until then a bare digit chooses one
    until: datetime
    #: it may be none of them: a new report, or the draft that is open
    or_other: bool = False
    #: how many questions had been asked, as a digit answers a draft's later one
    asked: int = 0


@dataclass(frozen=True, slots=True)
class Progress:
    """State of one conversation."""

    format: int = 1
    draft: Draft | None = None
    step: Step | None = None
    #: steps asked before the open one, for KEMBALI
    trail: tuple[Step, ...] = ()
    #: the question that DISCARD or RESUME stands in for until it is answered
    aside: Step | None = None
    #: counts questions; a button carries the number of the one it belongs to
    asked: int = 0
    #: what the open question offers
    choices: tuple[Choice, ...] = ()
    #: answers to the open question that did not fit
    misses: int = 0
    #: the press that was acted on last, "question:value"; pressing again does nothing
    last_press: str = ""
    #: album whose parts are arriving
    album: str | None = None
    #: album of which parts were not taken, as was said
    refused: str | None = None
    #: a report begun while another draft was open: its words, until the person decides or the draft is done with
    waiting: str = field(default="", repr=False)
    #: what else came for it: its files and point, and the id that they are kept under
    next_draft: Draft | None = None
    #: the number of the question that was asked with a word on something added: once is enough
    added_at: int = 0
    #: code of the area whose poster was scanned: a report that names no place is from there
    scanned_area: str | None = None
    #: edits that overtook the message they edit, newest last: (its provider's id, the new text)
    edits: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    #: this person has been greeted with the notice on data
    is_greeted: bool = False
    #: has been answered an insult; once is enough
    was_rude: bool = False
    #: has chosen a language; until then it is the one of the first words
    is_language_chosen: bool = False
    #: messages that became reports, newest last: (their provider's id, the draft's id)
    filed: tuple[tuple[str, str], ...] = ()
    awaited: Awaited | None = None
    told_apart: ToldApart | None = None
    kept: Kept | None = None


def is_unfinished(progress: Progress) -> bool:
    """Tell whether something was begun that its person is to be reminded of: a draft, or words that may become one."""
    return progress.draft is not None or (progress.kept is not None and progress.kept.or_other)


_ADAPTER = TypeAdapter(Progress)


def dump(progress: Progress) -> str:
    return _ADAPTER.dump_json(progress, exclude_defaults=True).decode()


@lru_cache(maxsize=LOOKED_AT)
def load(text: str) -> Progress:
    return _ADAPTER.validate_json(text)
