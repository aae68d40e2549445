"""The guards of shared/operations: dead letters and who may settle them."""

from tests.mutants.mutant import Mutant

_LETTERS = "tests/operators/test_dead_letters.py"

_AUDIT = "tests/operators/test_audit.py"

_VIEWS = "shared/tests/test_dead_letter_views.py"

GUARDS = (
    Mutant(
        "a message is masked until somebody says why they must read it",
        "shared/operations/dead_letter_views.py",
        'return message.decode(errors="replace") if unmasked else masked(message)',
        'return message.decode(errors="replace")',
        f"{_VIEWS}::test_a_message_is_masked_until_somebody_says_why_they_must_read_it",
    ),
    Mutant(
        "of a message's values only names of ours are shown",
        "shared/operations/letter_masks.py",
        "return value if shown and _NAME.fullmatch(value) else",
        "return value if shown else",
        f"{_VIEWS}::test_a_message_is_masked_until_somebody_says_why_they_must_read_it",
    ),
    Mutant(
        "another city's message is not read",
        "shared/operations/dead_letters.py",
        '        check(f"{self.service}.unmask-dead-letter", caller, facts)\n',
        "",
        f"{_LETTERS}::test_another_citys_message_is_read_by_nobody_else",
    ),
    Mutant(
        "several are replayed in the order of their messages",
        "shared/operations/replaying.py",
        'sorted(found, key=lambda each: (each["topic"], each["partition"], each["offset"]))',
        "found",
        f"{_LETTERS}::test_several_are_replayed_in_the_order_in_which_their_messages_came",
    ),
    Mutant(
        "behind one that fails those of its key are held back",
        "shared/operations/replaying.py",
        "if key in failed:",
        "if False:",
        f"{_LETTERS}::test_behind_one_that_fails_again_those_of_its_key_are_held_back_and_no_others",
    ),
    Mutant(
        "an entry's hash covers the one before it",
        "shared/operations/audit_trail.py",
        'if name != "hash"}',
        'if name not in ("hash", "previous_hash")}',
        f"{_AUDIT}::test_an_entry_that_was_edited_and_joined_to_the_next_breaks_the_chain",
    ),
    Mutant(
        "an entry follows the one before it",
        "shared/operations/audit_trail.py",
        'if document["previous_hash"] != head.hash or',
        "if",
        f"{_AUDIT}::test_an_entry_that_was_removed_breaks_the_chain",
    ),
    Mutant(
        "a cut end of the chain is seen",
        "shared/operations/audit_trail.py",
        "if head.seq < end.seq:",
        "if False:",
        f"{_AUDIT}::test_an_entry_that_was_removed_breaks_the_chain",
    ),
    Mutant(
        "a source enters the trail once",
        "shared/operations/audit_trail.py",
        'IndexModel("source", unique=True)',
        'IndexModel("source")',
        f"{_AUDIT}::test_the_same_source_appended_again_adds_nothing",
    ),
    Mutant(
        "a head counts only where it is signed",
        "shared/operations/audit_heads.py",
        "if not signer.verifies(head):",
        "if False:",
        f"{_AUDIT}::test_a_chain_that_was_built_anew_does_not_agree_with_the_signed_head",
    ),
    Mutant(
        "a refusal of a right is recorded",
        "shared/http/door.py",
        "await record_refusal(self.recorder, found.route.rule, request, refusal)",
        "pass",
        f"{_AUDIT}::test_the_door_records_refusals_of_a_right_and_what_operators_do",
    ),
    Mutant(
        "a city reads the trail of its own alone",
        "shared/operations/audit_trail.py",
        "if self.cities is not None:",
        "if False:",
        f"{_AUDIT}::test_the_trail_is_listed_verified_and_exported",
    ),
    Mutant(
        "a city lists its own dead letters alone",
        "shared/operations/dead_letters.py",
        "if cities is not None:",
        "if False:",
        f"{_LETTERS}::test_a_city_lists_its_own_letters_and_the_alliance_all_of_them",
    ),
    Mutant(
        "a dead letter about a claim is no city's",
        "shared/operations/dead_letter_views.py",
        "if letter.topic not in _OF_CITIES or",
        "if",
        "shared/tests/test_dead_letter_views.py",
    ),
    Mutant(
        "a dead letter is settled once",
        "shared/operations/dead_letters.py",
        'still_open, merged = {"$eq": ["$status", "open"]},',
        'still_open, merged = {"$eq": [1, 1]},',
        f"{_LETTERS}::test_of_twenty_who_settle_at_once_one_does_and_its_key_alone_is_answered",
    ),
    Mutant(
        "a letter is opened again by a newer parking alone",
        "shared/operations/dead_letters.py",
        '{"$lt": ["$at", literal(kept["at"])]}',
        '{"$eq": [1, 1]}',
        f"{_LETTERS}::test_the_same_parking_heard_again_does_not_open_what_was_replayed",
    ),
    Mutant(
        "what was discarded stays so",
        "shared/operations/dead_letters.py",
        '{"$ne": ["$status", "discarded"]}',
        '{"$eq": [1, 1]}',
        f"{_LETTERS}::test_what_was_discarded_stays_so_when_its_message_is_parked_again",
    ),
    Mutant(
        "a message that failed again meanwhile was not replayed",
        "shared/operations/dead_letters.py",
        'not_since = {"$eq": ["$at", literal(document["at"])]}',
        'not_since = {"$eq": [1, 1]}',
        f"{_LETTERS}::test_a_message_that_is_parked_again_while_it_is_replayed_stays_open",
    ),
    Mutant(
        "what is published while the log is compared is looked at again",
        "shared/operations/log_comparison.py",
        "for look in range(_LOOKS if suspects else 0):",
        "for look in range(1 if suspects else 0):",
        "shared/tests/test_log_comparison.py::test_what_is_published_while_one_looks_is_no_difference",
    ),
    Mutant(
        "a log that is ahead of what waits is a difference",
        "shared/operations/log_comparison.py",
        "if logged is not None and logged > version:",
        "if logged is not None and logged > version and not (owned and owned.waits):",
        "shared/tests/test_log_comparison.py::test_a_log_that_is_ahead_of_what_waits_differs",
    ),
    Mutant(
        "an aggregate that its owner does not have is a difference",
        "shared/operations/log_comparison.py",
        "suspects |= unseen",
        "pass",
        "shared/tests/test_log_comparison.py::test_each_way_to_differ_is_found_with_both_versions",
    ),
    Mutant(
        "a process whose clock is off is not ready",
        "shared/operations/health.py",
        '            "clock": _clock(clock_ahead),\n',
        '            "clock": "ok",\n',
        "shared/tests/test_health.py::test_a_process_whose_clock_is_off_is_not_ready_and_says_by_how_much",
    ),
    Mutant(
        "the way to the database and back accuses no clock",
        "shared/mongo.py",
        "return max(0.0, asked - there) + min(0.0, answered - there)",
        "return answered - there",
        "shared/tests/test_health.py::test_the_way_to_the_database_and_back_accuses_no_clock",
    ),
    Mutant(
        "the database's clock is understood in every time zone",
        "shared/mongo.py",
        '"hello", codec_options=_AWARE)',
        '"hello")',
        "tests/operators/test_the_clock.py",
    ),
    Mutant(
        "a rebuild at the console is in the audit trail",
        "shared/operations/owner_cli.py",
        "begun = await owner.audit.acts.begin(attempt.mark, attempt.caller, *act)",
        'begun = ""',
        "tests/operators/test_owner_cli.py::test_a_rebuild_at_the_console_takes_over_by_force_only_by_a_word_that_is_audited",
    ),
    Mutant(
        "a topic that the broker refused to make is not said to be there",
        "shared/cli/topics.py",
        "missing = await self._missing(admin)\n                there",
        "missing = []\n                there",
        "tests/operators/test_topics_cli.py::test_topics_that_the_broker_refuses_to_make_are_no_success",
    ),
)
