"""Counts over a query: totals, facets, sums. The order of equals is fixed, so that replicas answer alike."""

from collections.abc import Mapping
from typing import Any

import tantivy
from tantivy import Query

from shared.values.industries import Industries
from shared.values.jurisdictions import Jurisdiction
from shared.values.kinds import Kind
from shared.values.states import ChallengeStates

FACET_SIZES = {
    "jurisdiction": len(Jurisdiction),
    "kind": len(Kind),
    "industry": max(50, len(Industries)),
    "status": len(ChallengeStates),
}
"""The number of values of a facet that are listed, the most frequent first."""
_EVERY_VALUE = 60_000


def count(searcher: tantivy.Searcher, query: Query) -> int:
    """The number of documents of a query."""
    return int(searcher.search(query, 1).count)  # type: ignore[attr-defined]  # missing in tantivy's stub


def facets_of(searcher: tantivy.Searcher, query: Query, sizes: Mapping[str, int]) -> dict[str, list[dict[str, Any]]]:
    """For each field the most frequent values with their counts: `{value, count}`."""
    asked = {field: {"terms": {"field": field, "size": _EVERY_VALUE, "segment_size": _EVERY_VALUE}} for field in sizes}
    answered = searcher.aggregate(query, asked)
    return {field: _most(answered[field]["buckets"], size) for field, size in sizes.items()}


def _most(buckets: list[dict[str, Any]], size: int) -> list[dict[str, Any]]:
    found = [{"value": each["key"], "count": int(each["doc_count"])} for each in buckets]
    return sorted(found, key=lambda each: (-each["count"], each["value"]))[:size]


def sum_of(searcher: tantivy.Searcher, query: Query, field: str) -> int:
    """The sum of an integer column, exact up to 2^53."""
    total = searcher.aggregate(query, {"total": {"sum": {"field": field}}})["total"]["value"]
    return round(total or 0)
