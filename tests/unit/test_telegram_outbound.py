"""Text and keyboards as Telegram wants them."""

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.channels.telegram.keyboard import markup_for, press_data, read_press
from bot.channels.telegram.text import split_text, utf16_length
from handlers.messages import Choice, Press, Reply


def test_split_at_paragraphs() -> None:
    """A long text is cut between paragraphs, and nothing but the gap is lost."""
    paragraphs = ["a" * 1500, "b" * 1500, "c" * 1500]
    assert split_text("\n\n".join(paragraphs)) == ["\n\n".join(paragraphs[:2]), paragraphs[2]]


def test_split_at_words() -> None:
    """Without paragraphs a text is cut between words."""
    text = "kata " * 2000
    parts = split_text(text)
    assert all(utf16_length(part) <= 4096 for part in parts)
    assert " ".join(parts).split() == text.split()


def test_split_counts_as_telegram_does() -> None:
    """An emoji counts as two, and none is cut in half or away from what it is joined with."""
    family = "👨\u200d👩\u200d👧"
    parts = split_text(family * 700)
    assert "".join(parts) == family * 700
    assert all(utf16_length(part) <= 4096 and part.startswith("👨") for part in parts)


def test_short_text_is_left_alone() -> None:
    """A text that fits is one part, exactly as it is; a blank one is none."""
    assert split_text(" satu\n\n  dua") == [" satu\n\n  dua"]
    assert split_text(" \n ") == []


def labels(reply: Reply, *, is_private: bool = True) -> list[list[str]]:
    markup = markup_for(reply, is_private=is_private)
    assert markup is not None
    return [[button["text"] for button in row] for row in markup["inline_keyboard"]]


def a_reply(*choices: str, location_label: str = "") -> Reply:
    offered = tuple(Choice(label, label.lower()) for label in choices)
    return Reply("?", "?", choices=offered, question="q", location_label=location_label)


def test_rows_of_buttons() -> None:
    """Short labels stand side by side, long ones each in a row of its own."""
    assert labels(a_reply("Ya", "Belum")) == [["Ya", "Belum"]]
    assert labels(a_reply("A", "B", "C", "D")) == [["A", "B"], ["C", "D"]]
    assert labels(a_reply("Dinas Pekerjaan Umum", "Lainnya")) == [["Dinas Pekerjaan Umum"], ["Lainnya"]]


def test_location_keyboard() -> None:
    """With a place asked for, the choices stand under the button that sends it, as plain words."""
    markup = markup_for(a_reply("Lewati", location_label="Kirim lokasi"), is_private=True)
    assert markup is not None
    assert markup["keyboard"] == [[{"text": "Kirim lokasi", "request_location": True}], [{"text": "Lewati"}]]


def test_no_location_in_groups() -> None:
    """Groups get the choices alone, since a place can be asked for in private chats only."""
    assert labels(a_reply("Lewati", location_label="Kirim lokasi"), is_private=False) == [["Lewati"]]


def test_plain_message_clears_the_keyboard() -> None:
    """A message without choices takes a keyboard away in private, and has none in groups."""
    assert markup_for(a_reply(), is_private=True) == {"remove_keyboard": True}
    assert markup_for(a_reply(), is_private=False) is None


def test_reply_wanted_in_a_group() -> None:
    """The reply opens for whom is answered, else for all; buttons come first, and in private there is no need."""
    asked = replace(a_reply(), wants_reply=True)
    assert markup_for(replace(asked, answers="41"), is_private=False) == {
        "force_reply": True,
        "selective": True,
    }
    assert markup_for(asked, is_private=False) == {"force_reply": True, "selective": False}
    assert markup_for(asked, is_private=True) == {"remove_keyboard": True}
    assert labels(replace(a_reply("Ya"), wants_reply=True), is_private=False) == [["Ya"]]


@given(st.text(max_size=9), st.text(max_size=9).filter(lambda value: not value.startswith(":")))
def test_press_data_comes_back_as_it_went_out(question: str, value: str) -> None:
    """Questions may hold colons, too."""
    assume(len(f"{question}{value}".encode(errors="surrogatepass")) < 40)
    assert read_press(press_data(question, value)) == Press(question, value)


@pytest.mark.parametrize(("question", "value"), [("a", ":c"), ("q", "x" * 63), ("q", "é" * 32)])
def test_press_data_that_cannot_be_sent(question: str, value: str) -> None:
    """Button data that would not come back as it went out is refused where it is built."""
    with pytest.raises(ValueError, match="cannot be sent"):
        press_data(question, value)
