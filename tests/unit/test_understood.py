"""What people type besides answers, and what becomes of it: questions, late facts, English, several places."""

from dataclasses import replace
from datetime import date

import pytest

from handlers.conversation.classify import Classifier
from handlers.conversation.flows import questions
from handlers.conversation.language import language_of
from handlers.conversation.progress import Step
from handlers.conversation.setting import CallHuman, SetLanguage, ShowStatus
from storage.vocabulary import Channel, Language
from tests.deployment import sekadau
from tests.talk import INSIDE, Talk, a_photo, at

CLASSIFIER = Classifier(sekadau())
ENGLISH = "The street light near the market in Desa Mungguk is broken since yesterday"


# --- questions and noise begin no draft ---


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("apa ini gratis?", "tidak dipungut biaya"),
        ("siapa kamu", "Ini Layanan Aduan Sekadau"),
        ("kamu siapa?", "Ini Layanan Aduan Sekadau"),
        ("ini siapa", "Ini Layanan Aduan Sekadau"),
        ("bisa lapor lewat wa?", "WhatsApp"),
        ("boleh lapor lewat email", "WhatsApp"),
        ("kapan diperbaiki?", "3 hari kerja"),
        ("saya mau ubah laporan tadi", "TAMBAH"),
        ("mau ralat laporan", "TAMBAH"),
        ("asdfghjk", "Tulis dalam satu pesan"),
        ("hgjkd xcvbn", "Tulis dalam satu pesan"),
        ("bla bla bla", "Tulis dalam satu pesan"),
        ("lanjut", "Belum ada laporan yang sedang ditulis. Mau melapor? Tulis saja masalahnya."),
    ],
)
def test_answered(text: str, answer: str) -> None:
    talk = Talk()
    talk.says(text)
    assert answer in talk.said
    assert talk.progress.draft is None


@pytest.mark.parametrize(
    "text",
    [
        "status laporan saya gimana",
        "gimana kabar laporan saya?",
        "laporan saya sudah sampai mana",
        "how is my report?",
    ],
)
def test_status_in_other_words(text: str) -> None:
    talk = Talk()
    assert talk.says(text).outputs == (ShowStatus(""),)


@pytest.mark.parametrize(
    "text", ["berapa biaya urus KTP?", "KTP", "jln rsk", "BPJS", "kapan jalan kami diperbaiki?"]
)
def test_a_topic_is_a_report(text: str) -> None:
    """A question about an office's work, or an abbreviation that is a topic, is for an officer."""
    talk = Talk()
    talk.says(text)
    assert talk.draft.description == text


@pytest.mark.parametrize(
    "text",
    [
        "bicara dengan petugas",
        "saya mau bicara dengan petugas",
        "bisa bicara dengan petugas?",
        "mau ngomong sama petugas",
    ],
)
@pytest.mark.parametrize("step", [None, *Step])
def test_a_person_is_called(step: Step | None, text: str) -> None:
    talk = at(step) if step else Talk()
    talk.says(text)
    assert talk.done(CallHuman)
    assert talk.step is step


@pytest.mark.parametrize(("language", "word"), [("id", "PETUGAS"), ("en", "PERSON")])
@pytest.mark.parametrize("channel", [Channel.SMS, Channel.TELEGRAM])
@pytest.mark.parametrize("step", [Step.RESUME, Step.WHICH_AREA, Step.PRIVACY, Step.DISCARD])
def test_nobody_is_called_unasked(step: Step, channel: Channel, language: str, word: str) -> None:
    """Three answers that do not fit call nobody: the question stands again, with the word that calls a person."""
    talk = at(step)
    talk.channel, talk.language = channel, Language(language)
    for text in ("7", "8", "9"):
        assert word not in talk.said
        talk.says(text)
        assert not talk.done(CallHuman)
    asked = questions.ask(step, talk.draft, talk.setting, talk.progress.misses)
    assert word in talk.said
    assert talk.said.endswith(asked.short if talk.setting.is_brief else asked.text)
    talk.says(word)
    assert talk.done(CallHuman)
    assert talk.step is step


# --- what is told late ---


@pytest.mark.parametrize(
    "text", ["sudah", "selesai", "ok", "kirim", "cukup", "gak ada", "itu saja pak", "done"]
)
def test_done_with_photos(text: str) -> None:
    for with_photo in (False, True):
        talk = at(Step.PHOTOS)
        if with_photo:
            talk.sends(media=(a_photo(),))
            assert (
                talk.said
                == "Foto/berkas sudah kami terima (1). Ada lagi? Kirim saja; kalau sudah, tulis LANJUT."
            )
        talk.says(text)
        assert talk.step is Step.PRIVACY


@pytest.mark.parametrize("step", [Step.PHOTOS, Step.PRIVACY, Step.SUMMARY])
def test_late_facts(step: Step) -> None:
    """A day, a landmark or a wish to be hidden is understood at another question, and only that is named."""
    talk = at(step)
    before = talk.draft
    talk.says("sejak lebaran")
    assert talk.said.startswith("Kami catat juga: sejak Senin, 31 Maret 2025.\n\n")
    talk.says("di belakang kantor pos")
    assert talk.said.startswith("Kami catat juga: di belakang kantor pos.\n\n")
    assert talk.draft == replace(
        before,
        occurred_on=date(2025, 3, 31),
        is_ongoing=True,
        place="di belakang kantor pos",
        is_pinpointed=True,
    )
    assert talk.step is step


def test_no_day_is_shown_as_none() -> None:
    """The summary makes no day up: where none was told, or one that no calendar has, it says so until one is told."""
    talk = Talk()
    talk.says("lampu jalan mati di desa mungguk dekat pasar", "lewati", "1")
    assert "Waktu: belum jelas\n" in talk.said
    talk.says("ubah masalah", "lampu jalan mati di desa mungguk dekat pasar sejak 31 Februari")
    assert 'Waktu: belum jelas ("31 Februari" tidak ada di kalender)\n' in talk.said
    talk.says("ubah masalah", "lampu jalan mati di desa mungguk dekat pasar")
    assert "Waktu: belum jelas\n" in talk.said
    talk.says("ubah waktu", "sejak 28 Februari")
    assert "Waktu: sejak Sabtu, 28 Februari 2026\n" in talk.said
    talk.says("ubah masalah", "jembatan putus di desa mungguk sejak 1 Maret")
    assert "Waktu: sejak Minggu, 1 Maret 2026\n" in talk.said


@pytest.mark.parametrize("text", ["jgn sebut nama sy", "tolong rahasiakan", "rahasia"])
@pytest.mark.parametrize("step", [Step.PHOTOS, Step.SUMMARY])
def test_hidden_late(step: Step, text: str) -> None:
    """Who asks to be hidden is, at any question, and is told no more than that."""
    talk = at(step)
    if step is Step.SUMMARY:
        talk.says("ubah identitas", "anonim")
    talk.says(text)
    assert talk.said.startswith("Kami rahasiakan.\n\n")
    assert talk.draft.is_secret
    assert talk.step is step


def test_hidden_in_own_words() -> None:
    talk = at(Step.PRIVACY)
    talk.says("jgn sebut nama sy")
    assert (talk.step, talk.draft.is_secret, talk.draft.is_anonymous) == (Step.SUMMARY, True, True)


@pytest.mark.parametrize("value", [questions.ANONYMOUS, questions.OPEN])
def test_words_lower_no_protection(value: str) -> None:
    """Once answered, "anonim" or "terbuka" in passing does not open the report."""
    talk = at(Step.SUMMARY)
    talk.says("ubah foto", {questions.ANONYMOUS: "anonim", questions.OPEN: "terbuka"}[value])
    assert talk.draft.is_secret


@pytest.mark.parametrize(
    "text", ["ya sampah numpuk", "sejak musim tanam", "dan bau busuk sampai ke rumah kami"]
)
def test_more_of_the_story_for_a_place(text: str) -> None:
    """Words that name no place are added to the story, and the place is asked for again."""
    talk = at(Step.PLACE)
    talk.says(text)
    assert talk.draft.description.endswith(f"\n{text}")
    assert talk.step is Step.PLACE


def test_several_bubbles() -> None:
    """Where the story comes in several messages the question is asked once again only, and still open."""
    talk = at(Step.PLACE)
    talk.says("dan bau busuk sampai ke rumah kami")
    assert "Di mana tempatnya?" in talk.said
    for text in ("anak anak jadi sakit semua pak", "sudah lapor ketua rt tapi diam"):
        talk.says(text)
        assert talk.said == "Kami tambahkan ke laporan Anda."
        assert talk.draft.description.endswith(text)
    talk.says("desa mungguk dekat masjid")
    assert talk.step is Step.PHOTOS


def test_danger_among_bubbles() -> None:
    """Danger told in a later message is answered first as ever."""
    talk = at(Step.PLACE)
    talk.says("dan bau busuk sampai ke rumah kami", "sekarang rumah tetangga kami terbakar juga pak")
    assert "113" in talk.replies[0].text


def test_received() -> None:
    """A photo at another question and an early point are acknowledged in a few words."""
    talk = at(Step.PRIVACY)
    talk.sends(media=(a_photo(),))
    assert talk.said.startswith("Berkasnya sudah masuk, kami periksa dulu.\n\nSiapa yang boleh tahu")
    talk = Talk()
    talk.sends(location=INSIDE)
    assert talk.said.startswith(
        "Terima kasih, lokasinya sudah kami terima: Desa Mungguk, Kec. Sekadau Hilir.\n\n"
    )


def test_late_caption() -> None:
    """Words that come with a late photo are added to the story."""
    talk = at(Step.PHOTOS)
    talk.sends(media=(a_photo(),), text="tiangnya juga miring")
    assert talk.draft.description.endswith("\ntiangnya juga miring")


# --- several places ---


@pytest.mark.parametrize("channel", Channel)
def test_two_places_named(channel: Channel) -> None:
    """Two places that were each named are not said to have the same name; "both" is an answer."""
    talk = Talk(channel)
    talk.says("jalan dari desa mungguk ke desa tanjung rusak parah sejak kemarin")
    assert "Anda menyebut beberapa tempat." in talk.said
    talk.says("dua-duanya")
    assert talk.draft.area_code == "61.09.01"
    assert talk.step is (Step.SUMMARY if channel is Channel.SMS else Step.PHOTOS)


def test_one_name_of_several_places() -> None:
    assert "Ada beberapa tempat" in at(Step.WHICH_AREA).said


# --- language ---


def test_english_is_answered_in_english() -> None:
    """Who begins in English is answered in English, told how to have Indonesian, and not switched again once chosen."""
    talk = Talk()
    talk.says(ENGLISH)
    assert talk.done(SetLanguage) == [SetLanguage(Language.ENGLISH)]
    assert "Bahasa Indonesia: ketik BAHASA" in talk.said
    assert "We noted" in talk.said
    talk = Talk()
    talk.says("bahasa indonesia", ENGLISH)
    assert not talk.done(SetLanguage)
    assert "Kami catat" in talk.said


@pytest.mark.parametrize("channel", Channel)
def test_danger_in_english_is_answered_so(channel: Channel) -> None:
    talk = Talk(channel)
    talk.says("please help, house on fire in Desa Mungguk")
    first = talk.replies[0].short if channel is Channel.SMS else talk.replies[0].text
    assert "Call" in first
    assert "113" in first


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (ENGLISH, Language.ENGLISH),
        ("house on fire", Language.ENGLISH),
        ("no water since monday please help", Language.ENGLISH),
        ("lampu jln mati dpn sd 3", Language.INDONESIAN),
        ("jalan rusak di mungguk sejak kemarin", Language.INDONESIAN),
        ("wifi di kantor on off terus", Language.INDONESIAN),
        ("street food di jalan utama kotor", Language.INDONESIAN),
        ("Desa Mungguk", None),
        ("", None),
    ],
)
def test_language_of(text: str, language: Language | None) -> None:
    assert language_of(text) is language


def test_welcome_in_the_new_language() -> None:
    """With nothing open the other language begins with its welcome."""
    talk = Talk()
    talk.says("english")
    assert talk.said.startswith("Welcome to the Sekadau Complaint Service.")
    talk.says("bahasa")
    assert talk.said.startswith("Selamat datang di Layanan Aduan Sekadau.")


@pytest.mark.parametrize(
    ("text", "is_secret"), [("rahasia", True), ("anonim saja", False), ("keep it secret", True)]
)
def test_a_word_of_protection_is_no_name(text: str, is_secret: bool) -> None:
    """Asked for the name, who would rather not be known gets that, and nobody is called "Rahasia"."""
    talk = at(Step.NAME)
    talk.says(text)
    assert (talk.draft.name, talk.draft.is_anonymous, talk.draft.is_secret) == ("", True, is_secret)
    assert talk.step is Step.SUMMARY


def test_neither_yes_nor_no_is_a_name() -> None:
    """TIDAK gives no name; YA is asked again."""
    talk = at(Step.NAME)
    talk.says("ya")
    assert (talk.step, talk.draft.name) == (Step.NAME, "")
    talk.says("tidak")
    assert (talk.step, talk.draft.name) == (Step.SUMMARY, "")


def test_protection_changes_at_the_summary() -> None:
    """Where the summary shows who may know, a word changes that, and it is shown anew."""
    talk = at(Step.SUMMARY)
    talk.says("anonim")
    assert (talk.draft.is_anonymous, talk.draft.is_secret) == (True, False)
    assert "Siapa yang tahu: anonim" in talk.said
    talk.says("terbuka")
    assert talk.step is Step.NAME
    talk.says("Budi", "rahasia")
    assert (talk.step, talk.draft.name, talk.draft.is_secret) == (Step.SUMMARY, "", True)


@pytest.mark.parametrize("text", ["ya", "ada", "ada pak", "punya fotonya"])
def test_a_photo_to_come(text: str) -> None:
    """ "Do you have a photo?" answered with yes asks for it; once it is here, YA goes on."""
    talk = at(Step.PHOTOS)
    talk.says(text)
    assert (talk.step, "kirim fotonya" in talk.said) == (Step.PHOTOS, True)
    talk.sends(media=(a_photo(),))
    talk.says("ya")
    assert talk.step is Step.PRIVACY
