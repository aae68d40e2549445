"""The home page: the six boards, the open challenges and the eight jurisdictions."""

from datetime import date, datetime
from typing import Any

import tantivy

from services.search.domain.boards import BOARDS
from services.search.querying import clauses
from services.search.querying.counting import count, facets_of, sum_of
from services.search.querying.criteria import Criteria
from services.search.querying.overview import by_jurisdiction, newest
from shared.events.sync import Kind

_LATEST = 5
_CHALLENGES = Criteria(type=("challenge",))


def home(searcher: tantivy.Searcher, as_of: datetime | None, today: date) -> dict[str, Any]:
    """The six boards, the open challenges and the eight jurisdictions."""
    everything = clauses.all_of(clauses.filters(Criteria(), today))
    opened = clauses.all_of([*clauses.filters(_CHALLENGES, today), clauses.claimable()])
    kinds = {each["value"]: each["count"] for each in facets_of(searcher, everything, {"kind": len(Kind)})["kind"]}
    return {
        "boards": [
            {
                "board": board,
                "name": name,
                "count": sum(kinds.get(kind.value, 0) for kind in shown),
                "latest": newest(searcher, clauses.all_of(clauses.filters(Criteria(board=(board,)), today)), _LATEST),
            }
            for board, (name, shown) in BOARDS.items()
        ],
        "challenges": {
            "open": count(searcher, opened),
            "reward_fen": sum_of(searcher, opened, "reward_fen"),
            "latest": newest(searcher, opened, _LATEST),
        },
        "jurisdictions": by_jurisdiction(searcher, everything),
        "as_of": as_of,
    }
