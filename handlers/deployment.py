"""What differs from one government to the next: the contents of a deployment file, checked.

Values only. `bot.deployment_file` reads the file and words its faults; `kanal setup` loads it.
"""

from collections.abc import Iterator
from functools import cached_property
from typing import Annotated, Self
from zoneinfo import ZoneInfo, available_timezones

from pydantic import Field, field_validator, model_validator

from handlers.deployment_parts import (
    Agency,
    Alerts,
    Answers,
    ArchiveReason,
    Area,
    Calendar,
    Category,
    Code,
    Contacts,
    Deadlines,
    Digests,
    Drafts,
    Emergency,
    Escalation,
    Handling,
    Intake,
    Integrity,
    Invitations,
    Model,
    NumberFormat,
    Ombudsman,
    Places,
    QuietHours,
    Retention,
    Template,
    Wording,
)
from storage.vocabulary import AreaLevel, Language


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
    #: people who live in an area, by its code; figures leave out what is not known
    population: dict[str, Annotated[int, Field(ge=1)]] = Field(default={})
    places: Places = Places()
    calendar: Calendar = Calendar()
    deadlines: Deadlines = Deadlines()
    escalation: Escalation = Escalation()
    digests: Digests = Digests()
    emergency: Emergency
    integrity: Integrity
    intake: Intake = Intake()
    answers: Answers = Answers()
    handling: Handling = Handling()
    ombudsman: Ombudsman = Ombudsman()
    archive_reasons: tuple[ArchiveReason, ...] = ()
    templates: tuple[Template, ...] = ()
    drafts: Drafts = Drafts()
    invitations: Invitations = Invitations()
    quiet_hours: QuietHours = QuietHours()
    retention: Retention = Retention()
    alerts: Alerts = Alerts()
    contact: Contacts = Contacts()
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
        faults = [*self._defined_twice(), *self._undefined()]
        if self.quiet_hours.cover(self.digests.at):
            faults.append("digests.at: lies in quiet_hours, in which nothing is sent")
        if faults:
            raise ValueError("\n".join(faults))
        return self

    def _defined_twice(self) -> Iterator[str]:
        for kind, codes in [
            ("agencies", [agency.code for agency in self.agencies]),
            ("categories", [category.code for category in self.categories]),
            ("areas", [area.code for area in self.areas]),
            ("archive_reasons", [reason.code for reason in self.archive_reasons]),
            ("templates", [template.code for template in self.templates]),
        ]:
            yield from (
                f"{kind}.{n}.code: {code} is defined twice"
                for n, code in enumerate(codes)
                if code in codes[:n]
            )

    def _undefined(self) -> Iterator[str]:
        agencies = {agency.code for agency in self.agencies}
        categories = {category.code for category in self.categories}
        areas = {area.code for area in self.areas}
        nicknames = self.places.nicknames.items()
        for place, code, kind, known in [
            *(
                (f"categories.{n}.agency", c.agency, "agencies", agencies)
                for n, c in enumerate(self.categories)
            ),
            *((f"areas.{n}.parent_code", a.parent_code, "areas", areas) for n, a in enumerate(self.areas)),
            *((f"population.{code}", code, "areas", areas) for code in self.population),
            *((f"places.nicknames.{name}", c, "areas", areas) for name, codes in nicknames for c in codes),
            ("integrity.agency", self.integrity.agency, "agencies", agencies),
            ("integrity.category", self.integrity.category, "categories", categories),
            ("other_category", self.other_category, "categories", categories),
            *(
                (f"templates.{n}.agency", t.agency, "agencies", agencies)
                for n, t in enumerate(self.templates)
            ),
            *(
                ("answers.evidence_categories", code, "categories", categories)
                for code in self.answers.evidence_categories
            ),
        ]:
            if code is not None and code not in known:
                yield f"{place}: {code} is not among the codes of {kind}"

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
    def reason_by_code(self) -> dict[str, ArchiveReason]:
        return {reason.code: reason for reason in self.archive_reasons}

    @property
    def people(self) -> int | None:
        """How many people the whole deployment serves; None: not known."""
        whole = next((area.code for area in self.areas if area.level is AreaLevel.REGENCY), "")
        return self.population.get(whole)

    @cached_property
    def area_by_code(self) -> dict[str, Area]:
        return {area.code: area for area in self.areas}
