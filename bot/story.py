"""Plays a written dialogue through the real program and writes down what came back.

`kanal demo` prints one; the tests replay those in `tests/transcripts/` and compare. A story is text:

    # What it shows
    at: 2026-08-03 09:05
    actors: Warga=telegram, Bu Rima=sms, Liaison=telegram
    officers: Liaison=liaison PUPR
    groups: Grup PUPR=Liaison

    Warga: lampu jalan mati
    Kanal: (what came back; not read, but written anew)
    Warga: [Lewati]
    Warga: (foto) depan rumah saya
    Liaison@Grup PUPR: /daftar
    -- +30m

`[Label]` presses a button, `(foto)`, `(lokasi -0.01, 110.91)`, `(stiker)` send something else, `(balas nomor) …`
replies to the newest message that holds the word, `(ubah lampu) …` edits the sender's newest one that does,
`(blokir)` blocks the bot. `--` moves the clock by minutes, hours or days or to a date; jobs run every half hour on
the way (every two hours where it is more than a month; at noon those that look hourly), and what comes of them is
shown with its time: `Kanal (2026-08-04 08:00): …`. Behind `(mati)` none do: the program is down.
`-- deadlines.first_answer: 3` changes a line of the deployment file and starts the program anew. Lines that go on are
indented. `officers` names the posts that actors have from the beginning (`Dewi=liaison PUPR deputy,
Rima=coordinator`). `Liaison@Grup PUPR` speaks in a group, whose members `groups` names (several groups stand apart by
semicolons). Files that came along stand on a line before the text: `(foto)`, `(gambar)` for one that was drawn,
`(berkas surat.pdf)`.
"""

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import assert_never

from PIL import Image

from bot.channels.base import Channel, FetchError, OutFile, SendResult
from bot.channels.sms.text import sendable
from bot.core import Core, core
from bot.pacing import Limits
from bot.script import (
    BOT,
    DOWN,
    Line,
    Move,
    Post,
    Setting,
    Step,
    Story,
    StoryError,
    changed,
    parse,
    with_second_person,
)
from handlers.deployment import Deployment
from handlers.loading import load_deployment
from handlers.messages import Address, Inbound, Location, Media, Notice, Press, Reply
from handlers.moves import Unfit
from handlers.officers import joining
from handlers.service import Service
from handlers.sms_length import count_parts
from storage import migrate
from storage.crypto import Vault, new_key
from storage.db import Database, UnitOfWork
from storage.queries import conversations
from storage.vocabulary import Channel as ChannelName
from storage.vocabulary import MediaKind

#: what a person needs to read and answer
PAUSE = timedelta(seconds=20)
#: while the clock moves, jobs run at each full one of these
TICK = timedelta(minutes=30)
#: where it moves on by more than a month
LONG_WAY, LONG_TICK = timedelta(days=31), timedelta(hours=2)
STEPS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}


class StoryClock:
    def __init__(self, now: datetime) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._now.timestamp()

    def move(self, to: str) -> Iterator[datetime]:
        """Go on by "+30m", "+2h", "+1d", or to "2026-08-04 08:00" of the same zone; stop at each tick on the way.

        Yields the local time of each stop, the last one is there. Raises StoryError.
        """
        then = self._there(to)
        tick = TICK if then - self._now <= LONG_WAY else LONG_TICK
        while self._now < then:
            midnight = self._now.replace(hour=0, minute=0, second=0, microsecond=0)
            next_tick = midnight + ((self._now - midnight) // tick + 1) * tick
            self._now = min(next_tick, then)
            yield self._now

    def _there(self, to: str) -> datetime:
        if step := re.fullmatch(r"\+(\d+)([mhd])", to):
            return self._now + int(step[1]) * STEPS[step[2]]
        then = datetime.fromisoformat(to).replace(tzinfo=self._now.tzinfo)
        if then < self._now:
            raise StoryError(f"the clock does not go back: {to}")
        return then

    def pause(self) -> None:
        self._now += PAUSE


@dataclass
class Shown:
    """One message as its reader sees it."""

    identifier: str
    text: str
    reply: Reply
    number: int
    is_edit: bool = False


@dataclass
class StoryChannel:
    """Writes down what is sent; gives a picture for every file asked for."""

    name: ChannelName
    render: Callable[[Reply], str]
    limits: Limits = field(default_factory=Limits)
    shown: list[Shown] = field(default_factory=list)
    read: int = 0

    @property
    def takes_files(self) -> bool:
        return self.name is not ChannelName.SMS

    async def send(
        self,
        to: Address,
        reply: Reply,
        *,
        key: str | None = None,  # noqa: ARG002
        files: Sequence[OutFile] = (),
    ) -> SendResult:
        number = int(reply.replaces) if reply.replaces else len(self.shown) + 1
        text = "\n".join(filter(None, [" ".join(map(_file, files)), self.render(reply)]))
        self.shown.append(Shown(to.identifier, text, reply, number, bool(reply.replaces)))
        return SendResult(str(number))

    async def fetch(self, ref: str, max_bytes: int) -> bytes:  # noqa: ARG002
        if ref == "lost":
            raise FetchError("gone", is_final=True)
        picture = BytesIO()
        Image.new("RGB", (8, 8), "grey").save(picture, "JPEG")
        return picture.getvalue()

    def fresh(self) -> list[Shown]:
        """Return what was not read yet."""
        new, self.read = self.shown[self.read :], len(self.shown)
        return new


def _post(post: Post) -> str:
    return " ".join(filter(None, [post.role, post.agency_code, "deputy" if post.is_deputy else ""]))


def _file(file: OutFile) -> str:
    match file.media_type.partition("/")[0]:
        case "image":
            return "(gambar)" if file.media_type == "image/png" else "(foto)"
        case "video" | "audio":
            return f"({file.name.partition('-')[0]})"
        case _:
            return f"(berkas {file.name})"


def render_chat(reply: Reply) -> str:
    """Return a chat message with its buttons under it."""
    labels = [
        *([reply.location_label] if reply.location_label else []),
        *(choice.label for choice in reply.choices),
    ]
    return f"{reply.text}\n{' '.join(f'[{label}]' for label in labels)}" if labels else reply.text


def render_sms(reply: Reply) -> str:
    """Return an SMS as it leaves, and what it costs if that is more than one part."""
    text = sendable(reply.short)
    parts = count_parts(text)
    return text if parts == 1 else f"{text}\n({parts} SMS)"


class Stage:
    """Where a story is played: actors, their channels, the program between them."""

    def __init__(self, story: Story, channels: dict[ChannelName, StoryChannel], clock: StoryClock) -> None:
        self._story = story
        self._channels = channels
        self._clock = clock
        self._count = 0
        #: (actor, what they said, their message's id)
        self._said: list[tuple[str, str, str]] = []

    def appoint(self, uow: UnitOfWork, service: Service) -> None:
        """Give actors their posts. Raises StoryError where a role needs another agency."""
        now = self._clock.now()
        for name, post in self._story.posts.items():
            contact = conversations.get_or_create_contact(
                uow,
                self._story.actors[name],
                self._identifier(name),
                service.deployment.default_language,
                now,
            )
            try:
                joining.appoint(
                    uow,
                    service,
                    contact,
                    role=post.role,
                    agency_code=post.agency_code,
                    name=name,
                    is_deputy=post.is_deputy,
                    now=now,
                )
            except Unfit:
                raise StoryError(f"{name}: a {post.role} needs an agency that fits") from None

    async def play(self, machine: Core, steps: Sequence[Step]) -> list[str]:
        """Return what is said and done, in blocks."""
        blocks: list[str] = []
        for step in steps:
            match step:
                case Setting(name, value):
                    blocks.append(f"-- {name}: {value}")
                case Move(to, is_down):
                    blocks.append(f"-- {to}{DOWN if is_down else ''}")
                    for at in self._clock.move(to):
                        if not is_down:
                            every = timedelta.max if (at.hour, at.minute) == (12, 0) else TICK
                            await machine.scheduler.run_all(at_least_every=every)
                            await _settle(machine)
                            blocks += self._heard(at)
                case Line(actor, said, group):
                    self._clock.pause()
                    blocks.append(_block(f"{actor}@{group}" if group else actor, said))
                    await machine.inbox.receive(self._inbound(step))
                    await _settle(machine)
                case _:
                    assert_never(step)
            blocks += self._heard()
        return blocks

    def head(self) -> str:
        actors = ", ".join(f"{name}={channel}" for name, channel in self._story.actors.items())
        groups = "; ".join(f"{name}={', '.join(members)}" for name, members in self._story.groups.items())
        posts = ", ".join(f"{name}={_post(post)}" for name, post in self._story.posts.items())
        more = {"officers": posts, "groups": groups}
        lines = [
            *self._story.title,
            f"at: {self._story.at}",
            f"actors: {actors}",
            *(f"{name}: {value}" for name, value in more.items() if value),
        ]
        return "\n".join(lines)

    def _heard(self, at: datetime | None = None) -> Iterator[str]:
        """Yield what was sent since; `at`: the time that it came, unless somebody had just spoken."""
        names = {self._identifier(name): name for name in (*self._story.actors, *self._story.groups)}
        for channel in self._channels.values():
            for shown in channel.fresh():
                to = f" → {names[shown.identifier]}" if len(names) > 1 else ""
                when = f" ({at:%Y-%m-%d %H:%M})" if at else ""
                yield _block(f"{BOT}{to}{'*' if shown.is_edit else ''}{when}", shown.text)

    def _identifier(self, name: str) -> str:
        if name in self._story.groups:
            return str(-1_001_000_000_100 - list(self._story.groups).index(name))
        index = list(self._story.actors).index(name)
        return (
            f"+62812000000{index:02}"
            if self._story.actors[name] is ChannelName.SMS
            else str(5_000_000_100 + index)
        )

    def _inbound(self, line: Line) -> Inbound:
        self._count += 1
        actor, said = line.actor, line.said
        channel = self._story.actors[actor]
        address = Address(channel, self._identifier(line.group or actor))
        plain = Inbound(address, str(self._count), self._clock.now(), message_ref=f"m{self._count}")
        if line.group:
            plain = replace(plain, sender=Address(channel, self._identifier(actor)))
        if press := re.fullmatch(r"\[(.+)\]", said):
            shown, value = self._button(channel, address.identifier, press[1])
            return replace(
                plain, press=Press(shown.reply.question or "", value), message_ref=str(shown.number)
            )
        if said == "(blokir)":
            return replace(plain, notice=Notice.BLOCKED)
        if edit := re.match(r"\(ubah ([^)]+)\) (.*)", said, re.DOTALL):
            return replace(plain, message_ref=self._own(actor, edit[1]), text=edit[2], is_edit=True)
        self._said.append((actor, said, f"m{self._count}"))
        if answer := re.match(r"\(balas ([^)]+)\) (.*)", said, re.DOTALL):
            told = self._told(channel, address.identifier, answer[1])
            return replace(self._plain_or_deed(plain, answer[2]), reply_to=str(told.number))
        return self._plain_or_deed(plain, said)

    def _own(self, actor: str, word: str) -> str:
        for who, said, ref in reversed(self._said):
            if who == actor and word in said:
                return ref
        raise StoryError(f"{actor} said nothing with {word!r}")

    def _told(self, channel: ChannelName, identifier: str, word: str) -> Shown:
        for shown in reversed(self._channels[channel].shown):
            if shown.identifier == identifier and word in shown.text:
                return shown
        raise StoryError(f"nothing with {word!r} was shown")

    def _plain_or_deed(self, plain: Inbound, said: str) -> Inbound:
        deed = re.match(r"\((foto hilang|foto|video|suara|lokasi|stiker)\b ?([^)]*)\) ?(.*)", said, re.DOTALL)
        return _done(plain, deed[1], deed[2], deed[3]) if deed else replace(plain, text=said)

    def _button(self, channel: ChannelName, identifier: str, label: str) -> tuple[Shown, str]:
        for shown in reversed(self._channels[channel].shown):
            for choice in shown.reply.choices:
                if shown.identifier == identifier and choice.label == label:
                    return shown, choice.value
        raise StoryError(f"no button {label!r} was shown")


def _done(plain: Inbound, what: str, given: str, caption: str) -> Inbound:
    match what:
        case "lokasi":
            lat, lon = (float(part) for part in given.split(","))
            return replace(plain, location=Location(lat, lon))
        case "stiker":
            return replace(plain, unsupported=True)
        case _:
            kind = {"video": MediaKind.VIDEO, "suara": MediaKind.VOICE}.get(what, MediaKind.PHOTO)
            media = Media(kind, "lost" if what == "foto hilang" else "file")
            return replace(plain, media=(media,), text=caption)


def _block(name: str, text: str) -> str:
    first, *others = text.splitlines() or [""]
    return "\n".join([f"{name}: {first}".rstrip(), *(f"  {line}".rstrip() for line in others)])


async def _settle(machine: Core) -> None:
    # Files first: a message waits for those that go with it.
    while await machine.fetcher.run_once() or await machine.delivery.run_once():
        pass


def _acts(service: Service, steps: Sequence[Step]) -> Iterator[tuple[Service, list[Step]]]:
    """Yield what is done under one deployment, and then under the next; each begins with what has changed."""
    act: list[Step] = []
    for step in steps:
        if isinstance(step, Setting):
            yield service, act
            service, act = Service.of(changed(service.deployment, step), service.random_below), []
        act.append(step)
    yield service, act


async def play(text: str, deployment: Deployment, folder: Path) -> str:
    """Return the story as it goes now, played on an empty database in `folder`. Raises StoryError."""
    story = parse(text)
    deployment = with_second_person(deployment, story)
    clock = StoryClock(datetime.fromisoformat(story.at).replace(tzinfo=deployment.zone))
    channels = {
        name: StoryChannel(name, render_sms if name is ChannelName.SMS else render_chat)
        for name in dict.fromkeys(story.actors.values())
    }
    wires: dict[ChannelName, Channel] = {**channels}
    service = Service.of(deployment, random.Random(1).randrange)  # the same numbers each time
    stage = Stage(story, channels, clock)
    database = Database(f"sqlite:///{folder / 'story.db'}", Vault([new_key()]))
    try:
        migrate.upgrade(database)
        with database.writing() as uow:
            load_deployment(uow, deployment, clock.now())
            stage.appoint(uow, service)
        blocks = [stage.head()]
        for then, steps in _acts(service, story.steps):
            with database.writing() as uow:
                load_deployment(uow, then.deployment, clock.now())
            with core(database, then, wires, folder, clock) as machine:
                blocks += await stage.play(machine, steps)
        return "\n\n".join(blocks) + "\n"
    finally:
        database.close()
