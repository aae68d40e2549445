"""How much may be parked: so many in a row and so many a minute, by group and partition."""

from hypothesis import given
from hypothesis import strategies as st

from shared.messaging.limits import ParkingLimit, Place

HERE: Place = ("search.items", "huning.records", 3)
ELSEWHERE: Place = ("search.items", "huning.records", 4)


def park(limit: ParkingLimit, count: int, at: float = 0.0) -> None:
    for _ in range(count):
        assert not limit.is_reached(HERE, at)
        limit.parked(HERE, at)


def test_what_was_handled_in_between_begins_a_new_row() -> None:
    limit = ParkingLimit(in_a_row=3, a_minute=100)
    park(limit, 2)
    limit.handled(HERE)
    park(limit, 3)
    assert limit.is_reached(HERE, 0.0)


def test_a_row_is_too_long_however_slowly_it_grew() -> None:
    limit = ParkingLimit(in_a_row=2, a_minute=100)
    park(limit, 1, at=0.0)
    park(limit, 1, at=86_400.0)
    assert limit.is_reached(HERE, 200_000.0)


def test_too_many_a_minute_are_too_many_even_where_others_are_handled() -> None:
    limit = ParkingLimit(in_a_row=100, a_minute=3)
    for _ in range(3):
        park(limit, 1, at=10.0)
        limit.handled(HERE)
    assert limit.is_reached(HERE, 69.9)
    assert not limit.is_reached(HERE, 70.0)


def test_one_partition_does_not_count_for_another() -> None:
    limit = ParkingLimit(in_a_row=1, a_minute=1)
    park(limit, 1)
    assert limit.is_reached(HERE, 0.0)
    assert not limit.is_reached(ELSEWHERE, 0.0)


@given(st.lists(st.tuples(st.booleans(), st.floats(0, 30)), max_size=200), st.integers(1, 5), st.integers(1, 8))
def test_never_more_are_parked_than_the_limit_allows(
    steps: list[tuple[bool, float]], in_a_row: int, a_minute: int
) -> None:
    limit, at, row, times = ParkingLimit(in_a_row, a_minute), 0.0, 0, list[float]()
    for is_good, pause in steps:
        at += pause
        if is_good:
            limit.handled(HERE)
            row = 0
        elif not limit.is_reached(HERE, at):
            limit.parked(HERE, at)
            row += 1
            times.append(at)
        assert row <= in_a_row
        assert sum(at - 60 < each for each in times) <= a_minute
