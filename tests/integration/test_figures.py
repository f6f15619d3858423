"""Figures and tables: what is counted, for whom, and what they look like."""

import csv
import io
from datetime import UTC, date, datetime, timedelta
from typing import Any
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import pytest
from PIL import Image
from sqlalchemy import event, text

from bot.drawing import draw
from bot.exhibits import Exhibits
from bot.sheets import write_csv, write_xlsx
from handlers.figures import Figures, gather, table
from handlers.messages import Exhibit, Made
from handlers.service import Service
from storage.db import Database
from storage.queries import answers
from storage.vocabulary import CaseState, Clock, Closing, Language, ReportType
from tests import builders
from tests.fakes.clock import MONDAY, FakeClock

#: the day after the period, at noon there
NOW = datetime(2026, 4, 1, 5, 0, tzinfo=UTC)
DAY = timedelta(days=1)
MARCH = Made(Exhibit.FIGURES, "PUPR", date(2026, 3, 1), date(2026, 3, 31), Language.ENGLISH)
ALL = Made(Exhibit.FIGURES, None, MARCH.since, MARCH.until, Language.ENGLISH, is_oversight=None)


def add(database: Database, *, state: CaseState, filed_at: datetime = MONDAY, **changed: Any) -> int:
    """A case that PUPR was given; `changed` of the case, or of the report where that has such a field."""
    of_report = {
        name: changed.pop(name)
        for name in ("type", "accused_agency_code", "category_code", "area_code")
        if name in changed
    }
    with database.writing() as uow:
        contact = builders.a_contact(uow)
        case = builders.a_case(uow, contact, now=filed_at, **of_report)
        values: dict[str, Any] = {
            "state": state,
            "checked_at": filed_at,
            "disposed_at": filed_at,
            "clock": None,
            "due_on": None,
        }
        builders.update_case(uow, case, filed_at, **(values | changed))
    return case


@pytest.fixture
def filled(loaded: Database) -> Database:
    """What PUPR has to do with March, and what it has not."""
    day: dict[str, Any] = {"clock": Clock.SETTLE, "due_on": date(2026, 3, 31)}
    add(loaded, state=CaseState.IN_PROGRESS, first_answer_at=MONDAY + DAY, **day)
    add(
        loaded,
        state=CaseState.IN_PROGRESS,
        first_answer_at=MONDAY + 4 * DAY,
        **(day | {"due_on": NOW.date()}),
    )
    settled: dict[str, Any] = {"closed_at": MONDAY + 7 * DAY, "first_answer_at": MONDAY + 7 * DAY}
    rated = add(loaded, state=CaseState.SETTLED, closing=Closing.CONFIRMED, **settled)
    with loaded.writing() as uow:
        for number, stars in enumerate((5, 4, 4, 2)):
            answers.insert_rating(uow, rated, number, stars, NOW)
    add(loaded, state=CaseState.ARCHIVED, closing=Closing.ARCHIVED, **(settled | {"first_answer_at": None}))
    # before and after the period, by minutes there
    start = datetime(2026, 2, 28, 17, 0, tzinfo=UTC)
    add(loaded, state=CaseState.DISPOSED, filed_at=start - timedelta(minutes=1), **day)
    add(loaded, state=CaseState.DISPOSED, filed_at=start + 31 * DAY)
    # the reporter is late, not the agency
    add(loaded, state=CaseState.ANSWERED, clock=Clock.CITIZEN_REPLY, due_on=date(2026, 3, 9))
    # somebody else's, not given to anybody, about PUPR, for the inspectorate
    add(loaded, state=CaseState.DISPOSED, agency_code="DISHUB")
    add(loaded, state=CaseState.UNVERIFIED, checked_at=None, disposed_at=None)
    add(loaded, state=CaseState.DISPOSED, accused_agency_code="PUPR")
    add(loaded, state=CaseState.DISPOSED, type=ReportType.OVERSIGHT)
    return loaded


def figures_of(database: Database, service: Service, made: Made) -> Figures:
    with database.reading() as uow:
        return gather(uow, service, made, NOW)


def test_figures_of_an_agency(filled: Database, service: Service) -> None:
    """Its own reports of the period, by local days; late ones whenever they were filed."""
    figures = figures_of(filled, service, MARCH)
    assert dict(figures.totals) == {"Came in": 5, "Settled": 1, "Late today": 2}
    assert dict(figures.states) == {"Being worked on": 2, "Answered": 1, "Settled": 1, "Archived": 1}
    assert figures.shares == (
        ("Checked in time", "100%", "5 of 5"),
        ("First answer in time", "60%", "3 of 5"),
        ("Followed up by an agency", "60%", "3 of 5"),
        ("The reporter said it is solved", "20%", "1 of 5"),
        ("The reporter did not reply", "0%", "0 of 5"),
        ("Handed back by an agency", "0%", "0 of 5"),
        ("Reopened after an answer", "0%", "0 of 1"),
        ("Reporter asked for missing data", "0%", "0 of 5"),
        ("Archived", "20%", "1 of 5"),
    )
    assert figures.spreads == (
        ("From passing on to the first answer", "4", "5"),
        ("From passing on until settled", "5", "5"),
        ("From the report until settled", "5", "5"),
    )
    assert figures.rating == "4 ratings: a mean is shown from 5 on"
    assert figures.agency.startswith("Dinas Pekerjaan Umum")
    assert figures.period == "Sunday, 1 March 2026 to Tuesday, 31 March 2026"


def test_figures_of_all_agencies(filled: Database, service: Service) -> None:
    """Who sees all is counted all; who sees those for the inspectorate alone is counted them alone."""
    assert dict(figures_of(filled, service, ALL).totals)["Came in"] == 9
    alone = Made(Exhibit.FIGURES, None, MARCH.since, MARCH.until, Language.ENGLISH, is_oversight=True)
    assert dict(figures_of(filled, service, alone).totals)["Came in"] == 1


def test_nothing_to_count(loaded: Database, service: Service) -> None:
    """An empty month is told as such."""
    figures = figures_of(loaded, service, MARCH)
    assert (figures.states, figures.shares) == ((), ())
    assert {value for _, *values in figures.spreads for value in values} == {"–"}


def test_table_holds_no_identity_and_no_words(filled: Database, service: Service) -> None:
    """Numbers, states and days, nothing that a reporter wrote."""
    with filled.reading() as uow:
        head, *rows = table(uow, service, MARCH)
    assert head[:3] == ["Number", "State", "Type"]
    assert len(rows) == 5
    assert rows[2][1] == "Settled"
    assert rows[2][7:] == ["2026-03-02", "", "2026-03-09", "2026-03-09", "The reporter said it is solved"]
    assert "lampu" not in str(rows)
    assert "1001" not in str(rows)


def test_files(filled: Database, service: Service) -> None:
    """A picture that a phone shows well, and a workbook that spreadsheets open."""
    exhibits = Exhibits(filled, service, FakeClock(NOW).now)
    picture = exhibits.make(MARCH)
    assert (picture.name, picture.media_type) == ("rekap-pupr-2026-03-01-2026-03-31.png", "image/png")
    with Image.open(io.BytesIO(picture.content)) as image:
        assert image.width == 1080
        assert 600 < image.height < 2400
    made = Made(Exhibit.WORKBOOK, "PUPR", MARCH.since, MARCH.until, Language.INDONESIAN)
    with filled.reading() as uow:
        rows = list(table(uow, service, made))
    assert rows[0][0] == "Nomor"
    assert len(rows) == 6
    book = exhibits.make(made)
    assert book.name == "laporan-pupr-2026-03-01-2026-03-31.xlsx"
    sheets = read_xlsx(book.content)
    assert sheets["Laporan"] == [[cell for cell in row if cell] for row in rows]  # it has no empty cells
    assert [row[:4] for row in sheets["Rekap angka"]] == [
        ["Menurut", "Nama", "Masuk", "Diperiksa tepat waktu (%)"],
        ["Semua", "Semua", "5", "100"],
        ["Instansi", "Dinas Pekerjaan Umum dan Penataan Ruang", "5", "100"],
        ["Kategori", sheets["Laporan"][1][3], "5", "100"],
        ["Kecamatan", "Sekadau Hilir", "5", "100"],
        ["Saluran", "telegram", "5", "100"],
    ]


def read_xlsx(content: bytes) -> dict[str, list[list[str]]]:
    """The cells of each sheet, by its name; a formula is none that we write."""
    space = {"s": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
    with ZipFile(io.BytesIO(content)) as parts:
        book = ET.fromstring(parts.read("xl/workbook.xml"))  # noqa: S314 - we wrote it
        names = [one.attrib["name"] for one in book.iterfind(".//s:sheet", space)]
        files = [parts.read(f"xl/worksheets/sheet{number}.xml") for number in range(1, len(names) + 1)]
    sheets = [ET.fromstring(file) for file in files]  # noqa: S314
    assert not any(sheet.findall(".//s:f", space) for sheet in sheets)
    return {
        name: [["".join(cell.itertext()) for cell in row] for row in sheet.iterfind(".//s:row", space)]
        for name, sheet in zip(names, sheets, strict=True)
    }


def test_nothing_in_a_cell_is_run() -> None:
    """What begins like a formula stays a text, in a table and in a workbook."""
    evil = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "{=1}", "http://a.test", "halo"]
    file = io.BytesIO()
    write_csv(file, [evil])
    assert file.getvalue().startswith(b"\xef\xbb\xbf")
    read = next(csv.reader(io.StringIO(file.getvalue().decode("utf-8-sig"))))
    assert read == ["'=1+1", "'+1", "'-1", "'@SUM(A1)", "'\t=1", "{=1}", "http://a.test", "halo"]
    file = io.BytesIO()
    write_xlsx(file, {"Rekap": [evil]})
    assert read_xlsx(file.getvalue()) == {"Rekap": [evil]}


def test_longest_picture(service: Service) -> None:
    """All states, long names and large numbers still fit the sheet."""
    label = "Dinas Pekerjaan Umum dan Penataan Ruang, Perumahan Rakyat dan Kawasan Permukiman"
    many = Figures(
        title=label,
        agency=label,
        period=label,
        totals=(("Masuk", 123_456), ("Selesai", 123_456), ("Terlambat hari ini", 123_456)),
        states_title=label,
        states=tuple((f"{label} {number}", 10**number) for number in range(len(CaseState))),
        nothing="",
        shares_title=label,
        shares=tuple((f"{label} {number}", "100%", "123.456 dari 123.456") for number in range(20)),
        spreads_title=label,
        spreads_head=("median", "9 dari 10 dalam"),
        spreads=((label, "12.5", "199"),) * 3,
        rating=label,
        reach=label,
        warnings=(label, label),
        as_of=label,
    )
    with Image.open(io.BytesIO(draw(many))) as image:
        assert image.height < 7900


def test_a_period_is_found_by_an_index(filled: Database, service: Service) -> None:
    """A month's figures and tables read no more than that month's reports, of one agency and of all."""
    seen: list[tuple[str, Any]] = []
    event.listen(
        filled.engine,
        "before_cursor_execute",
        lambda _c, _cursor, statement, parameters, *_rest: seen.append((statement, parameters)),
    )
    with filled.reading() as uow:
        for made in (MARCH, ALL):
            gather(uow, service, made, NOW)
            list(table(uow, service, made))
    queries = [one for one in seen if one[0].lstrip().startswith("SELECT")]
    assert len(queries) == 2 * 10
    with filled.writing() as uow:
        if not filled.is_sqlite:  # with next to no rows it would rather read them all
            uow.connection.execute(text("SET LOCAL enable_seqscan = off"))
        explain = "EXPLAIN QUERY PLAN " if filled.is_sqlite else "EXPLAIN "
        for statement, parameters in queries:
            plan = str(list(uow.connection.exec_driver_sql(explain + statement, parameters)))
            assert "SCAN" not in plan.replace("SCAN USING", ""), plan
            assert "Seq Scan" not in plan, plan
