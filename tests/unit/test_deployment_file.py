"""Reading a deployment file, and how its faults are told."""

import re
import shutil
from datetime import date, time
from pathlib import Path

import pytest

from bot.deployment_file import DeploymentError, read_deployment
from storage.vocabulary import AreaLevel, Language
from tests.deployment import SEKADAU, sekadau

REGION = "expected a country whose numbers are known, such as ID"
FOLDED = 'expected lower case without punctuation, such as "ktp el" or "air + masuk rumah"'
SHORT, LONG = "expected at most 20 characters", "x" * 21


class Copy:
    """A copy of the reference deployment that a test may spoil."""

    def __init__(self, folder: Path) -> None:
        shutil.copytree(SEKADAU.parent / "sekadau", folder / "sekadau")
        self.path = folder / "sekadau.yaml"
        shutil.copy(SEKADAU, self.path)

    def change(self, old: str, new: str, name: str = "sekadau.yaml") -> None:
        file = self.path.parent / name
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new, 1), encoding="utf-8")

    def faults(self) -> list[str]:
        """Return the faults, without the folder and the line numbers, which must be there."""
        with pytest.raises(DeploymentError) as caught:
            read_deployment(self.path)
        lines = str(caught.value).replace(f"{self.path.parent}/", "").splitlines()
        assert len(lines) == len(caught.value.faults)
        return [re.sub(r"^([\w/.]+):\d+:", r"\1:", line) for line in lines]


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    return Copy(tmp_path)


def test_the_reference_deployment_is_read() -> None:
    deployment = sekadau()
    levels = [area.level for area in deployment.areas]
    assert [levels.count(level) for level in AreaLevel] == [1, 7, 94]
    assert deployment.areas[0].parent_code is None
    assert len([area for area in deployment.areas if area.boundary]) == 95
    assert len(deployment.categories) == 19
    assert deployment.default_language is Language.INDONESIAN
    assert deployment.quiet_hours.start == time(20, 0)
    assert deployment.agency_by_code["PLN"].is_outside
    assert deployment.category_by_code["PUNGLI"].agency == "INSPEKTORAT"


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("keywords: [aspal", "keywords: [Aspal", f'categories.0.keywords.0: {FOLDED}, found "Aspal"'),
        ("time_zone_label: WIB\n", "", "time_zone_label: missing"),
        ("time_zone_label: WIB", "time_zone_label: WIB\ncolour: red", "colour: unknown key"),
        ("time_zone_label: WIB", "time_zone_label: WIB\ntime_zone_label: WITA", "time_zone_label: given twice"),
        ("Asia/Pontianak", "Asia/X", 'time_zone: expected an IANA time zone such as Asia/Pontianak, found "Asia/X"'),
        ("agency: PUPR", "agency: PU", "categories.0.agency: PU is not among the codes of agencies"),
        ("{code: DISHUB", "{code: PUPR", "agencies.1.code: PUPR is defined twice"),
        ("short_name: Dishub", f"short_name: {LONG}", f'agencies.1.short_name: {SHORT}, found "{LONG}"'),
        ('number: "110"', "number: 110", "emergency.numbers.0.number: expected a valid string, found 110"),
        ("check: 3", "check: 0", "deadlines.check: expected greater than or equal to 1, found 0"),
        ("[1, 2, 3, 4, 5]", "[]", None),
        ("country: ID", "country: XX", "calendar.country: no public and government holidays are known of XX"),
        ('"61.09.01.2003"]', '"61.99"]', "places.nicknames.kota sekadau: 61.99 is not among the codes of areas"),
        ("table: sekadau/areas.csv", "tabel: x", "areas.table: missing"),
        ("phone_region: ID", "phone_region: QQ", f'phone_region: {REGION}, found "QQ"'),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_place(copy: Copy, old: str, new: str, fault: str | None) -> None:
    copy.change(old, new)
    faults = copy.faults()
    if fault is not None:
        assert f"sekadau.yaml: {fault}" in faults


def test_a_fault_is_told_with_its_line(copy: Copy) -> None:
    copy.change("start: 20:00", "start: late")
    line = next(
        n
        for n, text in enumerate(copy.path.read_text(encoding="utf-8").splitlines(), 1)
        if "start: late" in text
    )
    with pytest.raises(DeploymentError, match=rf"sekadau\.yaml:{line}: quiet_hours\.start: "):
        read_deployment(copy.path)


def test_all_faults_are_told_at_once(copy: Copy) -> None:
    copy.change("agency: PUPR", "agency: PU")
    copy.change("other_category: LAIN", "other_category: REST")
    assert len(copy.faults()) == 2


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("languages: [id, en\nname: x", "expected YAML"),
        ("name:\tx\n\ty: z", "expected YAML"),
        ("a: &a [*a]", "lists within lists without end"),
        ("a: 2027-13-40", "expected YAML"),
        ("", "expected keys and values"),
        ("- a", "expected keys and values"),
        ("\udcff", "expected UTF-8 text"),
    ],
)
def test_what_is_no_yaml_is_told(copy: Copy, content: str, fault: str) -> None:
    copy.path.write_bytes(content.encode(errors="surrogateescape"))
    assert fault in copy.faults()[0]


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(DeploymentError, match=r"nowhere\.yaml: cannot be read \(No such file or directory\)"):
        read_deployment(tmp_path / "nowhere.yaml")


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("61.09.01.2002,4,", "61.09.01.2002,5,", 'level: expected 2, 3 or 4, found "5"'),
        ("-0.01164", "-100", 'lat: expected greater than or equal to -90, found "-100"'),
        ("Mungguk,61.09.01,", "Mungguk,61.10,", "parent_code: 61.10 is not among the codes of areas"),
        (
            "Mungguk,61.09.01,",
            "Mungguk,61.09.01.2002,",
            "parent_code: no village lies in a village, as 61.09.01.2002 is",
        ),
        ("Mungguk,61.09.01,", "Mungguk,,", "parent_code: missing, a village needs the code of its district"),
        ("desa,Mungguk,", "desa,,", "name: expected a valid string, found null"),
    ],
)
def test_a_fault_in_the_table_is_told_with_its_line(copy: Copy, old: str, new: str, fault: str) -> None:
    copy.change(old, new, "sekadau/areas.csv")
    with pytest.raises(DeploymentError, match=rf"sekadau/areas\.csv:5: {re.escape(fault)}$"):
        read_deployment(copy.path)


def test_a_missing_column_is_told(copy: Copy) -> None:
    copy.change("parent_code", "parent", "sekadau/areas.csv")
    assert copy.faults() == [
        "sekadau/areas.csv: expected the columns code, level, name, parent_code, lat, lon; parent_code is missing"
    ]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('"code":"61.09.01.2002"', '"code":"99.09"', "expected a code of areas.csv, found 99.09"),
        ("[[[111.02452,", '[[["a",', "coordinates.0.0.0: expected a valid number"),
        ('"features":[', '"features":[,', "expected JSON"),
        ('"features"', '"shapes"', "features: missing"),
    ],
)
def test_a_fault_in_the_boundaries_is_told(copy: Copy, old: str, new: str, fault: str) -> None:
    copy.change(old, new, "sekadau/boundaries.geojson")
    assert fault in copy.faults()[0]


def test_times_words_and_telephone_numbers_are_read_as_written(copy: Copy) -> None:
    """YAML 1.1 would make 1200 of 20:00, False of "no" and an octal number of 0564."""
    copy.change("name: Kabupaten Sekadau", "name: no")
    copy.change('number: "110"', "number: 0564")
    copy.change("local_holidays: {}", "local_holidays: {2027-01-02: Hari jadi}")
    deployment = read_deployment(copy.path)
    assert deployment.name == "no"
    assert deployment.emergency.numbers[0].number == "0564"
    assert deployment.quiet_hours.end == time(7, 0)
    assert deployment.calendar.local_holidays == {date(2027, 1, 2): "Hari jadi"}


def test_boundaries_may_be_left_out(copy: Copy) -> None:
    copy.change("  boundaries: sekadau/boundaries.geojson\n", "")
    assert not any(area.boundary for area in read_deployment(copy.path).areas)
