"""The village a point lies in."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.conversation.boundaries import TOLERANCE_M, Boundaries, PointMatch
from handlers.deployment_parts import Area
from handlers.messages import Location
from storage.vocabulary import AreaLevel
from tests.deployment import sekadau

BOUNDARIES = Boundaries(sekadau().areas)
_DEGREE_M = 111_320


def _points() -> list[dict[str, str]]:
    with (Path(__file__).parents[1] / "data" / "gps_points.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("row", _points(), ids=lambda row: f"{row['case']} {row['lat']} {row['lon']}")
def test_points_with_known_villages(row: dict[str, str]) -> None:
    """The points near the regency lie further out than the tolerance."""
    match = BOUNDARIES.locate(Location(float(row["lat"]), float(row["lon"])))
    assert match == PointMatch(row["desa_code"] or None)
    assert not match.area_code or match.area_code.startswith(row["kecamatan_code"])


def _square(code: str, level: AreaLevel, west: float, east: float) -> Area:
    ring = [[west, 0.0], [east, 0.0], [east, 0.1], [west, 0.1], [west, 0.0]]
    boundary = {"type": "Polygon", "coordinates": [ring]}
    return Area(code=code, level=level, name=code, parent_code=None, boundary=boundary)


SQUARES = (
    _square("1", AreaLevel.REGENCY, 110.0, 110.4),
    _square("1.1", AreaLevel.DISTRICT, 110.0, 110.4),
    _square("1.1.1", AreaLevel.VILLAGE, 110.0, 110.1),
    _square("1.1.2", AreaLevel.VILLAGE, 110.1, 110.2),
)


@pytest.mark.parametrize(("metres_outside", "code"), [(TOLERANCE_M - 10, "1.1.1"), (TOLERANCE_M + 10, None)])
def test_a_point_just_outside_is_taken_for_the_nearest_village(
    metres_outside: float, code: str | None
) -> None:
    point = Location(0.05, 110.0 - metres_outside / _DEGREE_M)
    assert Boundaries(SQUARES).locate(point) == PointMatch(code)


def test_inside_the_regency_the_nearest_village_is_taken_whatever_the_distance() -> None:
    assert Boundaries(SQUARES).locate(Location(0.05, 110.39)) == PointMatch("1.1.2")


def test_on_a_border_one_village_is_taken_always_the_same() -> None:
    found = {Boundaries(SQUARES).locate(Location(0.05, 110.1)).area_code for _ in range(5)}
    assert len(found) == 1
    assert found <= {"1.1.1", "1.1.2"}


def test_districts_stand_in_where_no_village_has_a_shape() -> None:
    assert Boundaries(SQUARES[:2]).locate(Location(0.05, 110.3)) == PointMatch("1.1")


def test_without_shapes_nothing_is_found() -> None:
    areas = [area.model_copy(update={"boundary": None}) for area in sekadau().areas]
    assert Boundaries(areas).locate(Location(0.05, 110.9)) == PointMatch(None)


@given(st.floats(), st.floats())
def test_any_point_is_judged(lat: float, lon: float) -> None:
    code = BOUNDARIES.locate(Location(lat, lon)).area_code
    assert code is None or sekadau().area_by_code[code].level is AreaLevel.VILLAGE
