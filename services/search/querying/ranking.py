"""One page of a ranking, by a total order: what ranks equal is parted by the item's own tie, so no page repeats or skips.

tantivy answers equals in the order of its segments, which differ between replicas; so a page is cut only where the rank
really changes, and the cursor is a rank and a tie, never a count.
"""

from collections.abc import Callable
from dataclasses import dataclass

import tantivy
from tantivy import Order, Query

from services.search.domain.geo import box_around, metres_between
from services.search.querying.clauses import all_of, inside, places

Rank = float
Place = tuple[Rank, int]
"""The place of a hit: rank and tie, ascending; a rank that counts downwards is negated."""


@dataclass(frozen=True)
class Hit:
    """A document at its place."""

    place: Place
    address: tantivy.DocAddress


@dataclass(frozen=True)
class Found:
    """One page and whether there is more behind it."""

    hits: list[Hit]
    more: bool


def by_score(searcher: tantivy.Searcher, query: Query, limit: int, after: Place | None, seen: int) -> Found:
    """The best first."""
    return _page(_scored(searcher, query), searcher.num_docs, limit, after, seen)


def by_field(
    searcher: tantivy.Searcher, query: Query, field: str, order: Order, limit: int, after: Place | None, seen: int
) -> Found:
    """By an integer column that every item has."""
    return _page(_ordered(searcher, query, field, order), searcher.num_docs, limit, after, seen)


def by_distance(
    searcher: tantivy.Searcher, query: Query, centre: tuple[float, float], limit: int, after: Place | None
) -> Found:
    """The nearest first, of what has a place: within a circle that grows until the page is full."""
    metres = max(500.0, after[0] if after else 0.0)
    while True:
        box = box_around(centre, metres)
        found = [
            Hit((round(metres_between(centre, each.place), 3), each.tie), each.address)
            for each in places(searcher, all_of([(tantivy.Occur.Must, query), *inside(box)]))
        ]
        everywhere = metres >= _AROUND_THE_WORLD_M
        hits = sorted(
            (hit for hit in found if (everywhere or hit.place[0] <= metres) and (after is None or hit.place > after)),
            key=lambda hit: hit.place,
        )
        if everywhere or len(hits) > limit:
            return Found(hits[:limit], len(hits) > limit)
        metres *= 2


_AROUND_THE_WORLD_M = 25_000_000
_SPARE = 8
"""Fetched beyond the page: one to see that there is more, and those that may rank alike at its end."""


def _page(fetch: Callable[[int], list[Hit]], documents: int, limit: int, after: Place | None, seen: int) -> Found:
    wanted = seen + limit + _SPARE
    while True:
        hits = fetch(wanted)
        exhausted = len(hits) < wanted or wanted >= documents
        if not exhausted:
            # Of those that rank as the last one there may be more than were fetched.
            last = max(hit.place[0] for hit in hits)
            hits = [hit for hit in hits if hit.place[0] < last]
        ahead = sorted((hit for hit in hits if after is None or hit.place > after), key=lambda hit: hit.place)
        if exhausted or len(ahead) > limit:
            return Found(ahead[:limit], len(ahead) > limit)
        wanted *= 2


def _scored(searcher: tantivy.Searcher, query: Query) -> Callable[[int], list[Hit]]:
    def fetch(wanted: int) -> list[Hit]:
        found = searcher.search(query, wanted, count=False, weight_by_field="prior").hits
        return _hits(searcher, [(-score, address) for score, address in found])

    return fetch


def _ordered(searcher: tantivy.Searcher, query: Query, field: str, order: Order) -> Callable[[int], list[Hit]]:
    def fetch(wanted: int) -> list[Hit]:
        found = searcher.search(query, wanted, count=False, order_by_field=field, order=order).hits
        return _hits(searcher, [(-rank if order is Order.Desc else rank, address) for rank, address in found])

    return fetch


def _hits(searcher: tantivy.Searcher, ranked: list[tuple[Rank, tantivy.DocAddress]]) -> list[Hit]:
    ties = searcher.fast_field_values("tie", [address for _, address in ranked])
    return [Hit((rank, int(tie or 0)), address) for (rank, address), tie in zip(ranked, ties, strict=True)]
