"""What we read of an update is what the library reads of it."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

import telegram
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.inbound import read_update
from bot.channels.telegram.update import Update
from tests.updates import (
    CHANNEL,
    CHAT,
    GIF,
    GROUP,
    NOW,
    POLL,
    STICKER,
    a_file,
    a_message,
    a_press,
    assert_agreement,
)

POINT = {"latitude": 0.02, "longitude": 110.9}
CONTENTS: dict[str, Any] = {
    "text": "lampu mati",
    "caption": "ini",
    "entities": [{"type": "bold", "offset": 0, "length": 2}],
    "photo": [a_file("p", 1, width=90, height=67)],
    "video": a_file("v", 1, width=640, height=480, duration=3),
    "voice": a_file("o", 1, duration=3),
    "document": a_file("d", 1),
    "animation": GIF,
    "sticker": STICKER,
    "poll": POLL,
    "location": POINT,
    "venue": {"location": POINT, "title": "Pasar", "address": "Jl. 1"},
    "forward_date": 1,
    "media_group_id": "1",
    "new_chat_title": "Dinas",
    "pinned_message": a_message(text="a"),
    "reply_to_message": a_message(text="?"),
    "migrate_to_chat_id": -9,
    "sender_chat": CHANNEL,
    "edit_date": 1_790_000_000,
    "hologram": {"file_id": "h"},
}


@given(st.sets(st.sampled_from(sorted(CONTENTS))), st.sampled_from([CHAT, GROUP, CHANNEL]))
def test_any_content_is_read_as_the_library_reads_it(names: set[str], chat: dict[str, Any]) -> None:
    """Whatever a message holds, together or alone."""
    message = a_message(**{name: CONTENTS[name] for name in names}) | {"chat": chat}
    update = {"update_id": 9, "message": message}
    assert_agreement(Update.model_validate(update), telegram.Update.de_json(deepcopy(update), None))
    assert read_update(update, now=NOW).update_id == 9


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=5,
)
WHOLE = {"message": a_message(**CONTENTS), "callback_query": a_press("a:b")}


def places_in(value: object, here: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    inner = (
        value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ()
    )
    for name, part in inner:
        yield (*here, name)
        yield from places_in(part, (*here, name))


@given(st.sampled_from(sorted(WHOLE)), st.data())
def test_nonsense_holds_up_nobody(kind: str, data: st.DataObject) -> None:
    """Whatever stands where something else belongs, the update has its number, and nothing is raised."""
    update = {"update_id": 9, kind: deepcopy(WHOLE[kind])}
    *way, last = data.draw(st.sampled_from([place for place in places_in(update) if place != ("update_id",)]))
    part: Any = update
    for name in way:
        part = part[name]
    part[last] = data.draw(JSON)
    assert read_update(update, now=NOW).update_id == 9
