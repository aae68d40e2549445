"""Where a record is: BD-09 and WGS-84 degrees become GCJ-02, which WeChat's map takes.

The formulas are the published approximations: WGS-84 → GCJ-02 on the Krasovsky 1940 ellipsoid, BD-09 → GCJ-02 by taking
Baidu's rotation out. They agree with the points that open source converters publish (tests/test_coordinates.py).
"""

from math import atan2, cos, pi, radians, sin, sqrt

from services.sync.wire import CoordinateSystem
from shared.events.sync import Kind
from shared.values.jurisdictions import Jurisdiction

_SEMI_MAJOR_AXIS = 6378245.0
_ECCENTRICITY_SQUARED = 0.00669342162296594323
_BAIDU = pi * 3000.0 / 180.0
_DECIMALS = 6
"""About 0.1 m: finer than any of the three systems is true."""

_WEST, _EAST, _SOUTH, _NORTH = 73.0, 135.5, 3.5, 53.8
"""Degrees that hold all of China, islands included."""

BOUNDS = {
    Jurisdiction.PUTUO: (121.32, 121.46, 31.21, 31.31),
    Jurisdiction.NANJING: (118.36, 119.25, 31.22, 32.62),
    Jurisdiction.WUXI: (119.52, 120.61, 31.10, 32.00),
    Jurisdiction.CHANGZHOU: (119.14, 120.21, 31.15, 32.07),
    Jurisdiction.SUZHOU: (119.92, 121.38, 30.75, 32.05),
    Jurisdiction.NANTONG: (120.20, 121.98, 31.61, 32.72),
    Jurisdiction.ZHENJIANG: (118.97, 119.98, 31.62, 32.32),
    Jurisdiction.TAIZHOU: (119.64, 120.57, 31.93, 33.23),
}
"""Degrees west, east, south, north around the outline of each in Apache ECharts 4.9.0 (map/json/province), rounded outwards."""
_MARGIN = 0.1
"""Degrees, about 10 km: a place at the border, or one whose system was declared wrongly, is not far from its city."""
_ACROSS_CITIES = {Kind.EVENT, Kind.COOPERATION}
"""What one city tells of may take place in another."""


def may_be_of(city: Jurisdiction, kind: Kind, longitude: float, latitude: float) -> bool:
    """Whether the point is inside the rectangle around the city; what takes place across cities, around any of the eight."""
    return any(_around(each, longitude, latitude) for each in (BOUNDS if kind in _ACROSS_CITIES else (city,)))


def _around(city: Jurisdiction, longitude: float, latitude: float) -> bool:
    west, east, south, north = BOUNDS[city]
    return west - _MARGIN <= longitude <= east + _MARGIN and south - _MARGIN <= latitude <= north + _MARGIN


def to_gcj02(system: CoordinateSystem, longitude: float, latitude: float) -> tuple[float, float]:
    """(longitude, latitude) in GCJ-02 degrees, rounded to six decimals."""
    if system is CoordinateSystem.BD09:
        longitude, latitude = bd09_to_gcj02(longitude, latitude)
    elif system is CoordinateSystem.WGS84:
        longitude, latitude = wgs84_to_gcj02(longitude, latitude)
    return round(longitude, _DECIMALS), round(latitude, _DECIMALS)


def within_china(longitude: float, latitude: float) -> bool:
    """Whether the point is inside the rectangle around China."""
    return _WEST <= longitude <= _EAST and _SOUTH <= latitude <= _NORTH


def bd09_to_gcj02(longitude: float, latitude: float) -> tuple[float, float]:
    """Takes Baidu's shift out; exact to about a metre."""
    x, y = longitude - 0.0065, latitude - 0.006
    distance = sqrt(x * x + y * y) - 0.00002 * sin(y * _BAIDU)
    angle = atan2(y, x) - 0.000003 * cos(x * _BAIDU)
    return distance * cos(angle), distance * sin(angle)


def wgs84_to_gcj02(longitude: float, latitude: float) -> tuple[float, float]:
    """Adds the shift that maps of China have; exact to a few metres."""
    x, y = longitude - 105.0, latitude - 35.0
    slant = 1 - _ECCENTRICITY_SQUARED * sin(radians(latitude)) ** 2
    north = _shift_north(x, y) * 180.0 / (_SEMI_MAJOR_AXIS * (1 - _ECCENTRICITY_SQUARED) / (slant * sqrt(slant)) * pi)
    east = _shift_east(x, y) * 180.0 / (_SEMI_MAJOR_AXIS / sqrt(slant) * cos(radians(latitude)) * pi)
    return longitude + east, latitude + north


def _waves(value: float, *, large: float, small: float) -> float:
    return (20.0 * sin(value * pi) + 40.0 * sin(value / 3.0 * pi)) * 2.0 / 3.0 + (
        large * sin(value / 12.0 * pi) + small * sin(value / 30.0 * pi)
    ) * 2.0 / 3.0


def _ripple(x: float) -> float:
    return (20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)) * 2.0 / 3.0


def _shift_north(x: float, y: float) -> float:
    """Metres."""
    plane = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x))
    return plane + _ripple(x) + _waves(y, large=160.0, small=320.0)


def _shift_east(x: float, y: float) -> float:
    """Metres."""
    plane = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x))
    return plane + _ripple(x) + _waves(x, large=150.0, small=300.0)
