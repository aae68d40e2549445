"""`GET search`: one page of what fits, with total, facets and highlights. A pure function of one searcher."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import orjson
import tantivy
from tantivy import Occur, Order, Query

from services.search import matching, ranking
from services.search.counting import FACET_SIZES, count, facets_of
from services.search.criteria import Criteria, Sort
from services.search.geo import WORLD, metres_between
from services.search.highlight import highlight
from services.search.index import shown_of
from services.search.matching import Clause, Words
from services.search.plan import Plan, Weight, plan_of
from services.search.ranking import Found, Hit, Place
from shared.paging import bad_cursor, decode, encode


@dataclass(frozen=True)
class Asked:
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
    """Where a page begins: how the words are met, what each weighs, after which place, and how many came before.

    The weights travel in the cursor, so that the ranking stays as it was on the first page while data changes.
    """

    exactly: bool
    weights: Sequence[Weight] = ()
    spoken: Sequence[Weight] = ()
    after: Place | None = None
    seen: int = 0


def find(searcher: tantivy.Searcher, asked: Asked, as_of: datetime | None) -> dict[str, Any]:
    """The answer of `GET search`."""
    plan = plan_of(asked.criteria.q)
    clauses = _filters(searcher, asked)
    start = _decoded(asked, plan) if asked.cursor is not None else _first(searcher, plan)
    words = _words(asked, plan, start)
    total = count(searcher, _both(clauses, words.met))
    if asked.cursor is None and asked.has_words and not total:
        start = replace(start, exactly=False, spoken=matching.weights_of(searcher, "pinyin", plan.spoken))
        words = _words(asked, plan, start)
        total = count(searcher, _both(clauses, words.met))
    found = _ranked(searcher, _both(clauses, words.ranked), asked, start)
    return {
        "items": [_item(searcher, hit, asked, plan) for hit in found.hits],
        "total": total,
        "facets": facets_of(searcher, _both(clauses, words.met), FACET_SIZES),
        "next_cursor": _encoded(asked, start, found) if found.more else None,
        "as_of": as_of,
    }


def _both(clauses: list[Clause], words: Query) -> Query:
    return matching.all_of([*clauses, (Occur.Must, words)])


def _filters(searcher: tantivy.Searcher, asked: Asked) -> list[Clause]:
    criteria = asked.criteria
    clauses = matching.filters(criteria)
    if criteria.near and criteria.radius is not None:
        clauses += matching.within(searcher, matching.all_of(clauses), criteria.near, criteria.radius)
    elif asked.sort == "distance":
        clauses += matching.inside(WORLD)
    return clauses


def _first(searcher: tantivy.Searcher, plan: Plan) -> _Start:
    """The first page, looking for exactly what has every word; only where there is nothing, for what comes near."""
    return _Start(exactly=True, weights=matching.weights_of(searcher, "anywhere", plan.scored))


def _words(asked: Asked, plan: Plan, start: _Start) -> Words:
    if not asked.has_words:
        return Words(Query.all_query(), Query.all_query())
    if start.exactly:
        return matching.strict(plan, start.weights)
    return matching.near(plan, start.weights, start.spoken)


def _ranked(searcher: tantivy.Searcher, query: Query, asked: Asked, start: _Start) -> Found:
    limit, after, seen = asked.limit, start.after, start.seen
    if asked.sort == "distance" and asked.criteria.near:
        return ranking.by_distance(searcher, query, asked.criteria.near, limit, after)
    if asked.sort == "deadline":
        return ranking.by_field(searcher, query, "due", Order.Asc, limit, after, seen)
    if asked.sort == "newest" or not asked.has_words:
        return ranking.by_field(searcher, query, "newest", Order.Desc, limit, after, seen)
    return ranking.by_score(searcher, query, limit, after, seen)


def _item(searcher: tantivy.Searcher, hit: Hit, asked: Asked, plan: Plan) -> dict[str, Any]:
    stored = orjson.loads(shown_of(searcher, hit.address))
    item: dict[str, Any] = stored["item"]
    place, near = item["location"], asked.criteria.near
    away = metres_between(near, (place["longitude"], place["latitude"])) if near and place else None
    scored = asked.has_words and asked.sort == "relevance"
    return {
        **item,
        "highlight": highlight((item["summary"], stored["body"], item["title"]), frozenset(plan.scored)),
        "distance_m": None if away is None else round(away),
        "score": round(-hit.place[0], 4) if scored else None,
    }


def _encoded(asked: Asked, start: _Start, found: Found) -> str:
    """Weights as one printable character each: they are below 90 for any index that fits a disk."""
    texts = ["".join(chr(35 + weight) for weight in weights) for weights in (start.weights, start.spoken)]
    return encode([asked.digest, start.exactly, *texts, *found.hits[-1].place, start.seen + len(found.hits)])


def _decoded(asked: Asked, plan: Plan) -> _Start:
    match decode(asked.cursor):
        case [asked.digest, bool(exactly), str(weights), str(spoken), int() | float() as rank, int(tie), int(seen)]:
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
