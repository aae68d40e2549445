"""HTTP: parse → call → status code."""

from dataclasses import asdict, dataclass
from typing import Annotated

from fastapi import Depends, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from services.search import commands, queries
from services.search.domain.criteria import (
    FARTHEST_M,
    LONGEST_QUERY,
    Criteria,
    SavedQuery,
    Sort,
    check_sort,
    criteria_of,
)
from services.search.domain.saved_search import Notify
from services.search.index.finding import SearchRequest
from services.search.index.replica import ReplicaIndex
from services.search.store import Store
from services.search.views import DetailView, HomeView, MapView, SearchView, SubscriptionView, SuggestionsView
from shared.http.paging import Cursor, Limit, Page
from shared.http.routes import AttemptOf, CallerOf, Router, with_version
from shared.projections.read_models import ReadModel
from shared.values.readable import LINE

_LONGEST_LIST = 500
Listed = Annotated[str | None, Query(max_length=_LONGEST_LIST, description="one or more values, separated by commas")]
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


class Subscription(BaseModel):
    """A search to be saved."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"name": "双极板", "query": {"q": "双极板 涂层"}, "notify": "at_once"}]},
    )

    name: Annotated[str, Field(strict=True, min_length=1, max_length=60), LINE]
    query: SavedQuery
    notify: Notify = "at_once"


def item_routes(index: ReplicaIndex, items: ReadModel) -> Router:
    """What everybody may ask."""
    router = Router()

    @router.action("search.search", response_model=SearchView)
    async def search(
        _: CallerOf, criteria: CriteriaOf, sort: Sort = "relevance", limit: Limit = 20, cursor: Cursor = None
    ) -> SearchView:
        check_sort(sort, criteria)
        return await queries.search(index, SearchRequest(criteria, sort, limit, cursor))

    @router.action("search.suggest", response_model=SuggestionsView)
    async def suggest(_: CallerOf, q: Annotated[str, Query(max_length=LONGEST_QUERY)] = "") -> SuggestionsView:
        return await queries.suggest(index, q)

    @router.action("search.map", response_model=MapView)
    async def on_the_map(_: CallerOf, bbox: BoundingBox = None, zoom: Zoom = None) -> MapView:
        return await queries.on_the_map(index, criteria_of({"bbox": bbox}))

    @router.action("search.home", response_model=HomeView)
    async def home(_: CallerOf) -> HomeView:
        return await queries.home(index)

    @router.action("search.show-item", response_model=DetailView)
    async def show_item(_: CallerOf, item_id: Annotated[str, Path(max_length=300)], response: Response) -> DetailView:
        item = await queries.item(items, item_id)
        response.headers["ETag"] = f'"{item.version}"'
        return item

    return router


def subscription_routes(store: Store) -> Router:
    """One's own saved searches."""
    router = Router()

    @router.action("search.save-search", response_model=SubscriptionView, status_code=201)
    async def save_search(
        caller: CallerOf, attempt: AttemptOf, wanted: Subscription, response: Response
    ) -> SubscriptionView:
        stored = await commands.save_search(store, caller, wanted.name, wanted.query, wanted.notify, attempt)
        with_version(response, stored)
        response.headers["Location"] = f"/api/v1/search/subscriptions/{stored.state.id}"
        return SubscriptionView.of(stored.state)

    @router.action("search.list-saved-searches", response_model=Page[SubscriptionView])
    async def list_saved_searches(caller: CallerOf, limit: Limit = 20, cursor: Cursor = None) -> Page[SubscriptionView]:
        return await queries.saved_searches(store, caller, limit, cursor)

    @router.action("search.show-saved-search", response_model=SubscriptionView)
    async def show_saved_search(caller: CallerOf, subscription_id: str, response: Response) -> SubscriptionView:
        stored = await queries.saved_search(store, caller, subscription_id)
        with_version(response, stored)
        return SubscriptionView.of(stored.state)

    @router.action("search.remove-saved-search", status_code=204)
    async def remove_saved_search(
        caller: CallerOf, attempt: AttemptOf, subscription_id: str, response: Response
    ) -> None:
        with_version(response, await commands.remove_search(store, caller, subscription_id, attempt))

    return router
