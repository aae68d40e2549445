"""The guards of a log that is ahead of a restored database: no version stands for two contents, and nobody is told twice."""

from tests.mutants.mutant import Mutant

_AHEAD = "tests/laws/test_a_log_that_is_ahead.py"

GUARDS = (
    Mutant(
        "what a restored owner tells stands above its log",
        "shared/aggregates/adopting.py",
        "version, jurisdiction = newest.version + 1, getattr",
        "version, jurisdiction = newest.version, getattr",
        f"{_AHEAD}::test_where_the_log_does_not_tell_the_whole_the_owner_wins_above_it",
    ),
    Mutant(
        "what was lost keeps its version",
        "shared/aggregates/adopting.py",
        '{"version": newest.version + 1, **revision}',
        '{"version": 0, **revision}',
        f"{_AHEAD}::test_what_nobody_has_any_more_is_withdrawn_and_its_version_kept",
    ),
    Mutant(
        "what was lost is not found",
        "shared/aggregates/aggregates.py",
        'return None if document is None or "lost" in document else document',
        "return document",
        f"{_AHEAD}::test_what_nobody_has_any_more_is_withdrawn_and_its_version_kept",
    ),
    Mutant(
        "a message under way may have gone out before the restore",
        "services/notifications/sending/delivery.py",
        'status, reason = "unknown", "restored"',
        'status, reason = "pending", None',
        f"{_AHEAD}::test_a_message_that_was_sent_is_not_sent_again_although_its_row_was_lost",
    ),
    Mutant(
        "a challenge whose terms may have changed is not taken from the log",
        "services/challenges/posting/challenge.py",
        "if not told.whole or any(each.type.short in _TERMS_CHANGE for each in told.events):",
        "if False:",
        f"{_AHEAD}::test_a_challenge_whose_terms_may_have_changed_does_not",
    ),
    Mutant(
        "an owner that writes meanwhile is not overwritten",
        "shared/aggregates/adopting.py",
        'unchanged = {"$eq": ["$revision", before["revision"]]}',
        'unchanged = {"$eq": [1, 1]}',
        f"{_AHEAD}::test_an_owner_that_writes_meanwhile_is_looked_at_again",
    ),
    Mutant(
        "what a restored owner tells is no news to a saved search",
        "services/search/saved_searches/rules.py",
        "event.action != RESTORE and event.time >= news_since(saved)",
        "event.time >= news_since(saved)",
        "services/search/tests/test_domain.py::test_what_an_owner_tells_after_a_restore_is_no_news",
    ),
    Mutant(
        "what a restored owner tells is no news to anybody",
        "services/notifications/composing/composer.py",
        "or event.action == RESTORE or",
        "or",
        "services/notifications/tests/test_composing.py::test_what_an_owner_tells_after_a_restore_is_told_to_nobody",
    ),
    Mutant(
        "after a restore no place is given twice",
        "services/sync/store.py",
        "await self.intake.places.go_on_above(jurisdiction, seq)",
        "pass",
        "tests/operators/test_owner_cli.py",
    ),
)
