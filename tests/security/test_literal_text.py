"""What somebody looks for is literal text, whatever it looks like; a control shows that a pattern would have found something."""

import re

import pytest

from tests.client import Api, until
from tests.security.private_things import mark
from tests.stack import Stack

PLACES = ("search", "search/suggest")
PATTERNS = ["(a+)+$", ".*", "TITLE(0|.)*", '{"$ne":null}', "*:* NOT b", "title:*", "' OR 'x'='x' --"]
BROKEN_PATTERNS = ['"', "\\", "+" * 90]


@pytest.fixture(scope="module")
def control(api: Api, stack: Stack) -> tuple[str, str]:
    """(id, title) of a challenge that PATTERNS would find, and no word in them does; whoever answers can find it.

    A mark has no digit: letters of a pattern could be by chance those with which the title goes on.
    """
    title = f"{mark()}aaaa"
    challenge_id = api.publish(title)
    for name in ("search", "search-2"):
        replica = Api(stack.address(name))
        for where in PLACES:
            until(lambda replica=replica, where=where: challenge_id in _found(replica, where, title))  # type: ignore[misc]
        replica.close()
    return challenge_id, title


@pytest.mark.parametrize("pattern", [*PATTERNS, *BROKEN_PATTERNS])
def test_what_looks_like_a_pattern_is_literal_text(api: Api, control: tuple[str, str], pattern: str) -> None:
    """As one it would find the control or be an error; what has no words finds nothing at all."""
    challenge_id, title = control
    asked = pattern.replace("TITLE", title[:5])
    for where in PLACES:
        found = _found(api, where, asked)
        assert challenge_id not in found
        assert found == set() or re.search(r"\w", asked)


def _found(api: Api, where: str, text: str) -> set[str]:
    """The ids that are found for it; of a search the newest, where a control that was just made cannot be overlooked."""
    options = {"sort": "newest", "limit": 100} if where == "search" else {}
    return {item["id"] for item in api.visitor.get(where, params={"q": text, **options}).expect(200)["items"]}
