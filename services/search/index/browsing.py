"""Suggestions, the map and the home page: what is shown to somebody who has not asked for anything yet."""

import re
from datetime import datetime
from typing import Any

import orjson
import tantivy
from tantivy import Occur, Order, Query

from services.search.domain.boards import BOARDS
from services.search.domain.criteria import Criteria
from services.search.domain.geo import WORLD
from services.search.domain.plan import plan_of
from services.search.domain.text import LONGEST_OPENING, fold, runs, syllables
from services.search.index import matching, ranking
from services.search.index.counting import count, facets_of, sum_of
from services.search.index.item_index import shown_of
from services.search.index.schema import SCHEMA
from shared.events.sync import Kind
from shared.values.jurisdictions import Jurisdiction

_LATEST = 5
_POINTS = 200
_SUGGESTIONS = 10
_OPEN = Criteria(type=("challenge",), status=("published",))


def suggest(searcher: tantivy.Searcher, text: str) -> list[dict[str, Any]]:
    """Up to ten titles that begin so, or have a word that does: in characters, pinyin or initials; failing that, near hits."""
    parts = list(runs(fold(text)))
    typed = "".join(part.text for part in parts)
    spoken = "".join("".join(syllables(part.text)) if part.han else part.text for part in parts)
    begun = [
        (Occur.Should, _beginning(field, spelled, boost))
        for spelled, best in ((typed, 4.0), (spoken, 2.0))
        for field, boost in (("opening", best), ("inside", best / 4))
        if len(spelled) > 1 or (spelled and field == "opening")
    ]
    return _titles(searcher, Query.boolean_query(begun)) or _titles(searcher, _near(searcher, text))


def on_the_map(searcher: tantivy.Searcher, criteria: Criteria) -> dict[str, Any]:
    """How many items each jurisdiction has (in the box, where there is one), and the newest that have a place as points."""
    clauses = matching.filters(criteria)
    located = matching.all_of([*clauses, *matching.inside(criteria.box or WORLD)])
    return {
        "clusters": [],
        "items": _newest(searcher, located, _POINTS),
        "by_jurisdiction": _by_jurisdiction(searcher, matching.all_of(clauses)),
    }


def home(searcher: tantivy.Searcher, as_of: datetime | None) -> dict[str, Any]:
    """The six boards, the open challenges and the eight jurisdictions."""
    everything, opened = matching.all_of(matching.filters(Criteria())), matching.all_of(matching.filters(_OPEN))
    kinds = {each["value"]: each["count"] for each in facets_of(searcher, everything, {"kind": len(Kind)})["kind"]}
    return {
        "boards": [
            {
                "board": board,
                "name": name,
                "count": sum(kinds.get(kind.value, 0) for kind in shown),
                "latest": _newest(searcher, matching.all_of(matching.filters(Criteria(board=(board,)))), _LATEST),
            }
            for board, (name, shown) in BOARDS.items()
        ],
        "challenges": {
            "open": count(searcher, opened),
            "reward_fen": sum_of(searcher, opened, "reward_fen"),
            "latest": _newest(searcher, opened, _LATEST),
        },
        "jurisdictions": _by_jurisdiction(searcher, everything),
        "as_of": as_of,
    }


def _beginning(field: str, spelled: str, boost: float) -> Query:
    pattern = re.escape(spelled[:LONGEST_OPENING]) + ".*"
    return Query.const_score_query(Query.regex_query(SCHEMA, field, pattern), boost)


def _near(searcher: tantivy.Searcher, text: str) -> Query:
    plan = plan_of(text)
    weights = matching.weights_of(searcher, "title", plan.scored)
    return matching.near(plan, weights, matching.weights_of(searcher, "pinyin", plan.spoken)).ranked


def _titles(searcher: tantivy.Searcher, query: Query) -> list[dict[str, Any]]:
    """The best titles, each once."""
    found = ranking.by_score(searcher, query, 2 * _SUGGESTIONS, None, 0)
    unique: dict[str, dict[str, Any]] = {}
    for hit in found.hits:
        item = orjson.loads(shown_of(searcher, hit.address))["item"]
        unique.setdefault(item["title"], {"text": item["title"], "type": item["type"], "id": item["id"]})
    return list(unique.values())[:_SUGGESTIONS]


def _newest(searcher: tantivy.Searcher, query: Query, limit: int) -> list[dict[str, Any]]:
    found = ranking.by_field(searcher, query, "newest", Order.Desc, limit, None, 0)
    return [orjson.loads(shown_of(searcher, hit.address))["item"] for hit in found.hits]


def _by_jurisdiction(searcher: tantivy.Searcher, query: Query) -> list[dict[str, Any]]:
    """All eight, in their official order, with what they have; the city's own platform where it is known."""
    found = facets_of(searcher, query, {"jurisdiction": len(Jurisdiction)})["jurisdiction"]
    counts = {each["value"]: each["count"] for each in found}
    return [
        {"jurisdiction": each.value, "name": each.chinese, "count": counts.get(each.value, 0), "portal_url": None}
        for each in Jurisdiction
    ]
