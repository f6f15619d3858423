"""`/simulator`: be every citizen and every officer, without any account. On a loopback address only."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Final, Self

import structlog
from sqlalchemy.exc import DBAPIError
from starlette.datastructures import FormData
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route, Router
from starlette.types import Receive, Scope, Send

from bot.channels.simulator import deeds, people
from bot.channels.simulator.clock import next_working_morning
from bot.channels.simulator.samples import voice_note
from bot.channels.simulator.screens import Bubble, Person
from bot.channels.simulator.world import RENEWED, Simulator, World
from bot.opening import CannotStart
from bot.settings import SIMULATOR_PATH, Settings
from bot.web.files import file_route
from bot.web.pages import Pages
from bot.web.simulator.forms import Slip, number_of, point_in, read_form, text_in, written_in
from bot.web.simulator.guard import Guard
from bot.web.simulator.stream import stream
from bot.web.simulator.views import View, find_deadline
from bot.web.tracking import tracking_routes
from bot.writer import StorageUnavailable
from handlers import simulator_wording as wording
from handlers.officers.access import OF_AGENCY
from storage.vocabulary import Channel, Role

log: structlog.stdlib.BoundLogger = structlog.get_logger()

_TEN_MINUTES: Final = timedelta(minutes=10)
_NOT_KEPT: Final = {"Cache-Control": "no-store"}

#: why the world may not open
_CLOSED: Final = (CannotStart, OSError, DBAPIError, StorageUnavailable)

Deed = Callable[[World, Request, FormData], Awaitable[None]]


class SimulatorPages:
    def __init__(self, simulator: Simulator, pages: Pages, host: str) -> None:
        self._simulator = simulator
        self._pages = pages
        self._host = host
        #: of this world, what is found at addresses that stand in messages
        self._public: tuple[World, Router] | None = None

    @classmethod
    def of(cls, settings: Settings, pages: Pages) -> Self:
        folder, root = settings.data_dir / "simulator", f"http://{settings.authority}{SIMULATOR_PATH}"
        return cls(Simulator(folder, pages.service, root), pages, settings.host)

    async def run(self) -> None:
        """Wait until cancelled; then end the streams, which would never end by themselves, and close the world."""
        try:
            await asyncio.Event().wait()
        finally:
            await self._simulator.stop()

    def route(self) -> Mount:
        forms: Mapping[str, Deed] = {
            "/people/{person}/messages": _send,
            "/people/{person}/presses": _press,
            "/people": _add,
            "/clock": _move,
            "/reset": self._begin_anew,
        }
        return Mount(
            SIMULATOR_PATH,
            routes=[
                Route("/", self._look(_page)),
                Route("/events", self._look(_stream)),
                Route("/files/{number}", self._look(_file)),
                *(Route(path, self._do(deed), methods=["POST"]) for path, deed in forms.items()),
                Mount("/", app=self._announced),
            ],
            middleware=[Middleware(Guard, host=self._host)],
        )

    def _look(
        self, show: Callable[[Pages, World, Request], Awaitable[Response]]
    ) -> Callable[[Request], Awaitable[Response]]:
        async def look(request: Request) -> Response:
            try:
                return await show(self._pages, await self._simulator.world(), request)
            except _CLOSED as error:
                return self._cannot(request, error)

        return look

    def _do(self, deed: Deed) -> Callable[[Request], Awaitable[Response]]:
        """Return a form's target: what is wrong with the form is said on the page, or to the page's script."""

        async def do(request: Request) -> Response:
            try:
                world = await self._simulator.world()
                if world.screens.fact(RENEWED):  # who goes on has read it
                    world.screens.set_fact(RENEWED, "")
                try:
                    await deed(world, request, await read_form(request))
                except Slip as slip:
                    return self._slipped(request, world, slip, 422)
                except StorageUnavailable:
                    return self._slipped(request, world, Slip(wording.BUSY), 503)
                finally:
                    await request.close()
            except _CLOSED as error:
                return self._cannot(request, error)
            if _wants_page(request):
                return RedirectResponse(View(self._pages, request, world).here(), 303)
            return Response(status_code=204)

        return do

    def _slipped(self, request: Request, world: World, slip: Slip, status: int) -> Response:
        language = self._pages.language_of(request)
        said = world.service.voice(language).text(slip.message, **slip.fields)
        if _wants_page(request):
            return HTMLResponse(View(self._pages, request, world).page(said), status, _NOT_KEPT)
        return PlainTextResponse(said, status)

    def _cannot(self, request: Request, error: Exception) -> Response:
        """Say why the simulator does not open; the line names files, never what is stored."""
        log.warning("simulator_not_opened", error=type(error).__name__)
        why = str(error) if isinstance(error, CannotStart) else type(error).__name__
        if not _wants_page(request):
            return PlainTextResponse(f"{why}\n", 503)
        return self._pages.render(request, "simulator/closed.html", status=503, w=wording, why=why)

    async def _announced(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer at the addresses that stand in messages: of files, and of a report's page."""
        try:
            world = await self._simulator.world()
        except _CLOSED as error:
            await self._cannot(Request(scope), error)(scope, receive, send)
            return
        if self._public is None or self._public[0] is not world:
            tracking = tracking_routes(world.database, self._pages, world.clock)
            router = Router([file_route(world.database, world.machine.store, world.clock), *tracking])
            self._public = world, router
        await self._public[1](scope, receive, send)

    async def _begin_anew(self, _world: World, _request: Request, _form: FormData) -> None:
        await self._simulator.begin_anew()


def _wants_page(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "")


# --- what is shown ---


async def _page(pages: Pages, world: World, request: Request) -> Response:
    return HTMLResponse(View(pages, request, world).page(), headers=_NOT_KEPT)


async def _stream(pages: Pages, world: World, request: Request) -> Response:
    return stream(request, world, View(pages, request, world))


async def _file(_pages: Pages, world: World, request: Request) -> Response:
    number = number_of(request.path_params["number"])
    found = None if number is None else world.screens.load(number)
    if found is None:
        return PlainTextResponse("not found\n", 404)
    media_type, content = found
    # What somebody put in is shown as a picture or saved, never opened as a page of ours.
    is_picture = media_type in {"image/jpeg", "image/png", "image/gif", "image/webp"}
    headers = {"Cache-Control": "private, max-age=86400"}
    if not is_picture:
        headers["Content-Disposition"] = "attachment"
    return Response(
        content, media_type=media_type if is_picture else "application/octet-stream", headers=headers
    )


# --- what is done ---


def _person(world: World, request: Request) -> Person:
    number = number_of(request.path_params["person"])
    person = None if number is None else world.screens.find_person(number)
    if person is None:
        raise Slip(wording.NOBODY)
    return person


def _bubble(world: World, person: Person, number: int | None) -> Bubble | None:
    """Return one of the person's bubbles, None without a number. Raises Slip where there is none."""
    if number is None:
        return None
    bubble = world.screens.find_bubble(number)
    if bubble is None or bubble.person_id != person.id:
        raise Slip(wording.NO_SUCH_MESSAGE)
    return bubble


async def _send(world: World, request: Request, form: FormData) -> None:
    person, now = _person(world, request), world.clock.now()
    match text_in(form, "what"):
        case "place" if person.channel is Channel.TELEGRAM:
            deeds.send_point(world.screens, person, now, *point_in(form))
        case "sticker" if person.channel is Channel.TELEGRAM:
            deeds.send_sticker(world.screens, person, now)
        case "voice" if person.channel is Channel.TELEGRAM:
            deeds.write(world.screens, person, now, files=[voice_note()])
        case _:
            await _write(world, person, form)
    await world.hear()


async def _write(world: World, person: Person, form: FormData) -> None:
    written, now = await written_in(form, person.channel), world.clock.now()
    edited = _bubble(world, person, number_of(text_in(form, "edit")))
    if edited is not None and edited.is_own and not edited.items and person.channel is Channel.TELEGRAM:
        deeds.edit(world.screens, person, edited, now, written.text)
        return
    answered = _bubble(world, person, number_of(text_in(form, "reply")))
    deeds.write(
        world.screens,
        person,
        now,
        text=written.text,
        files=written.files,
        reply_to=answered.id if answered else None,
        key=text_in(form, "key") or None,
    )
    if person.keyboard:  # it is there for one answer
        world.screens.set_keyboard(person.id, [])


async def _press(world: World, request: Request, form: FormData) -> None:
    person = _person(world, request)
    bubble = _bubble(world, person, number_of(text_in(form, "bubble")))
    if bubble is None:
        raise Slip(wording.NO_SUCH_MESSAGE)
    deeds.press(world.screens, person, bubble, world.clock.now(), text_in(form, "data"))
    await world.hear()


async def _add(world: World, _request: Request, form: FormData) -> None:
    if text_in(form, "channel") not in wording.CHANNELS:
        raise Slip(wording.BAD_FORM)
    channel = Channel(text_in(form, "channel"))
    asked, agency = text_in(form, "role"), text_in(form, "agency")
    if not asked:
        world.screens.add_person(channel)
        return
    role = Role(asked) if asked in {*Role} else None
    if role is None or (role in OF_AGENCY and agency not in people.agencies(world.service)):
        raise Slip(wording.NO_SUCH_POST)
    officer, now = (
        world.screens.add_person(channel, role, agency if role in OF_AGENCY else None),
        world.clock.now(),
    )
    await world.machine.writer.run(
        lambda uow: people.appoint(uow, world.service, world.screens, officer, now)
    )


async def _move(world: World, _request: Request, form: FormData) -> None:
    now = world.local_now
    match text_in(form, "to"):
        case "minutes":
            until = now + _TEN_MINUTES
        case "morning":
            until = next_working_morning(world.service.calendar, now)
        case "deadline":
            until = find_deadline(world)
        case _:
            raise Slip(wording.BAD_FORM)
    await world.move(until)
