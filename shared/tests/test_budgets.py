"""A budget gives its burst at once and then no more than it refills, to each name for itself, in bounded memory."""

from itertools import pairwise
from typing import Never

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


def test_the_idle_are_forgotten_a_few_with_each_call_while_somebody_else_stays_over_the_limit() -> None:
    watch = Watch()
    budget = Budget(1, 100, clock=watch)
    while budget.spend("greedy"):
        pass
    for n in range(1000):
        budget.spend(str(n))
    watch.now += 50
    sizes = [len(budget)]
    for _ in range(1000):
        budget.spend("another")
        sizes.append(len(budget))
    assert sizes[-1] == 2
    assert max(before - after for before, after in pairwise(sizes)) <= 2
    assert "greedy" in budget._full_at


def test_a_flood_of_names_is_bounded_in_memory() -> None:
    budget = Budget(1, 1, names=100, clock=Watch())
    for n in range(10_000):
        budget.spend(str(n))
    assert len(budget) <= 100


def test_a_flood_of_names_does_not_free_those_who_are_over_their_limit() -> None:
    budget = Budget(1, 20, names=100, clock=Watch())
    greedy = [f"greedy {n}" for n in range(10)]
    for name in greedy:
        while budget.spend(name):
            pass
    for n in range(10_000):
        budget.spend(str(n))
    assert len(budget) <= 100
    assert all(budget.is_spent(name) for name in greedy)


class Unscanned(dict[str, float]):
    """Names that nobody may go through one by one."""

    def _scanned(self, *_: object) -> Never:
        raise AssertionError("a call went through the names")

    __iter__ = __reversed__ = keys = values = items = _scanned


def test_no_call_goes_through_the_names() -> None:
    watch = Watch()
    budget = Budget(1, 5, names=100, clock=watch, _full_at=Unscanned())
    for n in range(1000):
        budget.spend(str(n % 300))
        budget.is_spent(str(n))
        watch.now += 0.05
    assert len(budget) <= 100
