"""The guards of shared/http: admission, keys of attempts, limits and request bodies."""

from tests.mutants.mutant import Mutant

GUARDS = (
    Mutant(
        "the door is shut for roles that the table does not name",
        "shared/http/door.py",
        "        admit(route.rule.action, caller)\n",
        "",
        "shared/tests/test_http.py::test_who_is_not_named_in_the_table_gets_no_further_than_the_door",
    ),
    Mutant(
        "a write wants its key",
        "shared/http/door.py",
        "            key_of(request)\n",
        "            pass\n",
        "shared/tests/test_http.py",
    ),
    Mutant(
        "one caller's requests are counted",
        "shared/http/door.py",
        "        self._admission.count(request, caller)\n",
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
