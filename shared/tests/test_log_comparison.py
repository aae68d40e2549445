"""The log against its owners: what differs is found, and what is only under way is not taken for a difference."""

from collections.abc import AsyncIterator, Callable, Collection

from hypothesis import given
from hypothesis import strategies as st

from shared.operations.log_comparison import Kind, Owned, compare, difference

VERSIONS = st.integers(1, 5)


class Standing:
    """A log and an owner at once. `between` runs before each reading of the log but the first, as the world goes on."""

    def __init__(
        self,
        logged: dict[str, int],
        owned: dict[str, Owned],
        between: Callable[["Standing"], None] = lambda _: None,
    ) -> None:
        self.versions = logged
        self.owned = owned
        self.looks = 0
        self._between = between

    async def read_on(self) -> None:
        self.looks += 1
        if self.looks > 1:
            self._between(self)

    async def everything(self) -> AsyncIterator[tuple[str, Owned]]:
        for each in list(self.owned.items()):
            yield each

    async def find(self, aggregate_ids: Collection[str]) -> dict[str, Owned]:
        return {each: self.owned[each] for each in aggregate_ids if each in self.owned}


async def test_each_way_to_differ_is_found_with_both_versions() -> None:
    logged = {"same": 3, "older": 2, "newer": 5, "foreign": 1}
    owned = {"same": Owned(3), "older": Owned(4), "newer": Owned(4), "lost": Owned(7)}
    world = Standing(logged, owned)
    found = await compare("t", world, world, pause=0)
    assert {(each.id, each.kind, each.logged, each.owned) for each in found.differences} == {
        ("older", Kind.LOG_IS_OLDER, 2, 4),
        ("newer", Kind.OWNER_IS_OLDER, 5, 4),
        ("foreign", Kind.NOT_WITH_OWNER, 1, None),
        ("lost", Kind.NOT_IN_LOG, None, 7),
    }
    assert (found.compared, found.waiting) == (4, 0)
    assert found.counts() == dict.fromkeys((kind.value for kind in Kind), 1)


async def test_what_waits_in_an_outbox_is_counted_and_no_difference() -> None:
    world = Standing({"a": 1}, {"a": Owned(2, waits=True), "b": Owned(1, waits=True)})
    found = await compare("t", world, world, pause=0)
    assert (found.differences, found.waiting) == ((), 2)


async def test_a_log_that_is_ahead_of_what_waits_differs() -> None:
    """A backup that was taken a moment before an outbox was emptied: its owner had gone on since."""
    world = Standing({"a": 4}, {"a": Owned(3, waits=True)})
    found = await compare("t", world, world, pause=0)
    assert [(each.kind, each.logged, each.owned) for each in found.differences] == [(Kind.OWNER_IS_OLDER, 4, 3)]


async def test_what_is_published_while_one_looks_is_no_difference() -> None:
    def publish(world: Standing) -> None:
        if world.looks == 3:
            world.versions["a"] = 2

    world = Standing({"a": 1}, {"a": Owned(2)}, publish)
    assert (await compare("t", world, world, pause=0)).differences == ()


async def test_a_log_that_agrees_is_read_once() -> None:
    world = Standing({"a": 1}, {"a": Owned(1)})
    assert (await compare("t", world, world, pause=0)).differences == ()
    assert world.looks == 1


@given(st.none() | VERSIONS, st.none() | st.builds(Owned, VERSIONS, st.booleans()))
def test_two_differ_unless_they_are_equal_or_under_way(logged: int | None, owned: Owned | None) -> None:
    found = difference("a", logged, owned)
    under_way = owned is not None and owned.waits and (logged or 0) <= owned.version
    assert (found is None) == (under_way or logged == (owned.version if owned else None))
