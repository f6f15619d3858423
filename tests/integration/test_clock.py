"""What the clock says of deadlines and to whom, and what it closes: on both databases, whatever happens in between."""

import itertools
import re
from contextlib import suppress
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import select, update

from handlers import moves
from handlers.clock.deadlines import remind
from handlers.clock.morning import send_mornings
from handlers.service import Service
from storage.db import Database
from storage.queries import officers, outbox
from storage.vocabulary import CaseState, Channel, Closing, ReportType, Role
from tests import builders
from tests.days import (
    ADDRESS,
    FRI_7,
    JOBS,
    MON_3,
    OUTBOUND,
    THU_6,
    THU_13,
    TUE_4,
    WED_5,
    Town,
)
from tests.killed import Dead, Fuse, Work, statements
from tests.office import SOLUTION


@pytest.fixture
def town(loaded: Database, service: Service) -> Town:
    town = Town(loaded, service).open()
    town.told()
    return town


SOON, LATE = "Pengingat: batas waktunya sudah dekat.", "Batas waktu sudah lewat."


# --- while officers are to act ---


def test_before_and_after_the_check(town: Town) -> None:
    """Due on Thursday: until then those who check hear of it in the morning; on Friday the reporter does, too."""
    expected: dict[date, dict[str, str]] = {
        MON_3: {},
        TUE_4: {},
        WED_5: {},
        THU_6: {},
        FRI_7: {"rima": LATE, "warga": "Mohon maaf, laporan Anda"},
        date(2026, 8, 8): {},
        date(2026, 8, 9): {},
        date(2026, 8, 10): {},
        date(2026, 8, 11): {"sari": "SKD-"},
        date(2026, 8, 12): {},
        THU_13: {"joko": "SKD-", "warga": "Mohon maaf, laporan Anda"},
    }
    for day, texts in expected.items():
        told = town.passes(day).told()
        assert told.keys() == texts.keys(), day
        for name, text in texts.items():
            (line,) = told[name]
            assert line.startswith(text), line
    assert town.passes(date(2026, 8, 28)).told() == {}
    assert town.history() == ["reminded", "reminded", "overdue", "escalated", "escalated"]
    assert ["sisa 2 hari" in text for text in town.mornings("rima")[:3]] == [True, False, False]
    assert "TERLAMBAT 1 hari" in town.mornings("rima")[3]


def test_silence_of_the_agency(town: Town) -> None:
    """Who has it hears first, then the head of the agency, then those above, each once; the reporter is told when."""
    town.at(THU_6, time(9)).disposed()
    town.told()
    assert town.passes(date(2026, 8, 11)).told() == {}
    assert "sisa 2 hari" in town.mornings("budi")[-1]
    assert town.passes(date(2026, 8, 12)).told().keys() == {"kepala"}
    assert town.passes(THU_13).told() == {}
    told = town.passes(date(2026, 8, 14)).told()
    assert told.keys() == {"budi", "kepala", "rima", "warga"}
    assert "Dinas" in told["warga"][0]
    assert "Jumat, 21 Agustus 2026" in told["warga"][0]  # the 17th is a holiday
    assert town.passes(date(2026, 8, 18)).told() == {}
    assert town.passes(date(2026, 8, 19)).told().keys() == {"sari"}
    told = town.passes(date(2026, 8, 21)).told()
    assert told.keys() == {"joko", "warga"}
    assert town.passes(date(2026, 9, 30)).told() == {}


def test_those_above_read_no_more_than_they_need(town: Town) -> None:
    """Number, agency and how late it is; not what the reporter wrote, whom they may not read."""
    town.at(THU_6, time(9)).disposed()
    town.passes(date(2026, 8, 24))
    (reply,) = [one for one in town.heard(town.people["sari"]) if "terlambat" in one.text]
    assert "PUPR" in reply.text
    assert (reply.choices, reply.question, reply.files) == ((), None, ())
    assert "rusak" not in reply.text


def test_what_is_done_is_not_spoken_of(town: Town) -> None:
    """An answer in time, and nobody hears of a date."""
    town.at(THU_6, time(9)).disposed()
    town.at(date(2026, 8, 10)).does("budi", moves.answer, SOLUTION)
    town.told()
    assert town.passes(date(2026, 8, 19)).told() == {}


def test_oversight_is_brought_to_the_inspectorate_at_once(town: Town) -> None:
    """And to nobody of the agency it accuses, nor to its head."""
    town.report_id = town.files(type=ReportType.OVERSIGHT, is_secret=True, accused_agency_code="PUPR")
    town.told()
    told = town.passes(FRI_7).told()
    assert told.keys() <= {"rima", "joko", "warga"}
    assert any(LATE in line for line in told["joko"])


def test_returned_reports_do_not_rest(town: Town) -> None:
    """What an agency hands back is somebody's at once: the clock of the first receipt goes on."""
    town.at(TUE_4, time(9)).disposed().does("budi", moves.hand_back, "Ini jalan milik provinsi, bukan kami.")
    town.told()
    told = town.passes(FRI_7).told()
    assert told.keys() == {"rima", "warga"}
    assert len(told["rima"]) == 1
    assert len(town.mornings("rima")) == 4


def test_who_is_away_is_not_asked(town: Town) -> None:
    """The deputy hears of it; with nobody there, the coordinators do."""
    with town.database.writing() as uow:
        town.people["wakil"] = builders.an_officer(uow, Role.LIAISON, "PUPR", is_deputy=True, now=town.now)
        officers.insert_leave(uow, town.people["budi"].id, THU_6, date(2026, 8, 31), town.now)
    town.at(THU_6, time(9)).disposed()
    town.told()
    assert town.passes(date(2026, 8, 11)).told() == {}
    assert [len(town.mornings(name)) for name in ("budi", "wakil")] == [0, 4]
    with town.database.writing() as uow:
        for name in ("budi", "wakil"):
            officers.set_suspended(uow, town.people[name].id, town.now)
    assert town.passes(date(2026, 8, 12)).told().keys() == {"rima", "kepala"}


def test_half_of_the_time(town: Town) -> None:
    """With fourteen days to settle, who has it hears after seven in which nothing was done; not who does something."""
    town.at(THU_6, time(9)).disposed()
    town.at(FRI_7).does("budi", moves.start, "Petugas mengecek lokasi besok pagi.")
    town.told()
    told = town.passes(date(2026, 8, 19)).told()
    assert {name: lines[0] for name, lines in told.items()} == {
        "budi": "Separuh waktu sudah lewat dan belum ada perkembangan."
    }
    assert town.passes(date(2026, 8, 25)).told() == {}


def test_many_at_once_are_one_message(town: Town) -> None:
    """More than three cards for one officer in one run are a list, unless the morning's message lists them anyway."""
    for report_id in (town.report_id, *(town.files() for _ in range(4))):
        town.does("rima", moves.dispose, "PUPR", on=report_id)
    late = [town.files() for _ in range(4)]
    town.told()
    assert town.at(FRI_7).run(remind) > 0
    assert town.said().count("check:1") == len(late)
    town.run(send_mornings)
    assert "rima" not in town.told()
    assert town.mornings("rima")[-1].count("SKD-") == len(late)
    town.at(date(2026, 8, 11)).run()
    (lines,) = [reply.text for reply in town.heard(town.people["rima"]) if "menunggu Anda" in reply.text]
    assert lines.startswith("5 laporan menunggu Anda:")
    assert lines.count("SKD-") == 5


# --- downtime ---


def test_a_week_of_downtime(town: Town) -> None:
    """Only the highest rung is said; what was passed over is noted, and who should have heard of it hears now."""
    told = town.at(date(2026, 8, 11), time(14)).passes(date(2026, 8, 11)).told()
    assert told.keys() == {"rima", "sari", "warga"}
    assert all(len(lines) == 1 for lines in told.values())
    assert town.said() == ["check:-1", "check:-2", "check:1", "check:3"]
    assert town.history() == ["overdue"]
    assert town.passes(date(2026, 8, 12)).told() == {}
    assert town.passes(THU_13).told().keys() == {"joko", "warga"}


def test_a_reminder_that_waited_too_long_is_not_sent(town: Town) -> None:
    """Delivery was down: a reminder is of use until the next one speaks, or its case moves."""
    town.at(FRI_7).run(remind)
    with town.database.writing() as uow:
        tuesday = datetime.combine(date(2026, 8, 11), time(8), town.service.deployment.zone)
        texts = [one.payload for one in outbox.lease(uow, Channel.TELEGRAM, 99, tuesday, tuesday)]
    assert not any(LATE in text for text in texts)
    town.at(date(2026, 8, 11)).run(remind)
    town.does("rima", moves.dispose, "PUPR")
    with town.database.reading() as uow:
        query = select(OUTBOUND.c.code).where(OUTBOUND.c.useful_until.is_not(None)).order_by(OUTBOUND.c.id)
        assert list(uow.connection.execute(query).scalars()) == ["late", "late", "moved"]


# --- reporters ---


def test_silence_of_the_reporter(town: Town) -> None:
    """Asked once more before the end, then closed, counted apart; the date is the one they were told."""
    town.at(THU_6, time(9)).disposed()
    town.at(date(2026, 8, 20), time(10)).does("budi", moves.answer, SOLUTION)
    assert town.case().due_on == date(2026, 9, 4)
    town.told()
    assert town.passes(date(2026, 9, 1)).told() == {}
    told = town.passes(date(2026, 9, 2)).told()
    assert told.keys() == {"warga"}
    assert "Jumat, 4 September 2026" in told["warga"][0]
    assert [choice.value for choice in town.heard()[-1].choices] == ["yes", "no"]
    assert town.passes(date(2026, 9, 4)).told() == {}
    assert "kami tutup" in town.passes(date(2026, 9, 5)).told()["warga"][0]
    case = town.case()
    assert (case.state, case.closing) == (CaseState.SETTLED, Closing.SILENCE)
    assert town.passes(date(2026, 9, 30)).told() == {}


def test_missing_data_that_never_comes(town: Town) -> None:
    """Reminded after three and after seven days, then archived; they may contest it."""
    town.at(TUE_4, time(9)).does("rima", moves.hold, "Di desa mana, dan apa patokannya?")
    assert town.case().due_on == date(2026, 8, 19)
    town.told()
    days = [date(2026, 8, 4) + timedelta(days=n) for n in range(15)]
    assert [day.day for day in days if town.passes(day).told()] == [7, 13]
    assert "Di desa mana" in town.heard()[-1].text
    assert "BANDING" in town.passes(date(2026, 8, 20)).told()["warga"][0]
    case = town.case()
    assert (case.state, case.closing, case.clock) == (CaseState.ARCHIVED, Closing.ARCHIVED, None)
    town.says(moves.appeal, "Desa Mungguk, depan SD")
    assert town.passes(date(2026, 9, 30)).told().keys() == {"rima", "warga"}


def test_whoever_wants_no_news_is_not_reminded(town: Town) -> None:
    """STOP: what is late goes up all the same, and nobody is bothered with what could not be told."""
    with town.database.writing() as uow:
        uow.connection.execute(
            update(ADDRESS)
            .where(ADDRESS.c.id == town.citizens[town.report_id].address_id)
            .values(stopped_at=town.now)
        )
    told = town.passes(FRI_7).told()
    assert told.keys() == {"rima"}
    assert "undelivered" not in town.history()


def test_outside(town: Town) -> None:
    """What others handle is asked after, by a coordinator."""
    town.at(TUE_4, time(9)).does("rima", moves.forward, "PLN", "Tiang listrik milik PLN.")
    due_on = town.case().due_on
    assert due_on is not None
    town.told()
    assert town.passes(due_on).told() == {}
    told = town.passes(due_on + timedelta(days=4)).told()
    assert {name: len(lines) for name, lines in told.items()} == {"rima": 1}


# --- when ---


@pytest.mark.parametrize("clock", [time(0), time(7, 59), time(20), time(23, 59)])
def test_not_at_night(town: Town, clock: time) -> None:
    """Reminders leave from the morning on until the quiet hours."""
    assert town.at(TUE_4, clock).run() == 0


def test_not_on_a_day_off(town: Town) -> None:
    """On weekends and holidays nobody is reminded."""
    assert town.at(date(2026, 8, 8)).run() == town.at(date(2026, 8, 17)).run() == 0
    assert town.at(date(2026, 8, 10)).run(remind) == 1


def test_idul_fitri_in_a_deadline(town: Town) -> None:
    """The feast and its joint leave move the date, and nobody is reminded in them."""
    town.at(date(2026, 3, 16), time(9))
    town.report_id = town.files()
    case = town.case()
    assert case.due_on is not None
    assert case.due_on > date(2026, 3, 24)
    town.told()
    days = [date(2026, 3, 16) + timedelta(days=n) for n in range(25)]
    spoke = [day for day in days if "rima" in town.passes(day).told()]
    assert spoke
    assert all(town.service.calendar.is_working(day) for day in spoke)


# --- whatever happens ---


@pytest.mark.parametrize("job", JOBS)
def test_no_job_reads_a_whole_table(town: Town, kind: str, job: Work) -> None:
    """What there is to do is found by an index, in its order."""
    town.at(date(2026, 8, 12))
    with statements(town.database) as seen:
        town.run(job)
    queries = [one for one in seen if one[0].startswith("SELECT") and "case" in one[0]]
    with town.database.writing() as uow:
        if kind == "postgresql":  # with next to no rows it would rather read them all
            uow.connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        explain = "EXPLAIN QUERY PLAN " if kind == "sqlite" else "EXPLAIN "
        for statement, parameters in queries:
            plan = str(list(uow.connection.exec_driver_sql(explain + statement, parameters)))
            assert not re.search(r"SCAN (?!nth\b|\(subquery)", plan), plan
            assert "Seq Scan on cases" not in plan, plan


def test_killed_and_run_again(town: Town) -> None:
    """Wherever a run was cut off, in the end each has been told once."""
    fuse = Fuse()
    fuse.watch(town.database)
    town.at(date(2026, 8, 24), time(9)).run()
    town.told()
    for survived in itertools.count(step=4):
        town.at(MON_3, time(9))
        town.report_id, town.seen["warga"] = town.files(), 0
        held = town.files()
        town.does("rima", moves.hold, "Di desa mana, dan apa patokannya?", on=held)
        town.at(THU_6, time(9))
        answered = town.files()
        town.does("rima", moves.dispose, "PUPR", on=answered)
        town.does("budi", moves.answer, SOLUTION, on=answered)
        town.told()
        town.sent()
        before = {one: len(town.heard(one)) for one in (held, answered)}
        town.at(date(2026, 8, 24), time(9))
        fuse.left = survived
        with suppress(Dead):
            town.run()
        was_killed, fuse.left = fuse.left < 0, None
        town.run()
        told = town.told()
        assert {name: len(lines) for name, lines in told.items()} == dict.fromkeys(
            ("rima", "sari", "joko", "warga"), 1
        )
        assert {one: len(town.heard(one)) - count for one, count in before.items()} == {held: 1, answered: 1}
        assert town.case(held).state is CaseState.ARCHIVED
        assert town.case(answered).state is CaseState.ANSWERED  # warned so late, they have two days more
        assert town.run() == 0
        if not was_killed:
            assert survived > 10
            return
