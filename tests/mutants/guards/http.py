"""The guards of shared/http: admission, keys of attempts, limits and request bodies."""

from tests.mutants.mutant import Mutant

GUARDS = (
    Mutant(
        "the door is shut for roles that the table does not name",
        "shared/http/routes.py",
        "            admit(action, caller)\n",
        "",
        "shared/tests/test_http.py::test_who_is_not_named_in_the_table_gets_no_further_than_the_door",
    ),
    Mutant(
        "a write wants its key",
        "shared/http/routes.py",
        "if wants_key(row):",
        'if wants_key(row) and request.headers.get("idempotency-key"):',
        "shared/tests/test_http.py",
    ),
    Mutant(
        "one caller's requests are counted",
        "shared/http/routes.py",
        "            _limit(request, caller)\n",
        "",
        "shared/tests/test_http.py",
    ),
    Mutant(
        "JSON with a key twice is refused",
        "shared/http/json_body.py",
        "if len(value) != len(pairs):",
        "if False:",
        "shared/tests/test_json_body.py",
    ),
)
