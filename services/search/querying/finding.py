"""`GET search`: one page of what fits, with total, facets and highlights. A pure function of one searcher."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import orjson
import tantivy
from tantivy import Occur, Order, Query

from services.search.domain.geo import WORLD, metres_between
from services.search.indexing.item_index import address_of, has_ended, shown_of, state_of, version_of
from services.search.querying import clauses, ranking
from services.search.querying.clauses import Clause, Words
from services.search.querying.counting import FACET_SIZES, count, facets_of
from services.search.querying.criteria import Criteria, Sort
from services.search.querying.highlight import highlight
from services.search.querying.plan import Plan, Weight, plan_of
from services.search.querying.ranking import Found, Hit, Place
from shared.http.paging import bad_cursor, decode, encode


@dataclass(frozen=True)
class SearchRequest:
    """A search: what for, in which order, and which page."""

    criteria: Criteria
    sort: Sort = "relevance"
    limit: int = 20
    cursor: str | None = None

    @property
    def has_words(self) -> bool:
        return bool(self.criteria.q.strip())

    @property
    def digest(self) -> str:
        """Of everything but the page: a cursor works only for the search that it came from."""
        text = f"{self.sort} {self.criteria.model_dump_json()}"
        return hashlib.blake2b(text.encode(), digest_size=6).hexdigest()


@dataclass(frozen=True)
class _Start:
    """The start of a page: whether words are met exactly, their weights, the place before it, and the number of items before.

    The weights travel in the cursor, so that the ranking stays as it was on the first page while data changes.
    """

    exactly: bool
    weights: Sequence[Weight] = ()
    spoken: Sequence[Weight] = ()
    after: Place | None = None
    seen: int = 0


def find(searcher: tantivy.Searcher, request: SearchRequest, as_of: datetime | None, today: date) -> dict[str, Any]:
    """The answer of `GET search` on this day."""
    plan = plan_of(request.criteria.q)
    filters = _filters(searcher, request, today)
    start = _decoded(request, plan) if request.cursor is not None else _first(searcher, plan)
    words = _words(request, plan, start)
    total = count(searcher, _both(filters, words.met))
    if request.cursor is None and request.has_words and not total:
        start = replace(start, exactly=False, spoken=clauses.weights_of(searcher, "pinyin", plan.spoken))
        words = _words(request, plan, start)
        total = count(searcher, _both(filters, words.met))
    found = _ranked(searcher, _both(filters, words.ranked), request, start)
    return {
        "items": [_item(searcher, hit, request, plan) for hit in found.hits],
        "total": total,
        "facets": _facets(searcher, request, filters, words.met, today),
        "next_cursor": _encoded(request, start, found) if found.more else None,
        "as_of": as_of,
    }


def item(searcher: tantivy.Searcher, item_id: str, today: date) -> dict[str, Any] | None:
    """The item with this id, with everything that its owner said of it; None when there is none, or no longer."""
    address = address_of(searcher, item_id)
    state = state_of(searcher, address) if address else None
    if address is None or state is None or has_ended(searcher, address, today):
        return None
    shown = orjson.loads(shown_of(searcher, address))["item"]
    whole = {"challenge": None, "record": None, shown["type"]: orjson.loads(state)}
    return {**shown, "version": version_of(searcher, address), **whole}


def _facets(
    searcher: tantivy.Searcher, request: SearchRequest, filters: list[Clause], met: Query, today: date
) -> dict[str, Any]:
    """For each field over what the other criteria leave, so that a further value of the same field can be chosen."""
    facets = facets_of(searcher, _both(filters, met), FACET_SIZES)
    for field in FACET_SIZES:
        if getattr(request.criteria, field):
            others = replace(request, criteria=request.criteria.model_copy(update={field: ()}))
            facets |= facets_of(searcher, _both(_filters(searcher, others, today), met), {field: FACET_SIZES[field]})
    return facets


def _both(filters: list[Clause], words: Query) -> Query:
    return clauses.all_of([*filters, (Occur.Must, words)])


def _filters(searcher: tantivy.Searcher, request: SearchRequest, today: date) -> list[Clause]:
    criteria = request.criteria
    filters = clauses.filters(criteria, today)
    if criteria.near and criteria.radius is not None:
        filters += clauses.within(searcher, clauses.all_of(filters), criteria.near, criteria.radius)
    elif request.sort == "distance":
        filters += clauses.inside(WORLD)
    return filters


def _first(searcher: tantivy.Searcher, plan: Plan) -> _Start:
    """The first page, looking for exactly what has every word; only where there is nothing, for what comes near."""
    return _Start(exactly=True, weights=clauses.weights_of(searcher, "anywhere", plan.scored))


def _words(request: SearchRequest, plan: Plan, start: _Start) -> Words:
    if not request.has_words:
        return Words(Query.all_query(), Query.all_query())
    if start.exactly:
        return clauses.strict(plan, start.weights)
    return clauses.near(plan, start.weights, start.spoken)


def _ranked(searcher: tantivy.Searcher, query: Query, request: SearchRequest, start: _Start) -> Found:
    limit, after, seen = request.limit, start.after, start.seen
    if request.sort == "distance" and request.criteria.near:
        return ranking.by_distance(searcher, query, request.criteria.near, limit, after)
    if request.sort == "deadline":
        return ranking.by_field(searcher, query, "due", Order.Asc, limit, after, seen)
    if request.sort == "newest" or not request.has_words:
        return ranking.by_field(searcher, query, "newest", Order.Desc, limit, after, seen)
    return ranking.by_score(searcher, query, limit, after, seen)


def _item(searcher: tantivy.Searcher, hit: Hit, request: SearchRequest, plan: Plan) -> dict[str, Any]:
    stored = orjson.loads(shown_of(searcher, hit.address))
    item: dict[str, Any] = stored["item"]
    place, near = item["location"], request.criteria.near
    away = metres_between(near, (place["longitude"], place["latitude"])) if near and place else None
    scored = request.has_words and request.sort == "relevance"
    return {
        **item,
        "highlight": highlight((item["summary"], stored["body"], item["title"]), frozenset(plan.scored)),
        "distance_m": None if away is None else round(away),
        "score": round(-hit.place[0], 4) if scored else None,
    }


def _encoded(request: SearchRequest, start: _Start, found: Found) -> str:
    """Weights as one printable character each: they are below 90 for any index that fits a disk."""
    texts = ["".join(chr(35 + weight) for weight in weights) for weights in (start.weights, start.spoken)]
    return encode([request.digest, start.exactly, *texts, *found.hits[-1].place, start.seen + len(found.hits)])


def _decoded(request: SearchRequest, plan: Plan) -> _Start:
    match decode(request.cursor):
        case [request.digest, bool(exactly), str(weights), str(spoken), int() | float() as rank, int(tie), int(seen)]:
            start = _Start(
                exactly,
                [ord(each) - 35 for each in weights],
                [ord(each) - 35 for each in spoken],
                (rank, tie),
                min(max(seen, 0), _DEEPEST),
            )
            if len(start.weights) == len(plan.scored) and len(start.spoken) in (0, len(plan.spoken)):
                return start
    raise bad_cursor()


_DEEPEST = 1_000_000
"""Only where the fetching of a page starts: a forged cursor cannot ask for more at once."""
