"""The guards of services/search: saved searches."""

from tests.mutants.mutant import Mutant

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
        "a removed search is gone",
        "services/search/saved_searches/queries.py",
        "if found.state.removed:",
        "if False:",
        _SAVED_SEARCHES,
    ),
)
