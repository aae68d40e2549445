"""Upcasters: from the payload of an older version to the payload of the version that follows it. Pure.

The log holds an aggregate's last event for ever, whatever its version, so an upcaster is never removed (decision 21).
Each function takes the decoded JSON of the older payload and answers that of the next version; it may change its argument.
"""

from typing import Any

Json = dict[str, Any]


def saved_search_hit_from_match(match: Json) -> Json:
    """`saved-search.matched.v1` knew challenges alone, and no kinds."""
    match["item"] |= {"kind": None}
    return match
