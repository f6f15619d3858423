"""What differs from one government to the next: the contents of a deployment file, checked.

Values only. `bot.deployment_file` reads the file and words its faults; `kanal setup` loads it.
"""

from datetime import date, time
from functools import cached_property
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from storage.vocabulary import AreaLevel, Language

Code = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]{1,19}$")]
#: A word or phrase looked for in a citizen's text: lower case, as `handlers.conversation.words.fold` leaves it.
Keyword = Annotated[str, Field(min_length=2, max_length=40)]
WorkingDays = Annotated[int, Field(ge=1, le=120)]


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


class Category(Model):
    code: Code
    name: Wording
    #: the agency proposed first; None: the coordinator decides
    agency: Code | None = None
    keywords: tuple[Keyword, ...] = ()


class Area(Model):
    """A kabupaten, kecamatan or desa, with its Kemendagri code ("61.09.01.2001")."""

    code: str
    level: AreaLevel
    name: str
    parent_code: str | None
    lat: Annotated[float, Field(ge=-90, le=90)]
    lon: Annotated[float, Field(ge=-180, le=180)]
    #: GeoJSON geometry, None where no shape is known
    boundary: dict[str, Any] | None = Field(default=None, repr=False)


class Calendar(Model):
    """Which days are worked (domain notes, section 4)."""

    #: ISO country of the national holidays
    country: str = "ID"
    #: days of joint leave (cuti bersama) are not worked
    joint_leave: bool = True
    #: 1 = Monday … 7 = Sunday
    working_weekdays: frozenset[Annotated[int, Field(ge=1, le=7)]] = frozenset({1, 2, 3, 4, 5})
    #: further days off, and their names
    local_holidays: dict[date, str] = {}
    #: days worked in spite of the national list
    worked_holidays: frozenset[date] = frozenset()


class Deadlines(Model):
    """Working days of each clock (domain notes, section 4; ids D1 to D7)."""

    check: WorkingDays = 3  #: D1
    first_answer: WorkingDays = 5  #: D2
    settle_information: WorkingDays = 5  #: D3
    settle_complaint: WorkingDays = 14  #: D4
    settle_oversight: WorkingDays = 60  #: D5
    settle_aspiration: WorkingDays = 14
    citizen_reply: WorkingDays = 10  #: D6
    citizen_data: WorkingDays = 10  #: D7


class EmergencyNumber(Model):
    name: Wording
    number: Annotated[str, Field(pattern=r"^[0-9+][0-9 ]{2,15}$")]


class Emergency(Model):
    numbers: Annotated[tuple[EmergencyNumber, ...], Field(min_length=1)]
    keywords: tuple[Keyword, ...]


class Integrity(Model):
    """Reports of suspected abuse: secret at once, kept from the accused agency (domain notes, section 2)."""

    keywords: tuple[Keyword, ...]
    category: Code
    agency: Code


class Drafts(Model):
    """Minutes and hours of an unfinished report's life."""

    recall_after_minutes: Annotated[int, Field(ge=5)] = 30
    expire_after_hours: Annotated[int, Field(ge=1)] = 72


class Intake(Model):
    """What a description must hold (domain notes, section 5)."""

    min_chars: Annotated[int, Field(ge=1)] = 20
    max_chars: Annotated[int, Field(le=3000)] = 2000
    max_attachments: Annotated[int, Field(ge=0)] = 10
    max_attachment_mb: Annotated[int, Field(ge=1, le=20)] = 20


class QuietHours(Model):
    """Local time when nothing that can wait is sent."""

    start: time = time(20, 0)
    end: time = time(7, 0)


class Retention(Model):
    """How long things are kept (domain notes, section 11)."""

    identity_months: int = 12
    text_months: int = 60
    media_months: int = 24
    audit_months: int = 60
    inbound_days: int = 60


class NumberFormat(Model):
    """How a tracking number looks: prefix and digits, the last one a check digit."""

    prefix: Annotated[str, Field(pattern=r"^[A-Z]{2,5}$")]
    digits: Annotated[int, Field(ge=6, le=10)] = 7


class Deployment(Model):
    name: str
    #: the service's own name, as it greets people
    service_name: Wording
    #: who is responsible for the data
    controller: str
    number: NumberFormat
    time_zone: str
    #: how the zone is written after a time of day ("WIB")
    time_zone_label: str
    #: ISO region of local phone numbers
    phone_region: str = "ID"
    #: the first one is used until a person chooses
    languages: Annotated[tuple[Language, ...], Field(min_length=1)]
    agencies: Annotated[tuple[Agency, ...], Field(min_length=1)]
    categories: Annotated[tuple[Category, ...], Field(min_length=1)]
    #: the category of what fits nowhere else
    other_category: Code
    areas: Annotated[tuple[Area, ...], Field(min_length=1)]
    calendar: Calendar = Calendar()
    deadlines: Deadlines = Deadlines()
    emergency: Emergency
    integrity: Integrity
    intake: Intake = Intake()
    drafts: Drafts = Drafts()
    quiet_hours: QuietHours = QuietHours()
    retention: Retention = Retention()
    #: a person to turn to when the bot does not understand ("Diskominfo, 0564-…")
    human_contact: Wording
    #: changes whenever the notice on data does; stored with each consent
    consent_version: str

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError("expected an IANA time zone such as Asia/Pontianak")
        return value

    @model_validator(mode="after")
    def _references_exist(self) -> Self:
        agencies = {agency.code for agency in self.agencies}
        categories = {category.code for category in self.categories}
        areas = {area.code for area in self.areas}
        for place, code, known in [
            *((f"categories.{c.code}.agency", c.agency, agencies) for c in self.categories if c.agency),
            *((f"areas.{a.code}.parent_code", a.parent_code, areas) for a in self.areas if a.parent_code),
            ("integrity.agency", self.integrity.agency, agencies),
            ("integrity.category", self.integrity.category, categories),
            ("other_category", self.other_category, categories),
        ]:
            if code not in known:
                raise ValueError(f"{place}: {code} is not among the {len(known)} codes defined")
        for kind, codes in [
            ("agencies", [agency.code for agency in self.agencies]),
            ("categories", [category.code for category in self.categories]),
            ("areas", [area.code for area in self.areas]),
        ]:
            twice = sorted({code for code in codes if codes.count(code) > 1})
            if twice:
                raise ValueError(f"{kind}: {', '.join(twice)} is defined twice")
        return self

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @cached_property
    def default_language(self) -> Language:
        return self.languages[0]

    @cached_property
    def agency_by_code(self) -> dict[str, Agency]:
        return {agency.code: agency for agency in self.agencies}

    @cached_property
    def category_by_code(self) -> dict[str, Category]:
        return {category.code: category for category in self.categories}

    @cached_property
    def area_by_code(self) -> dict[str, Area]:
        return {area.code: area for area in self.areas}
