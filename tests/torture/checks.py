"""What must hold after whatever befell a town: by what people and providers saw, and by what it tells of itself."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from tests.fakes.smsgate.server import FakeSmsGate
from tests.fakes.twilio.server import FakeTwilio
from tests.torture.people import QUESTIONS, STALE, Person, story_of
from tests.torture.town import Town

#: SMS of one number: 1/s, with a little air for what is late on its way
MOST_TEXTS, IN_SECONDS = 12, 10.0
#: what is said again after so long is meant: the next morning somebody is reminded once more
LATER_SECONDS = 12 * 3600


def seen_outside(town: Town) -> Iterator[str]:
    """Yield what is wrong by what people and providers saw."""
    for person in town.present:
        if len(person.numbers) != 1:
            yield f"person {person.index} has receipts of {sorted(person.numbers)}"
        order = [_first(person.heard(), said) for said in person.in_order]
        if order != sorted(order):
            yield f"person {person.index} got replies out of order: {order}"
    yield from _repeats(town)
    for since, at in town.telegram.limits.hurried:
        if not any(since <= killed_at <= at for killed_at in town.killed_at):
            yield f"a chat was written to before retry_after was over, at {at} after {since}"
    if town.telegram.limits.refused:
        yield f"Telegram's limits were exceeded {town.telegram.limits.refused} times"
    if town.telegram.pending_updates:
        yield f"updates nobody took: {town.telegram.pending_updates}"
    if isinstance(town.sms, FakeTwilio):
        yield from _crowded([message.created_at.timestamp() for message in town.sms.messages])


def _first(heard: Sequence[str], said: str) -> int:
    return next(index for index, text in enumerate(heard) if said in text)


def _repeats(town: Town) -> Iterator[str]:
    """Yield what came twice though neither a kill nor an answer that broke off explains it."""
    heard = {
        f"chat {chat.chat_id}": [
            (message.first_said, message.date) for message in chat.messages.values() if message.is_ours
        ]
        for chat in town.telegram.world.chats.values()
    }
    yield from _unexplained(heard, [*town.killed_at, *town.telegram.faults.lost_at])
    if isinstance(town.sms, FakeTwilio):
        texts = defaultdict(list)
        for text in town.sms.messages:
            texts[text.to].append((text.body, text.created_at.timestamp()))
        yield from _unexplained(texts, [*town.killed_at, *town.sms.faults.lost_at])
    if isinstance(
        town.sms, FakeSmsGate
    ):  # it is told each message's key, so that even a kill repeats nothing
        yield from _unexplained(
            {phone.number: [(text, 0.0) for text in phone.texts] for phone in town.sms.phones.values()}, []
        )


def _unexplained(heard: Mapping[str, Sequence[tuple[str, float]]], excuses: Sequence[float]) -> Iterator[str]:
    for whom, what in heard.items():
        times = defaultdict(list)
        for said, at in what:
            times[said].append(at)
        for said, dates in times.items():
            if said.startswith(STALE) and len(dates) <= len(QUESTIONS):
                continue  # one for each button whose second press came when all was over
            for begun, again in pairwise(dates):
                if again - begun < LATER_SECONDS and not _is_between(begun, again, excuses):
                    yield f"{whom} heard twice, at {begun} and {again}: {said!r}"


def _is_between(begun: float, ended: float, times: Sequence[float]) -> bool:
    return any(begun - 1 <= at <= ended + 1 for at in times)


def _crowded(times: Sequence[float]) -> Iterator[str]:
    for one, later in zip(times, times[MOST_TEXTS:], strict=False):
        if later - one < IN_SECONDS:
            yield f"{MOST_TEXTS + 1} texts within {later - one:.1f} s"


async def told_by_itself(town: Town) -> list[str]:
    """Return what is wrong by `kanal export` and `kanal audit verify`."""
    exported, said = await town.kanal("export", "--format", "jsonl", "--output", "all.jsonl")
    verified, verdict = await town.kanal("audit", "verify")
    if exported or verified:
        return [said, verdict]
    lines = (town.folder / "all.jsonl").read_text(encoding="utf-8").splitlines()
    return list(_books(town, lines))


def _books(town: Town, lines: Sequence[str]) -> Iterator[str]:
    """Yield what is wrong with the reports: one for each person, whole, and in it once what was added."""
    kept = {report["number"]: report for report in map(json.loads, lines)}
    numbers = sorted(number for person in town.people for number in person.numbers)
    if numbers != sorted(kept) or len(lines) != len(kept):
        yield f"there are reports that have no receipt, or the other way round: {sorted(kept)}, {numbers}"
        return
    for person in town.people:
        yield from _report(person, kept[min(person.numbers)])
    # The export leaves out what was added later; so the one look into the database.
    ((count,),) = town.everyone[0].rows("SELECT count(*) FROM case_event WHERE kind = 'added'")
    if count != len(town.people):
        yield f"{len(town.people)} people added something, {count} additions are kept"


def _report(person: Person, report: dict[str, Any]) -> Iterator[str]:
    whose = f"{report['number']} of person {person.index}"
    if (count := json.dumps(report).count(story_of(person.index))) != 1:
        yield f"{whose} holds their story {count} times"
    if [file["media_type"] for file in report["files"]] != ["image/jpeg"] * person.photos:
        yield f"{whose} holds other files than {person.photos} pictures"
    kinds = [event["kind"] for event in report["events"]]
    if kinds[:1] != ["filed"] or kinds.count("filed") != 1:
        yield f"{whose} has a history that does not begin with its filing: {kinds}"
