import pytest

from services.sync import problems
from services.sync.intake import batch as batches
from services.sync.intake.batch import PartHead
from services.sync.tests.builders import LATER, batch, open_batch, place
from shared.events.sync import AdvanceBatch, VerdictCounts
from shared.values.problems import Problem, Refusal

ANNOUNCED = open_batch(rows=3, sha256="a" * 64)
PARTS = [PartHead(part=0, rows=2, sha256="x"), PartHead(part=1, rows=1, sha256="y")]


def refusal_of(parts: list[PartHead], sha256: str = "a" * 64) -> Problem:
    with pytest.raises(Refusal) as refused:
        batches.refuse_incomplete(ANNOUNCED, parts, sha256)
    return refused.value.problem


def test_a_complete_batch_may_be_committed() -> None:
    batches.refuse_incomplete(ANNOUNCED, PARTS, "a" * 64)


def test_a_batch_that_lacks_its_last_part_is_refused_whole() -> None:
    assert refusal_of(PARTS[:1]) is problems.TRUNCATED


def test_a_batch_that_lacks_a_part_in_between_is_refused_even_if_the_rows_add_up() -> None:
    assert refusal_of([PARTS[0], PartHead(part=2, rows=1, sha256="y")]) is problems.TRUNCATED


def test_a_batch_without_parts_is_refused() -> None:
    assert refusal_of([]) is problems.TRUNCATED


def test_more_rows_than_announced_are_refused() -> None:
    assert refusal_of([*PARTS, PartHead(part=2, rows=1, sha256="z")]) is problems.ROWS_DIFFER


def test_other_bytes_than_announced_are_refused() -> None:
    assert refusal_of(PARTS, "b" * 64) is problems.SHA256_DIFFERS


def test_a_commit_takes_the_place_and_orders_the_batch_to_begin() -> None:
    decision = batches.commit(ANNOUNCED, place(ANNOUNCED, 17, parts=2), "agent-1")
    assert decision
    assert (decision.state.state, decision.state.seq, decision.state.parts) == ("processing", 17, 2)
    assert decision.happened == "batch.committed"
    (order,) = decision.orders
    assert order.data == AdvanceBatch(batch_id=ANNOUNCED.id, jurisdiction=ANNOUNCED.jurisdiction)
    assert order.topic == "huning.intake"


def test_a_commit_again_does_nothing() -> None:
    assert batches.commit(batch(), place(batch(), 18), "agent-1") is None


def test_a_batch_ends_applied_and_a_dry_run_verified() -> None:
    counts = VerdictCounts(added=1)
    applied, verified = (batches.finish(each, counts, 1, LATER) for each in (batch(), batch(dry_run=True)))
    assert applied
    assert applied.state.warnings == 1
    assert (applied.state.state, applied.happened, applied.state.finished_at) == ("applied", "batch.applied", LATER)
    assert verified
    assert (verified.state.state, verified.happened) == ("verified", "batch.verified")


def test_a_batch_does_not_end_while_a_row_has_no_verdict() -> None:
    with pytest.raises(ValueError, match="0 verdicts for 1 rows"):
        batches.finish(batch(), VerdictCounts(), 0, LATER)


def test_what_has_ended_stays_as_it_ended() -> None:
    for state in ("applied", "verified", "failed"):
        assert batches.finish(batch(state=state), VerdictCounts(added=1), 0, LATER) is None
        assert batches.fail(batch(state=state), VerdictCounts(), 0, LATER) is None


def test_others_are_told_of_a_batch_without_its_parts() -> None:
    told = batches.published(batch())
    assert (told.seq, told.state, told.rows) == (1, "processing", 1)
