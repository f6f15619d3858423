"""The village that a point lies in."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import cos, isfinite, radians
from typing import TYPE_CHECKING, Any

from handlers.deployment_parts import Area
from handlers.messages import Location
from storage.vocabulary import AreaLevel

if TYPE_CHECKING:
    from shapely import STRtree
    from shapely.geometry.base import BaseGeometry

#: A point this far outside the regency is taken for the nearest village: boundaries are simplified, and a phone
#: errs by some hundred metres (ASSUMPTION: the free data for Sekadau is off by that much along its borders).
TOLERANCE_M = 300.0
#: metres in a degree of latitude; of longitude at the equator
_DEGREE_M = 111_320.0


@dataclass(frozen=True, slots=True)
class PointMatch:
    #: of the village, which also tells the district; None: outside
    area_code: str | None


class Boundaries:
    """Villages decide: the shapes of districts are drawn apart from theirs and differ along borders.

    Where no village has a shape, districts stand in for them.
    """

    def __init__(self, areas: Sequence[Area]) -> None:
        shaped = [area for area in areas if area.boundary]
        small = [area for area in shaped if area.level is AreaLevel.VILLAGE]
        small = small or [area for area in shaped if area.level is AreaLevel.DISTRICT]
        lats = [area.lat for area in areas if area.lat is not None]
        self._metres_per_lon = _DEGREE_M * cos(radians(sum(lats) / len(lats) if lats else 0.0))
        self._codes = [area.code for area in small]
        self._small = [area.boundary for area in small]
        self._regency = [area.boundary for area in shaped if area.level is AreaLevel.REGENCY]

    def locate(self, location: Location) -> PointMatch:
        """Return the village around a point, or the nearest one: inside the regency whatever the distance."""
        from shapely import Point  # noqa: PLC0415

        if not self._codes or not isfinite(location.lat) or not isfinite(location.lon):
            return PointMatch(None)
        point = Point(location.lon * self._metres_per_lon, location.lat * _DEGREE_M)
        tree, whole = self._shapes
        inside = tree.query(point, predicate="within")
        if len(inside):
            return PointMatch(self._codes[min(inside)])
        limit = None if any(one.covers(point) for one in whole) else TOLERANCE_M
        nearest = tree.query_nearest(point, max_distance=limit, all_matches=False)
        return PointMatch(self._codes[nearest[0]] if len(nearest) else None)

    @cached_property
    def _shapes(self) -> "tuple[STRtree, list[BaseGeometry]]":
        """The small areas and the regency, made when the first point comes: 0.2 s and 17 MiB with their library."""
        from shapely import STRtree  # noqa: PLC0415

        return STRtree([self._shape(one) for one in self._small]), [self._shape(one) for one in self._regency]

    def _shape(self, boundary: dict[str, Any] | None) -> "BaseGeometry":
        """Return a GeoJSON geometry in metres, made valid."""
        from shapely import make_valid, transform  # noqa: PLC0415
        from shapely.geometry import shape  # noqa: PLC0415

        scale = (self._metres_per_lon, _DEGREE_M)
        return make_valid(transform(shape(boundary or {}), lambda coordinates: coordinates * scale))
