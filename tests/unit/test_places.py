"""Places in what people type, against the deployment's own areas."""

import csv
import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.conversation.places import Found, Gazetteer, Match, has_landmark
from tests.deployment import sekadau

DATA = Path(__file__).parents[1] / "data"
GAZETTEER = Gazetteer(sekadau().areas, sekadau().places)
_EXPECTED = {"desa": Found.VILLAGE, "kecamatan": Found.DISTRICT}


def _typed() -> list[tuple[str, Match]]:
    with (DATA / "place_names.csv").open(encoding="utf-8") as file:
        return [
            (
                row["typed"],
                Match(_EXPECTED.get(row["expected"]) or Found(row["expected"]), tuple(row["codes"].split())),
            )
            for row in csv.DictReader(file)
        ]


@pytest.mark.parametrize(("typed", "match"), _typed())
def test_names_as_people_type_them(typed: str, match: Match) -> None:
    assert GAZETTEER.find(typed) == match


def test_every_area_is_found_by_its_own_name() -> None:
    for area in sekadau().areas[1:]:
        match = GAZETTEER.find(
            f"lampu mati di {area.level.replace('village', 'desa').replace('district', 'kecamatan')} {area.name}"
        )
        assert match.codes == (area.code,), area.name


def test_complaints_name_no_wrong_place() -> None:
    """A wrong place is worse than a question; these are the measured levels."""
    outcomes: Counter[str] = Counter()
    for line in (DATA / "complaints.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        match, wanted = GAZETTEER.find(row["text"]), row["desa_code"] or row["kecamatan_code"]
        if match.found in (Found.VILLAGE, Found.DISTRICT):
            is_right = match.codes[0] in (row["desa_code"], row["kecamatan_code"])
            outcomes["right" if is_right else "wrong" if wanted else "uncalled for"] += 1
        elif wanted:
            outcomes["asked" if wanted in match.codes else "missed"] += 1
    assert outcomes["wrong"] == 0
    assert outcomes["uncalled for"] <= 2
    assert outcomes["right"] >= 170
    assert outcomes["missed"] <= 6


@pytest.mark.parametrize(
    "text",
    [
        "kabel tembaga dicuri orang tadi malam di dekat gardu, lampu mati semua sampai sekarang pak",
        "bumdes kami mati suri sejak dua tahun lalu dan alatnya entah ke mana",
        "rumput di taman kota tinggi tidak pernah dipotong petugas kebersihan",
        "harga kunyit dan jahe di pasar naik terus tidak ada yang mengawasi pedagang",
        "sungai kapuas keruh sekali karena tambang emas, ikan mati semua",
        "balap liar tiap malam minggu di jalan sintang bikin takut",
        "mohon perhatian pemerintah kabupaten sekadau atas jalan kami yang rusak berat ini",
        "warga lama menunggu, batu dan semen sudah habis, bukit di belakang rumah mau longsor",
    ],
)
def test_everyday_words_are_no_places(text: str) -> None:
    assert GAZETTEER.find(text) == Match(Found.NONE)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("beras bantuan di timpuk isinya kurang", "61.09.01.2009"),
        ("desa tembaga belum ada listrik", "61.09.04.2006"),
        ("kades suri jarang di tempat", "61.09.04.2009"),
        ("ds ringin kec sekadau hilir", "61.09.01.2001"),
        ("jalan di mungguk rusak, saya sudah lapor ke kantor bupati di sekadau", "61.09.01.2002"),
        ("truk dari sanggau parkir di peniti", "61.09.01.2011"),
        ("Jl. poros kec. Nanga Mahap, tepatnya di Ds. Cenayan dekat SDN 3", "61.09.04.2007"),
        ("tapang, belitang hilir", "61.09.05.2004"),
    ],
)
def test_context_tells_a_place(text: str, code: str) -> None:
    assert GAZETTEER.find(text) == Match(Found.VILLAGE, (code,))


def test_several_villages_are_asked_about() -> None:
    match = GAZETTEER.find("jalan dari desa boti ke desa sekonau putus")
    assert match == Match(Found.SEVERAL, ("61.09.02.2004", "61.09.02.2007"))


def test_a_village_in_another_district_is_asked_about() -> None:
    match = GAZETTEER.find("desa tanjung kecamatan belitang hulu")
    assert match == Match(Found.SEVERAL, ("61.09.01.2003", "61.09.06"))


def test_a_hamlet_need_not_lie_in_the_village_of_its_name() -> None:
    assert GAZETTEER.find("jembatan di dusun tanjung roboh") == Match(Found.AMBIGUOUS, ("61.09.01.2003",))


@pytest.mark.parametrize(
    "text", ["sanggau", "di sintang pak", "nanga pinoh", "desa kami di melawi", "pontinak"]
)
def test_neighbours_are_outside(text: str) -> None:
    assert GAZETTEER.find(text) == Match(Found.OUTSIDE)


@pytest.mark.parametrize(
    ("text", "codes", "found", "expected"),
    [
        ("hulu", "61.09.02.2001 61.09.02.2002", Found.VILLAGE, "61.09.02.2002"),
        ("yang hilir pak", "61.09.02.2001 61.09.02.2002", Found.VILLAGE, "61.09.02.2001"),
        ("rawak hilir", "61.09.02.2001 61.09.02.2002", Found.VILLAGE, "61.09.02.2001"),
        ("rawak", "61.09.02.2001 61.09.02.2002", Found.AMBIGUOUS, "61.09.02.2001 61.09.02.2002"),
        ("desanya", "61.09.03 61.09.03.2001", Found.VILLAGE, "61.09.03.2001"),
        ("kec", "61.09.03 61.09.03.2001", Found.DISTRICT, "61.09.03"),
        ("dua", "61.09.05.2001 61.09.05.2002", Found.VILLAGE, "61.09.05.2002"),
        ("mungguk", "61.09.02.2001 61.09.02.2002", Found.NONE, ""),
        ("di depan rumah nomor satu", "61.09.06.2002 61.09.06.2003", Found.NONE, ""),
        ("", "61.09.06.2002 61.09.06.2003", Found.NONE, ""),
    ],
)
def test_few_areas_need_few_words(text: str, codes: str, found: Found, expected: str) -> None:
    assert GAZETTEER.find_within(text, codes.split()) == Match(found, tuple(expected.split()))


@pytest.mark.parametrize(
    "text",
    [
        "depan rumah pak rt", "dkt jembatan", "samping masjid", "blkg pasar", "simpang tiga", "RT 05",
        "rt.3/rw.2", "KM 7", "SDN 3", "gang melati", "kantor camat", "kantor disdik", "no. 12",
        "in front of the church",
    ],
)  # fmt: skip
def test_landmarks(text: str) -> None:
    assert has_landmark(text)


@pytest.mark.parametrize(
    "text",
    [
        "jalan rusak", "lampu mati di mungguk", "ktp belum jadi", "3 orang sakit", "anak sekolah tidak bisa lewat",
        "diperbaiki minggu depan", "jarang masuk kantor tapi digaji", "guru sd di pedalaman", "petugas lapangan", "",
    ],
)  # fmt: skip
def test_what_is_no_landmark(text: str) -> None:
    assert not has_landmark(text)


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    match = GAZETTEER.find(text)
    assert bool(match.codes) == (match.found not in (Found.NONE, Found.OUTSIDE))
    GAZETTEER.find_within(text, match.codes or ("61.09.01",))
    has_landmark(text)


def test_a_gazetteer_needs_no_areas() -> None:
    assert Gazetteer(()).find("desa mungguk") == Match(Found.NONE)
