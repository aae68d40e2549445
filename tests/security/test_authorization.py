"""Who may do what, at the door: every row of the access table, every kind of account, over real HTTP.

A request that got past the door is told apart by what comes next: an unknown query parameter is refused with 422 before
anything is looked up or done.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import httpx2
import pytest
from fastapi.routing import APIRoute

from shared.access.rules import Rule
from shared.access.table import RULES
from shared.http.routes import Route
from shared.runtime.service import Service
from shared.values.ids import new_id
from tests.client import Answer, Api
from tests.security.people import KINDS, Kind
from tests.security.requests import parameters, path
from tests.stack import Stack

_OUTSIDE_THE_TABLE = {"/healthz", "/readyz", "/readyz/requests", "/metrics", "/openapi.json"}
"""What a service answers to its own machine; the gateway passes none of it on (see the last test)."""

_VALUES = {"jurisdiction": "suzhou", "kind": "institution", "role": "reviewer", "number": "0", "name": "items"}
"""Parameters that are no ids."""


def routes_of(service: Service) -> list[APIRoute]:
    """All that a service serves, except to its own machine. AssertionError for anything that is not a route of the API."""
    served = [route for route in _flat(service.asgi().routes) if route.path not in _OUTSIDE_THE_TABLE]
    assert all(isinstance(route, APIRoute) for route in served), f"{service.name} serves something past the table"
    return served


def _flat(routes: Iterable[Any]) -> Iterator[Any]:
    """FastAPI keeps a router that was included as one entry."""
    for route in routes:
        if inner := getattr(route, "original_router", None):
            yield from _flat(inner.routes)
        else:
            yield route


def test_every_route_has_its_row_with_the_same_method_and_path_and_every_row_its_route(
    services: dict[str, Service],
) -> None:
    served = {
        (route.operation_id, method, route.path)
        for service in services.values()
        for route in routes_of(service)
        for method in route.methods or ()
    }
    rows = {(row.action, row.method, row.path) for row in RULES.values()}
    assert served == rows


def test_every_route_stands_behind_the_door(services: dict[str, Service]) -> None:
    doorless = [route.path for each in services.values() for route in routes_of(each) if not isinstance(route, Route)]
    assert doorless == []


def test_a_service_serves_the_rows_of_its_own_name_alone(services: dict[str, Service]) -> None:
    for service in services.values():
        assert {RULES[route.operation_id or ""].service for route in routes_of(service)} == {service.name}


def expected(rule: Rule, kind: Kind) -> tuple[int, str]:
    """What the door answers: in (an unknown query parameter is what is wrong), to log in first, or no."""
    if set(rule.allow) == {"wechat"}:
        return 403, "bad_signature"
    if kind.whos & set(rule.allow):
        return 422, "unknown_field"
    if not kind.account:
        return 401, "token_missing"
    needs_an_organization = set(rule.allow) == {"org_admin"}
    return 403, "organization_required" if needs_an_organization else "forbidden"


def knock(api: Api, rule: Rule, kind: Kind) -> Answer:
    values = {name: _VALUES.get(name, new_id()) for name in parameters(rule)}
    body: dict[str, Any] = {"json": {"Encrypt": "AAAA"}} if rule.method == "POST" else {}
    return kind.at(api).request(rule.method, path(rule, values), params={"no-such-parameter": "1"}, **body)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.title)
def test_the_door_lets_in_whom_the_table_names_and_nobody_else(api: Api, kind: Kind) -> None:
    answers = {action: knock(api, rule, kind) for action, rule in RULES.items()}
    wrong = {
        action: (answer.status, answer.code, answer.body)
        for action, answer in answers.items()
        if (answer.status, answer.code) != expected(RULES[action], kind)
    }
    assert wrong == {}


@pytest.mark.parametrize("path", sorted(_OUTSIDE_THE_TABLE - {"/healthz"}))
def test_the_gateway_passes_on_nothing_that_the_table_does_not_name(stack: Stack, path: str) -> None:
    addresses = {path, f"/api/v1{path}", f"/api/v1/accounts{path}", f"/api/v1/search{path}"}
    for address in sorted(addresses - {"/api/v1/openapi.json"}):  # the gateway's own answer, the contract
        assert httpx2.get(f"{stack.base_url}{address}", trust_env=False).status_code in (401, 404), address
