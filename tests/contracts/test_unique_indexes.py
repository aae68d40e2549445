"""No unique index stands on a value that an update takes away.

The embedded database releases a value of a unique index when its document is removed, and never when an update changes or
unsets the field (docs/decisions/0030): whoever then wants the value gets a DuplicateKeyError for ever. What must become free
again belongs in a document of its own, which is removed, or in a name that is never used twice.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]

SAFE = {
    "shared/aggregates/aggregates.py: creation": "written with the document; every later write merges into it and leaves it",
    "shared/operations/audit_trail.py: source": "entries of a chain are never updated",
    "services/accounts/device_logins/store.py: device": "a login keeps its device code until it is removed",
    "services/accounts/organizations/store.py: state.credit_code": "whoever applies again does it under the same code",
    "services/accounts/people/store.py: state.openid_blind": "a person keeps the openid that they came with",
    "services/challenges/claiming/store.py: state.slot": "claimant and turn: after a withdrawal comes the next turn",
    "services/sync/intake/parts.py: attempts.mark": "only the keys of old attempts leave the array; nobody uses them again",
    "services/sync/intake/places.py: [('batch_id', 1), ('round', 1)]": "a place is its batch's; being done changes another field",
    "services/sync/intake/store.py: state.key_id": "an agent has one key; another key is another agent",
    "services/sync/intake/store.py: state.public_key": "an agent has one key; another key is another agent",
    "services/sync/objections/store.py: state.slot": "objector, record and turn: after an answer comes the next turn",
}
"""Why no update changes the field, by file and field."""


def _unique() -> Iterator[str]:
    for folder in ("services", "shared"):
        for file in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text())):
                if isinstance(node, ast.Call) and "index" in ast.unparse(node.func).lower() and _says_unique(node):
                    yield f"{file.relative_to(ROOT)}: {ast.literal_eval(node.args[0])}"


def _says_unique(call: ast.Call) -> bool:
    return any(each.arg == "unique" for each in call.keywords)


def test_every_unique_index_says_why_no_update_changes_its_field() -> None:
    assert sorted(_unique()) == sorted(SAFE)
