"""What stands in an address becomes the search that is asked for, and what may not stand there is refused."""

from typing import Any, cast

import httpx2
import pytest

from services.search.querying import queries, routes
from services.search.querying.criteria import Criteria
from services.search.querying.finding import SearchRequest
from services.search.querying.views import FacetsView, SearchView
from services.search.saved_searches import routes as saved_search_routes
from shared.access.checking import VISITOR, Caller
from shared.events.accounts import Role
from shared.http.door import create_app
from shared.settings import Settings

NOTHING = SearchView(
    items=[],
    total=0,
    facets=FacetsView(jurisdiction=[], kind=[], industry=[], status=[]),
    next_cursor=None,
    as_of=None,
)
GIVEN = {
    "q": "双极板",
    "type": "challenge,record",
    "jurisdiction": "suzhou, nanjing",
    "kind": "platform",
    "board": "resource",
    "list": "resources",
    "industry": "氢能",
    "status": "published",
    "tense": "present",
    "bbox": "120,31,121,32",
    "near": "120.5,31.5",
    "radius": "2000",
}


class Asked:
    """The routes, and the search that reached the index behind them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.request: SearchRequest | None = None
        monkeypatch.setattr(queries, "search", self._search)
        app = create_app("search", Settings(), self._visitor)
        app.include_router(routes.item_routes(cast(Any, None)))
        self.client = httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://search/api/v1/")

    async def _search(self, _: object, request: SearchRequest) -> SearchView:
        self.request = request
        return NOTHING

    async def _visitor(self, _: object) -> Caller:
        return VISITOR


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    return Asked(monkeypatch)


async def test_every_criterion_may_stand_in_an_address(asked: Asked) -> None:
    assert set(GIVEN) == set(Criteria.model_fields)
    paging = {"sort": "distance", "limit": "7", "cursor": "c"}
    assert (await asked.client.get("search", params={**GIVEN, **paging})).status_code == 200
    wanted = Criteria.model_validate({**GIVEN, "jurisdiction": ["suzhou", "nanjing"]})
    assert asked.request == SearchRequest(wanted, "distance", 7, "c")


async def test_an_address_without_parameters_asks_for_everything(asked: Asked) -> None:
    assert (await asked.client.get("search")).status_code == 200
    assert asked.request == SearchRequest(Criteria())


@pytest.mark.parametrize(
    ("query", "field", "code"),
    [
        ("unexpected=1", "unexpected", "unknown_field"),
        ("given=1", "given", "unknown_field"),
        ("status[$ne]=draft", "status[$ne]", "wrong_type"),
        ("status=unheard", "status[0]", "not_allowed"),
        ("kind=platform,nothing", "kind[1]", "not_allowed"),
        ("radius=-1&near=120,31", "radius", "too_small"),
        ("radius=nan&near=120,31", "radius", "bad_format"),
        ("radius=2000", "near", "missing"),
        ("sort=distance", "near", "missing"),
        ("sort=price", "sort", "not_allowed"),
        ("bbox=1,2,3", "bbox[3]", "missing"),
        ("bbox=121,31,120,32", "bbox", "box_reversed"),
        (f"q={'a' * 301}", "q", "too_long"),
        ("limit=0", "limit", "too_small"),
    ],
)
async def test_what_may_not_stand_in_an_address_is_named(asked: Asked, query: str, field: str, code: str) -> None:
    answer = await asked.client.get(f"search?{query}")
    assert answer.status_code == 422
    assert [(each["field"], each["code"]) for each in answer.json()["errors"]] == [(field, code)]
    assert asked.request is None


@pytest.fixture
def saving(monkeypatch: pytest.MonkeyPatch) -> httpx2.AsyncClient:
    """The routes of saved searches for a member, before a store that nothing may reach."""

    async def member(_: object) -> Caller:
        return Caller(user_id="m", grants=frozenset({(Role.MEMBER, None)}))

    app = create_app("search", Settings(), member)
    app.include_router(saved_search_routes.subscription_routes(cast(Any, None)))
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://search/api/v1/")


@pytest.mark.parametrize(
    ("wanted", "field", "code", "message"),
    [
        ({"query": {"kind": "xx"}}, "query.kind[0]", "not_allowed", "应为："),
        ({"query": {"bbox": "121,31,120,32"}}, "query.bbox", "box_reversed", "西、南、东、北"),
        ({"query": {"bbox": "a"}}, "query.bbox", "bad_numbers", "英文逗号"),
        ({"query": {"radius": 5}}, "query.near", "missing", "中心点"),
        ({"query": {"sort": "distance"}}, "query.near", "missing", "按距离排序"),
        ({"name": " ", "query": {}}, "name", "too_short", "至少 1 个字"),
        ({"name": "\u200b", "query": {}}, "name", "too_short", "至少 1 个字"),
        ([], "$", "wrong_type", "类型不正确"),
    ],
)
async def test_a_search_that_could_not_be_made_is_not_saved_either(
    saving: httpx2.AsyncClient, wanted: Any, field: str, code: str, message: str
) -> None:
    body = {"name": "订阅", **wanted} if isinstance(wanted, dict) else wanted
    answer = await saving.post("search/subscriptions", json=body, headers={"idempotency-key": "k"})
    assert answer.status_code == 422
    [error] = answer.json()["errors"]
    assert (error["field"], error["code"]) == (field, code)
    assert message in error["message"]
