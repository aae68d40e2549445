"""Reference points: the tests of googollee/eviltransform, and the README of wandergis/coordtransform for 116.404."""

import json
from pathlib import Path

import pytest

from services.sync.rows.coordinates import bd09_to_gcj02, may_be_of, to_gcj02, wgs84_to_gcj02, within_china
from services.sync.rows.reading import Content, Pushed, read_row
from services.sync.tests.builders import line
from services.sync.wire import CoordinateSystem
from shared.values.jurisdictions import Jurisdiction
from shared.values.kinds import Kind

_SAMPLE = Path(__file__).parents[3] / "deploy/local/sample/institutions"

WGS84_AND_GCJ02 = [
    ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
    ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
    ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
    ((116.404, 39.915), (116.41024449916938, 39.91640428150164)),
]


@pytest.mark.parametrize(("wgs84", "gcj02"), WGS84_AND_GCJ02)
def test_wgs84_becomes_the_published_gcj02(wgs84: tuple[float, float], gcj02: tuple[float, float]) -> None:
    assert wgs84_to_gcj02(*wgs84) == pytest.approx(gcj02, abs=1e-9)


def test_bd09_becomes_the_published_gcj02() -> None:
    assert bd09_to_gcj02(116.404, 39.915) == pytest.approx((116.39762729119315, 39.90865673957631), abs=1e-9)


def test_gcj02_stays_as_it_is_and_is_kept_to_six_decimals() -> None:
    assert to_gcj02(CoordinateSystem.GCJ02, 120.12345678, 31.98765432) == (120.123457, 31.987654)


@pytest.mark.parametrize("point", [(0.0, 0.0), (31.2, 121.4), (139.69, 35.68), (120.6, 91.0)])
def test_a_point_elsewhere_or_with_swapped_degrees_is_not_in_china(point: tuple[float, float]) -> None:
    assert not within_china(*point)


def test_the_eight_jurisdictions_are_in_china() -> None:
    for point in [(121.39, 31.25), (118.79, 32.06), (120.31, 31.49), (119.97, 31.81), (120.58, 31.3), (120.89, 31.98)]:
        assert within_china(*point)


def test_real_baidu_places_move_by_the_usual_few_hundred_metres() -> None:
    places = json.loads((_SAMPLE / "putuo.json").read_text())
    assert places
    for place in places:
        longitude, latitude = place["location"]["lng"], place["location"]["lat"]
        moved = bd09_to_gcj02(longitude, latitude)
        assert 0.004 < longitude - moved[0] < 0.009
        assert 0.002 < latitude - moved[1] < 0.009


def _point_of(city: Jurisdiction, longitude: float, latitude: float, kind: Kind = Kind.PLATFORM) -> object:
    found = read_row(line(longitude=longitude, latitude=latitude), Pushed(kind, CoordinateSystem.GCJ02, city))
    assert isinstance(found, Content)
    return found.altered[0].code if found.altered else (found.fields["longitude"], found.fields["latitude"])


def test_a_point_of_another_city_or_country_is_left_out_and_never_shifted() -> None:
    outside = "coordinates_outside_jurisdiction"
    assert _point_of(Jurisdiction.NANTONG, 120.9, 32.0) == (120.9, 32.0)
    assert _point_of(Jurisdiction.NANTONG, 118.8, 32.0) == outside
    assert _point_of(Jurisdiction.NANTONG, 130.4, 33.6) == outside  # Fukuoka, within the rectangle around China
    assert _point_of(Jurisdiction.PUTUO, 122.3, 29.95) == outside  # the other Putuo, of Zhoushan


def test_what_takes_place_across_cities_may_be_in_any_of_the_eight() -> None:
    assert _point_of(Jurisdiction.NANTONG, 118.8, 32.0, Kind.EVENT) == (118.8, 32.0)
    assert _point_of(Jurisdiction.NANTONG, 116.4, 39.9, Kind.EVENT) == "coordinates_outside_jurisdiction"


@pytest.mark.parametrize("city", list(Jurisdiction))
def test_every_institution_of_the_sample_lies_in_its_city(city: Jurisdiction) -> None:
    for place in json.loads((_SAMPLE / f"{city}.json").read_text(encoding="utf-8")):
        point = to_gcj02(CoordinateSystem.BD09, place["location"]["lng"], place["location"]["lat"])
        assert may_be_of(city, Kind.INSTITUTION, *point), place
