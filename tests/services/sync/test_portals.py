"""A city's own platform: set by its operators or the alliance, shown to everybody, and nothing but a plain https address."""

from collections.abc import Sequence
from typing import Any

import pytest

from services.sync.routes import router
from services.sync.store import Store
from shared.access.checking import VISITOR, Caller
from shared.events.accounts import Role
from shared.settings import Settings
from shared.values.jurisdictions import Jurisdiction
from tests.door import Door, asking_as
from tests.services.sync.pushing import NANTONG, PERSONAL, SEALER, send

OPERATOR = Caller("operator", frozenset({(Role.CITY_OPERATOR, Jurisdiction.NANTONG)}))
NEIGHBOUR = Caller("neighbour", frozenset({(Role.CITY_OPERATOR, Jurisdiction.SUZHOU)}))
ALLIANCE = Caller("alliance", frozenset({(Role.ALLIANCE_OPERATOR, None)}))
OWN = "https://kjj.example.cn:8443/market?from=huning#top"


async def shown(at_the_door: Door, city: str = "nantong") -> str | None:
    items: Sequence[dict[str, Any]] = (await at_the_door(VISITOR).get("jurisdictions")).json()["items"]
    (own,) = (each["portal_url"] for each in items if each["jurisdiction"] == city)
    return str(own) if own else None


async def test_a_city_says_where_its_platform_is_and_takes_it_away_again(at_the_door: Door) -> None:
    assert await shown(at_the_door) is None
    for caller, address in ((OPERATOR, OWN), (ALLIANCE, "https://nantong.example.cn/"), (OPERATOR, None)):
        answer = await send(at_the_door(caller), "PUT", "portals/nantong", json={"portal_url": address})
        assert (answer.status_code, answer.json()["portal_url"]) == (200, address)
        assert await shown(at_the_door) == address
    assert await shown(at_the_door, "suzhou") is None


async def test_who_looked_at_an_older_address_is_told_so(at_the_door: Door) -> None:
    client = at_the_door(OPERATOR)
    first = await send(client, "PUT", "portals/nantong", json={"portal_url": OWN})
    stale = {"if-match": first.headers["etag"]}
    await send(client, "PUT", "portals/nantong", json={"portal_url": None})
    answer = await send(client, "PUT", "portals/nantong", json={"portal_url": OWN}, headers=stale)
    assert (answer.status_code, await shown(at_the_door)) == (412, None)


@pytest.mark.parametrize("caller", [NEIGHBOUR, NANTONG], ids=["another city's operator", "an agent"])
async def test_nobody_else_says_where_a_citys_platform_is(at_the_door: Door, caller: Caller) -> None:
    answer = await send(at_the_door(caller), "PUT", "portals/nantong", json={"portal_url": OWN})
    assert (answer.status_code, await shown(at_the_door)) == (403, None)


@pytest.mark.parametrize(
    "address",
    [
        *("", "http://kjj.example.cn/", "javascript:alert(1)", "//kjj.example.cn/", "https://", "https://localhost/"),
        *("https://kjj.example.cn@elsewhere.example/", "https://kjj.example.cn\\@elsewhere.example/", "kjj.example.cn"),
        *(
            "https://kjj.example.cn/ a",
            "https://kjj.example.cn/\n",
            "https://kjj.example.cn:port/",
            "https://科技局.中国/",
        ),
        *('https://kjj.example.cn/"><script>', "https://[::1", f"https://kjj.example.cn/{'a' * 500}"),
    ],
)
async def test_an_address_is_plain_https_with_a_host_and_nothing_that_reads_like_another(
    at_the_door: Door, address: str
) -> None:
    answer = await send(at_the_door(OPERATOR), "PUT", "portals/nantong", json={"portal_url": address})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "portal_url")
    assert await shown(at_the_door) is None


async def test_who_set_it_is_in_the_audit_trail(store: Store, test_settings: Settings) -> None:
    acts = _Acts()
    door = asking_as(
        OPERATOR, "sync", test_settings, router(store, PERSONAL, SEALER), below="/api/v1/sync/", recorder=acts
    )
    await send(door, "PUT", "portals/nantong", json={"portal_url": OWN})
    assert acts.told == [("operator", "sync.set-portal", "sync/portals/nantong", "nantong"), "done"]


class _Acts:
    """A recorder that keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[object] = []

    async def begin(self, mark: str, actor: str, action: str, subject: str, jurisdiction: str | None = None) -> str:
        self.told.append((actor, action, subject, jurisdiction))
        return mark

    async def end(self, act_id: str, result: str) -> None:
        self.told.append(result)

    async def refused(self, actor: str, action: str, subject: str, code: str, jurisdiction: str | None = None) -> None:
        self.told.append(code)
