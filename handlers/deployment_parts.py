"""The parts of a deployment file, each checked by itself; `handlers.deployment` checks that they fit together."""

from datetime import date, time
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from handlers.conversation.words import fold
from storage.vocabulary import AreaLevel, Language

#: stands between words that need not follow each other in a keyword
AND = " + "


def _folded(value: str) -> str:
    if any(not part or fold(part) != part for part in value.split(AND)):
        raise ValueError('expected lower case without punctuation, such as "ktp el" or "air + masuk rumah"')
    return value


def _without_at(value: Any) -> Any:
    """Return a user name as Telegram's addresses have it, however it was copied."""
    return value.removeprefix("@") if isinstance(value, str) else value


BotName = Annotated[
    str, BeforeValidator(_without_at), Field(pattern=r"^[A-Za-z][A-Za-z0-9_]{1,28}[Bb][Oo][Tt]$")
]
Code = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]{1,19}$")]
#: A word or phrase looked for in a citizen's text: lower case, as `handlers.conversation.words.fold` leaves it;
#: "air + masuk rumah" wants both, near each other, in any order.
Keyword = Annotated[str, Field(min_length=2, max_length=40), AfterValidator(_folded)]
WorkingDays = Annotated[int, Field(ge=1, le=120)]
Kept = Annotated[int, Field(ge=1, le=1200)]
#: 1 = Monday … 7 = Sunday
Week = Annotated[frozenset[Annotated[int, Field(ge=1, le=7)]], Field(min_length=1)]


class Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Wording(Model):
    """A short text of the deployment's own in each language."""

    id: str
    en: str

    def __getitem__(self, language: Language) -> str:
        return self.id if language is Language.INDONESIAN else self.en


class Agency(Model):
    """Instansi, OPD."""

    code: Code
    name: str
    #: fits an SMS: at most 20 characters
    short_name: Annotated[str, Field(max_length=20)]
    #: not of this government (PLN, BPJS): reports are forwarded there
    is_outside: bool = False
    #: the days it works, 1 = Monday; None: those of the calendar
    week: Week | None = None
    #: a second person (penyetuju) looks at each answer before it goes out
    needs_approval: bool = False


class Category(Model):
    code: Code
    name: Wording
    #: the agency proposed first; None: the coordinator decides
    agency: Code | None = None
    #: words that by themselves tell the topic
    keywords: tuple[Keyword, ...] = ()
    #: words that only tip the scale
    hints: tuple[Keyword, ...] = ()
    #: phrases that hold such a word and mean something else ("rawat jalan")
    exceptions: tuple[Keyword, ...] = ()


class Area(Model):
    """A kabupaten, kecamatan or desa, with its Kemendagri code ("61.09.01.2001")."""

    code: str
    level: AreaLevel
    name: str
    parent_code: str | None
    #: a point inside, WGS84 degrees; None where no shape is known
    lat: Annotated[float | None, Field(ge=-90, le=90)] = None
    lon: Annotated[float | None, Field(ge=-180, le=180)] = None
    #: GeoJSON geometry, None where no shape is known
    boundary: dict[str, Any] | None = Field(default=None, repr=False)


class Places(Model):
    """What people call places, besides the names of the areas."""

    #: places elsewhere that are often named
    neighbours: tuple[Keyword, ...] = ()
    #: other names of areas, and the codes they may mean
    nicknames: dict[Keyword, tuple[str, ...]] = {}
    #: names, and parts of names, that are also everyday words: they count only where a place is meant
    everyday_words: tuple[Keyword, ...] = ()


class Calendar(Model):
    """Which days are worked (docs/rules.md, Deadlines)."""

    #: ISO country of the national holidays
    country: str = "ID"
    #: days of joint leave (cuti bersama) are not worked
    joint_leave: bool = True
    #: month and day from which on next year's should be known
    joint_leave_from: Annotated[str, Field(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")] = "11-01"
    #: working days between two warnings that it is not
    joint_leave_warned_every: WorkingDays = 5
    working_weekdays: Week = frozenset({1, 2, 3, 4, 5})
    #: further days off, and their names
    local_holidays: dict[date, str] = {}
    #: days worked in spite of the national list
    worked_holidays: frozenset[date] = frozenset()

    @model_validator(mode="after")
    def _days_are_off_or_worked(self) -> Self:
        both = sorted(day.isoformat() for day in self.worked_holidays & set(self.local_holidays))
        if both:
            raise ValueError(f"both a local holiday and worked: {', '.join(both)}")
        return self


class Deadlines(Model):
    """Working days of each clock (docs/rules.md, Deadlines; ids D1 to D7)."""

    check: WorkingDays = 3  #: D1
    first_answer: WorkingDays = 5  #: D2
    settle_information: WorkingDays = 5  #: D3
    settle_complaint: WorkingDays = 14  #: D4
    settle_oversight: WorkingDays = 60  #: D5
    settle_aspiration: WorkingDays = 14
    citizen_reply: WorkingDays = 10  #: D6
    citizen_data: WorkingDays = 10  #: D7


class Listener(StrEnum):
    """Who hears that a deadline is near, or has passed."""

    #: the officer who has it, else the agency's, else the coordinators
    HOLDER = "holder"
    SUPERVISOR = "supervisor"
    COORDINATOR = "coordinator"
    DECIDER = "decider"
    INSPECTORATE = "inspectorate"
    REPORTER = "reporter"


class Rung(Model):
    """One step of a ladder of reminders."""

    #: working days after the last day; negative: that many are left
    days: Annotated[int, Field(ge=-60, le=60)]
    tells: Annotated[tuple[Listener, ...], Field(min_length=1)]


def _rises(ladder: tuple[Rung, ...]) -> tuple[Rung, ...]:
    days = [rung.days for rung in ladder]
    if days != sorted(set(days)):
        raise ValueError("expected steps in the order of their days, each day once")
    return ladder


Ladder = Annotated[tuple[Rung, ...], AfterValidator(_rises)]
_L = Listener


class Escalation(Model):
    """Who hears what, and when, of deadlines (docs/rules.md, Deadlines: the scheduler's ladder)."""

    #: while officers are to act: D1 to D5
    officers: Ladder = (
        Rung(days=-2, tells=(_L.HOLDER,)),
        Rung(days=-1, tells=(_L.HOLDER, _L.SUPERVISOR)),
        Rung(days=1, tells=(_L.HOLDER, _L.SUPERVISOR, _L.COORDINATOR, _L.REPORTER)),
        Rung(days=3, tells=(_L.DECIDER,)),
        Rung(days=5, tells=(_L.INSPECTORATE, _L.REPORTER)),
    )
    #: D7: the reporter is to say what is missing
    citizen_data: Ladder = (
        Rung(days=-7, tells=(_L.REPORTER,)),
        Rung(days=-3, tells=(_L.REPORTER,)),
    )
    #: D6: the reporter is to say whether it is solved
    citizen_reply: Ladder = (Rung(days=-2, tells=(_L.REPORTER,)),)
    #: handled outside
    outside: Ladder = (Rung(days=1, tells=(_L.COORDINATOR,)),)
    #: whoever settles in so many working days or more is reminded when half of them are gone and nothing was done
    half_from_days: WorkingDays = 10


class Digests(Model):
    """What officers are sent at the beginning of a day, a week and a month (docs/rules.md, Deadlines)."""

    #: local time of working days
    at: time = time(8, 0)
    #: what ends within so many working days is counted as near
    soon_days: WorkingDays = 2
    #: late by so many working days or more, a report stands in the weekly list
    listed_from_days: WorkingDays = 3


class EmergencyNumber(Model):
    name: Wording
    number: Annotated[str, Field(pattern=r"^[0-9+][0-9 ]{2,15}(?: ext [0-9]{1,4})?$")]


class Helpline(EmergencyNumber):
    """Whom those call who suffer one kind of danger; told beside the other numbers."""

    keywords: tuple[Keyword, ...]
    #: whom it is for where there is violence ("suami", "anak")
    people: tuple[Keyword, ...] = ()
    #: for who wants to die: met kindly, before anything else
    is_for_despair: bool = False


class Emergency(Model):
    numbers: Annotated[tuple[EmergencyNumber, ...], Field(min_length=1)]
    #: the first one counts of those that are meant
    helplines: tuple[Helpline, ...] = ()
    keywords: tuple[Keyword, ...]
    #: danger as well: what one person does to another
    violence: tuple[Keyword, ...] = ()
    #: phrases that hold such a word and mean no danger ("rawan kecelakaan")
    exceptions: tuple[Keyword, ...] = ()


class Integrity(Model):
    """Reports of suspected abuse: secret at once, kept from the accused agency (docs/rules.md, Types)."""

    keywords: tuple[Keyword, ...]
    #: phrases that are suspicious only near one of the offices ("minta uang")
    demands: tuple[Keyword, ...] = ()
    #: who holds power, and what people come for
    offices: tuple[Keyword, ...] = ()
    #: phrases that hold such a word and accuse nobody in office
    exceptions: tuple[Keyword, ...] = ()
    #: of money asked or paid: in what is said later of a report suspicious by themselves, as are the demands
    payments: tuple[Keyword, ...] = ()
    #: phrases that hold such a word and but ask what it costs, or tell what is owed; not if they name a sum
    fees: tuple[Keyword, ...] = ()
    category: Code
    agency: Code


class Drafts(Model):
    """Minutes and hours of an unfinished report's life."""

    recall_after_minutes: Annotated[int, Field(ge=5)] = 30
    expire_after_hours: Annotated[int, Field(ge=1)] = 72


class Invitations(Model):
    """How long an invitation to become an officer is good."""

    valid_hours: Annotated[int, Field(ge=1, le=720)] = 72


class Contacts(Model):
    """Where people write to; what is None is not named on pages and posters."""

    #: the bot's user name; an "@" before it is left out
    telegram: BotName | None = None
    #: the number for SMS as people type it, in quotes: "0812 3456 7890", "1708"
    sms: Annotated[str, Field(pattern=r"^\+?[0-9](?:[ -]?[0-9]){2,15}$")] | None = None


class Intake(Model):
    """What a description must hold (docs/rules.md, Fields)."""

    min_chars: Annotated[int, Field(ge=1)] = 20
    max_chars: Annotated[int, Field(le=3000)] = 2000
    max_attachments: Annotated[int, Field(ge=0)] = 10
    max_attachment_mb: Annotated[int, Field(ge=1, le=20)] = 20
    #: of a picture: one of a few kilobytes may unpack to gigabytes
    max_megapixels: Annotated[int, Field(ge=1, le=80)] = 70
    #: to one report, answered and shown to officers at once; more is kept, and shown once when the hour is over
    additions_per_hour: Annotated[int, Field(ge=1)] = 10
    #: of one person, shown to coordinators at once; more stand in the queue and the morning's list
    reports_per_hour: Annotated[int, Field(ge=1)] = 10


class Answers(Model):
    """What an officer's text must be before a citizen gets it (docs/rules.md, Life cycle)."""

    #: finding and action together
    min_chars: Annotated[int, Field(ge=1)] = 40
    #: of each of them, letters and digits: one of them long must not carry a word alone
    min_part_chars: Annotated[int, Field(ge=1)] = 12
    #: of one text, in GSM-7 letters: with our own words around it, it fits the three parts of an SMS
    max_chars: Annotated[int, Field(ge=1, le=240)] = 230
    #: say nothing by themselves ("akan ditindaklanjuti")
    stock_phrases: tuple[Keyword, ...] = ()
    #: physical works: an answer needs a photo or document
    evidence_categories: tuple[Code, ...] = ()


class Handling(Model):
    """How long, and how often, a case can be taken up again."""

    #: calendar days after it was settled
    reopen_within_days: Annotated[int, Field(ge=1, le=365)] = 30
    #: so often without a coordinator
    reopenings: Annotated[int, Field(ge=0, le=20)] = 2
    #: working days after it was archived
    appeal_within_days: WorkingDays = 10
    #: working days after the disposition
    hand_back_within_days: WorkingDays = 1
    #: working days that the date of each clock of a report can be moved by in all; no source found (assumption)
    extend_days: WorkingDays = 60
    #: what comes so long after our news of a report may be about it
    follow_up_hours: Annotated[int, Field(ge=0, le=720)] = 48


class Ombudsman(Model):
    """Who may take over what stays unsettled, if its reporter agrees (docs/rules.md, Deadlines: D9)."""

    #: fits an SMS: at most 20 characters
    name: Annotated[str, Field(max_length=20)] = "Ombudsman RI"
    #: calendar days from receipt
    after_days: Annotated[int, Field(ge=1, le=365)] = 60


class ArchiveReason(Model):
    """Why a report is not handled (docs/rules.md, Reasons)."""

    code: Annotated[str, Field(pattern=r"^R[0-9]{1,2}$")]
    #: what officers read
    name: Wording
    #: what citizens are told, within a sentence: "cannot be handled: …"
    told: Wording


class Template(Model):
    """A prepared answer; what stands in braces is to be filled in."""

    code: Code
    name: str
    #: None: of all agencies
    agency: Code | None = None
    text: Annotated[str, Field(max_length=1000)]


class QuietHours(Model):
    """Local time when nothing that can wait is sent."""

    start: time = time(20, 0)
    end: time = time(7, 0)

    def cover(self, at: time) -> bool:
        """Tell whether a time of day lies in them; their end does not. Start and end alike: there are none."""
        if self.start <= self.end:
            return self.start <= at < self.end
        return at >= self.start or at < self.end


class Retention(Model):
    """How long things are kept; months count from the end of a report (docs/rules.md, Privacy)."""

    #: name and addresses; of who reported nothing, from their last message
    identity_months: Kept = 12
    #: what reporters wrote, and messages from when they were sent
    text_months: Kept = 60
    media_months: Kept = 24
    #: who did what, answers and notes
    audit_months: Kept = 60
    #: all of that, of reports of type berkadar pengawasan; None: kept until the inspectorate says for how long
    oversight_months: Kept | None = None
    #: providers' message ids, and expired codes
    inbound_days: Kept = 60


class Alerts(Model):
    """When the figures speak up: more is held or archived than usual (docs/rules.md, Reasons)."""

    held_percent: Annotated[float, Field(ge=0, le=100)] = 12
    archived_percent: Annotated[float, Field(ge=0, le=100)] = 1
    #: of fewer reports a share tells nothing
    from_reports: Annotated[int, Field(ge=1)] = 30


class NumberFormat(Model):
    """How a tracking number looks: prefix and digits, the last one a check digit."""

    prefix: Annotated[str, Field(pattern=r"^[A-Z]{2,5}$")]
    digits: Annotated[int, Field(ge=6, le=10)] = 7
