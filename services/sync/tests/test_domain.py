import pytest

from services.sync import domain, problems
from services.sync.domain import PartHead
from services.sync.tests.builders import AT, LATER, batch, open_batch, place
from shared.events.sync import AdvanceBatch, VerdictCounts
from shared.problems import Problem, Refusal

ANNOUNCED = open_batch(rows=3, sha256="a" * 64)
PARTS = [PartHead(part=0, rows=2, sha256="x"), PartHead(part=1, rows=1, sha256="y")]


def refusal_of(parts: list[PartHead], sha256: str = "a" * 64) -> Problem:
    with pytest.raises(Refusal) as refused:
        domain.refuse_incomplete(ANNOUNCED, parts, sha256)
    return refused.value.problem


def test_a_complete_batch_may_be_committed() -> None:
    domain.refuse_incomplete(ANNOUNCED, PARTS, "a" * 64)


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
    decision = domain.commit(ANNOUNCED, place(ANNOUNCED, 17, parts=2))
    assert decision
    assert (decision.state.state, decision.state.seq, decision.state.parts) == ("processing", 17, 2)
    assert decision.happened == "batch.committed"
    (order,) = decision.orders
    assert order.data == AdvanceBatch(batch_id=ANNOUNCED.id, jurisdiction=ANNOUNCED.jurisdiction)
    assert order.topic == "huning.intake"


def test_a_commit_again_does_nothing() -> None:
    assert domain.commit(batch(), place(batch(), 18)) is None


def test_a_batch_ends_applied_and_a_dry_run_verified() -> None:
    counts = VerdictCounts(added=1)
    applied, verified = domain.finish(batch(), counts, LATER), domain.finish(batch(dry_run=True), counts, LATER)
    assert applied
    assert (applied.state.state, applied.happened, applied.state.finished_at) == ("applied", "batch.applied", LATER)
    assert verified
    assert (verified.state.state, verified.happened) == ("verified", "batch.verified")


def test_a_batch_does_not_end_while_a_row_has_no_verdict() -> None:
    with pytest.raises(ValueError, match="0 verdicts for 1 rows"):
        domain.finish(batch(), VerdictCounts(), LATER)


def test_what_has_ended_stays_as_it_ended() -> None:
    for state in ("applied", "verified", "failed"):
        assert domain.finish(batch(state=state), VerdictCounts(added=1), LATER) is None
        assert domain.fail(batch(state=state), VerdictCounts(), LATER) is None


def test_a_removed_agent_stays_removed_at_its_first_time() -> None:
    agent = domain.Agent(
        id="1", key_id="k", jurisdiction="suzhou", name="n", public_key="p", registered_by="u", created_at=AT
    )
    removed = domain.remove(agent, LATER)
    assert removed
    assert removed.state.removed_at == LATER
    assert domain.remove(removed.state, AT) is None


def test_others_are_told_of_a_batch_without_its_parts() -> None:
    told = domain.published(batch())
    assert (told.seq, told.state, told.rows) == (1, "processing", 1)
