"""HTTP: parse → call → status code."""

from dataclasses import asdict, dataclass
from typing import Annotated

from fastapi import Depends, Path, Query, Response

from services.search.indexing.replica import ReplicaIndex
from services.search.querying import queries
from services.search.querying.criteria import (
    FARTHEST_M,
    LONGEST_QUERY,
    Criteria,
    Sort,
    check_sort,
    criteria_of,
)
from services.search.querying.finding import SearchRequest
from services.search.querying.views import DetailView, MapView, SearchView, SuggestionsView
from shared.http.binding import SEVERAL
from shared.http.paging import Cursor, Limit
from shared.http.routes import CallerOf, Router

_LONGEST_LIST = 500
Listed = Annotated[
    str | None,
    Query(max_length=_LONGEST_LIST, description="one or more values, separated by commas, or named again for each"),
    SEVERAL,
]
Words = Annotated[str | None, Query(max_length=LONGEST_QUERY, description="words, all of which must be met")]
BoundingBox = Annotated[str | None, Query(max_length=200, description="lon1,lat1,lon2,lat2: west, south, east, north")]
Centre = Annotated[str | None, Query(max_length=100, description="lon,lat")]
Radius = Annotated[float | None, Query(gt=0, le=FARTHEST_M, allow_inf_nan=False, description="metres around near")]
Zoom = Annotated[
    float | None,
    Query(
        ge=0,
        le=22,
        allow_inf_nan=False,
        description="no effect yet: clusters stay empty, each jurisdiction has one plain count",
    ),
]


@dataclass(frozen=True)
class CriteriaParameters:
    """The criteria of a search as they stand in an address."""

    q: Words = None
    type: Listed = None
    jurisdiction: Listed = None
    kind: Listed = None
    board: Listed = None
    list: Listed = None
    industry: Listed = None
    status: Listed = None
    tense: Listed = None
    bbox: BoundingBox = None
    near: Centre = None
    radius: Radius = None


def _criteria(given: Annotated[CriteriaParameters, Depends()]) -> Criteria:
    return criteria_of(asdict(given))


CriteriaOf = Annotated[Criteria, Depends(_criteria)]


def item_routes(index: ReplicaIndex) -> Router:
    """Searches, suggestions, the map and single items: what everybody may ask."""
    router = Router()

    @router.action("search.search", response_model=SearchView)
    async def search(
        _: CallerOf, criteria: CriteriaOf, sort: Sort = "relevance", limit: Limit = 20, cursor: Cursor = None
    ) -> SearchView:
        """Searches challenges and records; facets count what the other criteria leave."""
        check_sort(sort, criteria)
        return await queries.search(index, SearchRequest(criteria, sort, limit, cursor))

    @router.action("search.suggest", response_model=SuggestionsView)
    async def suggest(_: CallerOf, q: Annotated[str, Query(max_length=LONGEST_QUERY)] = "") -> SuggestionsView:
        """Completes what has been typed, by name, pinyin or initials."""
        return await queries.suggest(index, q)

    @router.action("search.map", response_model=MapView)
    async def on_the_map(_: CallerOf, bbox: BoundingBox = None, zoom: Zoom = None) -> MapView:
        """Counts items by jurisdiction for a map."""
        return await queries.on_the_map(index, criteria_of({"bbox": bbox}))

    @router.action("search.show-item", response_model=DetailView)
    async def show_item(_: CallerOf, item_id: Annotated[str, Path(max_length=300)], response: Response) -> DetailView:
        """Shows one item as search knows it."""
        item = await queries.item(index, item_id)
        response.headers["ETag"] = f'"{item.version}"'
        return item

    return router
