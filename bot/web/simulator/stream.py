"""What changes on the screens, pushed to the page as pieces of HTML (server-sent events)."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Final

from starlette.requests import Request
from starlette.responses import StreamingResponse

from bot.channels.simulator.world import World
from bot.web.simulator.views import View

#: so often the line shows that it is alive, and what changes without a bubble is looked for
_IDLE_SECONDS: Final = 10.0
_AT_ONCE: Final = 100


def stream(request: Request, world: World, view: View) -> StreamingResponse:
    """Return everything after the last event that the page has seen, then what comes, until the world ends."""
    seen = request.headers.get("last-event-id") or request.query_params.get("since", "")
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(_events(world, view, seen), media_type="text/event-stream", headers=headers)


async def _events(world: World, view: View, seen: str) -> AsyncIterator[str]:
    birth, _, number = seen.partition(".")
    if birth != world.screens.birth or not number.isdecimal():  # it was begun anew meanwhile
        yield _event("reload", "")
        return
    yield "retry: 1000\n\n"
    version, shown = int(number), dict[str, str]()
    while not world.is_over:
        changed = world.screens.changed
        while bubbles := world.screens.list_changed(version, _AT_ONCE):
            for bubble in bubbles:
                version = bubble.version
                yield _event("bubble", view.bubble(bubble), f"{birth}.{version}")
        for name, html in _pieces(world, view):
            if shown.get(name) != html:
                shown[name] = html
                yield _event("piece", html)
        yield ": \n\n"
        await _wait(changed)


def _pieces(world: World, view: View) -> Iterator[tuple[str, str]]:
    """Yield what stands once on the page, by its id."""
    yield "clock", view.clock()
    yield "report", view.report()
    for person in world.screens.people():
        yield f"keys-{person.id}", view.keys(person)


async def _wait(changed: asyncio.Event) -> None:
    try:
        async with asyncio.timeout(_IDLE_SECONDS):
            await changed.wait()
    except TimeoutError:
        return


def _event(name: str, html: str, number: str | None = None) -> str:
    lines = [f"event: {name}", *(f"data: {line}" for line in html.splitlines() or [""])]
    return "\n".join([*lines, *([f"id: {number}"] if number else []), "", ""])
