"""What agencies do not get to see: numbers and names of people; and what must stay for a report to be understood."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.cases.masking import Kind, found, mask

DATA = Path(__file__).parents[1] / "data"
#: where it is is what an agency must know, be it somebody's house
STAYS = {"ADDRESS"}


def lines(name: str) -> Iterator[dict[str, object]]:
    for line in (DATA / name).read_text(encoding="utf-8").splitlines():
        yield json.loads(line)


@pytest.mark.parametrize("case", list(lines("personal_data.jsonl")), ids=lambda case: str(case["id"]))
def test_marked_texts(case: dict[str, object]) -> None:
    """All that is marked as personal is hidden, and nothing else."""
    spans = [span for span in case["spans"] if span["type"] not in STAYS]  # type: ignore[attr-defined]
    shown, at = "", 0
    for span, kind in zip(spans, found(str(case["text"])), strict=True):
        shown += str(case["text"])[at : span["start"]] + kind.value
        at = span["end"]
    assert mask(str(case["text"])) == shown + str(case["text"])[at:]


@pytest.mark.parametrize("name", ["complaints.jsonl", "messages.jsonl"])
def test_complaints_stay_as_they_are(name: str) -> None:
    """269 complaints and all the small talk around them: not one hole where nobody is named."""
    texts = [str(case.get("text") or "") for case in lines(name)]
    assert [text for text in texts if found(text)] == []


@pytest.mark.parametrize(
    "text",
    [
        "laporan SKD-123 4567 belum ada kabar, nomor LAPOR #1916449, SKD4821337",
        "nomor SKD-150 0409",
        "anggaran Rp1500000000, Rp 1500000000 atau Rp. 1.500.000.000 tahun 2024-2026",
        "harga 250000 per sak, jalan 12 rusak, Jalan Merdeka 45",
        "jam 08.00-15.00 senin 12/08/2026, tgl 12-08-2026",
        "hubungi 112 atau 1500567",
        "koordinat -0.012711234567,110.917345678901",
        "Pak Camat Sekadau Hilir dan Bapak Bupati, Ibu Kepala Dinas",
        "Saya Ketua RT 05 Desa Mungguk, rumah saya Sungai Ringin",
        "nama saya jgn disebut. nama anak saya di KK salah. nama saya dicoret, nama: dirahasiakan",
        "Jalan Di Desa Saya Rusak Parah Sekali Tolong Diperbaiki Pak Bupati",
        "PAK SAYA WARGA MABOH PERMAI",
        "jalan ahmad yani, gang siti aminah, sd santo paulus dan gereja katolik santo petrus paulus, dini hari",
        "ketemu budi kemarin",
        "lampu mati depan rumah pak budi, dekat kebun bu siti, gang pak ali, toko mas ayu, masjid haji usman",
        "sama saja, oleh warga, si anak, bapak ibu, ditandai oleh titik merah, dr agus sampai sekarang",
        "korban Banjir, info dari Mungguk dan Dinas, pelaku Usaha, semen 5 sak @Rp65.000, my village Mungguk",
        "",
    ],
)
def test_what_stays(text: str) -> None:
    """Numbers of reports, amounts, days, hours, places, offices."""
    assert mask(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("nama saya budi santoso dari mungguk", "nama saya [nama] dari mungguk"),
        ("ketemu budi santoso kemarin, sama Siti Aminah", "ketemu [nama] kemarin, sama [nama]"),
        ("KEPALA DESA AGUS HARIYANTO AMBIL UANG", "KEPALA DESA [nama] AMBIL UANG"),
        ("ATAS NAMA BUDI SANTOSO, RT 03", "ATAS NAMA [nama], RT 03"),
        ("a.n. siti aminah", "a.n. [nama]"),
        ("pak RT Yohanes minta uang", "pak RT [nama] minta uang"),
        ("Bpk. H. Ma'ruf di dusun Semabi", "Bpk. H. [nama] di dusun Semabi"),
        ("Saya Rio Tibur Bupati dengar", "Saya [nama] Bupati dengar"),
        (
            "My neighbor Budi Lubis and my friend, John Lubis, saw it",
            "My neighbor [nama] and my friend, [nama], saw it",
        ),
        ("lapor dari Agus, korban Yanto Lubis jatuh", "lapor dari [nama], korban [nama] jatuh"),
        ("info dari agus, tetangga saya Yosef sakit", "info dari [nama], tetangga saya [nama] sakit"),
        (
            "di desa mungguk pak budi yang ambil, sama tuti",
            "di desa mungguk pak [nama] yang ambil, sama [nama]",
        ),
        ("pungli oleh kades agus dan pak rt 05 yohanes", "pungli oleh kades [nama] dan pak rt 05 [nama]"),
        (
            "si rudi mabuk, bu. siti dipukul, bang andi saksi",
            "si [nama] mabuk, bu. [nama] dipukul, bang [nama] saksi",
        ),
        ("IG @budis atau fb: @budi.s", "IG [nama] atau fb: [nama]"),
        ("surel rio.s+x@contoh.co.id ya", "surel [email] ya"),
        ("NIK 6109 9999 0101 0001", "NIK [NIK]"),
        ("no rek. BRI saya 1234-5678-9012", "no rek. BRI saya [nomor rekening]"),
        ("lahir tanggal 2 Maret 1990", "lahir tanggal [tanggal lahir]"),
        ("hp saya +62 812-0000-0022/0564-21234", "hp saya [nomor HP]/[nomor HP]"),
    ],
)
def test_what_is_hidden(text: str, shown: str) -> None:
    """As people write it: with and without capitals, separators and labels."""
    assert mask(text) == shown


def test_kinds_are_told_in_order() -> None:
    assert found("NIK 6109999901010001, hp 081200000022") == [Kind.IDENTITY, Kind.PHONE]


@given(st.text(max_size=200), st.text(st.characters(exclude_categories=["N"]), max_size=100))
def test_a_number_is_hidden_wherever_it_stands(before: str, after: str) -> None:
    """In any text at all, as long as it stands by itself."""
    assert "081200000022" not in mask(f"{before}, hp 081200000022 {after}")
