"""GSM-7: what a text becomes, and in how many parts it goes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.base import SendError
from bot.channels.sms.text import sendable
from handlers.sms_length import MAX_PARTS, count_parts, sentences, to_gsm
from storage.vocabulary import Fault
from tests.fakes.phone import is_gsm, segments


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("“Baik” – terima kasih…", '"Baik" - terima kasih...'),
        ("Jum’at · 2—3 hari", "Jum'at - 2-3 hari"),
        ("• satu\n• dua", "- satu\n- dua"),
        ("Rp\u00a010.000", "Rp 10.000"),
        ("Terima kasih 👍🏽 ya", "Terima kasih ya"),
        ("👨‍👩‍👧 keluarga ❤️", "keluarga"),
        ("café é è à ñ Ñ ü ß", "café é è à ñ Ñ ü ß"),
        ("cafe\u0301 o\u0301", "café o"),
        ("ó ç â ő ﬁ ½ №", "o c a o fi 1/2 No"),
        ("30°C", "30 derajatC"),
        ("[a] {b} ~ ^ | \\ €", "[a] {b} ~ ^ | \\ €"),
        ("日本", "??"),
        ("a\r\nb\tc\x00\x1b", "a\nb c"),
        ("\ud83d setengah", "setengah"),
        ("  banyak   spasi  \n", "banyak spasi"),
        ("Ａ１", "A1"),
    ],
)
def test_look_alikes(text: str, plain: str) -> None:
    """Typography becomes what every phone shows, emoji go, what has no look-alike is a question mark."""
    assert to_gsm(text) == plain


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", 0),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("a" * 459, 3),
        ("a" * 460, 4),
        ("é" * 160, 1),
        ("€" * 80, 1),
        ("€" * 81, 2),
        # 152 septets and a euro sign: the sign does not fit the first part, so the third begins one sooner.
        ("a" * 152 + "€" + "a" * 151, 2),
        ("a" * 152 + "€" + "a" * 152, 3),
        ("日" * 70, 1),
        ("日" * 71, 2),
        ("👍" * 35, 1),
        ("👍" * 36, 2),
        ("👍" * 67, 3),
    ],
)
def test_parts(text: str, parts: int) -> None:
    """Septets are counted, an extension character as two that stay together."""
    assert count_parts(text) == parts


@given(st.text(st.characters(exclude_categories=[]), max_size=400))
def test_every_text_can_be_sent(text: str) -> None:
    """Whatever a text holds, what becomes of it is GSM-7, stays as it is, and is counted as the network does."""
    plain = to_gsm(text)
    assert is_gsm(plain)
    assert to_gsm(plain) == plain
    assert count_parts(plain) == (segments(plain) if plain else 0)


@given(st.text("a€é日👍", min_size=1, max_size=400))
def test_counts_agree(text: str) -> None:
    """We count as the network does, in either alphabet."""
    assert count_parts(text) == segments(text)


def test_longest_text() -> None:
    """Three parts go out, as they stand."""
    assert sendable("a" * 153 * MAX_PARTS) == "a" * 153 * MAX_PARTS


@pytest.mark.parametrize(
    ("text", "code"), [("a" * 460, "too_long"), ("", "empty_text"), ("👍 ", "empty_text")]
)
def test_what_is_not_sent(text: str, code: str) -> None:
    """More than three parts, or nothing at all, never reaches the provider."""
    with pytest.raises(SendError) as caught:
        sendable(text)
    assert (caught.value.fault, caught.value.code) == (Fault.REJECTED, code)


def test_sentences() -> None:
    """Texts that do without a stop at their end get one where another follows, and only there."""
    assert sentences("BATAL untuk hapus", "", "Di mana? 1 Mungguk") == "BATAL untuk hapus. Di mana? 1 Mungguk"
    assert sentences("Sudah.", "Kapan?", "Balas YA") == "Sudah. Kapan? Balas YA"
    assert sentences("", "Balas YA") == "Balas YA"
    assert sentences("") == ""
