"""The guards of retention: what is removed is settled, and what was removed does not come back."""

from tests.mutants.mutant import Mutant

_PRUNING = "tests/operators/test_retention.py::test_what_is_settled_and_over_goes_and_everything_else_stays"
_EXPIRING = "tests/services/sync/test_expiring.py"
_COMPARISON = (
    "tests/operators/test_log_comparison.py::test_what_was_published_longer_ago_than_its_topic_keeps_is_no_difference"
)

GUARDS = (
    Mutant(
        "an event that waits keeps its document",
        "shared/operations/pruning.py",
        ', "waiting": None}',
        "}",
        _PRUNING,
    ),
    Mutant(
        "what is not over stays",
        "shared/operations/pruning.py",
        '"$lte": at - after',
        '"$lte": at',
        _PRUNING,
    ),
    Mutant(
        "a hit of what is long past never comes again",
        "services/search/saved_searches/store.py",
        "if self.clock() - hit.occurred_at > NEWS_FOR:",
        "if False:",
        "tests/services/search/test_saved_searches.py::"
        "test_what_is_long_past_is_no_hit_so_that_one_that_was_removed_never_comes_again",
    ),
    Mutant(
        "what a topic forgets is no hole",
        "shared/operations/log_comparison.py",
        "            if _published(document) >= self.since:",
        "            if True:",
        _COMPARISON,
    ),
    Mutant(
        "what an owner removed does not make the log ahead",
        "shared/operations/log_comparison.py",
        " and _happened(headers) >= self.since:",
        ":",
        _COMPARISON,
    ),
    Mutant(
        "a batch that took a place is not discarded",
        "services/sync/intake/expiring.py",
        "None if await self.intake.places.of(batch.id) else batches.discard(batch, at)",
        "batches.discard(batch, at)",
        f"{_EXPIRING}::test_a_commit_that_took_a_place_and_was_cut_off_is_completed_and_not_discarded",
    ),
    Mutant(
        "a discarded batch takes no part and no commit",
        "services/sync/intake/commands.py",
        'if batch.state == "discarded":',
        "if False:",
        f"{_EXPIRING}::test_a_part_or_a_commit_that_comes_after_is_told_so",
    ),
    Mutant(
        "a receipt of which rows may be gone is refused",
        "services/sync/applying/queries.py",
        "if batch.committed_at is not None and not receipts.are_kept(batch.committed_at):",
        "if False:",
        "services/sync/tests/test_queries.py::test_a_receipt_of_which_rows_may_be_gone_is_refused_as_a_whole",
    ),
    Mutant(
        "what is counted by its ids keeps them",
        "shared/operations/pruning.py",
        "            if settled.leaves_id:",
        "            if False:",
        "tests/operators/test_retention.py::test_what_is_counted_by_its_ids_is_emptied_and_stays",
    ),
)
