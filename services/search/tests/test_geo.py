"""Distances and boxes."""

from hypothesis import assume, given
from hypothesis import strategies as st

from services.search.domain.geo import box_around, metres_between

SUZHOU, NANJING = (120.585, 31.299), (118.797, 32.060)
longitudes, latitudes = st.floats(-179, 179), st.floats(-85, 85)


def test_suzhou_is_188_km_from_nanjing() -> None:
    assert 186_000 < metres_between(SUZHOU, NANJING) < 191_000


@given(st.tuples(longitudes, latitudes), st.tuples(longitudes, latitudes), st.floats(1, 500_000))
def test_a_box_holds_everything_within_its_radius(
    centre: tuple[float, float], other: tuple[float, float], metres: float
) -> None:
    box = box_around(centre, metres)
    assume(box.west > -180 and box.east < 180)
    assert box.holds(*other) or metres_between(centre, other) > metres
