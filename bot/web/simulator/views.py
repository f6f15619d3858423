"""What the simulator's page shows: columns of chats, the clock, a report."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final
from urllib.parse import urlencode

from babel.dates import format_datetime
from starlette.requests import Request

from bot.channels.simulator import people
from bot.channels.simulator.clock import next_deadline
from bot.channels.simulator.screens import Bubble, Person
from bot.channels.simulator.world import RENEWED, World
from bot.settings import SIMULATOR_PATH
from bot.web.pages import Pages
from bot.web.simulator import forms
from handlers import overview
from handlers import simulator_wording as wording
from handlers.officers.joining_wording import ROLES
from storage.vocabulary import AreaLevel, Channel, Language

#: bubbles of a chat that a page shows
_NEWEST: Final = 80
#: the address's own words: which person each column shows; which column a narrow window, which report, which language
_KEPT: Final = (*wording.TABS, "view", "lang")


@dataclass(frozen=True, slots=True)
class Chat:
    person: Person
    name: str
    bubbles: list[Bubble]
    is_shown: bool
    #: the bubble that is answered or changed
    reply: Bubble | None
    edit: Bubble | None


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    title: str
    chats: list[Chat]


class View:
    """One request's look at the world; its methods return pieces of HTML."""

    def __init__(self, pages: Pages, request: Request, world: World) -> None:
        self._pages = pages
        self._request = request
        self._world = world
        self._language = pages.language_of(request)
        self._voice = world.service.voice(self._language)
        asked = request.query_params
        self._kept = {name: asked[name] for name in _KEPT if name in asked}

    def page(self, error: str = "") -> str:
        """Return the whole page; `error`: what went wrong with what was sent."""
        world, everybody = self._world, self._world.screens.people()
        service = world.service
        return self._piece(
            "simulator/page.html",
            columns=self._columns(everybody),
            view=self._request.query_params.get("view", "telegram"),
            since=f"{world.screens.birth}.{world.screens.version}",
            is_renewed=bool(world.screens.fact(RENEWED)),
            error=error,
            roles=[(role, self._voice.text(name)) for role, name in ROLES.items()],
            agencies=[one for one in service.deployment.agencies if not one.is_outside],
            **self._report(),
        )

    def bubble(self, bubble: Bubble) -> str:
        person = self._world.screens.find_person(bubble.person_id)
        return self._piece("simulator/bubble.html", bubble=bubble, person=person)

    def keys(self, person: Person) -> str:
        return self._piece("simulator/keys.html", person=person)

    def clock(self) -> str:
        return self._piece("simulator/clock.html")

    def report(self) -> str:
        return self._piece("simulator/report.html", **self._report())

    def here(self, **changes: object) -> str:
        """Return the address of this page, showing something else."""
        return self._address(SIMULATOR_PATH + "/", changes)

    def _address(self, path: str, changes: Mapping[str, object]) -> str:
        query = {**self._kept, **changes}
        return f"{path}?{urlencode(query)}" if query else path

    def _piece(self, template: str, **values: object) -> str:
        deployment = self._world.service.deployment
        villages = [one for one in deployment.areas if one.level is AreaLevel.VILLAGE and one.lat is not None]
        return self._pages.piece(
            self._request,
            template,
            w=wording,
            here=self.here,
            act=lambda path: self._address(f"{SIMULATOR_PATH}/{path}", {}),
            when=self._when,
            home=SIMULATOR_PATH,
            now=self._world.local_now,
            morning=self._morning(),
            Channel=Channel,
            villages=villages,
            limits=forms,
            commands_of=partial(people.commands_of, self._world.service, language=self._language),
            **values,
        )

    def _morning(self) -> str:
        """Return when officers hear of what happens at night, as their news waits till then; empty: by day."""
        now = self._world.local_now
        waking = self._world.service.next_waking(now)
        return self._when(waking) if waking > now else ""

    def _when(self, at: datetime) -> str:
        """Return "Sen 30 Nov 08.05"."""
        clock = "HH.mm" if self._language is Language.INDONESIAN else "HH:mm"
        local = at.astimezone(self._world.service.deployment.zone)
        return format_datetime(local, f"EEE d MMM {clock}", locale=self._language.value)

    def _columns(self, everybody: list[Person]) -> list[Column]:
        names = people.names_of(self._world.service, everybody, self._language)
        found: dict[str, list[Person]] = {"telegram": [], "sms": [], "officers": []}
        for person in everybody:
            found["officers" if person.role else person.channel.value].append(person)
        return [
            Column(
                name, wording.COLUMNS[name], [self._chat(one, names[one.id], name, those) for one in those]
            )
            for name, those in found.items()
        ]

    def _chat(self, person: Person, name: str, column: str, beside: list[Person]) -> Chat:
        asked = self._request.query_params
        chosen = next((one for one in beside if str(one.id) == asked.get(column)), beside[0])
        bubbles = self._world.screens.list_bubbles(person.id, _NEWEST)
        return Chat(
            person,
            name,
            bubbles,
            is_shown=person is chosen,
            reply=next((one for one in bubbles if str(one.id) == asked.get("reply")), None),
            edit=next((one for one in bubbles if one.is_own and str(one.id) == asked.get("edit")), None),
        )

    def _report(self) -> dict[str, object]:
        world, number = self._world, self._request.query_params.get("report", "")
        with world.database.reading() as uow:
            seen = overview.look(uow, world.service, self._voice, number, world.local_now.date())
        return {"overview": seen}


def find_deadline(world: World) -> datetime:
    """Return when the next deadline of any report comes, or has been missed. Raises Slip where none lies ahead."""
    with world.database.reading() as uow:
        days = overview.list_due_days(uow)
    deadline = next_deadline(world.service.calendar, days, world.local_now)
    if deadline is None:
        raise forms.Slip(wording.ALL_LATE if days else wording.NO_DEADLINE)
    return deadline
