"""The guards of publishing again: the same events, once for all replicas, the newest last."""

from tests.mutants.mutant import Mutant

_AGAIN = "tests/laws/test_owners_publish_again.py"
_WATCH = "tests/operators/test_log_watch.py"

GUARDS = (
    Mutant(
        "what is kept of an event is that of the present version",
        "shared/aggregates/published.py",
        'if found.get("version") == document["version"]:',
        "if found:",
        f"{_AGAIN}::test_what_an_older_version_of_this_code_wrote_last_is_not_taken_for_the_event_before",
    ),
    Mutant(
        "a write that tells nobody keeps what was told",
        "shared/aggregates/published.py",
        'if "data" in known or before == after:',
        "if True:",
        f"{_AGAIN}::test_a_write_that_tells_nobody_changes_nothing_of_what_was_told",
    ),
    Mutant(
        "one process does a run at a time",
        "shared/aggregates/runs.py",
        'free = {"$or": [{"$lt": [{"$ifNull": ["$until", None]}, "$$NOW"]}, {"$eq": ["$holder", literal(holder)]}]}',
        'free = {"$eq": [1, 1]}',
        f"{_AGAIN}::test_two_replicas_do_a_run_once",
    ),
    Mutant(
        "a run goes on where it stopped",
        "shared/aggregates/republishing.py",
        'after = {"_id": {"$gt": run.after}} if run.after is not None else {}',
        "after: Document = {}",
        f"{_AGAIN}::test_another_replica_goes_on_where_a_dead_one_stopped",
    ),
    Mutant(
        "a run is taken as it was seen",
        "shared/aggregates/runs.py",
        '{"$eq": ["$number", run.number]}, ',
        "",
        f"{_AGAIN}::test_a_run_that_was_seen_before_another_was_asked_for_cannot_be_taken",
    ),
    Mutant(
        "what was published meanwhile is published once more",
        "shared/aggregates/republishing.py",
        "documents = await _moved(owned.collection, documents)",
        "documents = []",
        f"{_AGAIN}::test_the_newest_event_is_the_last_in_the_log_whoever_published_in_between",
    ),
    Mutant(
        "a topic made anew is another log",
        "shared/messaging/log_ids.py",
        "f\"{answer['cluster_id']}/{each['topic_id'].hex}\"",
        "answer['cluster_id']",
        f"{_WATCH}::test_a_topic_made_anew_is_published_to_again_and_read_from_its_beginning",
    ),
    Mutant(
        "who reads a topic that was made anew begins again",
        "shared/operations/log_watch.py",
        "if self._seen.get(topic, log_id) != log_id:",
        "if False:",
        f"{_WATCH}::test_a_topic_made_anew_is_published_to_again_and_read_from_its_beginning",
    ),
    Mutant(
        "a hole is filled once",
        "shared/operations/log_watch.py",
        'missing and result["at"] > run.asked_at and not run.is_due',
        "missing",
        f"{_WATCH}::test_a_hole_that_a_comparison_found_is_filled_once",
    ),
    Mutant(
        "a log that is ahead is not overwritten",
        "shared/operations/log_comparison.py",
        "HOLES = (Kind.NOT_IN_LOG, Kind.LOG_IS_OLDER)",
        "HOLES = tuple(Kind)",
        f"{_WATCH}::test_a_log_that_is_ahead_of_its_owner_is_reported_and_not_overwritten",
    ),
    Mutant(
        "a restored database goes on above its numbers",
        "shared/aggregates/runs.py",
        '"number": max(known + 1, int(time.time())),',
        '"number": known + 1,',
        f"{_WATCH}::test_a_restored_database_goes_on_above_the_numbers_that_it_had_given",
    ),
    Mutant(
        "a document that cannot be read keeps no other out of the log",
        "shared/aggregates/republishing.py",
        "return [_event(owned, each) for each in documents]",
        "return [owned.event_of(each) for each in documents]",
        f"{_AGAIN}::test_a_document_that_cannot_be_read_keeps_no_other_out_of_the_log",
    ),
    Mutant(
        "what was published to another log is published again",
        "shared/operations/log_watch.py",
        "if run is None or run.log != log_id:\n        return Why",
        "if run is None:\n        return Why",
        f"{_WATCH}::test_a_topic_made_anew_is_published_to_again_and_read_from_its_beginning",
    ),
    Mutant(
        "a log is whole once its owner has published everything to it, and not to another",
        "shared/messaging/publications.py",
        "said.get(topic) == logs[topic]",
        "topic in said",
        f"{_WATCH}::test_a_topic_made_anew_is_published_to_again_and_read_from_its_beginning",
    ),
    Mutant(
        "readiness says that a log is ahead of its owner",
        "shared/operations/log_watch.py",
        'return f"the log is ahead of its owner: {ahead}" if ahead else "ok"',
        'return "ok"',
        f"{_WATCH}::test_a_log_that_is_ahead_of_its_owner_is_reported_and_not_overwritten",
    ),
)
