"""The map, and what it shares with the home page: the newest of a query, and a count per jurisdiction."""

from datetime import date
from typing import Any

import orjson
import tantivy
from tantivy import Order, Query

from services.search.domain.geo import WORLD
from services.search.indexing.item_index import shown_of
from services.search.querying import clauses, ranking
from services.search.querying.counting import facets_of
from services.search.querying.criteria import Criteria
from shared.values.jurisdictions import Jurisdiction

_POINTS = 200


def on_the_map(searcher: tantivy.Searcher, criteria: Criteria, today: date) -> dict[str, Any]:
    """The number of items of each jurisdiction (in the box, if one is given), and the newest items with a place as points."""
    filters = clauses.filters(criteria, today)
    located = clauses.all_of([*filters, *clauses.inside(criteria.box or WORLD)])
    return {
        "clusters": [],
        "items": newest(searcher, located, _POINTS),
        "by_jurisdiction": by_jurisdiction(searcher, clauses.all_of(filters)),
    }


def newest(searcher: tantivy.Searcher, query: Query, limit: int) -> list[dict[str, Any]]:
    found = ranking.by_field(searcher, query, "newest", Order.Desc, limit, None, 0)
    return [orjson.loads(shown_of(searcher, hit.address))["item"] for hit in found.hits]


def by_jurisdiction(searcher: tantivy.Searcher, query: Query) -> list[dict[str, Any]]:
    """All eight, in their official order, with what they have; the city's own platform where it is known."""
    found = facets_of(searcher, query, {"jurisdiction": len(Jurisdiction)})["jurisdiction"]
    counts = {each["value"]: each["count"] for each in found}
    return [
        {"jurisdiction": each.value, "name": each.chinese, "count": counts.get(each.value, 0), "portal_url": None}
        for each in Jurisdiction
    ]
