"""Messages as they come in, each handled as `tests/data/messages.jsonl` expects; every row and phrase is checked."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from handlers.conversation.progress import Step
from handlers.conversation.setting import Effect, FileReport, SetNews, ShowStatus
from handlers.messages import Reply
from handlers.sms_length import count_parts
from storage.vocabulary import Channel, ReportType
from tests.talk import Talk

TABLE = Path(__file__).parents[1] / "data" / "messages.jsonl"
ROWS = [json.loads(line) for line in TABLE.read_text(encoding="utf-8").splitlines()]

#: what a context says has happened before
CONTEXTS: dict[str, tuple[str, ...]] = {
    "new sender, nothing open": (),
    "draft open": ("lampu jalan di depan rumah kami mati terus tiap malam",),
    "draft complete, summary shown": ("LAPOR lampu jln mati dpn sd 3 ds mungguk",),
}


def _is_draft(talk: Talk) -> bool:
    return talk.progress.draft is not None


def _does(talk: Talk, effect: Effect) -> bool:
    return talk.turn.outputs == (effect,)


#: how a message is taken
TREATED: dict[str, Callable[[Talk], bool]] = {
    "complaint": lambda talk: _is_draft(talk) and not talk.draft.is_emergency,
    "emergency_complaint": lambda talk: _is_draft(talk) and talk.draft.is_emergency,
    "information_request": lambda talk: _is_draft(talk) and talk.draft.type is ReportType.INFORMATION,
    "no_content": lambda talk: not _is_draft(talk) and bool(talk.replies),
    "abuse_only": lambda talk: not _is_draft(talk) and bool(talk.replies),
    "status": lambda talk: bool(talk.done(ShowStatus)) and not _is_draft(talk),
    "optout": lambda talk: _does(talk, SetNews(is_wanted=False)),
    "keyword:BANTUAN": lambda talk: "STATUS" in talk.said and not _is_draft(talk),
    "keyword:YA": lambda talk: len(talk.done(FileReport)) == 1,
    "keyword:BATAL": lambda talk: talk.step is Step.DISCARD,
}
#: what a reply must do. Where rows decide (status, opt-out), the reply is checked with the database:
#: tests/integration/test_dispatch.py; here, that the question is put to them.
REPLIES: dict[str, Callable[[Talk], bool]] = {
    "asks nothing that the text already says": lambda talk: talk.step is Step.SUMMARY,
    "asks for the place": lambda talk: talk.step is Step.PLACE and "desa" in talk.said.lower(),
    "says in one SMS how to report": lambda talk: "Tulis" in talk.said and count_parts(talk.said) == 1,
    "returns the greeting": lambda talk: "Selamat datang" in talk.said,
    "number not known": lambda talk: _does(talk, ShowStatus("00000")),
    "the sender own open report, or asks for the number": lambda talk: _does(talk, ShowStatus("")),
    "confirms once": lambda talk: len(talk.turn.outputs) == 1,
    "short help": lambda talk: count_parts(talk.said) == 1,
    "polite": lambda talk: "kesal" in talk.said,
    "asks what the problem is": lambda talk: "Apa masalahnya?" in talk.said,
    "emergency number first": lambda talk: "110" in talk.replies[0].short,
    "still recorded": lambda talk: bool(talk.draft.description),
    "protection raised": lambda talk: talk.draft.is_secret and talk.draft.is_integrity,
    "filed once": lambda talk: len(talk.filed) == 1 and talk.step is None,
    "asks before throwing away": lambda talk: talk.step is Step.DISCARD and _is_draft(talk),
    "one help message": lambda talk: len(talk.turn.outputs) == 1 and "Tulis" in talk.said,
}
NOT_REPLIES: dict[str, Callable[[Talk], bool]] = {
    "a draft is opened": _is_draft,
    "any case data": lambda talk: any(isinstance(output, Reply) for output in talk.turn.outputs),
}


def _played(row: dict[str, Any]) -> Talk:
    talk = Talk(Channel(row["channel"]))
    talk.says(*CONTEXTS[row["context"]], row["text"])
    return talk


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['id']} {row['why']}")
def test_row(row: dict[str, Any]) -> None:
    """The message is taken for what it is, with its topic and place, and answered as it should be."""
    talk, expected = _played(row), row["expect"]
    assert TREATED[expected["treat_as"]](talk), talk.turn
    if expected["category"]:
        assert talk.draft.category == expected["category"]
    for code in expected["codes"]:
        assert code in (talk.draft.area_code, *talk.draft.area_options)
    for what in expected["reply_must"]:
        assert REPLIES[what](talk), (what, talk.said)
    for what in expected["reply_must_not"]:
        assert not NOT_REPLIES[what](talk), (what, talk.said)
