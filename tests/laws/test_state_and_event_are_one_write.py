"""Law 2: the guard lets one writer win, the outbox loses nothing, an attempt counts once.

Every test runs twice (conftest.py): on a real database, and on the aggregates in memory that unit tests stand on.
"""

import asyncio

import pytest

from shared.aggregates.aggregates import MAX_EVENT_BYTES, MAX_WAITING, Aggregates
from shared.aggregates.attempts import Attempt
from shared.aggregates.decisions import Decision
from shared.events.envelope import Event
from shared.events.sync import AdvanceBatch
from shared.values import problems
from shared.values.clock import now
from shared.values.ids import new_id
from shared.values.jurisdictions import Jurisdiction
from shared.values.problems import Refusal
from tests.laws.tallies import Make, Tally, begin, counted


async def test_twenty_writers_at_once_each_get_their_turn_and_every_event_waits_once(
    tallies: Aggregates[Tally],
) -> None:
    tally_id = await begin(tallies)
    done = await asyncio.gather(*(tallies.change(tally_id, counted) for _ in range(20)))
    assert sorted(each.version for each in done) == list(range(2, 22))
    document = await tallies.collection.find_one({"_id": tally_id})
    assert document is not None
    assert document["state"]["count"] == 20
    assert [each["version"] for each in document["outbox"]] == list(range(1, 22))
    assert [each["data"]["batch_id"] for each in document["outbox"]] == [str(n) for n in range(21)]


async def test_a_document_and_its_event_say_who_did_what(tallies: Aggregates[Tally]) -> None:
    tally_id = await begin(tallies)
    await tallies.change(tally_id, lambda t: Decision(t, "review", "official-1", "batch.advance"))
    document = await tallies.collection.find_one({"_id": tally_id})
    assert document is not None
    first, second = (Event.from_document(each) for each in document["outbox"])
    assert (first.action, first.actor, second.action, second.actor) == ("count", "person", "review", "official-1")
    assert document["changed"] == {"action": "review", "actor": "official-1", "at": second.time}


async def test_a_repeated_attempt_writes_nothing_and_answers_the_resource_as_it_is_now(
    tallies: Aggregates[Tally],
) -> None:
    tally_id = await begin(tallies)
    attempt = Attempt("caller", "key", "digest")
    first = await tallies.change(tally_id, counted, attempt=attempt)
    await tallies.change(tally_id, counted)
    again = await tallies.change(tally_id, counted, attempt=attempt)
    assert (first.replayed, again.replayed) == (False, True)
    assert (again.version, again.state.count) == (3, 2)


async def test_the_same_attempt_made_twenty_times_at_once_counts_once(tallies: Aggregates[Tally]) -> None:
    tally_id = await begin(tallies)
    attempt = Attempt("caller", "key", "digest")
    done = await asyncio.gather(*(tallies.change(tally_id, counted, attempt=attempt) for _ in range(20)))
    assert [each.replayed for each in done].count(False) == 1
    assert (await tallies.get(tally_id)).state.count == 1


async def test_creating_twice_under_one_key_creates_once(tallies: Aggregates[Tally]) -> None:
    attempt = Attempt("caller", "key", "digest")
    made = await asyncio.gather(
        *(
            tallies.create(Decision(Tally(id=new_id()), "count", "person", "batch.advance"), attempt=attempt)
            for _ in range(10)
        )
    )
    assert len({each.state.id for each in made}) == 1
    assert [each.replayed for each in made].count(False) == 1


async def test_one_key_with_another_body_is_refused(tallies: Aggregates[Tally]) -> None:
    tally_id = await begin(tallies)
    await tallies.change(tally_id, counted, attempt=Attempt("caller", "key", "digest"))
    with pytest.raises(Refusal, match="idempotency_key_reused"):
        await tallies.change(tally_id, counted, attempt=Attempt("caller", "key", "another"))
    await tallies.change(tally_id, counted, attempt=Attempt("another caller", "key", "another"))


async def test_a_caller_that_saw_an_older_version_is_told_so(tallies: Aggregates[Tally]) -> None:
    tally_id = await begin(tallies)
    await tallies.change(tally_id, counted, attempt=Attempt("caller", "1", "d", if_match=1))
    with pytest.raises(Refusal, match="version_conflict"):
        await tallies.change(tally_id, counted, attempt=Attempt("caller", "2", "d", if_match=1))


async def test_who_may_not_see_it_learns_nothing_of_its_version_or_backlog(tallies: Aggregates[Tally]) -> None:
    def hidden(_: Tally) -> Decision[Tally]:
        raise Refusal(problems.NOT_FOUND)

    tally_id = await begin(tallies)
    with pytest.raises(Refusal, match="not_found"):
        await tallies.change(tally_id, hidden, attempt=Attempt("stranger", "1", "d", if_match=99))
    for _ in range(MAX_WAITING - 1):
        await tallies.change(tally_id, counted)
    with pytest.raises(Refusal, match="not_found"):
        await tallies.change(tally_id, hidden, attempt=Attempt("stranger", "2", "d"))


async def test_who_may_but_saw_an_older_version_hears_of_that_before_anything_else(
    tallies: Aggregates[Tally],
) -> None:
    def impossible(_: Tally) -> Decision[Tally]:
        raise Refusal(problems.CONFLICT)

    tally_id = await begin(tallies)
    with pytest.raises(Refusal, match="version_conflict"):
        await tallies.change(tally_id, impossible, attempt=Attempt("caller", "1", "d", if_match=99))


async def test_a_document_with_fifty_unpublished_events_takes_no_more(tallies: Aggregates[Tally]) -> None:
    tally_id = await begin(tallies)
    for _ in range(MAX_WAITING - 1):
        await tallies.change(tally_id, counted)
    with pytest.raises(Refusal, match="backlog"):
        await tallies.change(tally_id, counted)
    assert (await tallies.change(tally_id, counted, has_happened=True)).version == MAX_WAITING + 1


async def test_a_write_that_tells_nobody_is_no_repeat_and_is_seen_by_whoever_compares(
    tallies: Aggregates[Tally],
) -> None:
    """Its event version stays 0 for ever; what a client compares moves on."""
    quiet = Tally(id=new_id())
    made = await tallies.create(Decision(quiet, "begin", "person", None))
    noted = await tallies.change(
        quiet.id,
        lambda tally: Decision(tally.model_copy(update={"note": "first"}), "note", "person", None),
        attempt=Attempt("caller", "1", "d", if_match=made.revision),
    )
    assert (made.version, noted.version, noted.replayed) == (0, 0, False)
    assert noted.revision > made.revision
    with pytest.raises(Refusal, match="version_conflict"):
        await tallies.change(quiet.id, counted, attempt=Attempt("caller", "2", "d", if_match=made.revision))


async def test_an_event_too_big_for_kafka_is_refused_before_it_is_written(make: Make) -> None:
    tallies = make(lambda tally: AdvanceBatch(batch_id=tally.note, jurisdiction=Jurisdiction.WUXI))
    with pytest.raises(Refusal, match="too_large"):
        await tallies.create(
            Decision(Tally(id=new_id(), note="大" * MAX_EVENT_BYTES), "count", "person", "batch.advance")
        )
    assert await tallies.collection.find_one({}) is None


async def test_values_that_look_like_paths_are_kept(tallies: Aggregates[Tally]) -> None:
    tally_id = await begin(tallies)
    await tallies.change(
        tally_id, lambda t: Decision(t.model_copy(update={"note": "$v 与 $$ROOT"}), "count", "person", "batch.advance")
    )
    assert (await tallies.get(tally_id)).state.note == "$v 与 $$ROOT"


def test_now_has_no_more_precision_than_what_is_stored() -> None:
    assert now().microsecond % 1000 == 0
