"""A written dialogue as values: who there is, what they do; how it is written stands in `bot.story`."""

import operator
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce

import yaml

from handlers.deployment import Deployment
from storage.vocabulary import Channel as ChannelName
from storage.vocabulary import Role

#: behind a move of the clock: nothing runs meanwhile
DOWN = " (mati)"
#: who speaks for the program
BOT = "Kanal"


class StoryError(ValueError):
    """A story cannot be played; says which line and why."""


@dataclass(frozen=True, slots=True)
class Move:
    """The clock goes on."""

    to: str
    #: nothing runs meanwhile
    is_down: bool = False


@dataclass(frozen=True, slots=True)
class Setting:
    """The deployment file is changed, and the program started anew."""

    #: "deadlines.first_answer"
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Line:
    """Somebody says or does something."""

    actor: str
    said: str
    #: where, if not to the bot alone
    group: str | None = None


Step = Move | Setting | Line


@dataclass(frozen=True, slots=True)
class Post:
    """What an actor works as, from the beginning on."""

    role: Role
    agency_code: str | None
    is_deputy: bool


@dataclass(frozen=True, slots=True)
class Story:
    title: list[str]
    at: str
    actors: dict[str, ChannelName]
    #: of actors who are officers
    posts: dict[str, Post]
    #: name → members
    groups: dict[str, tuple[str, ...]]
    steps: list[Step]


#: lines of a story's head
_HEAD = frozenset({"at", "actors", "officers", "groups"})
_LINE = re.compile(r"([A-Z][\w ]{0,30}?)(?:@([A-Z][\w ]*?))?: (.*)", re.DOTALL)


_SETTING = re.compile(r"-- ([a-z_]+(?:\.[a-z_]+)*): (.+)")
_POST = re.compile(r"([^=]+)=([a-z]+)(?: ([A-Z][A-Z0-9_]*))?( deputy)?")


def parse(text: str) -> Story:
    """Raises StoryError."""
    head, _, body = text.partition("\n\n")
    fields = dict(line.split(": ", 1) for line in head.splitlines() if not line.startswith("#"))
    if "at" not in fields:
        raise StoryError("expected a line `at: 2026-08-03 09:05` before the first blank line")
    if unknown := fields.keys() - _HEAD:
        raise StoryError(
            f"expected one of {', '.join(sorted(_HEAD))} in the head: {', '.join(sorted(unknown))}"
        )
    actors = {
        name.strip(): ChannelName(channel.strip())
        for name, channel in (one.split("=") for one in fields.get("actors", "Warga=telegram").split(","))
    }
    title = [line for line in head.splitlines() if line.startswith("#")]
    groups = dict(_groups(fields.get("groups", ""), actors))
    posts = dict(_posts(fields.get("officers", ""), actors))
    return Story(title, fields["at"], actors, posts, groups, list(_steps(body, actors, groups)))


def _posts(text: str, actors: Collection[str]) -> Iterator[tuple[str, Post]]:
    for one in filter(None, text.split(",")):
        found = _POST.fullmatch(one.strip())
        if not found or found[1] not in actors or found[2] not in {*Role}:
            raise StoryError(
                f"expected `officers: Actor=role AGENCY deputy, …` with actors of the story: {one.strip()}"
            )
        yield found[1], Post(Role(found[2]), found[3], found[4] is not None)


def _groups(text: str, actors: Collection[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for one in filter(None, text.split(";")):
        name, _, members = one.partition("=")
        known = tuple(member.strip() for member in members.split(","))
        if not set(known) <= set(actors):
            raise StoryError(
                f"expected `groups: Name=Actor, Actor; …` with actors of the story: {one.strip()}"
            )
        yield name.strip(), known


def _steps(body: str, actors: Collection[str], groups: Mapping[str, Collection[str]]) -> Iterator[Step]:
    """Yield what people do; what the bot said in an earlier playing is passed over."""
    for block in re.split(r"\n(?=\S)", body.strip("\n")):
        text = "\n".join(line.removeprefix("  ") for line in block.rstrip().splitlines())
        match = _LINE.match(text)
        if setting := _SETTING.fullmatch(text):
            yield Setting(setting[1], setting[2])
        elif text.startswith("-- "):
            yield Move(text[3:].removesuffix(DOWN), is_down=text.endswith(DOWN))
        elif match and match[1] in actors and (match[2] is None or match[1] in groups.get(match[2], ())):
            yield Line(match[1], match[3], match[2])
        elif not text.startswith(BOT):
            raise StoryError(f"expected `Name: …` with one of {', '.join(actors)}, or `-- …`: {text}")


# --- the deployment it is played under ---


def with_second_person(deployment: Deployment, story: Story) -> Deployment:
    """Return the deployment; an agency that has somebody who approves in the story wants that."""
    codes = {post.agency_code for post in story.posts.values() if post.role is Role.APPROVER}
    if not codes:
        return deployment
    told = deployment.model_dump()
    for agency in told["agencies"]:
        agency["needs_approval"] |= agency["code"] in codes
    return Deployment.model_validate(told)


def changed(deployment: Deployment, setting: Setting) -> Deployment:
    """Return the deployment with a line of its file changed. Raises StoryError."""
    told = deployment.model_dump()
    *path, last = setting.name.split(".")
    try:
        reduce(operator.getitem, path, told)[last] = yaml.safe_load(setting.value)
        return Deployment.model_validate(told)
    except (KeyError, TypeError, ValueError, yaml.YAMLError) as error:
        raise StoryError(f"the deployment file takes no {setting.name}: {setting.value}") from error
