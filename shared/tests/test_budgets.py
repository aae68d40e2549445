"""A budget gives its burst at once and then no more than it refills, to each name for itself, in bounded memory."""

from hypothesis import given
from hypothesis import strategies as st

from shared.http.budgets import Budget


class Watch:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@given(st.integers(1, 50), st.integers(1, 100), st.lists(st.floats(0, 2), max_size=60))
def test_no_stretch_of_time_sees_more_than_the_burst_and_what_was_refilled(
    per_second: int, burst: int, waits: list[float]
) -> None:
    watch = Watch()
    budget = Budget(per_second, burst, clock=watch)
    began, taken = watch.now, 0
    for wait in waits:
        watch.now += wait
        for _ in range(burst + 5):
            taken += budget.spend("a")
        assert taken <= burst + (watch.now - began) * per_second + 1e-3


def test_the_burst_is_there_at_once_and_again_after_a_while() -> None:
    watch = Watch()
    budget = Budget(2, 3, clock=watch)
    assert [budget.spend("a") for _ in range(4)] == [True, True, True, False]
    assert budget.is_spent("a")
    watch.now += 0.5
    assert not budget.is_spent("a")
    assert [budget.spend("a") for _ in range(2)] == [True, False]


def test_one_name_does_not_spend_anothers() -> None:
    budget = Budget(1, 1, clock=Watch())
    assert budget.spend("a")
    assert not budget.spend("a")
    assert budget.spend("b")


def test_what_is_refused_is_not_counted() -> None:
    watch = Watch()
    budget = Budget(1, 1, clock=watch)
    for _ in range(100):
        budget.spend("a")
    watch.now += 1
    assert budget.spend("a")


def test_the_idle_are_forgotten() -> None:
    watch = Watch()
    budget = Budget(1, 1, clock=watch)
    for n in range(1000):
        budget.spend(str(n))
    watch.now += 2
    for n in range(1000):
        budget.spend(f"later {n}")
    assert len(budget) <= 1002


def test_a_flood_of_names_is_bounded_in_memory() -> None:
    budget = Budget(1, 1, names=100, clock=Watch())
    for n in range(10_000):
        budget.spend(str(n))
    assert len(budget) <= 100
