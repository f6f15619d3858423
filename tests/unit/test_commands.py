"""Officers' commands as they are written: names, arguments in any order, days, and what is no command at all."""

import re
from datetime import date
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.cases.numbers import new_number, show
from handlers.officers import wording
from handlers.officers.access import has_in_post
from handlers.officers.acts import DEEDS
from handlers.officers.arguments import SECRET, read_arguments, read_one, split_deputy
from handlers.officers.commands import COMMANDS, GROUP_MENU, MENUS, Arg, commands_of, find_command
from handlers.officers.commands_wording import BUTTONS, MEANS
from handlers.officers.days import find_count, find_day, find_days
from handlers.officers.dialogue import QUESTIONS
from handlers.officers.orders import read_order, word_instead
from storage.vocabulary import Channel, Role
from tests.deployment import sekadau

TODAY = date(2026, 3, 2)
NUMBER = new_number(sekadau().number, lambda _: 334567)
SHOWN = show(sekadau().number, NUMBER)


def read(text: str, role: Role = Role.COORDINATOR) -> dict[Arg, str]:
    name, _, rest = text.partition(" ")
    command = find_command(name, role)
    assert command is not None
    return read_arguments(rest, command, sekadau(), TODAY)


# --- arguments ---


@pytest.mark.parametrize(
    ("name", "parts", "told"),
    [
        ("disposisi", ["dinas perhubungan"], {Arg.AGENCY: "DISHUB"}),
        ("disposisi", ["AIR_MINUM"], {Arg.AGENCY: "AIR_MINUM"}),
        ("proses", ["petugas cek lokasi besok"], {Arg.TEXT: "petugas cek lokasi besok"}),
        ("arsip", ["r5", "menghina satu suku"], {Arg.REASON_CODE: "R5", Arg.TEXT: "menghina satu suku"}),
        ("perpanjang", ["5 hari", "menunggu aspal"], {Arg.DAYS: "5", Arg.TEXT: "menunggu aspal"}),
        (
            "bukanwewenang",
            ["PLN", "tiang milik mereka"],
            {Arg.OUTSIDE: "PLN", Arg.TEXT: "tiang milik mereka"},
        ),
        ("verifikasi", ["aspirasi"], {Arg.KIND: "aspiration"}),
        ("nomorluar", ["LP7712"], {Arg.OUTSIDE_NUMBER: "LP7712"}),
        ("catat", ["alat datang Senin"], {Arg.TEXT: "alat datang Senin"}),
    ],
)
def test_any_order(name: str, parts: list[str], told: dict[Arg, str]) -> None:
    """Whatever order the arguments stand in, the same is understood; the number with or without its prefix."""
    for number in (NUMBER, SHOWN):
        for order in permutations([number, *parts]):
            assert read(f"{name} {' '.join(order)}") == {Arg.NUMBER: NUMBER, **told}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"gabung {SHOWN} 200 4567", {Arg.NUMBER: NUMBER, Arg.PARENT: "2004567"}),
        ("lihat SKD-4821", {Arg.NUMBER: "4821"}),
        ("jawab sudah dicek 12-03-2026", {Arg.ACTION: "sudah dicek 12-03-2026", Arg.DAY: "2026-03-12"}),
        ("proses ada 2000 meter jalan rusak", {Arg.TEXT: "ada 2000 meter jalan rusak"}),
        (
            f"bukanwewenang {NUMBER} kabel milik PLN putus",
            {Arg.NUMBER: NUMBER, Arg.OUTSIDE: "PLN", Arg.TEXT: "kabel milik PLN putus"},
        ),
        (
            f"klasifikasi {NUMBER} pengaduan JALAN rahasia",
            {Arg.NUMBER: NUMBER, Arg.KIND: f"complaint JALAN {SECRET}"},
        ),
        (
            "undang penghubung PUPR Budi Santoso",
            {Arg.ROLE: "liaison", Arg.AGENCY: "PUPR", Arg.NAME: "Budi Santoso"},
        ),
        (
            f"perpanjang 5 {NUMBER} menunggu aspal",
            {Arg.NUMBER: NUMBER, Arg.DAYS: "5", Arg.TEXT: "menunggu aspal"},
        ),
        (f"nomorluar 9988776 {NUMBER}", {Arg.NUMBER: NUMBER, Arg.OUTSIDE_NUMBER: "9988776"}),
        ("cuti 3/8-7/8", {Arg.FROM: "2026-08-03", Arg.UNTIL: "2026-08-07"}),
        ("cuti 3 Agt - 7 Agt", {Arg.FROM: "2026-08-03", Arg.UNTIL: "2026-08-07"}),
        ("cuti selesai", {Arg.TEXT: "selesai"}),
    ],
)
def test_arguments(text: str, told: dict[Arg, str]) -> None:
    """Numbers, names and days are told from the words around them."""
    assert read(text) == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "Lubang 2 m di poros. Ditambal aspal 27/2.",
            {Arg.FINDING: "Lubang 2 m di poros.", Arg.ACTION: "Ditambal aspal 27/2", Arg.DAY: "2026-02-27"},
        ),
        (
            "temuan: lubang; tindakan: ditambal; tanggal: kemarin",
            {Arg.FINDING: "lubang", Arg.ACTION: "ditambal", Arg.DAY: "2026-03-01"},
        ),
        ("ditambal hari ini oleh regu", {Arg.ACTION: "ditambal hari ini oleh regu", Arg.DAY: "2026-03-02"}),
        ("lubang\nditambal", {Arg.FINDING: "lubang", Arg.ACTION: "ditambal"}),
        ("", {}),
    ],
)
def test_answer_in_one_text(text: str, told: dict[Arg, str]) -> None:
    """Finding, action and day are read by their labels, else line by line, else sentence by sentence."""
    assert read(f"jawab {text}", Role.LIAISON) == told


@given(st.text(max_size=80), st.sampled_from(COMMANDS))
def test_total(text: str, command: object) -> None:
    """Any text can stand behind any command; nothing raises."""
    given = read_arguments(text, command, sekadau(), TODAY)  # type: ignore[arg-type]
    assert all(isinstance(value, str) and value for value in given.values())
    for arg in Arg:
        read_one(text, arg, sekadau(), TODAY)


def test_agency_misspelt() -> None:
    """Asked for alone, a name may be misspelt a little."""
    assert read_one("dinas perhubungn", Arg.AGENCY, sekadau(), TODAY) == "DISHUB"
    assert read_one("pt pln persero", Arg.OUTSIDE, sekadau(), TODAY) == "PLN"
    assert read_one("dinas kelautan", Arg.AGENCY, sekadau(), TODAY) == ""


def test_deputy() -> None:
    """The word for a deputy is no part of a name."""
    assert split_deputy("Budi Santoso pengganti") == ("Budi Santoso", True)
    assert split_deputy("Budi Santoso") == ("Budi Santoso", False)


# --- days ---


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("12/3", ["2026-03-12"]),
        ("12-03-2026", ["2026-03-12"]),
        ("12.3.2026", ["2026-03-12"]),
        ("12 Maret", ["2026-03-12"]),
        ("ditambal 20/08 pakai aspal", ["2026-08-20"]),
        ("12-14 Maret", ["2026-03-12", "2026-03-14"]),
        ("12 s.d. 14 Maret", ["2026-03-12", "2026-03-14"]),
        ("12/3 14/3", ["2026-03-12", "2026-03-14"]),
        ("12/3-14/3", ["2026-03-12", "2026-03-14"]),
        ("12-14/3", ["2026-03-12", "2026-03-14"]),
        ("12-14-2026", []),
        ("31/12", ["2025-12-31"]),
        ("5/1/26", ["2026-01-05"]),
        ("besok", ["2026-03-03"]),
        ("2026-03-12", ["2026-03-12"]),
        ("31/2", []),
        ("29/2", []),
        ("pukul 10.30", []),
        ("SKD-123 4567", []),
    ],
)
def test_days(text: str, days: list[str]) -> None:
    """Days are read as officers write them; without a year the nearest is meant."""
    assert [one.on.isoformat() for one in find_days(text, TODAY)] == days


def test_day_of_the_past() -> None:
    """ "Senin lalu" is understood as citizens' texts are."""
    assert find_day("senin lalu", TODAY) == date(2026, 2, 23)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("3h", 3),
        ("lima hari", 5),
        ("butuh 7 hari di 5 titik", 7),
        ("5", 5),
        ("hujan 4", 4),
        ("di 5 titik", None),
    ],
)
def test_counts(text: str, days: int | None) -> None:
    """A number of days has its unit, or stands at an end."""
    found = find_count(text)
    assert (found.days if found else None) == days


# --- names, menus ---


def test_every_command_is_explained() -> None:
    """Each command has its line in the help, and each name is one that Telegram takes."""
    assert {one.name for one in COMMANDS} <= set(MEANS)
    assert set(BUTTONS) <= set(MEANS)
    for menu in MENUS.values():
        assert all(re.fullmatch(r"[a-z]{1,32}", name) for name, _ in menu)
        assert len({name for name, _ in menu}) == len(menu)


def test_everything_can_be_asked() -> None:
    """Whatever a command about a report needs or takes has its question, and its word when it is done."""
    about = [one for one in COMMANDS if one.is_about_case]
    assert {one.name for one in about if Arg.TEXT in (*one.needs, *one.takes)} <= set(wording.ASK_TEXT)
    elsewhere = {"lihat", "identitas", "lengkap", "ingatkan"}
    assert {one.name for one in about} - elsewhere == set(DEEDS) == set(wording.DONE)
    assert {arg for one in COMMANDS for arg in one.needs} <= set(QUESTIONS)


@pytest.mark.parametrize("role", Role)
def test_menus_follow_permission(role: Role) -> None:
    """A menu names what a role has, and nothing else."""
    names = {name for name, _ in MENUS[role.value]}
    assert names == {one.name for one in commands_of(role)} | {"batal", "bantuan"}
    assert all(has_in_post(role, one.act) for one in commands_of(role))
    assert GROUP_MENU in MENUS


@pytest.mark.parametrize(
    ("word", "role", "name"),
    [
        ("bukanwewenang", Role.COORDINATOR, "bukanwewenang"),
        ("bukanwewenang", Role.LIAISON, "kembalikan"),
        ("tanya", Role.COORDINATOR, "tunda"),
        ("tunda", Role.LIAISON, "tanya"),
        ("answer", Role.LIAISON, "jawab"),
        ("arsip", Role.LIAISON, "arsip"),
    ],
)
def test_same_word_for_different_posts(word: str, role: Role, name: str) -> None:
    """A word means what the post has; what it has not is known as well, to be refused."""
    command = find_command(word, role)
    assert command is not None
    assert command.name == name


# --- what is a command ---


@pytest.mark.parametrize(
    ("text", "channel", "name"),
    [
        ("/daftar", Channel.TELEGRAM, "daftar"),
        (f"/jawab@KanalBot {NUMBER} lubang", Channel.TELEGRAM, "jawab"),
        (f"/selesai {NUMBER} lubang ditambal", Channel.TELEGRAM, "jawab"),
        (f"selesai {NUMBER}", Channel.TELEGRAM, None),
        ("/lapor jalan rusak", Channel.TELEGRAM, None),
        (f"jawab {NUMBER} lubang ditambal", Channel.TELEGRAM, "jawab"),
        ("daftar", Channel.TELEGRAM, None),
        ("DAFTAR", Channel.SMS, "daftar"),
        ("daftar 2", Channel.SMS, "daftar"),
        (f"JAWAB {NUMBER} lubang ditambal", Channel.SMS, "jawab"),
        ("JAWAB lubang ditambal", Channel.SMS, "jawab"),
        ("JAWAB LUBANG DITAMBAL", Channel.SMS, None),
        ("jawab lubang ditambal", Channel.SMS, None),
        ("JAWAB lubang ditambal", Channel.TELEGRAM, None),
        (f"KEMBALI {NUMBER} jalan provinsi", Channel.SMS, "kembalikan"),
        ("kembali", Channel.SMS, None),
        ("proses pembuatan ktp lama sekali", Channel.SMS, None),
        ("petugas", Channel.SMS, None),
        ("LAPOR jalan rusak", Channel.SMS, None),
        (f"STATUS {NUMBER}", Channel.SMS, None),
        ("1", Channel.SMS, None),
        ("", Channel.SMS, None),
    ],
)
def test_orders(text: str, channel: Channel, name: str | None) -> None:
    """A slash makes a command everywhere; a bare word by SMS, alone or the only one in capitals, or beside a number."""
    order = read_order(text, Role.LIAISON, channel, sekadau(), is_busy=False, has_draft=False)
    assert (order.command.name if order and order.command else None) == name


def test_own_draft_comes_first() -> None:
    """While an officer writes a report of their own, bare words are a citizen's; those with a number are not."""
    busy = {"is_busy": False, "has_draft": True}
    assert read_order("daftar", Role.LIAISON, Channel.SMS, sekadau(), **busy) is None
    assert read_order(f"lihat {NUMBER}", Role.LIAISON, Channel.SMS, sekadau(), **busy) is not None
    assert read_order("/selesai", Role.LIAISON, Channel.TELEGRAM, sekadau(), **busy) is None


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("JAWAB sudah", "JAWAB"),
        ("jawab sudah", "jawab"),
        ("JAWAB sudah kami tambal kemarin", "JAWAB"),
        ("PRIVASI", "PRIVASI"),
        ("status 123 4567", "status 123 4567"),
        ("teruskan pupr", "teruskan"),
        ("arsip r4", "arsip"),
        ("daftar 2", "daftar"),
        ("cuti besok", "cuti"),
        ("PROSES lelang", "PROSES"),
        ("Proses lelang", None),
        ("ambil sampel", None),
        ("kembali normal", None),
        ("selesai kemarin", None),
        ("Petugas sudah ke lokasi", None),
        ("PETUGAS SUDAH KE LOKASI", None),
        ("Proses pengaspalan mulai besok", None),
        ("Tambah pasir dan aspal di lokasi", None),
        ("Lapor ke PLN sudah kami lakukan", None),
        ("Sudah ditambal", None),
        ("KIRIM", "KIRIM"),
        ("Sudah beres.", None),
    ],
)
def test_a_command_is_no_answer(text: str, word: str | None) -> None:
    """What is a command by itself is known in the place of an answer; a sentence that begins with its word is not."""
    assert word_instead(text, Role.LIAISON, Channel.SMS, sekadau(), TODAY) == word


@pytest.mark.parametrize(
    ("text", "name"), [("KEMBALI", "kembalikan"), ("daftar", "daftar"), ("arsip itu", None)]
)
def test_a_word_alone_is_obeyed_while_busy(text: str, name: str | None) -> None:
    """Also one that is the citizens' otherwise, on every channel."""
    for channel in (Channel.SMS, Channel.TELEGRAM):
        order = read_order(text, Role.LIAISON, channel, sekadau(), is_busy=True, has_draft=False)
        assert (order.command.name if order and order.command else None) == name


def test_batal_is_the_desks_while_busy() -> None:
    """ "batal" ends a dialogue of the desk; with none it is the citizens' word."""
    for text in ("batal", "/batal"):
        for is_busy in (True, False):
            order = read_order(
                text, Role.LIAISON, Channel.TELEGRAM, sekadau(), is_busy=is_busy, has_draft=False
            )
            assert (order is not None and order.is_cancel) is is_busy
