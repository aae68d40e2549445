"""The guards of shared/aggregates: law 2, a state and its event are one write."""

from tests.mutants.mutant import Mutant

_LAW_2 = "tests/laws/test_state_and_event_are_one_write.py"
_RELAY = "tests/laws/test_the_relay.py"

GUARDS = (
    Mutant(
        "a write is guarded by the revision that was read",
        "shared/aggregates/aggregates.py",
        'condition: Document = {"$eq": ["$revision", loaded.document["revision"]]}',
        'condition: Document = {"$eq": [1, 1]}',
        f"{_LAW_2}::test_twenty_writers_at_once_each_get_their_turn_and_every_event_waits_once",
    ),
    Mutant(
        "a repeated attempt is recognised",
        "shared/aggregates/aggregates.py",
        'if attempt and attempt.was_made(loaded.document["attempts"]):',
        "if False:",
        f"{_LAW_2}::test_a_repeated_attempt_writes_nothing_and_answers_the_resource_as_it_is_now",
    ),
    Mutant(
        "a creation is unique by its attempt",
        "shared/aggregates/aggregates.py",
        'document["creation"] = attempt.mark',
        "pass",
        f"{_LAW_2}::test_creating_twice_under_one_key_creates_once",
    ),
    Mutant(
        "a key with another body is refused",
        "shared/aggregates/attempts.py",
        'if earlier["digest"] != self.digest:',
        "if False:",
        f"{_LAW_2}::test_one_key_with_another_body_is_refused",
    ),
    Mutant(
        "If-Match is looked at",
        "shared/aggregates/aggregates.py",
        "attempt.if_match is not None and attempt.if_match != loaded.revision",
        "False",
        f"{_LAW_2}::test_a_caller_that_saw_an_older_version_is_told_so",
    ),
    Mutant(
        "what a client compares moves with every write",
        "shared/aggregates/aggregates.py",
        "and attempt.if_match != loaded.revision",
        'and attempt.if_match != loaded.document["version"]',
        f"{_LAW_2}::test_a_write_that_tells_nobody_is_no_repeat_and_is_seen_by_whoever_compares",
    ),
    Mutant(
        "an event fits into a message",
        "shared/aggregates/aggregates.py",
        "if len(happened.value) > MAX_EVENT_BYTES:",
        "if False:",
        f"{_LAW_2}::test_an_event_too_big_for_kafka_is_refused_before_it_is_written",
    ),
    Mutant(
        "a collection that cannot be served does not hold up the others",
        "shared/aggregates/outbox.py",
        "failed += [result for result in results if isinstance(result, BaseException)]",
        "for result in results:\n                if isinstance(result, BaseException):\n                    raise result",
        f"{_RELAY}::test_a_collection_that_cannot_be_served_does_not_hold_up_the_others",
    ),
    Mutant(
        "a full outbox takes no more",
        "shared/aggregates/aggregates.py",
        'if len(loaded.document["outbox"]) >= MAX_WAITING and not has_happened:',
        "if False:",
        f"{_LAW_2}::test_a_document_with_fifty_unpublished_events_takes_no_more",
    ),
    Mutant(
        "the relay awaits the acknowledgement before it takes an event out",
        "shared/aggregates/outbox.py",
        "await self._publish(Event.from_document(waiting))",
        "asyncio.ensure_future(self._publish(Event.from_document(waiting)))",
        f"{_RELAY}::test_the_relay_publishes_in_order_and_keeps_an_event_until_it_is_acknowledged",
    ),
    Mutant(
        "only what was published is taken out",
        "shared/aggregates/outbox.py",
        '"cond": {"$not": [{"$in": [mark, literal(marks)]}]}',
        '"cond": {"$eq": [1, 2]}',
        f"{_RELAY}::test_taking_out_what_was_published_keeps_what_was_written_meanwhile",
    ),
    Mutant(
        "appending again finds what was appended",
        "shared/aggregates/private_lists.py",
        "position = await self._first_position(owner, name)",
        "position = await self.length(owner)",
        "shared/tests/test_private_lists.py::test_appending_again_after_a_crash_at_any_point_is_one_entry",
    ),
    Mutant(
        "the length of what is sealed says nothing",
        "shared/aggregates/private_lists.py",
        "padded = plain.ljust(-(-len(plain) // _PADDED_TO) * _PADDED_TO)",
        "padded = plain",
        "shared/tests/test_private_lists.py::test_what_is_kept_names_nobody_and_has_one_length",
    ),
    Mutant(
        "an event says who took the action",
        "shared/aggregates/aggregates.py",
        "actor=decision.by,",
        "actor=None,",
        f"{_LAW_2}::test_a_document_and_its_event_say_who_did_what",
    ),
    Mutant(
        "what a version does not know is written back",
        "shared/aggregates/stored_state.py",
        "{**unknown, **state.model_dump()}",
        "state.model_dump()",
        "shared/tests/test_stored_state.py",
    ),
    Mutant(
        "access goes before the version",
        "shared/aggregates/aggregates.py",
        "if stale and refusal.problem.status not in _OF_ACCESS:",
        "if stale:",
        f"{_LAW_2}::test_who_may_not_see_it_learns_nothing_of_its_version_or_backlog",
    ),
    Mutant(
        "what is wrong with a stored document is told without its values",
        "shared/aggregates/stored_state.py",
        'if not self.model.model_config.get("hide_input_in_errors"):',
        "if False:",
        "shared/tests/test_stored_state.py::test_a_model_whose_errors_show_values_is_no_model_of_stored_state",
    ),
)
