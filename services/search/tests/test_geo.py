"""Distances and boxes."""

from hypothesis import given
from hypothesis import strategies as st

from services.search.domain.geo import box_around, metres_between

SUZHOU, NANJING = (120.585, 31.299), (118.797, 32.060)
longitudes, latitudes = st.floats(-180, 180), st.floats(-90, 90)


def test_suzhou_is_188_km_from_nanjing() -> None:
    assert 186_000 < metres_between(SUZHOU, NANJING) < 191_000


@given(st.tuples(longitudes, latitudes), st.tuples(longitudes, latitudes), st.floats(1, 30_000_000))
def test_a_box_holds_everything_within_its_radius(
    centre: tuple[float, float], other: tuple[float, float], metres: float
) -> None:
    box = box_around(centre, metres)
    assert box.holds(*other) or metres_between(centre, other) > metres
