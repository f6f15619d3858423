"""`kanal export` as an operator meets it: a table, a workbook, every report as a line of JSON; slips in one line."""

import json
import os
from datetime import timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest

from storage.db import Database
from storage.queries import answers, cases, exports
from storage.vocabulary import ActorKind, CaseState, Closing, EventKind
from tests import builders
from tests.acceptance.program import KEY, database_of, environment, kanal, prepare, several
from tests.fakes.clock import MONDAY

DAY = timedelta(days=1)


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    env = environment(tmp_path, DATA_KEYS=KEY)
    prepare(env)
    with database_of(env) as database:
        fill(database)
    return env


def fill(database: Database) -> None:
    """One settled report, one that PUPR has not, one of April."""
    with database.writing() as uow:
        contact = builders.a_contact(uow, "628123456")
        one = builders.a_case(
            uow, contact, number="4821001", location=(0.02, 110.9), description="=jalan rusak"
        )
        builders.update_case(
            uow,
            one,
            MONDAY,
            state=CaseState.SETTLED,
            checked_at=MONDAY,
            disposed_at=MONDAY,
            first_answer_at=MONDAY + DAY,
            closed_at=MONDAY + 2 * DAY,
            closing=Closing.CONFIRMED,
            clock=None,
            due_on=None,
        )
        answers.insert_rating(uow, one, 0, 4, MONDAY + 3 * DAY)
        for by, is_public, said in (
            (ActorKind.OFFICER, True, "Sudah ditambal."),
            (ActorKind.OFFICER, False, "Catatan untuk kami."),
            (ActorKind.REPORTER, False, "Lubangnya bertambah."),
        ):
            cases.append_event(
                uow,
                one,
                EventKind.NOTED,
                by,
                data={"text": said},
                is_public=is_public,
                now=MONDAY,
            )
        builders.a_case(uow, contact, number="4821002")
        builders.a_case(uow, contact, number="4821003", now=MONDAY + 40 * DAY)


def list_hidden(folder: Path) -> list[Path]:
    """Files that were not finished."""
    return list(folder.glob(".*-*"))


async def test_every_report_whole(env: dict[str, str], tmp_path: Path) -> None:
    """Words, place, history and rating of each, a line of JSON; a warning beside it, and nobody's number in it."""
    code, said = await kanal(env, tmp_path, "export", "--format", "jsonl", "--output", "semua.jsonl")
    assert (code, said) == (
        0,
        "kanal: semua.jsonl holds personal data: what people wrote, and where; keep it as you keep the database\n",
    )
    file = tmp_path / "semua.jsonl"
    assert file.stat().st_mode & 0o777 == 0o600
    content = file.read_text()
    assert "628123456" not in content
    assert "Catatan untuk kami" not in content
    first, *rest = [json.loads(line) for line in content.splitlines()]
    assert [len(first), len(rest)] == [len(exports.Whole.__slots__) + 4, 2]
    wanted = {
        "number": "SKD-482 1001",
        "state": "settled",
        "state_official": "Terdisposisi Selesai",
        "agency_code": "PUPR",
        "area_name": "Sungai Ringin",
        "description": "=jalan rusak",
        "place": "depan SD 3",
        "location": {"lat": 0.02, "lon": 110.9},
        "filed_at": "2026-03-02T09:05:00+07:00",
        "closed_at": "2026-03-04T09:05:00+07:00",
        "closing": "confirmed",
        "stars": [4],
        "files": [],
    }
    assert {name: first[name] for name in wanted} == wanted
    assert [(one["kind"], one["by"], one["data"]) for one in first["events"]] == [
        ("added", "reporter", {"text": "baru"}),
        ("noted", "officer", {"text": "Sudah ditambal."}),
        ("noted", "reporter", {"text": "Lubangnya bertambah."}),
    ]


async def test_tables_and_slips(env: dict[str, str], tmp_path: Path) -> None:
    """A table and a workbook hold no words; what cannot be meant is told in a line."""
    os.mkfifo(tmp_path / "pipa")
    table, workbook, march, of_agency, figures, *refused = await several(
        env,
        tmp_path,
        "export",
        "export --format xlsx --output laporan.xlsx",
        "export --since 2026-03-01 --until 2026-03-31",
        "export --agency pupr",
        "export --format figures",
        "export --format xlsx",
        "export --agency ABC",
        "export --since 2026-03-02 --until 2026-03-01",
        "export --output tidak/ada.csv",
        "export --since kimarin",
        "export --until 9999-12-31",
        "export --output pipa",
    )
    assert [code for code, _ in (table, workbook, march, of_agency, figures)] == [0] * 5
    assert [len(said.splitlines()) for _, said in (table, march, of_agency)] == [4, 3, 2]
    assert "jalan rusak" not in table[1]
    with ZipFile(tmp_path / "laporan.xlsx") as parts:
        names = [name for name in parts.namelist() if "worksheets/sheet" in name]
        assert len(names) == 2
        assert not any(b"jalan rusak" in parts.read(name) for name in parts.namelist())
    kinds = [line.split(",")[0] for line in figures[1].splitlines()]
    assert list(dict.fromkeys(kinds))[1:] == ["Semua", "Instansi", "Kategori", "Kecamatan", "Saluran"]
    assert [code for code, _ in refused] == [1] * 7
    told = [said for _, said in refused]
    assert "--format xlsx: name a file" in told[0]
    assert "--agency ABC: there is none; there are " in told[1]
    assert "--until 2026-03-01: is before --since 2026-03-02" in told[2]
    assert "tidak/ada.csv: No such file or directory" in told[3]
    assert told[4] == "kanal: --since kimarin: expected a day such as 2026-08-31\n"
    assert told[5] == "kanal: --until 9999-12-31: expected a day such as 2026-08-31\n"
    assert told[6].startswith("kanal: pipa: not a file")  # a device would be replaced by one
    assert not any("Traceback" in said for said in told)
    assert not list_hidden(tmp_path)
