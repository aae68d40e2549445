"""Suggestions: titles for the beginning of a word, before anything has been asked for."""

import re
from datetime import date
from typing import Any

import orjson
import tantivy
from tantivy import Occur, Query

from services.search.domain.text import LONGEST_OPENING, fold, runs, syllables
from services.search.indexing.item_index import shown_of
from services.search.indexing.schema import SCHEMA
from services.search.querying import clauses, ranking
from services.search.querying.plan import plan_of

_SUGGESTIONS = 10


def suggest(searcher: tantivy.Searcher, text: str, today: date) -> list[dict[str, Any]]:
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
    return _titles(searcher, Query.boolean_query(begun), today) or _titles(searcher, _near(searcher, text), today)


def _beginning(field: str, spelled: str, boost: float) -> Query:
    pattern = re.escape(spelled[:LONGEST_OPENING]) + ".*"
    return Query.const_score_query(Query.regex_query(SCHEMA, field, pattern), boost)


def _near(searcher: tantivy.Searcher, text: str) -> Query:
    plan = plan_of(text)
    weights = clauses.weights_of(searcher, "title", plan.scored)
    return clauses.near(plan, weights, clauses.weights_of(searcher, "pinyin", plan.spoken)).ranked


def _titles(searcher: tantivy.Searcher, query: Query, today: date) -> list[dict[str, Any]]:
    """The best titles of what is current, each once."""
    query = clauses.all_of([(Occur.Must, query), clauses.current(today)])
    found = ranking.by_score(searcher, query, 2 * _SUGGESTIONS, None, 0)
    unique: dict[str, dict[str, Any]] = {}
    for hit in found.hits:
        item = orjson.loads(shown_of(searcher, hit.address))["item"]
        unique.setdefault(item["title"], {"text": item["title"], "type": item["type"], "id": item["id"]})
    return list(unique.values())[:_SUGGESTIONS]
