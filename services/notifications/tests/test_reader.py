from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.notifications.inbox.reader import _KEPT_APART, Reader, read_everything, read_one
from services.notifications.tests.builders import NOON

STEPS = st.lists(st.tuples(st.booleans(), st.integers(0, 30)), max_size=40)


@given(STEPS, st.integers(0, 31))
def test_read_is_what_was_read_and_nothing_else(steps: list[tuple[bool, int]], below: int) -> None:
    """Against a dictionary that keeps for each position when it was read first."""
    reader, read = Reader(id="me"), {}
    for number, (everything, position) in enumerate(steps):
        at = NOON + timedelta(minutes=number)
        if everything:
            reader = read_everything(reader, position, at).state
            read.update({each: at for each in range(position) if each not in read})
        else:
            reader = read_one(reader, position, at).state
            read.setdefault(position, at)
    assert {each: reader.read_at(each) for each in range(31) if reader.read_at(each)} == read
    assert [reader.read_from(first) for first in (0, 3)] == [len(read), len([each for each in read if each >= 3])]
    assert list(reader.unread_below(below)) == [each for each in range(below - 1, -1, -1) if each not in read]


def test_reading_everything_is_one_run_whatever_the_inbox_holds() -> None:
    assert len(read_everything(Reader(id="me"), 1_000_000, NOON).state.runs) == 1


def test_of_very_many_runs_neighbours_become_one_and_nothing_unread_becomes_read() -> None:
    reader = Reader(id="me")
    for position in range(2 * _KEPT_APART):
        reader = read_one(reader, position + (position >= 100), NOON + timedelta(minutes=position)).state
    assert len(reader.runs) == _KEPT_APART
    assert list(reader.unread_below(2 * _KEPT_APART + 1)) == [100]
