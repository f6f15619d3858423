"""What every handler needs, built once from the deployment: nothing in it changes."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Self

from handlers.cases.calendar import WorkCalendar
from handlers.conversation.boundaries import Boundaries
from handlers.conversation.classify import Classifier
from handlers.conversation.places import Gazetteer
from handlers.conversation.setting import Knowledge
from handlers.deployment import Deployment
from handlers.hours import next_waking
from handlers.i18n import Voice
from storage.vocabulary import Clock, Language


@dataclass(frozen=True, slots=True)
class Service:
    deployment: Deployment
    knowledge: Knowledge
    calendar: WorkCalendar
    #: draws a number below its argument, for tracking numbers; fixed in stories and tests only
    random_below: Callable[[int], int]

    @classmethod
    def of(cls, deployment: Deployment, random_below: Callable[[int], int] = secrets.randbelow) -> Self:
        return cls(
            deployment=deployment,
            knowledge=Knowledge(
                deployment=deployment,
                gazetteer=Gazetteer(deployment.areas, deployment.places),
                boundaries=Boundaries(deployment.areas),
                classifier=Classifier(deployment),
            ),
            calendar=WorkCalendar(deployment.calendar),
            random_below=random_below,
        )

    def calendar_for(self, clock: Clock | None, week: str | None) -> WorkCalendar:
        """Return what a case's clock counts by: the agency's stored week for D2 to D5, else the deployment's."""
        is_agencys = week is not None and clock in {Clock.FIRST_ANSWER, Clock.SETTLE}
        return self.calendar.of_week(week) if week is not None and is_agencys else self.calendar

    def voice(self, language: str) -> Voice:
        return Voice(Language(language), self.deployment.zone, self.deployment.time_zone_label)

    def next_waking(self, at: datetime) -> datetime:
        """Return when what can wait may be sent, as of `at`."""
        return next_waking(at, self.deployment.quiet_hours, self.deployment.zone)

    def local_day(self, at: datetime) -> date:
        return at.astimezone(self.deployment.zone).date()
