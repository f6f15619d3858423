"""Days in what people write, seen from Tuesday, 24 November 2026."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.conversation.dates import When, find_impossible, find_when

TODAY = date(2026, 11, 24)
YESTERDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "on"),
    [
        ("hari ini", TODAY), ("tadi pagi", TODAY), ("barusan", TODAY), ("baru saja terjadi", TODAY),
        ("pagi ini", TODAY), ("kemarin", YESTERDAY), ("kmrn sore", YESTERDAY), ("tadi malam", YESTERDAY),
        ("td mlm", YESTERDAY), ("Banjir semalam merusak rumah", YESTERDAY),
        ("kemarin rumah saya kebanjiran", YESTERDAY), ("kemarin lusa", date(2026, 11, 22)),
        ("3 hari lalu", date(2026, 11, 21)), ("3hr yg lalu", date(2026, 11, 21)),
        ("dua minggu yang lalu", date(2026, 11, 10)), ("minggu lalu", date(2026, 11, 17)),
        ("bulan lalu", date(2026, 10, 24)), ("sebulan yang lalu", date(2026, 10, 24)),
        ("2 tahun lalu", date(2024, 11, 24)), ("senin", YESTERDAY), ("hari selasa", date(2026, 11, 17)),
        ("jumat kemarin", date(2026, 11, 20)), ("hari minggu", date(2026, 11, 22)),
        ("minggu sore", date(2026, 11, 22)), ("15/8", date(2026, 8, 15)),
        ("15-08-2026", date(2026, 8, 15)), ("15.8.26", date(2026, 8, 15)), ("tgl 15", date(2026, 11, 15)),
        ("tgl 30", date(2026, 10, 30)), ("tanggal 31", date(2026, 10, 31)), ("1 Agt", date(2026, 8, 1)),
        ("17 agustus 2025", date(2025, 8, 17)), ("tgl 1 agustus jam 10", date(2026, 8, 1)),
        ("24 Nov", TODAY), ("25 Nov", date(2025, 11, 25)), ("29 feb 2024", date(2024, 2, 29)),
        ("yesterday", YESTERDAY), ("this morning", TODAY), ("last night", YESTERDAY),
        ("2 weeks ago", date(2026, 11, 10)), ("last week", date(2026, 11, 17)), ("last Monday", YESTERDAY),
        ("August 15", date(2026, 8, 15)), ("the 15th of August", date(2026, 8, 15)),
    ],
)  # fmt: skip
def test_a_day_is_read(text: str, on: date) -> None:
    assert find_when(text, TODAY) == When(on, is_since=False)


@pytest.mark.parametrize(
    ("text", "on"),
    [
        ("sdh 2 mgg", date(2026, 11, 10)), ("sudah dua minggu", date(2026, 11, 10)),
        ("wis seminggu", date(2026, 11, 17)), ("lampu mati sudah 3 hari ini", date(2026, 11, 21)),
        ("udah sebulan lebih", date(2026, 10, 24)), ("lebih dari sebulan", date(2026, 10, 24)),
        ("pdam mati 5 hr", date(2026, 11, 19)), ("sampah seminggu gak diangkut", date(2026, 11, 17)),
        ("sejak 2 minggu", date(2026, 11, 10)), ("sejak 1 Agt", date(2026, 8, 1)),
        ("dari senin", YESTERDAY), ("sejak kemarin malam", YESTERDAY),
        ("dari kemaren mati lampu sampe skrg", YESTERDAY), ("sejak tadi subuh", TODAY),
        ("sejak Minggu sore", date(2026, 11, 22)), ("sejak minggu", date(2026, 11, 22)),
        ("sejak minggu lalu", date(2026, 11, 17)), ("dari bulan 3", date(2026, 3, 1)),
        ("dr bln april", date(2026, 4, 1)), ("sejak Desember", date(2025, 12, 1)),
        ("dari Mei", date(2026, 5, 1)), ("sejak agus", date(2026, 8, 1)), ("dari agus 2025", date(2025, 8, 1)),
        ("sejak 2024", date(2024, 1, 1)), ("sejak tahun lalu", date(2025, 11, 24)),
        ("sejak tgl 3", date(2026, 11, 3)), ("since yesterday", YESTERDAY),
        ("for 2 weeks", date(2026, 11, 10)), ("since Monday", YESTERDAY),
    ],
)  # fmt: skip
def test_a_beginning_is_read(text: str, on: date) -> None:
    assert find_when(text, TODAY) == When(on, is_since=True)


@pytest.mark.parametrize(
    "text",
    [
        "", "besok", "besok senin", "tomorrow", "lusa", "senin depan", "minggu depan", "25/11/2026",
        "1 januari 2027", "31/2", "tgl 31/2", "30 februari", "29/2", "0/0", "45/13/2026", "RT 3", "RT 3/4",
        "rt.03/rw.05", "SDN 3", "km 2", "jam 10", "pukul 08.30", "Rp 100", "Rp 10.000", "3 orang",
        "no 15/8", "rumah no. 12/3", "jl 17 agustus", "0812-3456-7890", "081234567890", "2 bulan sekali",
        "setiap senin", "tiap malam minggu", "dua hari seminggu", "1/2 jalan", "24/7", "2-3 hari",
        "umur 3 tahun", "sudah tua, 74 tahun", "lebaran", "buka senin sampai jumat", "senin-jumat",
        "sabtu buka kah?", "tahun lalu", "yang dibangun dua tahun lalu", "jai dari taun kemari",
        "sudah 999 tahun", "anak kelas 3 sd",
        "jalan rusak, info dari Agus", "lampu mati dari agus", "laporan dari Juli", "report from May",
        "korban Agus 15 tahun",
    ],
)  # fmt: skip
def test_what_is_no_day_of_the_past(text: str) -> None:
    assert find_when(text, TODAY) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Sejak 31  Februari lampu mati", "31 Februari"), ("tgl 31/2", "31/2"), ("pada 45/13/2026", "45/13/2026"),
        ("since february 30", "February 30"), ("31-04-2026", "31-04-2026"), ("29/2", ""), ("RT 31/2", ""),
        ("15/20 rumah", ""), ("31 Januari", ""), ("25/11/2026", ""), ("", ""),
        ("NIK saya 61.09.01-45-20-90", ""), ("kWh 32.15.44", ""), ("ada 45 des yang belum dapat bantuan", ""),
        ("tanggal 45 Des", "45 Des"),
    ],
)  # fmt: skip
def test_a_day_that_no_calendar_has_is_told_from_none(text: str, words: str) -> None:
    assert find_impossible(text, TODAY) == words


def test_a_leap_day_is_the_last_there_was() -> None:
    told, then = "sejak 29 Februari", When(date(2024, 2, 29), is_since=True)
    for today in (date(2024, 3, 1), date(2025, 1, 3)):
        assert (find_when(told, today), find_impossible(told, today)) == (then, "")
    assert find_impossible(told, TODAY) == "29 Februari"


def test_the_first_day_told_counts() -> None:
    when = find_when("Lampu lalu lintas mati lebih dari sebulan. Kemarin ada anak terserempet.", TODAY)
    assert when == When(date(2026, 10, 24), is_since=True)


_PIECES = st.sampled_from(
    "sejak dari tgl tanggal 1 2 15 31 99 / - . 2026 0 agt feb senin minggu hari bulan tahun lalu kemarin sudah se tiga "
    "besok ago last ٣ ² ½ on".split(" ")
)


@given(
    st.one_of(
        st.text(max_size=200), st.lists(_PIECES, max_size=12).map(" ".join), st.lists(_PIECES).map("".join)
    ),
    st.dates(min_value=date(1950, 1, 1), max_value=date(2200, 1, 1)),
)
def test_any_text_is_read_and_gives_no_day_to_come(text: str, today: date) -> None:
    find_impossible(text, today)
    when = find_when(text, today)
    assert when is None or today - timedelta(days=366 * 30) <= when.on <= today
