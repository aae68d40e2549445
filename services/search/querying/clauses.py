"""Plans and criteria as tantivy queries. Every clause has a constant score: what it weighs is decided in plan.py."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import tantivy
from tantivy import FieldType, Occur, Query

from services.search.domain.geo import Box, box_around, metres_between
from services.search.indexing.schema import CLAIMABLE, ITEM, SCHEMA
from services.search.querying.counting import count
from services.search.querying.criteria import Criteria
from services.search.querying.plan import Plan, Weight, least_met, most_telling, weight_of

Clause = tuple[Occur, Query]
_TITLE = 2
"""A token in the title counts so much more, on top of being there at all."""


class Words(NamedTuple):
    """The clauses of the words of a query: `met` finds the same as `ranked` and costs less where nothing is ranked."""

    met: Query
    ranked: Query


def strict(plan: Plan, weights: Sequence[Weight]) -> Words:
    """Finds items with every required token, ranked by all tokens that they have; an exact title comes first."""
    weighed = [(token, weight) for token, weight in zip(plan.scored, weights, strict=True) if weight]
    must: list[Clause] = [(Occur.Must, _term("anywhere", token, 0)) for token in plan.required]
    should = [clause for token, weight in weighed for clause in _counting(token, weight)]
    first = _term("exact", plan.exact, 2 * sum(weight for _, weight in weighed) + 4)
    met = Query.boolean_query(must) if must else Query.empty_query()
    return Words(met, Query.boolean_query([(Occur.Must, met), *should, (Occur.Should, first)]))


def near(plan: Plan, weights: Sequence[Weight], spoken: Sequence[Weight]) -> Words:
    """Finds items with every code and a part of the most telling tokens, or of their pinyin."""
    telling, heard = most_telling(plan.scored, weights), most_telling(plan.spoken, spoken)
    if not telling and not heard:
        return Words(Query.empty_query(), Query.empty_query())
    some = [(Occur.Should, _term("anywhere", token, weight)) for token, weight in telling]
    some += [(Occur.Should, _term("pinyin", token, weight)) for token, weight in heard]
    enough = Query.boolean_query(some, minimum_number_should_match=least_met(max(len(telling), len(heard))))
    codes = [(Occur.Must, _term("anywhere", code, 0)) for code in plan.codes]
    met = Query.boolean_query([(Occur.Must, enough), *codes])
    lifted = [(Occur.Should, _term("title", token, _TITLE * weight)) for token, weight in telling]
    return Words(met, Query.boolean_query([(Occur.Must, met), *lifted]))


def weights_of(searcher: tantivy.Searcher, field: str, tokens: Sequence[str]) -> list[Weight]:
    """The weight of each token in this field, from live documents alone: deleted ones linger differently on each replica."""
    having = [count(searcher, _any(field, [token])) for token in tokens]
    return [weight_of(searcher.num_docs, documents) for documents in having]


def filters(criteria: Criteria, today: date) -> list[Clause]:
    """The filters beside the words. Without any they still select only items, never the index's own documents, and of these
    what is current on this day of Shanghai's."""
    asked = {
        "type": criteria.type or (ITEM,),
        "jurisdiction": criteria.jurisdiction,
        "kind": criteria.kinds,
        "industry": criteria.industry,
        "status": criteria.status,
        "tense": criteria.tense,
    }
    clauses = [(Occur.Must, _any(field, sorted(values))) for field, values in asked.items() if values]
    if criteria.kinds is not None and not criteria.kinds:
        clauses.append((Occur.Must, Query.empty_query()))
    if criteria.box:
        clauses += inside(criteria.box)
    return [*clauses, current(today)]


def current(today: date) -> Clause:
    """Leaves out what was valid until an earlier day. Only items that end have that column: its cost goes by these."""
    return Occur.MustNot, Query.range_query(SCHEMA, "valid_until", FieldType.Integer, 0, today.toordinal() - 1)


def claimable() -> Clause:
    """Selects items that take claims, as their owner says."""
    return Occur.Must, _any("claimable", [CLAIMABLE])


def inside(box: Box) -> list[Clause]:
    """Selects items in a box."""
    return [
        (Occur.Must, _between("longitude", box.west, box.east)),
        (Occur.Must, _between("latitude", box.south, box.north)),
    ]


def within(searcher: tantivy.Searcher, query: Query, centre: tuple[float, float], metres: float) -> list[Clause]:
    """Selects items in a circle: its bounding box without the items that the query finds in the corners."""
    box = inside(box_around(centre, metres))
    corners = [
        each.tie
        for each in places(searcher, Query.boolean_query([(Occur.Must, query), *box]))
        if metres_between(centre, each.place) > metres
    ]
    outside = [(Occur.MustNot, Query.term_set_query(SCHEMA, "tie", corners))] if corners else []
    return [*box, *outside]


class Placed(NamedTuple):
    """A document with what tells it from others and where it lies."""

    address: tantivy.DocAddress
    tie: int
    place: tuple[float, float]


def places(searcher: tantivy.Searcher, query: Query) -> list[Placed]:
    """Every document of the query with its place; the query must select only documents that have one."""
    found = searcher.search(query, max(1, count(searcher, query)), count=False)
    addresses = [address for _, address in found.hits]
    columns = [searcher.fast_field_values(name, addresses) for name in ("tie", "longitude", "latitude")]
    return [
        Placed(address, int(tie or 0), (float(east or 0), float(north or 0)))
        for address, tie, east, north in zip(addresses, *columns, strict=True)
    ]


def all_of(clauses: Sequence[Clause]) -> Query:
    """One query of these clauses."""
    return Query.boolean_query(list(clauses))


def _counting(token: str, weight: Weight) -> list[Clause]:
    return [
        (Occur.Should, _term("anywhere", token, weight)),
        (Occur.Should, _term("title", token, _TITLE * weight)),
    ]


def _term(field: str, token: str, quarters: int) -> Query:
    return Query.const_score_query(Query.term_query(SCHEMA, field, token, "basic"), quarters / 4)


def _any(field: str, values: Sequence[str]) -> Query:
    if len(values) == 1:
        return Query.const_score_query(Query.term_query(SCHEMA, field, values[0], "basic"), 0.0)
    return Query.const_score_query(Query.term_set_query(SCHEMA, field, list(values)), 0.0)


def _between(field: str, low: float, high: float) -> Query:
    return Query.const_score_query(Query.range_query(SCHEMA, field, FieldType.Float, low, high), 0.0)
