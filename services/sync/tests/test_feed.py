"""The change feed against a dictionary: whatever is pushed, wherever the worker dies and whenever a follower reads or joins,
he gets each list's rows in order, none twice and none left out, and his copy is in the end what stands."""

import asyncio
from collections.abc import Coroutine, Iterator, Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.sync.applying import withdrawals as withdrawals_module
from services.sync.applying import worker as worker_module
from services.sync.intake.batch import Mode
from services.sync.records.following import Following, decoded, encoded
from services.sync.records.record import StoredRecord, record_of
from services.sync.tests.builders import line
from services.sync.tests.memory import Memory, Power, run
from shared.events.sync import Kind
from shared.values.problems import Refusal

ROWS = st.one_of(
    st.builds(lambda n, text: line(source_id=f"R{n}", summary=text), st.integers(0, 6), st.sampled_from(["甲", "乙"])),
    st.builds(lambda n: b'{"source_id":"R%d","_deleted":true}' % n, st.integers(0, 6)),
    st.sampled_from([line(source_id="R1", title=""), b"{"]),
)
BATCHES = st.lists(
    st.tuples(
        st.lists(ROWS, min_size=1, max_size=9),
        st.booleans(),
        st.sampled_from(["delta", "snapshot"]),
        st.sampled_from([Kind.PLATFORM, Kind.POLICY]),
    ),
    min_size=1,
    max_size=5,
)
Pushed = list[tuple[list[bytes], bool, Mode, Kind]]
Change = tuple[str, int, str | None]
"""source_id, version and summary; no summary for a deletion."""


@pytest.fixture(autouse=True, scope="module")
def _small_chunks() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(worker_module, "CHUNK_ROWS", 3)
        patch.setattr(withdrawals_module, "PIECE_RECORDS", 2)
        yield


class Follower:
    """Reads a page now and then, from a cursor that was encoded in between, and looks at what it gets."""

    def __init__(self, memory: Memory, limit: int) -> None:
        self.feed, self.limit, self.cursor = memory.feed(), limit, encoded(Following())
        self.pages: list[tuple[Following, list[StoredRecord]]] = []
        self.reading: Coroutine[Any, Any, bool] | None = None

    def step(self) -> bool | None:
        """Reads on until something would have to be waited for. Once the page is read: whether there was anything."""
        self.reading = self.reading or self.page("")
        try:
            self.reading.send(None)
        except StopIteration as done:
            self.reading = None
            return bool(done.value)
        return None

    def read(self) -> bool:
        """A page, or what is left of one. Whether there was anything."""
        while (some := self.step()) is None:
            pass
        return some

    async def page(self, name: str) -> bool:
        """A page of the lists whose names begin so; whether there was anything."""
        before = decoded(self.cursor)
        changes, after = await self.feed.read(before, lambda each: each.startswith(name), self.limit)
        self.cursor = encoded(after)
        self.pages.append((before, changes))
        return bool(changes)

    def changes(self, list_: str) -> list[tuple[bool, Change]]:
        """What it got of a list, each with whether it was followed or is of the whole state when it joined."""
        got = []
        for before, changes in self.pages:
            read = before.lists.get(list_)
            for each in changes:
                if f"{each.state.jurisdiction}/{each.state.kind}" == list_:
                    joining = read is None or read.joined is not None
                    got.append((not joining or each.position > _joined(self.pages, list_), said(each)))
        return got


def _joined(pages: list[tuple[Following, list[StoredRecord]]], list_: str) -> int:
    """Where the follower joined; nowhere, where it was done within its first page."""
    places = [before.lists[list_].joined for before, _ in pages if list_ in before.lists]
    return next((each for each in places if each is not None), 1 << 62)


def said(record: StoredRecord) -> Change:
    state = record.state
    return state.source_id, record.version, None if state.deleted else state.summary


def worked(pushed: Pushed, power: Power) -> Memory:
    memory = Memory(power)
    for number, (rows, dry_run, mode, kind) in enumerate(pushed, 1):
        memory.push(f"batch-{number}", rows, 100, dry_run=dry_run, mode=mode, kind=kind)
    return memory


def written(memory: Memory, kind: Kind) -> list[Change]:
    """All that was ever written to a list, in order: what the dictionary is made from."""
    of_list = f"nantong/{kind}/"
    states = {
        (name, each["version"]): each
        for collection in (memory.overwritten, memory.current)
        for each in collection.documents.values()
        if (name := str(each.get("record", each["_id"]))).startswith(of_list)
    }
    in_order = sorted(states.values(), key=lambda each: int(each["position"]))
    return [
        (each["state"]["source_id"], each["version"], None if each["state"]["deleted"] else each["state"]["summary"])
        for each in in_order
    ]


def copied(changes: list[Change]) -> dict[str, Change]:
    copy: dict[str, Change] = {}
    for source_id, version, summary in changes:
        copy.pop(source_id, None)
        if summary is not None:
            copy[source_id] = (source_id, version, summary)
    return copy


class Watched(Power):
    """Between two effects somebody reads."""

    def __init__(self, cuts: set[int], looks: Mapping[int, Any]) -> None:
        super().__init__(cuts)
        self.looks = looks

    def draw(self) -> None:
        if look := self.looks.get(self.used):
            look()
        super().draw()


@settings(deadline=None, max_examples=25)
@given(BATCHES, st.sets(st.integers(0, 300), max_size=5), st.sets(st.integers(0, 200), max_size=60), st.integers(1, 7))
def test_a_follower_gets_every_row_once_in_order_and_in_the_end_what_stands(
    pushed: Pushed, cuts: set[int], looks: set[int], limit: int
) -> None:
    power = Watched(cuts, {})
    memory = worked(pushed, power)
    follower = Follower(memory, limit)
    power.looks = dict.fromkeys(looks, follower.step)
    asyncio.run(run(memory))
    while follower.read() or follower.read():
        pass  # a page that was begun before the end may have had nothing
    for kind in (Kind.PLATFORM, Kind.POLICY):
        log, got = written(memory, kind), follower.changes(f"nantong/{kind}")
        first = [change for followed, change in got if not followed]
        then = [change for followed, change in got if followed]
        assert then == log[len(log) - len(then) :], "each row once, in order, from where it joined"
        at_joining = copied(log[: len(log) - len(then)])
        if then:
            assert sorted(first) == sorted(at_joining.values()), "first all that stood there, and nothing that was gone"
        standing = {
            each.state.source_id: said(each)
            for each in map(record_of, memory.current.documents.values())
            if each.state.kind == kind and not each.state.deleted
        }
        assert copied(first + then) == standing


@settings(deadline=None, max_examples=12)
@given(BATCHES, st.sets(st.integers(0, 300), max_size=8))
def test_what_was_overwritten_is_kept_once_wherever_the_worker_dies(pushed: Pushed, cuts: set[int]) -> None:
    calm, rough = worked(pushed, Power()), worked(pushed, Power(cuts))
    asyncio.run(run(calm))
    asyncio.run(run(rough))
    assert rough.overwritten.documents == calm.overwritten.documents
    for kind in (Kind.PLATFORM, Kind.POLICY):
        assert written(rough, kind) == written(calm, kind)


@pytest.mark.parametrize("steps", range(5))
def test_what_is_overwritten_while_a_page_is_read_is_neither_left_out_nor_given_twice(steps: int) -> None:
    memory = worked([([line(source_id="R1", summary="甲")], False, "delta", Kind.PLATFORM)], Power())
    asyncio.run(run(memory))
    follower = Follower(memory, 5)
    for _ in range(steps):
        follower.step()
    memory.push("batch-2", [line(source_id="R1", summary="乙")], 1)
    asyncio.run(run(memory))
    while follower.read() or follower.read():
        pass
    got = [said(each) for _, changes in follower.pages for each in changes]
    assert got == ([("R1", 1, "甲"), ("R1", 2, "乙")] if steps else [("R1", 2, "乙")])


def test_a_late_follower_gets_what_stands_and_no_deletion() -> None:
    memory = worked(
        [
            ([line(source_id=f"R{n}") for n in range(4)], False, "delta", Kind.PLATFORM),
            (
                [line(source_id="R1", summary="新"), b'{"source_id":"R2","_deleted":true}'],
                False,
                "delta",
                Kind.PLATFORM,
            ),
        ],
        Power(),
    )
    asyncio.run(run(memory))
    follower = Follower(memory, 100)
    assert follower.read()
    got = [each for _, changes in follower.pages for each in changes]
    assert [(each.state.source_id, each.version, each.state.deleted) for each in got] == [
        ("R0", 1, False),
        ("R3", 1, False),
        ("R1", 2, False),
    ]
    assert not follower.read()


def test_a_long_batch_of_one_list_delays_no_other() -> None:
    memory = worked(
        [
            ([line(source_id=f"R{n}") for n in range(60)], False, "delta", Kind.PLATFORM),
            ([line(source_id="P1")], False, "delta", Kind.POLICY),
        ],
        Power(),
    )
    asyncio.run(run(memory))
    follower = Follower(memory, 8)
    follower.read()
    assert follower.changes("nantong/policy"), "in the first page, though the other list alone would fill seven"


def test_lists_that_are_not_asked_for_stay_where_they_were() -> None:
    memory = worked(
        [
            ([line(source_id="R1")], False, "delta", Kind.PLATFORM),
            ([line(source_id="P1")], False, "delta", Kind.POLICY),
        ],
        Power(),
    )
    asyncio.run(run(memory))
    follower = Follower(memory, 8)
    assert asyncio.run(follower.page("nantong/policy"))
    assert list(decoded(follower.cursor).lists) == ["nantong/policy"]
    assert follower.read()
    assert [source_id for _, (source_id, _, _) in follower.changes("nantong/platform")] == ["R1"]


@pytest.mark.parametrize("cursor", ["", "x", "eJw", "abcd" * 100, "!", encoded(Following())[:-4]])
def test_a_cursor_that_is_none_of_ours_is_refused(cursor: str) -> None:
    with pytest.raises(Refusal) as refused:
        decoded(cursor)
    assert refused.value.errors[0].code == "bad_cursor"
