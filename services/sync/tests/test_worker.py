"""Law 6: whatever the cut into parts and wherever the process dies, the same receipt, the same records, the same events."""

import asyncio
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.sync.applying import withdrawals as withdrawals_module
from services.sync.applying import worker as worker_module
from services.sync.applying.consumers import ROUND_SECONDS
from services.sync.applying.verdicts import Outcome
from services.sync.intake.batch import Mode, total
from services.sync.tests.builders import line
from services.sync.tests.memory import Memory, Power, PowerCut, rows_of_batch, run
from shared.events.sync import RecordState, VerdictCounts

ROWS = st.one_of(
    st.builds(lambda n, text: line(source_id=f"R{n}", summary=text), st.integers(0, 9), st.sampled_from(["甲", "乙"])),
    st.builds(lambda n: b'{"source_id":"R%d","_deleted":true}' % n, st.integers(0, 9)),
    st.sampled_from([line(source_id="R1", title=""), b"{", line(source_id="R2", contact={"phone": 1.38e10})]),
)
BATCH = st.tuples(st.lists(ROWS, min_size=1, max_size=12), st.booleans(), st.sampled_from(["delta", "snapshot"]))
Pushed = tuple[list[bytes], bool, Mode]
"""Rows, whether it is a dry run, and the mode."""
BATCHES = st.lists(BATCH, min_size=1, max_size=3)


@pytest.fixture(autouse=True, scope="module")
def _small_chunks() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(worker_module, "CHUNK_ROWS", 3)
        patch.setattr(withdrawals_module, "PIECE_RECORDS", 2)
        yield


def worked(batches: Sequence[Pushed], *, per_part: int = 100, cuts: set[int] | None = None) -> Memory:
    """What is left when all batches are finished."""
    memory = Memory(Power(cuts or set()))
    for number, (rows, dry_run, mode) in enumerate(batches, 1):
        memory.push(f"batch-{number}", rows, per_part, dry_run=dry_run, mode=mode)
    asyncio.run(run(memory))
    return memory


def receipts(memory: Memory) -> list[list[Outcome]]:
    return [memory.receipt(name) for name in memory.places]


def ended(memory: Memory) -> list[tuple[str, VerdictCounts, int]]:
    return [(each.state, each.counts, each.withdrawn) for each in memory.batches.states.values()]


def newest(memory: Memory) -> dict[str, tuple[int, RecordState]]:
    """What a reader of the log has at the end: the highest version of every record."""
    registers: dict[str, tuple[int, RecordState]] = {}
    for event in memory.log:
        if isinstance(event.data, RecordState) and registers.get(event.subject, (0,))[0] <= event.version:
            registers[event.subject] = (event.version, event.data)
    return registers


@settings(deadline=None)
@given(BATCHES, st.integers(1, 5), st.sets(st.integers(0, 400), max_size=8))
def test_any_cut_into_parts_and_any_deaths_give_the_same_receipts_records_and_events(
    batches: list[Pushed], per_part: int, cuts: set[int]
) -> None:
    calm, rough = worked(batches), worked(batches, per_part=per_part, cuts=cuts)
    assert receipts(rough) == receipts(calm)
    assert rough.records == calm.records
    assert newest(rough) == newest(calm)
    assert rough.settled == calm.settled
    assert ended(rough) == ended(calm)


@settings(deadline=None)
@given(
    st.lists(ROWS, min_size=1, max_size=12),
    st.lists(ROWS, max_size=4),
    st.sets(st.integers(0, 300), max_size=6),
    st.booleans(),
)
def test_a_push_knows_what_is_not_as_in_the_dry_run_that_it_follows(
    rows: list[bytes], between: list[bytes], cuts: set[int], whole: bool
) -> None:
    mode: Mode = "snapshot" if whole else "delta"
    memory = Memory(Power(cuts))
    memory.push("first", rows[::2] or rows, 100)
    memory.push("dry", rows, 5, dry_run=True, mode=mode)
    if between:
        memory.push("between", between, 100)
    memory.push("real", rows, 2, mode=mode, follows="dry")
    asyncio.run(run(memory))
    pairs = list(zip(memory.receipt("dry"), memory.receipt("real"), strict=True))
    others = [(dry, real) for dry, real in pairs if dry.verdict == real.verdict and dry.before != real.before]
    progress = memory.progress["real"]
    assert progress.other_verdict == sum(dry.verdict != real.verdict for dry, real in pairs)
    assert progress.other_before == len(others)
    if not between:
        assert progress.other_verdict == progress.other_before == 0


def test_a_row_that_comes_again_names_the_line_of_the_other_in_whatever_part_that_is() -> None:
    memory = Memory(Power())
    places = [{"line": 3, "sheet": "清单"}, {"line": 4, "sheet": "清单"}, {"line": 9, "sheet": "附表"}]
    memory.push("b", [line(source_id=name, _at=at) for name, at in zip("ABA", places, strict=True)], 1)
    asyncio.run(run(memory))
    first, _, _ = memory.receipt("b")
    assert str(first.message).startswith("编号“A”与工作表“附表”第 9 行相同，以那一行为准")


def test_since_the_dry_run_another_verdict_and_another_state_before_are_counted_apart() -> None:
    memory, rows = Memory(Power()), [line(source_id=name, summary="新") for name in ("A", "B", "C", "D")]
    memory.push("first", [line(source_id="A", summary="旧"), line(source_id="C", summary="旧")], 100)
    memory.push("dry", rows, 100, dry_run=True)
    memory.push("between", [line(source_id="A", summary="别的"), line(source_id="B", summary="别的")], 100)
    memory.push("real", rows, 100, follows="dry")
    asyncio.run(run(memory))
    progress = memory.progress["real"]
    assert (progress.other_verdict, progress.other_before) == (
        1,
        1,
    )  # B, which was added; A, of which another text goes


@settings(deadline=None)
@given(BATCHES)
def test_counts_add_up_and_the_log_holds_exactly_what_was_written(batches: list[Pushed]) -> None:
    memory = worked(batches)
    for (rows, dry_run, _), batch in zip(batches, memory.batches.states.values(), strict=True):
        assert total(batch.counts) == len(rows)
        assert batch.state == ("verified" if dry_run else "applied")
    assert newest(memory) == {
        f"nantong/platform/{name}": (record.version, record.state) for name, record in memory.records.items()
    }
    assert memory.settled.get("nantong/platform", (0, 0))[1] == sum(
        not record.state.deleted for record in memory.records.values()
    )


def test_a_death_at_every_single_step_of_a_batch_is_repaired() -> None:
    first = [line(source_id=f"R{n}") for n in range(5)]
    second = [
        line(source_id="R0", summary="新"),
        b'{"source_id":"R1","_deleted":true}',
        line(source_id="R9"),
        line(title=""),
    ]
    batches: list[Pushed] = [(first, False, "delta"), (second, False, "delta"), (second[:1], False, "snapshot")]
    calm = worked(batches)
    assert calm.power.used > 30
    for cut in range(calm.power.used):
        rough = worked(batches, cuts={cut})
        assert (receipts(rough), rough.records, newest(rough)) == (receipts(calm), calm.records, newest(calm)), cut


def test_rows_put_again_are_unchanged_and_publish_nothing() -> None:
    rows = [line(source_id=f"R{n}") for n in range(5)]
    memory = worked([(rows, False, "delta"), (rows, False, "delta")])
    assert memory.batches.states["batch-2"].counts.unchanged == 5
    assert len([event for event in memory.log if isinstance(event.data, RecordState)]) == 5


def test_a_dry_run_writes_and_publishes_no_record() -> None:
    memory = worked([([line()], True, "delta")])
    assert memory.batches.states["batch-1"].counts.added == 1
    assert not memory.records
    assert not newest(memory)


def test_a_batch_waits_for_the_earlier_ones_of_its_list() -> None:
    memory = Memory(Power())
    memory.push("batch-1", [line()], 1)
    memory.push("batch-2", [line(summary="新")], 1)
    asyncio.run(memory.worker().advance("batch-2", ROUND_SECONDS))
    assert memory.progress == {}
    asyncio.run(memory.worker().advance("batch-1", ROUND_SECONDS))
    assert memory.orders()[-1] == "batch-2"


def test_an_order_for_a_finished_batch_orders_the_one_after_it() -> None:
    memory = Memory(Power())
    memory.push("batch-1", [line()], 1)
    memory.push("batch-2", [line(summary="新")], 1)
    memory.unfinished.remove("batch-1")
    asyncio.run(memory.worker().advance("batch-1", ROUND_SECONDS))
    assert memory.orders() == ["batch-2"]


def test_what_waits_is_ordered_at_the_first_look_and_then_only_when_it_has_not_moved() -> None:
    memory = Memory(Power())
    memory.push("batch-1", [line(source_id=f"R{n}") for n in range(40)], 7)
    worker = memory.worker()
    asyncio.run(worker.repair())
    assert memory.orders() == ["batch-1", "batch-1"], "the commit that was completed, and the look"
    asyncio.run(worker.advance("batch-1", ROUND_SECONDS))
    ordered = len(memory.orders())
    asyncio.run(worker.repair())
    assert len(memory.orders()) == ordered, "it moved"
    asyncio.run(worker.repair())
    assert len(memory.orders()) == ordered + 1, "it did not move"


def test_a_slice_of_work_ends_and_the_batch_orders_itself_on() -> None:
    memory = Memory(Power())
    memory.push("batch-1", [line(source_id=f"R{n}") for n in range(20)], 7)
    asyncio.run(memory.worker().advance("batch-1", ROUND_SECONDS))
    assert memory.progress["batch-1"].rows < 20
    assert memory.orders()[-1] == "batch-1"


def test_the_rows_of_a_finished_batch_are_dropped() -> None:
    assert worked([([line()], False, "delta")]).bodies == {}


def test_a_worker_that_comes_back_after_others_finished_the_batch_and_the_next_publishes_nothing() -> None:
    rows = [line(source_id=f"R{n}") for n in range(4)]
    memory = worked([(rows, False, "delta"), ([line(source_id="R0", summary="新")], False, "delta")])
    published = len(memory.log)
    memory.unfinished |= {"batch-1"}
    memory.progress.pop("batch-1")
    memory.batches.put(memory.batches.states["batch-1"].model_copy(update={"state": "processing"}))
    memory.put("batch-1", rows, 100)
    asyncio.run(memory.worker().advance("batch-1", ROUND_SECONDS))
    assert len(memory.log) == published


def test_a_batch_that_fails_by_our_own_fault_three_times_is_given_up_and_the_next_begins(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fault(*_: object) -> None:
        raise ZeroDivisionError  # after the records are written, and before anything counts them

    memory = Memory(Power())
    memory.push("batch-1", [line()], 1)
    memory.push("batch-2", [line()], 1)
    worker = memory.worker()
    with monkeypatch.context() as broken:
        broken.setattr(worker_module, "published", fault)
        for _ in range(3):
            with pytest.raises(ZeroDivisionError):
                asyncio.run(worker.advance("batch-1", ROUND_SECONDS))
    assert memory.batches.states["batch-1"].state == "failed"
    assert not any(key[0] == "batch-1" for key in memory.bodies), "they hold whole telephone numbers"
    assert list(memory.settled.values()) == [(1, 1)]
    assert memory.orders()[-1] == "batch-2"


@given(st.integers(1, 30), st.integers(1, 12), st.integers(1, 30), st.integers(1, 30))
def test_rows_are_found_by_their_number_however_they_were_cut(rows: int, per_part: int, first: int, count: int) -> None:
    texts = [line(source_id=f"R{n}") for n in range(rows)]
    memory = Memory(Power())
    memory.push("batch-1", texts, per_part)
    found = asyncio.run(rows_of_batch(memory, "batch-1", first_row=min(first, rows), count=count))
    assert found == texts[min(first, rows) - 1 :][:count]


def test_the_power_cut_is_really_felt() -> None:
    with pytest.raises(PowerCut):
        Power({0}).effect(lambda: None)
