"""A snapshot withdraws exactly what it lacks; where that is much, nothing happens until a person has said so."""

import asyncio
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.sync.applying import withdrawals as withdrawals_module
from services.sync.intake import batch as batches
from services.sync.intake import snapshots
from services.sync.intake.snapshots import Weighed, needs_approval
from services.sync.tests.builders import batch, line, place
from services.sync.tests.memory import Memory, Power, run, work
from shared.events.sync import RecordState
from shared.values.problems import Refusal


@pytest.fixture(autouse=True, scope="module")
def _small_pieces() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(withdrawals_module, "PIECE_RECORDS", 2)
        yield


def named(*names: str) -> list[bytes]:
    return [line(source_id=name) for name in names]


def listed(memory: Memory) -> set[str]:
    """What stands in the list."""
    return {name for name, record in memory.records.items() if not record.state.deleted}


def pushed(*lists: list[bytes]) -> Memory:
    """A delta, then snapshots, none of them approved."""
    memory = Memory(Power())
    for number, rows in enumerate(lists, 1):
        memory.push(f"batch-{number}", rows, 100, mode="delta" if number == 1 else "snapshot")
        asyncio.run(work(memory))
    return memory


@pytest.mark.parametrize(
    ("weighed", "asks"),
    [
        (Weighed(records=100, missing=20), False),
        (Weighed(records=99, missing=20), True),
        (Weighed(records=1_000, missing=20), False),
        (Weighed(records=1_000, missing=21), True),
        (Weighed(records=5, missing=1), False),
        (Weighed(records=0, missing=0), False),
        (Weighed(records=5, missing=5), True),
    ],
)
def test_much_is_more_than_twenty_or_a_fifth_and_so_whatever_an_empty_snapshot_lacks(
    weighed: Weighed, asks: bool
) -> None:
    assert needs_approval(batch(mode="snapshot"), weighed) == asks
    assert not needs_approval(batch(mode="snapshot", dry_run=True), weighed)


@given(st.integers(0, 99), st.integers(0, 99))
def test_what_was_approved_is_a_number_of_withdrawals(bound: int, missing: int) -> None:
    weighed = Weighed(records=100, missing=missing)
    assert needs_approval(batch(mode="snapshot", bound=bound), weighed) == (missing > bound)


def test_only_what_waits_is_approved() -> None:
    for state in ("open", "processing", "applied", "verified", "failed", "discarded"):
        with pytest.raises(Refusal, match="batch_not_waiting"):
            snapshots.approve(batch(mode="snapshot", state=state), "operator")


def test_a_place_of_an_earlier_round_is_not_taken_for_the_next() -> None:
    waiting = batch(mode="snapshot", state="awaiting_approval", seq=None, withdrawn=9)
    approved = snapshots.approve(waiting, "operator").state
    assert batches.commit(approved, place(waiting, 1), "operator") is None
    again = batches.commit(approved, place(approved, 2), "operator")
    assert again
    assert (again.state.seq, again.state.bound) == (2, 9)


def test_a_snapshot_withdraws_what_it_lacks_and_a_rejected_row_keeps_its_record() -> None:
    names = [f"R{n}" for n in range(10)]
    memory = pushed(named(*names), [*named(*names[:7]), line(source_id="R7", title=""), line(source_id="R8")])
    assert listed(memory) == set(names[:9])
    ended = memory.batches.states["batch-2"]
    assert (ended.state, ended.withdrawn, ended.counts.rejected) == ("applied", 1, 1)
    assert memory.settled["nantong/platform"] == (2, 9)


def test_one_that_waits_changes_nothing_and_holds_up_nobody() -> None:
    memory = pushed(named("A", "B", "C"), named("A"))
    waiting = memory.batches.states["batch-2"]
    assert (waiting.state, waiting.seq, waiting.withdrawn) == ("awaiting_approval", None, 2)
    memory.push("batch-3", named("D"), 100)
    asyncio.run(work(memory))
    assert memory.batches.states["batch-3"].state == "applied"
    assert listed(memory) == {"A", "B", "C", "D"}


def test_an_approved_one_is_weighed_again_and_waits_again_where_more_would_go() -> None:
    memory = pushed(named("A", "B", "C"), named("A"))
    memory.push("batch-3", named("D"), 100)
    asyncio.run(memory.approve())
    asyncio.run(work(memory))
    waiting = memory.batches.states["batch-2"]
    assert (waiting.state, waiting.withdrawn) == ("awaiting_approval", 3), "nobody approved of what came meanwhile"
    asyncio.run(run(memory))
    assert listed(memory) == {"A"}


def test_a_withdrawn_record_that_returns_is_a_new_version_of_the_same_record() -> None:
    memory = pushed(named("A", "B"), named("A"))
    asyncio.run(run(memory))
    gone = memory.records["B"].version
    memory.push("batch-3", named("B"), 100)
    asyncio.run(run(memory))
    assert memory.batches.states["batch-3"].counts.added == 1
    assert memory.records["B"].version > gone


def test_a_dry_run_counts_and_withdraws_nothing() -> None:
    memory = pushed(named("A", "B"))
    published = len([each for each in memory.log if isinstance(each.data, RecordState)])
    memory.push("batch-2", [], 1, dry_run=True, mode="snapshot")
    asyncio.run(run(memory))
    ended = memory.batches.states["batch-2"]
    assert (ended.state, ended.withdrawn) == ("verified", 2)
    assert listed(memory) == {"A", "B"}
    assert len([each for each in memory.log if isinstance(each.data, RecordState)]) == published


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(["delta", "snapshot"]), st.sets(st.integers(0, 12), max_size=12)), max_size=5)
)
def test_any_sequence_leaves_what_a_dictionary_would_hold(pushes: list[tuple[str, set[int]]]) -> None:
    memory, held = Memory(Power()), set[str]()
    for number, (mode, numbers) in enumerate(pushes):
        names = {f"R{n}" for n in numbers}
        if mode == "delta" and not names:
            continue
        memory.push(f"batch-{number}", named(*sorted(names)), 5, mode="snapshot" if mode == "snapshot" else "delta")
        asyncio.run(run(memory))
        held = names if mode == "snapshot" else held | names
        assert listed(memory) == held
        assert memory.settled.get("nantong/platform", (0, 0))[1] == len(held)
