"""What every handler needs, built once from the deployment: nothing in it changes."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Self

from handlers.cases.calendar import WorkCalendar
from handlers.conversation.boundaries import Boundaries
from handlers.conversation.classify import Classifier
from handlers.conversation.places import Gazetteer
from handlers.conversation.setting import Knowledge
from handlers.deployment import Deployment
from handlers.i18n import Voice
from storage.vocabulary import Language


@dataclass(frozen=True, slots=True)
class Service:
    deployment: Deployment
    knowledge: Knowledge
    calendar: WorkCalendar

    @classmethod
    def of(cls, deployment: Deployment) -> Self:
        return cls(
            deployment=deployment,
            knowledge=Knowledge(
                deployment=deployment,
                gazetteer=Gazetteer(deployment.areas),
                boundaries=Boundaries(deployment.areas),
                classifier=Classifier(deployment),
            ),
            calendar=WorkCalendar(deployment.calendar),
        )

    def voice(self, language: str) -> Voice:
        return Voice(Language(language), self.deployment.zone, self.deployment.time_zone_label)

    def local_day(self, at: datetime) -> date:
        return at.astimezone(self.deployment.zone).date()
