"""Upcasters: from the payload of an older version to the payload of the version that follows it. Pure.

The log holds an aggregate's last event for ever, whatever its version, so an upcaster is never removed (decision 21).
Each function takes the decoded JSON of the older payload and answers that of the next version; it may change its argument.
"""

from typing import Any

Json = dict[str, Any]


_PUBLIC_AT_FIRST = frozenset({"published", "closed"})


def challenge_v1(challenge: Json) -> Json:
    """`challenge.*.v1` did not say whether a challenge is public: its states of that time do, any other is not."""
    state = challenge.get("state")
    return challenge | {"public": state in _PUBLIC_AT_FIRST, "claimable": state == "published"}


def batch_v1(batch: Json) -> Json:
    """`batch.*.v1` always had a `seq`."""
    return batch


def saved_search_hit_from_match(match: Json) -> Json:
    """`saved-search.matched.v1` knew challenges alone, and no kinds."""
    match["item"] |= {"kind": None}
    return match
