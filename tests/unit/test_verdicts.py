"""What people say when asked whether it is solved, and how many stars they give."""

import pytest

from handlers.conversation.phrasebook import Word
from handlers.conversation.verdicts import Verdict, read_consent, read_stars, read_verdict
from handlers.conversation.words import Command, read_command
from storage.vocabulary import Channel

SOLVED = (
    "ya|YA|iya pak|sudah|sdh|sudah beres|sudah beres, terima kasih|udah beres pak makasih|sudah diperbaiki|"
    "alhamdulillah sudah nyala|sudah bagus sekarang|lampunya sudah nyala pak, terima kasih|beres|selesai|ok|"
    "tidak ada masalah lagi|yes|yes, thank you|solved|it's fixed|fixed, thanks|all good now|Ya, sudah"
)
NOT_SOLVED = (
    "belum|BELUM|blm|blm beres pak|belum beres|belum selesai bu|tidak|tidak beres|gak|masih belum|not yet|no|"
    "not solved|it's not fixed|belum ada perubahan sama sekali|sama saja pak|ya belum|ya, belum|Belum"
)
WITH_REASON = [
    ("belum, masih bocor", "masih bocor"),
    ("BELUM masih bocor", "masih bocor"),
    ("blm beres. airnya keruh terus", "airnya keruh terus"),
    ("belum karena baru separuh ditambal", "karena baru separuh ditambal"),
    ("belum diaspal ulang di ujung gang", "belum diaspal ulang di ujung gang"),
    ("masih bocor", "masih bocor"),
    ("tetap gelap kalau malam", "tetap gelap kalau malam"),
    ("tapi masih gelap", "tapi masih gelap"),
    ("tp tiangnya masih miring", "tp tiangnya masih miring"),
    ("but it still leaks", "but it still leaks"),
    ("sudah, tapi masih bocor sedikit", "sudah, tapi masih bocor sedikit"),
    ("sudah diperbaiki tapi rusak lagi", "sudah diperbaiki tapi rusak lagi"),
    ("ya, masih bocor", "ya, masih bocor"),
    ("tidak, baunya masih ada", "baunya masih ada"),
    ("not yet, still leaking", "still leaking"),
    ("not yet it still leaks", "not yet it still leaks"),
    ("still broken", "still broken"),
    ("no, the hole is back", "the hole is back"),
]
NO_VERDICT = (
    "sudah tiga hari air mati di desa peniti|sudah?|sudah beres?|jalan di desa kami rusak|terima kasih|halo|"
    "tidak ada lampu di jalan menuju sekolah|ya jalan di desa kami juga rusak parah|"
    "sudah lapor tapi tidak ditanggapi|lampu jalan mati|5|no water in our village"
)


@pytest.mark.parametrize("text", SOLVED.split("|"))
def test_solved(text: str) -> None:
    """Whatever says that it is solved, and nothing besides."""
    verdict = read_verdict(text)
    assert verdict is not None
    assert verdict.is_solved


@pytest.mark.parametrize("text", NOT_SOLVED.split("|"))
def test_not_solved(text: str) -> None:
    """Whatever says that it is not, without a reason."""
    assert read_verdict(text) == Verdict(is_solved=False)


@pytest.mark.parametrize(("text", "reason"), WITH_REASON)
def test_reason(text: str, reason: str) -> None:
    """A reason is kept; never so that it says the opposite."""
    assert read_verdict(text) == Verdict(is_solved=False, words=reason)


def test_praise() -> None:
    """What is said besides a yes is kept."""
    assert read_verdict("Ya, petugasnya cepat sekali") == Verdict(
        is_solved=True, words="petugasnya cepat sekali"
    )


@pytest.mark.parametrize("text", NO_VERDICT.split("|"))
def test_no_verdict(text: str) -> None:
    """What may well be about something else is not guessed at."""
    assert read_verdict(text) is None


@pytest.mark.parametrize("stars", range(1, 6))
def test_stars(stars: int) -> None:
    """A rating is a digit, with politeness or what the button says beside it."""
    for text in ("{}", "{} pak", "nilai {}", "{} bintang", "saya kasih {}", "{} (baik)", "{}. terima kasih"):
        assert read_stars(text.format(stars)) == stars


@pytest.mark.parametrize("text", ["0", "6", "1 2", "5 lubang di jalan", "12", "", "baik", "RT 5"])
def test_no_stars(text: str) -> None:
    """Other numbers, and sentences with one, rate nothing."""
    assert read_stars(text) is None


@pytest.mark.parametrize("channel", Channel)
@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("BUKA", Command(Word.REOPEN)),
        ("buka lagi pak", Command(Word.REOPEN)),
        ("/buka", Command(Word.REOPEN)),
        ("REOPEN", Command(Word.REOPEN)),
        ("BUKA 7140666", Command(Word.REOPEN, "7140666")),
        ("buka7140666", Command(Word.REOPEN, "7140666")),
        ("BUKA SKD-714 0666 masih bocor", Command(Word.REOPEN, "SKD-714 0666 masih bocor")),
        ("buka lagi laporan 7140666 krn bocor lagi", Command(Word.REOPEN, "laporan 7140666 krn bocor lagi")),
        ("BUKA: masih bocor", Command(Word.REOPEN, "masih bocor")),
        ("buka laporan saya, bocor lagi", Command(Word.REOPEN, "laporan saya, bocor lagi")),
        ("BANDING", Command(Word.APPEAL)),
        ("BANDING 7140666 ini jalan kabupaten", Command(Word.APPEAL, "7140666 ini jalan kabupaten")),
        ("banding, ini jalan kabupaten", Command(Word.APPEAL, "ini jalan kabupaten")),
        ("APPEAL 7140666 it is a public road", Command(Word.APPEAL, "7140666 it is a public road")),
    ],
)
def test_words(text: str, command: Command, channel: Channel) -> None:
    """BUKA and BANDING take a number and a reason along."""
    assert read_command(text, channel) == command


@pytest.mark.parametrize(
    "text",
    ["buka puasa bersama di jalan mengganggu", "banding harga di pasar", "buka 24 jam tapi tutup", "terbuka"],
)
def test_no_words(text: str) -> None:
    """Sentences that begin so are what they are."""
    assert read_command(text, Channel.SMS) is None


@pytest.mark.parametrize(
    "text", ["SETUJU", "setujuu pak", "stuju", "ya setuju", "saya setuju, silakan diteruskan", "I agree"]
)
def test_consent(text: str) -> None:
    """SETUJU as people write it."""
    assert read_consent(text) is True


@pytest.mark.parametrize("text", ["tidak", "tdk setuju", "jangan", "no"])
def test_refusal(text: str) -> None:
    """Plain words against it."""
    assert read_consent(text) is False


@pytest.mark.parametrize("text", ["ya", "ok", "belum", "setuju kalau jalannya diperbaiki dulu", "saya", ""])
def test_neither_consent_nor_refusal(text: str) -> None:
    """What is not clear is no consent."""
    assert read_consent(text) is None
