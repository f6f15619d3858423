"""A saved conversation is a file format: it survives the way through the database, and older ones still load."""

from pathlib import Path
from typing import get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.conversation.progress import Draft, Progress, Step, dump, load
from handlers.conversation.setting import DropFiles, FileReport
from handlers.messages import Location
from storage.vocabulary import Channel, Language
from tests.talk import Talk

FIXTURES = Path(__file__).parents[1] / "fixtures" / "progress"
LOCATION = st.builds(Location, st.floats(-90, 90), st.floats(-180, 180))


def _any(of: type, **special: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    """Any value of a dataclass, each of its fields drawn by its type: new fields are tried as they come."""
    hints = get_type_hints(of)
    return st.builds(of, **{name: special.get(name, st.from_type(hints[name])) for name in hints})


DRAFT = _any(Draft, location=st.none() | LOCATION)
PROGRESS = _any(Progress, draft=st.none() | DRAFT, next_draft=st.none() | DRAFT)


@given(PROGRESS)
def test_round_trip(progress: Progress) -> None:
    """Whatever a state holds, it comes back as it was stored."""
    assert load(dump(progress)) == progress


def test_fresh_state_is_small() -> None:
    """Only what differs from the beginning is stored, so that new fields do no harm to old states."""
    assert dump(Progress()) == "{}"
    assert load("{}") == Progress()


#: stored state → what the person says next, and the question that follows
GOES_ON = [
    ("0.1.0-description", "lampu jalan mati depan SD 3 desa mungguk", Step.PHOTOS),
    ("0.1.0-which-area", "hilir", Step.LANDMARK),
    ("0.1.0-point", "ya", Step.PHOTOS),
    ("0.1.0-photos", "lanjut", Step.PRIVACY),
    ("0.1.0-name", "Budi Santoso", Step.SUMMARY),
    ("0.1.0-summary-secret", "ubah waktu", Step.WHEN),
    ("0.1.0-summary-sms", "edit", Step.EDIT),
    ("0.1.0-when", "kemarin", Step.SUMMARY),
    ("0.1.0-discard", "jangan", Step.PRIVACY),
    ("0.1.0-resume", "1", Step.PLACE),
    ("0.1.0-nothing-open", "jalan rusak", Step.PLACE),
]


def _stored(name: str) -> Talk:
    channel = Channel.SMS if name.endswith("sms") else Channel.TELEGRAM
    return Talk(channel, progress=load((FIXTURES / f"{name}.json").read_text(encoding="utf-8")))


@pytest.mark.parametrize(("name", "text", "step"), GOES_ON)
def test_stored_state_goes_on(name: str, text: str, step: Step) -> None:
    """A conversation stored by an earlier release goes on where it stood."""
    talk = _stored(name)
    described = talk.progress.draft.description if talk.progress.draft else ""
    asked = talk.progress.asked
    talk.says(text)
    assert talk.step is step, talk.said
    assert talk.draft.description.startswith(described)
    assert talk.progress.asked > asked


def test_every_stored_state_is_tried() -> None:
    """No stored state is left lying untested."""
    assert {path.stem for path in FIXTURES.glob("*.json")} == {name for name, _, _ in GOES_ON}


@pytest.mark.parametrize("name", ["0.1.0-summary-secret", "0.1.0-summary-sms"])
def test_stored_summary_files(name: str) -> None:
    """A draft that waited for YA in an earlier release is filed by it, once, as protected as it was."""
    talk = _stored(name)
    draft = talk.draft
    talk.says("ya", "ya")
    assert talk.filed == [draft]
    assert draft.is_secret
    assert draft.is_anonymous


def test_stored_presses() -> None:
    """Buttons that an earlier release sent still work, and act once."""
    talk = _stored("0.1.0-discard")
    draft, question = talk.draft, str(talk.progress.asked)
    talk.presses("yes", question)
    assert talk.done(DropFiles) == [DropFiles(draft.id)]
    talk.presses("yes", question)
    assert talk.turn.outputs == ()


def test_stored_language_is_not_part_of_it() -> None:
    """A person who switched the language meanwhile is asked in the new one."""
    talk = _stored("0.1.0-summary-secret")
    talk.language = Language.ENGLISH
    talk.says("back", "skip")
    assert "Send it?" in talk.said
    assert not any(isinstance(output, FileReport) for output in talk.outputs)
