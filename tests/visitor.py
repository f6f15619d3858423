"""Somebody at the simulator's page without JavaScript: posts its forms and reads what the page shows."""

import html
import re
from dataclasses import dataclass, field
from typing import Any

import httpx

#: who is there from the beginning
CITIZEN, SMS_CITIZEN, COORDINATOR, ROADS, LIGHTS = range(1, 6)
_BUBBLE = re.compile(
    r'<li class="bubble (own|theirs)" id="bubble-(\d+)" data-person="(\d+)">(.*?)</li>', re.DOTALL
)
_BUTTON = re.compile(r'<button class="key" name="data" value="([^"]*)">(.*?)</button>', re.DOTALL)


@dataclass(frozen=True)
class Seen:
    """A bubble on the page."""

    number: int
    person: int
    is_own: bool
    #: everything of it that can be read
    words: str
    #: what its buttons say → what they send
    buttons: dict[str, str] = field(default_factory=dict)
    source: str = ""


def bubbles_in(page: str) -> list[Seen]:
    return [
        Seen(
            number=int(number),
            person=int(person),
            is_own=kind == "own",
            words=" ".join(html.unescape(re.sub(r"<[^>]+>", " ", inside)).split()),
            buttons={html.unescape(label): html.unescape(data) for data, label in _BUTTON.findall(inside)},
            source=inside,
        )
        for kind, number, person, inside in _BUBBLE.findall(page)
    ]


class Visitor:
    """`query`: of the page's address ("lang=en")."""

    def __init__(self, client: httpx.AsyncClient, query: str = "lang=id") -> None:
        self.client = client
        self.query = query
        self.page = ""

    async def brings_in(self, **post: str) -> int:
        """Have somebody else come in, and return their number."""
        await self.posts("people", post)
        return max(int(number) for number in re.findall(r'id="chat-(\d+)"', self.page))

    async def looks(self) -> str:
        answer = await self.client.get(f"/simulator/?{self.query}", headers={"Accept": "text/html"})
        assert answer.status_code == 200, answer.text
        self.page = answer.text
        return self.page

    async def posts(self, path: str, data: dict[str, Any] | None = None, **more: Any) -> httpx.Response:
        """Send a form as a browser does, and return what the page becomes."""
        answer = await self.client.post(
            f"/simulator/{path}?{self.query}",
            data=data or {},
            headers={"Accept": "text/html", "Sec-Fetch-Site": "same-origin", **more.pop("headers", {})},
            follow_redirects=True,
            **more,
        )
        if answer.status_code == 200:
            self.page = answer.text
        return answer

    async def says(self, person: int, text: str = "", **more: Any) -> Seen:
        """Send a message, and return the newest bubble that the person has got."""
        files = more.pop("files", None)
        answer = await self.posts(f"people/{person}/messages", {"text": text, **more}, files=files)
        assert answer.status_code == 200, answer.text
        return self.newest(person)

    async def presses(self, person: int, label: str) -> Seen:
        """Press the newest button with this label, and return the newest bubble that the person has got."""
        bubble = next(one for one in reversed(self.chat(person)) if label in one.buttons)
        answer = await self.posts(
            f"people/{person}/presses", {"bubble": bubble.number, "data": bubble.buttons[label]}
        )
        assert answer.status_code == 200, answer.text
        return self.newest(person)

    def chat(self, person: int) -> list[Seen]:
        return [one for one in bubbles_in(self.page) if one.person == person]

    def newest(self, person: int) -> Seen:
        return [one for one in self.chat(person) if not one.is_own][-1]
