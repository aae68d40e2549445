"""Places on the map: GCJ-02 degrees, metres between them, boxes around them. Pure."""

import math
from dataclasses import dataclass

_EARTH_M = 6_371_008.8
"""Mean radius of the earth (IUGG)."""
_METRES_PER_DEGREE = _EARTH_M * math.pi / 180


@dataclass(frozen=True)
class Box:
    """West, south, east, north; a box never crosses the date line."""

    west: float
    south: float
    east: float
    north: float

    def holds(self, longitude: float, latitude: float) -> bool:
        return self.west <= longitude <= self.east and self.south <= latitude <= self.north


WORLD = Box(-180.0, -90.0, 180.0, 90.0)


def metres_between(a: tuple[float, float], b: tuple[float, float]) -> float:
    """The great-circle distance of two (longitude, latitude) points."""
    east, north = math.radians(b[0] - a[0]), math.radians(b[1] - a[1])
    slope = math.cos(math.radians(a[1])) * math.cos(math.radians(b[1]))
    chord = math.sin(north / 2) ** 2 + slope * math.sin(east / 2) ** 2
    return 2 * _EARTH_M * math.asin(min(1.0, math.sqrt(chord)))


def box_around(centre: tuple[float, float], metres: float) -> Box:
    """A box that holds everything within so many metres."""
    angle = metres / _METRES_PER_DEGREE * 1.000001
    south, north = centre[1] - angle, centre[1] + angle
    widest = math.cos(math.radians(min(90.0, max(abs(south), abs(north)))))
    across = (
        math.degrees(math.asin(min(1.0, math.sin(math.radians(min(90.0, angle))) / widest))) if widest > 1e-6 else 180.0
    )
    west, east = centre[0] - across, centre[0] + across
    if south < -89 or north > 89 or west < -180 or east > 180:
        # Over a pole or the date line: a box that is too wide holds it all the same.
        west, east = -180.0, 180.0
    return Box(west, max(-90.0, south), east, min(90.0, north))
