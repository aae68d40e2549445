"""The guards of services/search: saved searches, and the index that one process writes and others read."""

from tests.mutants.mutant import Mutant

_REPLICA = "services/search/tests/test_replica.py"
_VALIDITY = "services/search/tests/test_validity.py"
_ANSWERS = "services/search/tests/test_answers.py"
_SAVED_SEARCHES = "tests/services/search/test_saved_searches.py"

GUARDS = (
    Mutant(
        "a saved search is its owner's alone",
        "services/search/saved_searches/queries.py",
        'check("search.show-saved-search", caller, Facts(owner_id=found.state.user_id))',
        "pass",
        _SAVED_SEARCHES,
    ),
    Mutant(
        "a saved search is edited by its owner alone",
        "services/search/saved_searches/commands.py",
        'check("search.edit-saved-search", caller, Facts(owner_id=saved.user_id))',
        "pass",
        _SAVED_SEARCHES,
    ),
    Mutant(
        "a saved search that was removed is not edited",
        "services/search/saved_searches/rules.py",
        """    if saved.removed:
        raise Refusal(NOT_FOUND)
    given""",
        "    given",
        _SAVED_SEARCHES,
    ),
    Mutant(
        "what came before another query was asked is no news",
        "services/search/saved_searches/rules.py",
        'given["asks_since"] = at',
        "pass",
        _SAVED_SEARCHES,
    ),
    Mutant(
        "a removed search is gone",
        "services/search/saved_searches/queries.py",
        "if found.state.removed:",
        "if False:",
        _SAVED_SEARCHES,
    ),
    Mutant(
        "a search finds nothing that has ended",
        "services/search/querying/clauses.py",
        "return [*clauses, current(today)]",
        "return clauses",
        _VALIDITY,
    ),
    Mutant(
        "nothing that has ended is suggested",
        "services/search/querying/suggesting.py",
        "query = clauses.all_of([(Occur.Must, query), clauses.current(today)])",
        "pass",
        _VALIDITY,
    ),
    Mutant(
        "nothing that has ended is shown by its id",
        "services/search/querying/finding.py",
        " or has_ended(searcher, address, today)",
        "",
        _VALIDITY,
    ),
    Mutant(
        "saved searches do not tell of what has ended",
        "services/search/saved_searches/consumers.py",
        " or not item.is_current(day_of(event.time))",
        "",
        _VALIDITY,
    ),
    Mutant(
        "records wait while challenges are taken",
        "services/search/indexing/feed.py",
        "await self._records_may_go.wait()",
        "pass",
        f"{_REPLICA}::test_records_wait_while_challenges_do",
    ),
    Mutant(
        "a challenge waits for no pause after records",
        "services/search/indexing/pacing.py",
        "self._urgent.set()",
        "pass",
        "services/search/tests/test_pacing.py",
    ),
    Mutant(
        "an index that is not complete answers nobody",
        "services/search/indexing/replica.py",
        """    if snapshot.position.complete:
        opened.snapshot = snapshot""",
        "    opened.snapshot = snapshot",
        f"{_REPLICA}::test_what_is_not_complete_yet_answers_nobody_even_where_a_complete_index_was",
    ),
    Mutant(
        "one process writes the folder",
        "services/search/indexing/folder.py",
        "yield False",
        "yield True",
        f"{_REPLICA}::test_a_second_indexing_process_waits_for_the_folder",
    ),
    Mutant(
        "what no event is gets parked by the feed",
        "services/search/indexing/feed.py",
        "failed.append((record, bad.reason, str(bad)))",
        "pass",
        f"{_REPLICA}::test_what_is_no_event_and_what_cannot_be_indexed_is_parked",
    ),
    Mutant(
        "an answer is of the commit that it is asked of",
        "services/search/indexing/answers.py",
        "return self.commit is commit or not self.answer.done() or age < _SHARE * self.seconds",
        "return True",
        _ANSWERS,
    ),
    Mutant(
        "what its owner does not call public is no item",
        "services/search/domain/items.py",
        "if event.data.public else Gone(event.data.id)",
        "if event.data.state != 'draft' else Gone(event.data.id)",
        "services/search/tests/test_items.py",
    ),
    Mutant(
        "a far smaller index waits",
        "services/search/indexing/indexer.py",
        "return Waits.FAR_SMALLER if is_far_smaller(built.index.searcher().num_docs, serving) else None",
        "return None",
        f"{_REPLICA}::test_a_far_smaller_index_waits_for_a_persons_word_even_after_a_start",
    ),
    Mutant(
        "what served last serves after a start",
        "services/search/indexing/indexer.py",
        "for path in sorted(kept, key=lambda each: each.name != state.serving):",
        "for path in kept:",
        f"{_REPLICA}::test_a_far_smaller_index_waits_for_a_persons_word_even_after_a_start",
    ),
    Mutant(
        "an index from a log that is not whole answers nobody",
        "services/search/indexing/indexer.py",
        "if built.whole_up_to is None or not built.feed.shows(built.whole_up_to):",
        "if False:",
        f"{_REPLICA}::test_an_index_from_a_log_that_is_not_whole_answers_nobody_until_it_is",
    ),
    Mutant(
        "a position is about one log",
        "services/search/indexing/feed.py",
        "self.index.position.offsets if self.index.position.log == log_id else {}",
        "self.index.position.offsets",
        f"{_REPLICA}::test_a_wiped_broker_is_read_from_its_beginning_although_it_has_grown_past_the_position",
    ),
)
