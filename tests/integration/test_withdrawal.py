"""CABUT and RAHASIA: a report is taken back or hidden, from the message to the rows, on both databases."""

import re

import pytest
from sqlalchemy import update

from storage.db import Database
from storage.models import (
    Case,
    CaseEvent,
    Report,
    table,
)
from storage.vocabulary import CaseState
from tests.person import NUMBER, WHOLE, Person
from tests.rows import assert_sound, never_given_out, one_of, rows_of, unsealed

REPORT, CASE, EVENT = table(Report), table(Case), table(CaseEvent)
TOLD = "tiang listrik miring dpn warung mak ijah ds mungguk"
OPEN = (TOLD, "lewati", "terbuka", "Budi Santoso", "ya")


def set_state(database: Database, state: CaseState) -> None:
    with database.writing() as uow:
        uow.connection.execute(update(CASE).values(state=state.value))


# --- CABUT ---


def test_withdrawn(person: Person) -> None:
    """CABUT with a reason archives the report; the reason stays inside, and nothing more is promised."""
    number = person.files()
    assert f"Mengapa laporan {number}" in person.says("cabut")
    assert "alasan" in person.says(f"CABUT {number}")
    assert one_of(person.database, CASE).state == "unverified"
    assert "Cabut laporan" in person.says(f"CABUT {number} karena sudah diperbaiki warga")
    assert "tidak ada yang berubah" in person.says("tidak")
    assert one_of(person.database, CASE).state == "unverified"
    assert "diarsipkan" in person.says(f"CABUT {number} karena sudah diperbaiki warga", "ya")
    case, event = one_of(person.database, CASE), rows_of(person.database, EVENT)[-1]
    assert (case.state, case.version) == ("archived", 2)
    assert (event.kind, event.actor_kind, event.is_public) == ("withdrawn", "reporter", False)
    assert '"sudah diperbaiki warga"' in unsealed(person.database, event.data_sealed)
    assert_sound(person.database)
    said = person.says(f"STATUS {number}")
    assert "DIARSIPKAN" in said
    assert "Kami periksa" not in said
    assert "dicabut oleh pelapornya" in said
    assert "Kabar terakhir" not in said
    assert "DIARSIPKAN" in person.says(f"CABUT {number} lagi")
    for word in ("BANDING", "BUKA"):
        assert "Anda cabut sendiri" in person.says(f"{word} {number} masih rusak juga")
    assert len(rows_of(person.database, EVENT)) == 2


def test_yes_to_a_draft_withdraws_nothing(person: Person) -> None:
    """YA takes back a report while that was asked last; once the draft has asked again, it is the draft's."""
    number = person.files()
    person.says(WHOLE, f"CABUT {number} salah tempat", "lewati", "1", "ya")
    assert [row.state for row in rows_of(person.database, CASE)] == ["unverified", "unverified"]
    person.says(f"CABUT {number} salah tempat")
    person.presses("withdraw")
    assert sorted(row.state for row in rows_of(person.database, CASE)) == ["archived", "unverified"]


@pytest.mark.parametrize("state", [CaseState.SETTLED, CaseState.FORWARDED, CaseState.ARCHIVED])
def test_too_late_to_withdraw(person: Person, state: CaseState) -> None:
    """What is over, or handled outside, cannot be taken back."""
    number = person.files()
    set_state(person.database, state)
    assert "tidak bisa dicabut" in person.says(f"CABUT {number} salah tempat")
    assert one_of(person.database, CASE).state == state


@pytest.mark.parametrize("word", ["CABUT {} bohong itu", "RAHASIA {}"])
def test_not_ones_own(person: Person, stranger: Person, texter: Person, word: str) -> None:
    """Others cannot withdraw or hide a report, and do not learn whether there is one."""
    number = person.files(WHOLE, "lewati", "2", "ya")
    for one in (stranger, texter):
        said, unknown = (one.says(word.format(n)) for n in (number, never_given_out(person.service)))
        assert NUMBER.sub("N", said) == NUMBER.sub("N", unknown)
    assert one_of(person.database, CASE).state == "unverified"
    assert not one_of(person.database, REPORT).is_secret


def test_mistyped(person: Person) -> None:
    """A mistyped number is called one, and does nothing."""
    person.files()
    for text in ("CABUT 7140667 salah", "RAHASIA 7140667"):
        assert "keliru" in person.says(text)


# --- RAHASIA ---


def test_protected(person: Person, stranger: Person) -> None:
    """RAHASIA hides a filed report at any time, once; its number then shows a stranger nothing."""
    number = person.files(*OPEN)
    assert "DITERIMA" in stranger.says(f"STATUS {number}")
    for _ in range(2):
        assert "dirahasiakan" in person.says(f"RAHASIA {number}")
    report = one_of(person.database, REPORT)
    assert (report.is_anonymous, report.is_secret) == (True, True)
    assert [row.kind for row in rows_of(person.database, EVENT)] == ["filed", "protected"]
    assert "DITERIMA" not in stranger.says(f"STATUS {number}")
    assert_sound(person.database)


def test_protected_by_a_word(person: Person) -> None:
    """RAHASIA alone means the one report there is; of several it is asked which, and no draft begins."""
    first = person.files(*OPEN)
    assert f"{first} dirahasiakan" in person.says("rahasia")
    second = person.files(*OPEN)
    assert second in person.says("rahasiakan")
    assert f"{second} dirahasiakan" in person.says("1")
    assert all(report.is_secret for report in rows_of(person.database, REPORT))


def test_rights_by_sms(texter: Person) -> None:
    """Each word does its work by SMS, and no answer repeats what was told."""
    number = texter.files(TOLD, "ya")
    for text in ("PRIVASI", "DATA SAYA", f"RAHASIA {number}", f"CABUT {number} sudah beres", "HAPUS DATA"):
        said = texter.says(text)
        assert said
        assert not re.search("tiang|warung|beres", said), text
    texter.says(f"CABUT {number} sudah beres", "ya")
    assert one_of(texter.database, CASE).state == "archived"
