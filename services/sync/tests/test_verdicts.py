import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.sync.applying.verdicts import Superseded, added_up, counted, decide, decide_chunk
from services.sync.intake.batch import total
from services.sync.rows.duplicates import winners
from services.sync.rows.places import At
from services.sync.rows.reading import Pushed, read_row
from services.sync.tests.builders import LATER, batch, judged, line, read, stored
from shared.events.sync import VERDICT_NAMES, VerdictCounts

NEXT = batch(id="batch-2", seq=2, committed_at=LATER)


def test_a_row_that_nobody_knows_is_added_at_the_seq_of_its_batch() -> None:
    outcome = judged()
    assert outcome.verdict == "added"
    assert outcome.record
    assert (outcome.record.version, outcome.record.state.batch_id) == (1, "batch-1")


def test_the_same_content_again_is_unchanged_and_writes_nothing() -> None:
    outcome = judged(stored(), NEXT)
    assert (outcome.verdict, outcome.record) == ("unchanged", None)


def test_the_same_content_in_full_width_is_unchanged() -> None:
    assert judged(stored(title="第2批"), NEXT, title=" 第２批 ").verdict == "unchanged"


def test_new_content_is_changed_and_shows_the_fields_before_and_after() -> None:
    outcome = judged(stored(summary="旧"), NEXT, summary="新")
    assert outcome.verdict == "changed"
    assert (outcome.before, outcome.after) == ({"summary": "旧"}, {"summary": "新"})


def test_a_deletion_leaves_a_tombstone_with_the_fields_as_they_were() -> None:
    outcome = decide(NEXT, read_row(b'{"source_id":"NT-001","_deleted":true}', Pushed(NEXT.kind)), stored())
    assert outcome.verdict == "deleted"
    assert outcome.record
    assert outcome.record.state.deleted
    assert outcome.record.state.title == "南通新材料中试基地"
    assert outcome.record.state.batch_id == "batch-2"


def test_deleting_what_is_not_there_changes_nothing_and_says_so() -> None:
    outcome = decide(NEXT, read_row(b'{"source_id":"NT-001","_deleted":true}', Pushed(NEXT.kind)), None)
    assert (outcome.verdict, outcome.code, outcome.record) == ("unchanged", "nothing_to_delete", None)


def test_a_deleted_record_that_comes_back_is_added() -> None:
    deleted = decide(NEXT, read_row(b'{"source_id":"NT-001","_deleted":true}', Pushed(NEXT.kind)), stored()).record
    outcome = judged(deleted, batch(id="batch-3", seq=3))
    assert outcome.verdict == "added"
    assert outcome.record
    assert not outcome.record.state.deleted


def test_a_record_that_this_batch_wrote_already_gets_the_same_verdict_and_is_published_again() -> None:
    first = judged(stored(summary="旧"), NEXT, summary="新")
    again = judged(first.record, NEXT, summary="新")
    assert again == first


def test_a_record_of_a_later_batch_stops_whoever_still_works_on_the_earlier() -> None:
    with pytest.raises(Superseded):
        judged(stored(NEXT), batch())


def test_a_dry_run_has_the_same_verdicts_and_writes_nothing() -> None:
    real = judged(stored(summary="旧"), NEXT, summary="新")
    dry = judged(stored(summary="旧"), NEXT.model_copy(update={"dry_run": True}), summary="新")
    assert (dry.verdict, dry.before, dry.after, dry.record) == (real.verdict, real.before, real.after, None)


def test_of_rows_with_one_id_the_last_wins_and_the_others_name_it() -> None:
    rows = [line(summary="1"), line(source_id="B"), line(summary="3")]
    outcomes = decide_chunk(
        batch(rows=3),
        1,
        [read_row(row, Pushed(batch().kind)) for row in rows],
        {},
        winners(["NT-001", "B", "NT-001"]),
        {},
    )
    assert [outcome.verdict for outcome in outcomes] == ["duplicate", "added", "added"]
    assert outcomes[0].message == "编号“NT-001”与本批第 3 行相同，以那一行为准；请删去此行，如果是两条记录请改正编号"
    assert outcomes[2].record
    assert outcomes[2].record.state.summary == "3"


def test_the_last_row_wins_even_when_it_is_rejected() -> None:
    rows = [line(), line(title="")]
    outcomes = decide_chunk(
        batch(rows=2), 1, [read_row(row, Pushed(batch().kind)) for row in rows], {}, {1: 2}, {2: At(7, "清单")}
    )
    assert [outcome.verdict for outcome in outcomes] == ["duplicate", "rejected"]
    assert "与工作表“清单”第 7 行相同" in str(outcomes[0].message)


def test_every_verdict_is_counted_and_has_its_chinese_name() -> None:
    assert list(VERDICT_NAMES) == list(VerdictCounts.model_fields)


@given(st.lists(st.sampled_from(["A", "B", "C", None])), st.lists(st.booleans(), min_size=20, max_size=20))
def test_counts_add_up_to_the_rows_received(ids: list[str | None], good: list[bool]) -> None:
    readings = [
        read_row(line(source_id=each, title="好" if good[n % 20] else ""), Pushed(batch().kind))
        for n, each in enumerate(ids)
    ]
    outcomes = decide_chunk(
        batch(rows=len(ids)), 1, readings, {"B": stored(batch(seq=0), source_id="B")}, winners(ids), {}
    )
    half = len(ids) // 2
    assert total(counted(outcomes)) == len(ids)
    assert added_up(counted(outcomes[:half]), counted(outcomes[half:])) == counted(outcomes)


def test_a_rejected_row_says_field_code_and_message() -> None:
    outcome = decide(batch(), read(contact={"phone": 1.38e10}), None)
    assert (outcome.verdict, outcome.field, outcome.code) == (
        "rejected",
        "contact.phone",
        "number_in_scientific_notation",
    )
    assert outcome.message
