"""Figures and tables: what is counted, for whom, and what they look like."""

import csv
import io
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from PIL import Image

from bot.exhibits import Exhibits, draw
from handlers.figures import Figures, gather, table
from handlers.messages import Exhibit, Made
from handlers.service import Service
from storage.db import Database
from storage.queries import handling
from storage.vocabulary import CaseState, Clock, Closing, Language, ReportType
from tests import builders
from tests.fakes.clock import MONDAY, FakeClock

#: the day after the period, at noon there
NOW = datetime(2026, 4, 1, 5, 0, tzinfo=UTC)
DAY = timedelta(days=1)
MARCH = Made(Exhibit.FIGURES, "PUPR", date(2026, 3, 1), date(2026, 3, 31), Language.ENGLISH)
ALL = Made(Exhibit.FIGURES, None, MARCH.since, MARCH.until, Language.ENGLISH, is_oversight=None)


def add(database: Database, *, state: CaseState, filed_at: datetime = MONDAY, **changed: Any) -> None:
    """A case that PUPR was given; `changed` of the case, or of the report where that has such a field."""
    of_report = {
        name: changed.pop(name)
        for name in ("type", "accused_agency_code", "category_code", "area_code")
        if name in changed
    }
    with database.writing() as uow:
        contact = builders.a_contact(uow)
        case = builders.a_case(uow, contact, now=filed_at, **of_report)
        values: dict[str, Any] = {"state": state, "disposed_at": filed_at, "clock": None, "due_on": None}
        handling.update_case(uow, case, filed_at, **(values | changed))


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
    add(loaded, state=CaseState.SETTLED, closing=Closing.CONFIRMED, **settled)
    add(loaded, state=CaseState.ARCHIVED, closing=Closing.ARCHIVED, **(settled | {"first_answer_at": None}))
    # before and after the period, by minutes there
    start = datetime(2026, 2, 28, 17, 0, tzinfo=UTC)
    add(loaded, state=CaseState.DISPOSED, filed_at=start - timedelta(minutes=1), **day)
    add(loaded, state=CaseState.DISPOSED, filed_at=start + 31 * DAY)
    # the reporter is late, not the agency
    add(loaded, state=CaseState.ANSWERED, clock=Clock.CITIZEN_REPLY, due_on=date(2026, 3, 9))
    # somebody else's, not given to anybody, about PUPR, for the inspectorate
    add(loaded, state=CaseState.DISPOSED, agency_code="DISHUB")
    add(loaded, state=CaseState.UNVERIFIED, disposed_at=None)
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
    assert dict(figures.medians) == {"until the first answer": "4", "until settled": "5"}
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
    assert (figures.states, {value for _, value in figures.medians}) == ((), {"none yet"})


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
    """A picture that a phone shows well, and a table that spreadsheets open."""
    exhibits = Exhibits(filled, service, FakeClock(NOW).now)
    picture = exhibits.make(MARCH)
    assert (picture.name, picture.media_type) == ("rekap-pupr-2026-03-01-2026-03-31.png", "image/png")
    with Image.open(io.BytesIO(picture.content)) as image:
        assert image.width == 1080
        assert 600 < image.height < 2000
    made = Made(Exhibit.TABLE, "PUPR", MARCH.since, MARCH.until, Language.INDONESIAN)
    sheet = exhibits.make(made)
    assert (sheet.name, sheet.media_type) == ("laporan-pupr-2026-03-01-2026-03-31.csv", "text/csv")
    assert sheet.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(sheet.content.decode("utf-8-sig"))))
    assert rows[0][0] == "Nomor"
    assert len(rows) == 6


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
        medians_title=label,
        medians=((label, "12.5"), (label, "99")),
        as_of=label,
    )
    with Image.open(io.BytesIO(draw(many))) as image:
        assert image.height < 3000
