"""What officers are sent at the beginning of a day, a week and a month: once, to whom it concerns, come what may."""

import itertools
from contextlib import suppress
from datetime import date, time, timedelta

import pytest
from sqlalchemy import update

from handlers import moves
from handlers.clock.deadlines import remind
from handlers.clock.morning import send_mornings
from handlers.clock.reviews import send_months, send_weeks
from handlers.clock.silence import lapse_answers
from handlers.service import Service
from storage.db import Database
from storage.models import Case, table
from storage.queries import conversations, officers
from storage.vocabulary import Channel, ReportType, Role
from tests import builders
from tests.days import DESK, FRI_7, MON_3, THU_6, TUE_4, WED_5, Town
from tests.killed import Dead, Fuse
from tests.office import SOLUTION

CASE = table(Case)


@pytest.fixture
def town(loaded: Database, service: Service) -> Town:
    return Town(loaded, service).open()


def mornings(town: Town, *names: str) -> dict[str, int]:
    """How many of these messages each of them has had."""
    return {name: len(town.mornings(name)) for name in names}


# --- a day ---


def test_once_a_day(town: Town) -> None:
    """From the hour on, on each working day, however often the job runs; not on the day somebody joined."""
    assert town.run(send_mornings) == town.at(TUE_4, time(7, 59)).run(send_mornings) == 0
    assert town.at(TUE_4).run(send_mornings) == 1
    assert town.at(TUE_4, time(15)).run(send_mornings) == town.at(TUE_4, time(23)).run(send_mornings) == 0
    assert town.at(WED_5, time(13)).run(send_mornings) == 1
    assert mornings(town, "rima", "budi", "joko", "kepala", "sari") == {
        **dict.fromkeys(("budi", "joko", "kepala", "sari"), 0),
        "rima": 2,
    }
    row = town.queued(town.people["rima"].address_id)[-1][1]
    assert (row.priority, row.report_id) == ("2-bulk", town.report_id)


def test_not_when_nobody_works(town: Town) -> None:
    """Not on weekends and holidays; after days of downtime there is one, not several."""
    for day in (date(2026, 8, 8), date(2026, 8, 9), date(2026, 8, 17)):
        assert town.at(day, time(9)).run(send_mornings) == 0
    assert town.at(date(2026, 8, 18), time(9)).run(send_mornings) == 1


def test_what_it_says(town: Town) -> None:
    """Each report counts once, the most urgent are named, as many as fit; the buttons open them."""
    ids = [town.report_id, *(town.files() for _ in range(6))]
    due = [FRI_7, date(2026, 8, 10), date(2026, 8, 11), date(2026, 8, 12), date(2026, 8, 13)]
    with town.database.writing() as uow:
        for report_id, due_on in zip(ids, due, strict=False):
            builders.update_case(uow, report_id, town.now, due_on=due_on)
    town.does("rima", moves.hold, "Di desa mana, dan apa patokannya?", on=ids[-1])
    town.does("rima", moves.dispose, "PUPR", on=ids[-2])
    town.at(date(2026, 8, 10)).run(send_mornings)
    reply = town.heard(town.people["rima"])[-1]
    assert reply.text.splitlines()[:2] == [
        "Di meja Anda hari ini: 5 laporan",
        "1 terlambat · 1 batasnya hari ini · 2 dalam 2 hari kerja · 1 belum ditangani · 1 menunggu warga",
    ]
    assert "TERLAMBAT 1 hari" in reply.text.splitlines()[3]
    assert [choice.value.partition(":")[0] for choice in reply.choices] == ["lihat"] * 5 + ["daftar"]
    assert len(reply.short) <= 160
    assert "1 terlambat, 1 batas hari ini" in reply.short


def test_more_than_are_named(town: Town) -> None:
    """The rest is a number."""
    for _ in range(7):
        town.files()
    town.at(TUE_4).run(send_mornings)
    assert town.mornings("rima")[-1].endswith("… dan 3 lagi")


def test_one_alone_is_a_card(town: Town) -> None:
    """With the buttons of what may be done, and answered by a reply to it."""
    town.at(THU_6, time(9)).disposed()
    town.at(FRI_7).run(send_mornings)
    reply = town.heard(town.people["budi"])[-1]
    assert reply.about == town.report_id
    assert "jawab" in [choice.value for choice in reply.choices]
    assert "sisa 4 hari kerja" in reply.text


def test_one_late_alone_is_a_line(town: Town) -> None:
    """Its card came by itself in the same minute: the same card twice says nothing more."""
    town.at(FRI_7).run(remind)
    assert "TERLAMBAT" in town.heard(town.people["rima"])[-1].text
    town.run(send_mornings)
    reply = town.heard(town.people["rima"])[-1]
    assert "1 terlambat" in reply.text
    assert "depan SD 3" not in reply.text
    assert reply.choices[0].value == f"lihat:{town.case().number}"


def test_several_late_come_once(town: Town) -> None:
    """Two that are late at once are lines of the morning's message, and no cards beside it."""
    numbers = [town.case(one).number for one in (town.report_id, town.files())]
    town.at(FRI_7).run(remind)
    before = len(town.heard(town.people["rima"]))
    town.run(send_mornings)
    reply = town.heard(town.people["rima"])[-1]
    assert "2 terlambat" in reply.text
    assert {f"lihat:{number}" for number in numbers} <= {choice.value for choice in reply.choices}
    assert not any("TERLAMBAT" in one.text for one in town.heard(town.people["rima"])[:before])


def test_nothing_presses(town: Town) -> None:
    """What is under way with time left, or waits for the citizen, wakes nobody."""
    town.at(THU_6, time(9)).disposed().does("budi", moves.start, "Regu menambal lubang minggu depan.")
    held = town.files()
    town.does("rima", moves.hold, "Di desa mana, dan apa patokannya?", on=held)
    assert town.at(FRI_7).run(send_mornings) == 0
    assert town.at(date(2026, 8, 26)).run(send_mornings) == 1


def test_leave(town: Town) -> None:
    """The deputy gets it meanwhile, what the first one took included; who comes back gets their own the same day."""
    with town.database.writing() as uow:
        town.people["wakil"] = builders.an_officer(uow, Role.LIAISON, "PUPR", is_deputy=True, now=town.now)
        officers.insert_leave(uow, town.people["budi"].id, FRI_7, FRI_7, town.now)
    town.at(THU_6, time(9)).disposed().does("budi", moves.take, town.people["budi"])
    town.at(THU_6, time(10)).run(send_mornings)
    assert mornings(town, "budi", "wakil") == {"budi": 1, "wakil": 0}
    town.at(FRI_7).run(send_mornings)
    assert mornings(town, "budi", "wakil") == {"budi": 1, "wakil": 1}
    with town.database.writing() as uow:
        officers.end_leave(uow, town.people["budi"].id, FRI_7)
    town.at(FRI_7, time(10)).run(send_mornings)
    assert mornings(town, "budi", "wakil") == {"budi": 2, "wakil": 1}


def test_nobody_reads_more_than_on_cards(town: Town) -> None:
    """A report for the inspectorate reaches it and the coordinators, never the agency it accuses."""
    oversight = town.files(type=ReportType.OVERSIGHT, is_secret=True, accused_agency_code="PUPR")
    with town.database.writing() as uow:
        builders.update_case(uow, oversight, town.now, due_on=FRI_7)
        agus = builders.an_officer(uow, Role.INSPECTORATE, "PUPR", now=town.now)
    town.people["agus"] = agus
    town.at(THU_6).disposed()
    town.run(send_mornings)
    number = town.case(oversight).number
    seen = {name for name in town.people if any(number[-4:] in text for text in town.mornings(name))}
    assert seen == {"rima", "joko"}


def test_answers_to_approve(town: Town) -> None:
    """The second person hears of what waits for them, and of nothing else."""
    with town.database.writing() as uow:
        town.people["agus"] = builders.an_officer(uow, Role.APPROVER, "PUPR", now=town.now)
    town.at(THU_6, time(9)).disposed()
    assert town.at(FRI_7).run(send_mornings) == 1
    town.does("budi", moves.propose, SOLUTION)
    town.at(date(2026, 8, 10)).run(send_mornings)
    assert "Menunggu persetujuan Anda: 1 jawaban" in town.heard(town.people["agus"])[-1].text


def test_by_sms(town: Town) -> None:
    """One part, and the word that lists them all."""
    with town.database.writing() as uow:
        officers.set_suspended(uow, town.people["budi"].id, town.now)
        town.people["yanto"] = builders.an_officer(
            uow, Role.LIAISON, "PUPR", channel=Channel.SMS, now=town.now
        )
    town.at(THU_6, time(9)).disposed()
    town.at(FRI_7).run(send_mornings)
    short = town.heard(town.people["yanto"])[-1].short
    assert short.startswith("Hari ini: 0 terlambat")
    assert short.endswith("sisa 4 hari. Balas DAFTAR")


# --- a week ---


def test_a_week(town: Town) -> None:
    """Once, on its first working day, of the week before beside the one before that; with what is late for long."""
    other = town.files()
    town.at(THU_6, time(9)).disposed()
    town.does("rima", moves.dispose, "DISHUB", on=other)
    town.does("dewi", moves.answer, SOLUTION, on=other)
    town.says(moves.confirm, on=other)
    town.told()
    assert town.at(FRI_7).run(send_weeks) == 0  # the week had begun when they joined
    assert town.at(date(2026, 8, 10)).run(send_weeks) == 2
    assert town.at(date(2026, 8, 12)).run(send_weeks) == 0
    text = town.heard(town.people["kepala"])[-1].text
    assert text.startswith("Laporan mingguan Dinas PUPR\nSenin, 3 Agustus 2026 sampai Minggu, 9 Agustus 2026")
    assert "Masuk: 1 (0)" in text
    assert "Hari ini: 1 terbuka, 0 terlambat, 0 dibuka lagi" in text
    assert text.endswith("Tidak ada laporan yang terlambat 3 hari kerja atau lebih.")
    whole = town.heard(town.people["rima"])[-1].text
    assert "Masuk: 2 (0)" in whole
    assert "warga menyatakan beres: 1 (0)" in whole
    # Monday the 17th is a holiday; a week of downtime is passed over
    assert town.at(date(2026, 8, 17)).run(send_weeks) == 0
    assert town.at(date(2026, 8, 24)).run(send_weeks) == 2
    reply = town.heard(town.people["kepala"])[-1]
    assert "Masuk: 0 (0)" in reply.text
    assert "Terlambat 3 hari kerja atau lebih:\nSKD-" in reply.text
    assert [choice.value for choice in reply.choices] == [f"lihat:{town.case().number}"]
    assert len(reply.short) <= 160


# --- a month ---


def test_a_month(town: Town) -> None:
    """On its first working day, to those who see all figures; last month beside the one before, with the picture."""
    with town.database.writing() as uow:
        town.people["bupati"] = builders.an_officer(uow, Role.AUDITOR, now=town.now)
    town.at(THU_6, time(9)).disposed()
    answered = town.files()
    town.does("rima", moves.dispose, "DISHUB", on=answered)
    town.does("dewi", moves.answer, SOLUTION, on=answered)
    town.at(date(2026, 8, 24)).run(lapse_answers)
    town.says(moves.confirm, on=answered)
    assert town.at(date(2026, 8, 31)).run(send_months) == 0
    assert town.at(date(2026, 9, 1)).run(send_months) == 2
    assert town.at(date(2026, 9, 2)).run(send_months) == 0
    reply = town.heard(town.people["bupati"])[-1]
    assert reply.text == (
        "Laporan warga, Agustus 2026\n\n2 laporan masuk; Juli 2026: 0.\n1 laporan selesai; Juli 2026: 0. "
        "Dari jumlah itu, 1 dinyatakan beres oleh warga dan 0 ditutup karena warga tidak membalas.\n"
        "Tanggapan pertama tepat waktu: 1 dari 2; Juli 2026: –.\n\n"
        "Terlambat hari ini: 1. Terbanyak: Dinas PUPR (1)\nPaling sering dilaporkan: Lainnya (2)"
    )
    assert reply.made is not None
    assert (reply.made.since, reply.made.until) == (date(2026, 8, 1), date(2026, 8, 31))
    assert "SKD" not in reply.text


def test_of_nothing_nothing_is_told(loaded: Database, service: Service) -> None:
    """An empty week and an empty month are no news."""
    town = Town(loaded, service)
    with loaded.writing() as uow:
        for role, agency in ((Role.SUPERVISOR, "PUPR"), (Role.COORDINATOR, None), (Role.AUDITOR, None)):
            builders.an_officer(uow, role, agency, now=town.now)
    assert town.at(date(2026, 9, 1)).run(send_weeks, send_months, send_mornings) == 0


# --- beside reminders ---


@pytest.mark.parametrize("is_first", [True, False])
def test_a_reminder_stands_in_it(town: Town, is_first: bool) -> None:
    """Whichever job comes first, one message is sent of a morning; what moves later is told of by itself."""
    jobs = [send_mornings, remind]
    town.at(TUE_4).run(*(jobs if is_first else reversed(jobs)))
    assert [reply.text.splitlines()[0] for reply in town.heard(town.people["rima"])][-1].startswith(DESK)
    assert town.said() == ["check:-2"]
    town.at(WED_5).run(send_mornings)
    with town.database.writing() as uow:
        builders.update_case(uow, town.report_id, town.now + timedelta(hours=1), due_on=THU_6)
    town.told()
    town.at(WED_5, time(10)).run(remind)
    assert town.told() == {"rima": ["Pengingat: batas waktunya sudah dekat."]}


@pytest.mark.parametrize("absence", ["leave", "suspended", "unreachable"])
def test_reminders_of_what_stands_in_none_of_them(town: Town, absence: str) -> None:
    """Neither what others handle, nor what was a deputy's only after their message, is left out of a list of many."""
    with town.database.writing() as uow:
        town.people["wakil"] = builders.an_officer(uow, Role.LIAISON, "PUPR", is_deputy=True, now=town.now)
    town.disposed()
    for _ in range(4):
        outside = town.files(type=ReportType.OVERSIGHT, is_secret=True)
        town.does("rima", moves.forward, "PROVINSI", "Diperiksa oleh Pemprov Kalbar.", on=outside)
        town.does("rima", moves.dispose, "PUPR", on=town.files())
    with town.database.writing() as uow:
        uow.connection.execute(update(CASE).values(due_on=TUE_4))
    town.told()
    town.at(WED_5).run(send_mornings)
    assert mornings(town, "budi", "wakil", "joko") == {"budi": 1, "wakil": 0, "joko": 0}
    budi, at = town.people["budi"], town.at(WED_5, time(8, 30)).now
    with town.database.writing() as uow:
        match absence:
            case "leave":
                officers.insert_leave(uow, budi.id, WED_5, WED_5, at)
            case "suspended":
                officers.set_suspended(uow, budi.id, at)
            case _:
                conversations.set_unreachable(uow, budi.address_id, at)
    town.at(WED_5, time(9)).run(remind)
    told = town.told()
    assert told["joko"] == ["4 laporan menunggu Anda:"]
    assert told["wakil"] == ["5 laporan menunggu Anda:"]


# --- whatever happens ---


def test_killed_and_run_again(town: Town) -> None:
    """Wherever a run was cut off, in the end each has had it once."""
    fuse = Fuse()
    fuse.watch(town.database)
    town.at(MON_3, time(9)).disposed()
    town.files()
    day = TUE_4
    for survived in itertools.count():
        while not town.service.calendar.is_working(day):
            day += timedelta(days=1)
        town.at(day)
        before = mornings(town, "rima", "budi")
        fuse.left = survived
        with suppress(Dead):
            town.run(send_mornings)
        was_killed, fuse.left = fuse.left < 0, None
        town.run(send_mornings)
        assert mornings(town, "rima", "budi") == {name: count + 1 for name, count in before.items()}
        if not was_killed:
            assert survived > 10
            return
        day += timedelta(days=1)
