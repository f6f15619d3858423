"""What a text is about: the measured level, and what must hold text by text."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.conversation.classify import Classifier, Reading
from handlers.conversation.phrases import Phrases
from handlers.conversation.places import Gazetteer
from handlers.conversation.spelling import standard_words
from storage.vocabulary import ReportType
from tests.deployment import sekadau

DATA = Path(__file__).parents[1] / "data"
CLASSIFIER = Classifier(sekadau())
_TYPES = {
    "pengaduan": ReportType.COMPLAINT,
    "permintaan_informasi": ReportType.INFORMATION,
    "aspirasi": ReportType.ASPIRATION,
    "pengaduan_berkadar_pengawasan": ReportType.OVERSIGHT,
}


def _rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (DATA / name).read_text(encoding="utf-8").splitlines()]


READ = [(row, CLASSIFIER.read(row["text"])) for row in _rows("complaints.jsonl")]


def _share(
    is_right: Callable[[dict[str, Any], Reading], bool], among: Callable[[dict[str, Any], Reading], bool]
) -> float:
    results = [is_right(row, reading) for row, reading in READ if among(row, reading)]
    return sum(results) / len(results)


def _is_category_right(row: dict[str, Any], reading: Reading) -> bool:
    return reading.category in (row["category"], *row["other_categories"])


def test_categories_keep_their_measured_level() -> None:
    assert _share(_is_category_right, lambda *_: True) >= 0.95


def test_a_sure_category_is_rarely_wrong() -> None:
    assert _share(_is_category_right, lambda _, reading: reading.is_sure) >= 0.96


def test_types_keep_their_measured_level() -> None:
    assert _share(lambda row, reading: reading.type is _TYPES[row["type"]], lambda *_: True) >= 0.95


def test_danger_is_seen_and_alarms_are_rarely_false() -> None:
    assert _share(lambda _, reading: reading.is_emergency, lambda row, _: row["emergency"]) >= 0.9
    assert _share(lambda _, reading: reading.is_emergency, lambda row, _: not row["emergency"]) <= 0.01


def test_suspected_abuse_is_seen_and_suspicion_is_rarely_false() -> None:
    def is_abuse(row: dict[str, Any], _reading: Reading) -> bool:
        return _TYPES[row["type"]] is ReportType.OVERSIGHT

    assert _share(lambda _, reading: reading.is_integrity, is_abuse) >= 0.9
    assert _share(lambda _, reading: reading.is_integrity, lambda row, _: row["category"] != "PUNGLI") <= 0.02


def test_one_problem_is_rarely_read_as_several() -> None:
    listed = [
        row for row, _ in READ if len(CLASSIFIER.problems(row["text"])) > 1 and not row["other_categories"]
    ]
    assert len(listed) <= 0.01 * len(READ)


@pytest.mark.parametrize(
    "row",
    [row for row in _rows("messages.jsonl") if "text" in row and row["expect"]["category"]],
    ids=lambda row: row["id"],
)
def test_single_messages_are_read_as_expected(row: dict[str, Any]) -> None:
    expect, reading = row["expect"], CLASSIFIER.read(row["text"])
    assert reading.category == expect["category"]
    assert reading.is_emergency == (expect["treat_as"] == "emergency_complaint")
    assert (reading.type is ReportType.INFORMATION) == (expect["treat_as"] == "information_request")
    assert list(Gazetteer(sekadau().areas, sekadau().places).find(row["text"]).codes) == expect["codes"]


@pytest.mark.parametrize(
    ("text", "accused"),
    [
        ("petugas minta uang 100rb utk cetak kk, tolong jgn sebut nama saya", "ADMINDUK"),
        ("kades potong dana blt 100rb per orang", "DESA"),
        ("kepala sekolah minta uang 2 juta supaya anak saya diterima", "PENDIDIKAN"),
        ("kalau gak kasih amplop ke petugas izin usaha tidak keluar", "IZIN"),
        ("org dishub minta uang 50rb buat pasang lampu di ds mungguk", "LAMPU"),
        ("calo di disdukcapil minta 200rb biar cepat", "ADMINDUK"),
        ("tukang dari pupr minta duit 100rb", None),
        ("kami disuruh bayar uang 75rb sama org lapangan", None),
        ("someone from dishub asked us for 50rb", "LAMPU"),
        ("ada pungli", None),
    ],
)
def test_suspected_abuse_names_what_the_accused_office_deals_with(text: str, accused: str | None) -> None:
    reading = CLASSIFIER.read(text)
    assert reading.category == "PUNGLI"
    assert reading.type is ReportType.OVERSIGHT
    assert reading.is_integrity
    assert reading.accused_category == accused


@pytest.mark.parametrize(
    "text",
    [
        "pengemis minta uang di lampu merah",
        "preman minta uang di depan dishub",
        "tukang parkir minta uang 5rb di depan rsud",
        "tukang minta uang tapi rumah kami belum selesai",
        "saya minta uang dikembalikan dukcapil",
        "pohon dipotong petugas kebersihan tapi rantingnya ditinggal di jalan",
        "tagihan air 480 ribu padahal biasa 90 ribu",
        "ada akun palsu mengatasnamakan bupati minta transfer uang",
        "gaji kami dipotong perusahaan",
    ],
)
def test_money_alone_is_no_suspicion(text: str) -> None:
    assert not CLASSIFIER.read(text).is_integrity


@pytest.mark.parametrize(
    "text",
    [
        "kebakaran rumah di gang melati tolong cepat",
        "anak tenggelam di sungai",
        "KECELAKAAN DI SIMPANG TIGA ADA KORBAN",
        "bnjir sdh msk rmh tolong",
        "orang ngamuk bawa parang di pasar",
        "tiang listrik roboh kabel menjuntai",
        "house on fire please help",
        "my husband hits me",
        "a child fell into the river",
        "electric cable fell, it is a live cable",
    ],
)
def test_danger(text: str) -> None:
    assert CLASSIFIER.read(text).is_emergency


@pytest.mark.parametrize(
    "text",
    [
        "gelap sekali dan rawan kecelakaan",
        "nomor telpon pemadam kebakaran brp",
        "kecelakaan kerja tidak ditanggung perusahaan",
        "pengungsi banjir belum terima bantuan",
        "asap kebakaran lahan tebal sekali",
    ],
)
def test_words_of_danger_without_danger(text: str) -> None:
    assert not CLASSIFIER.read(text).is_emergency


@pytest.mark.parametrize(
    "text",
    [
        "tolong jgn sebut nama saya",
        "nama saya jgn disebut",
        "Mohon kerahasiaan saya dijaga",
        "tolong rahasiakan",
        "saya takut ketahuan perangkat desa",
        "please keep it secret",
        "don't reveal my identity",
        "they will fire me if they know",
    ],
)
def test_a_wish_for_protection(text: str) -> None:
    assert CLASSIFIER.read(f"kantor desa jarang buka. {text}").asks_protection


@pytest.mark.parametrize(
    "text",
    ["jalan licin anak anak takut lewat", "kartu identitas anak belum jadi", "my identity card is not ready"],
)
def test_fear_of_things_is_no_wish_for_protection(text: str) -> None:
    assert not CLASSIFIER.read(text).asks_protection


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("syarat urus akta kelahiran apa saja ya?", ReportType.INFORMATION),
        ("ktp hilang bagaimana cara urusnya", ReportType.INFORMATION),
        ("how do I get a new identity card?", ReportType.INFORMATION),
        ("kapan dibetulkan lampu jalan mati ini??", ReportType.COMPLAINT),
        ("usul dibangun taman bermain", ReportType.ASPIRATION),
        ("semoga ada bus sekolah", ReportType.ASPIRATION),
        ("mohon jalan ke kampung kami diperkeras", ReportType.ASPIRATION),
        ("jalan rusak mohon diperbaiki", ReportType.COMPLAINT),
    ],
)
def test_questions_and_wishes(text: str, type_: ReportType) -> None:
    assert CLASSIFIER.read(text).type is type_


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("The street light is broken", "LAMPU"),
        ("no water for three days", "AIR"),
        ("big pothole near the church", "JALAN"),
        ("garbage not collected", "SAMPAH"),
        ("street lamp broken", "LAMPU"),
        ("the sidewalk is damaged", "JALAN"),
        ("water pipe leaking near the mosque", "AIR"),
        ("power is out since this morning", "LISTRIK"),
        ("death certificate not ready", "ADMINDUK"),
        ("my grandmother never got the rice aid", "BANSOS"),
        ("nurse was absent all week", "KESEHATAN"),
        ("the classroom is too small", "PENDIDIKAN"),
        ("illegal mining, the river is polluted", "SAMPAH"),
        ("village office never open", "DESA"),
        ("business permit takes too long", "IZIN"),
        ("mad dog running around", "TERTIB"),
        ("loud music every night", "TERTIB"),
        ("a storm damaged our houses", "BENCANA"),
        ("rats ate all our rice, the crops failed", "TANI"),
        ("not paid for overtime", "KERJA"),
        ("nobody at their desk, bad service", "PEGAWAI"),
        ("no mobile network here", "INTERNET"),
        ("land certificate not issued", "LAIN"),
        ("anjing gila masuk kampung", "TERTIB"),
        ("pju mati", "LAMPU"),
        ("JALAN", "JALAN"),
    ],
)
def test_english_and_single_words(text: str, category: str) -> None:
    assert CLASSIFIER.read(text).category == category


@pytest.mark.parametrize(
    ("text", "category", "is_sure"),
    [
        ("water pipe burst at school SDN 2", "AIR", True),
        ("water pipe burst at the school", "AIR", True),
        ("garbage in front of the hospital", "SAMPAH", True),
        ("drainage blocked next to our clinic", "JALAN", True),
        ("pipa pecah di sekolah SDN 2", "AIR", True),
        ("parkir liar di depan rsud", "LAMPU", True),
        # the place alone is the topic, and so is an office whose service is meant
        ("antri lama di puskesmas", "KESEHATAN", True),
        ("pelayanan di puskesmas lambat", "KESEHATAN", True),
        ("toilet rsud bau dan air tidak jalan di bangsal anak", "KESEHATAN", True),
        ("hole in the road", "JALAN", True),
    ],
)
def test_what_is_wrong_outweighs_where_it_is(text: str, category: str, is_sure: bool) -> None:
    reading = CLASSIFIER.read(text)
    assert (reading.category, reading.is_sure) == (category, is_sure)


def test_nothing_to_tell_falls_to_the_other_category() -> None:
    assert CLASSIFIER.read("tolong dibantu pak") == Reading("LAIN", ReportType.COMPLAINT)


def test_names_of_villages_tell_no_topic() -> None:
    assert CLASSIFIER.read("di sei ringin dan batu pahat").category == "LAIN"


@given(st.text(max_size=400))
def test_any_text_is_read(text: str) -> None:
    assert CLASSIFIER.read(text).category in sekadau().category_by_code


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("byr 150rb utk cetak e-KTP u/ PPPK", "bayar uang untuk cetak e ktp untuk p3k"),
        ("Rp 50.000, 2 juta, 300 ewu", "uang uang uang"),
        ("mati lampu, lampu2 jln", "listrik padam lampu jalan"),
        ("rt 3 sdn 3", "rt 3 sdn 3"),
        ("", ""),
    ],
)
def test_spelling_is_standardised(text: str, words: str) -> None:
    assert " ".join(standard_words(text)) == words


def test_the_longest_phrase_counts_and_exceptions_hold_their_words() -> None:
    phrases = Phrases(
        [("lampu", 1), ("lampu jalan", 2), ("jalan", 3), ("air + masuk rumah", 4)], ["jalan kaki"]
    )

    def found(text: str) -> set[int]:
        return {hit.meaning for hit in phrases.find(tuple(map(phrases.known, standard_words(text))))}

    assert found("lampu jalan mati") == {2}
    assert found("lampunya dan jalannya") == {1, 3}
    assert found("kami jalan kaki") == set()
    assert found("air sudah masuk rumah") == {4}
    assert found("air " * 500 + "lalu " * 12 + "masuk rumah " * 500) == set()
    assert found("air mati. " + "lalu " * 12 + "masuk rumah") == set()
