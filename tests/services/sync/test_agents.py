"""The agents of a city: registered, shown and taken away by its operators alone."""

import base64
from typing import Any

import httpx2
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.sync.agent.signing import public_key
from shared.access.checking import Caller
from shared.events.accounts import Role
from shared.values.jurisdictions import Jurisdiction
from tests.door import Door
from tests.services.sync.pushing import opened, row, send

OPERATOR = Caller("operator", frozenset({(Role.CITY_OPERATOR, Jurisdiction.NANTONG)}))
NEIGHBOUR = Caller("neighbour", frozenset({(Role.CITY_OPERATOR, Jurisdiction.SUZHOU)}))


def new_agent(**changed: str) -> dict[str, str]:
    key = public_key(Ed25519PrivateKey.generate())
    return {"jurisdiction": "nantong", "name": "推送工具", "public_key": key, **changed}


async def registered(client: httpx2.AsyncClient) -> dict[str, Any]:
    answer = await send(client, "POST", "agents", json=new_agent())
    made: dict[str, Any] = answer.json()
    return made


async def test_a_key_is_registered_once_and_for_the_operators_own_city(at_the_door: Door) -> None:
    client, body = at_the_door(OPERATOR), new_agent()
    made = await send(client, "POST", "agents", json=body)
    assert made.status_code == 201
    assert set(made.json()) >= {"id", "key_id"}
    again = await send(client, "POST", "agents", json=body)
    assert (again.status_code, again.json()["code"]) == (409, "key_registered")
    elsewhere = await send(client, "POST", "agents", json=new_agent(jurisdiction="suzhou"))
    assert elsewhere.status_code == 403


async def test_a_key_belongs_to_one_city(at_the_door: Door) -> None:
    body = new_agent()
    made = await send(at_the_door(OPERATOR), "POST", "agents", json=body)
    assert made.status_code == 201
    unpadded_twin = body["public_key"][:-2] + chr(ord(body["public_key"][-2]) + 1) + "="
    for key in (body["public_key"], unpadded_twin):
        elsewhere = {**body, "jurisdiction": "suzhou", "public_key": key}
        taken = await send(at_the_door(NEIGHBOUR), "POST", "agents", json=elsewhere)
        assert (taken.status_code, taken.json()["code"]) == (409, "key_registered")


async def test_a_key_under_which_anybody_could_sign_is_refused(at_the_door: Door) -> None:
    weak = base64.b64encode(bytes([1, *bytes(31)])).decode()
    answer = await send(at_the_door(OPERATOR), "POST", "agents", json=new_agent(public_key=weak))
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "public_key")


async def test_the_location_of_a_new_agent_shows_it(at_the_door: Door) -> None:
    client = at_the_door(OPERATOR)
    made = await send(client, "POST", "agents", json=new_agent())
    shown = await client.get(f"http://sync{made.headers['location']}")
    assert (shown.status_code, shown.json()) == (200, made.json())
    assert shown.headers["etag"] == made.headers["etag"]


async def test_an_agent_is_not_there_for_another_city(at_the_door: Door) -> None:
    agent = await registered(at_the_door(OPERATOR))
    stranger = at_the_door(NEIGHBOUR)
    for answer in (
        await stranger.get(f"agents/{agent['id']}"),
        await send(stranger, "DELETE", f"agents/{agent['id']}"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_an_agent_that_was_taken_away_is_still_shown_as_such(at_the_door: Door) -> None:
    client = at_the_door(OPERATOR)
    agent = await registered(client)
    removed = await send(client, "DELETE", f"agents/{agent['id']}")
    assert removed.status_code == 200
    assert (await client.get(f"agents/{agent['id']}")).json()["removed_at"] is not None
    (listed,) = (await client.get("agents")).json()["items"]
    assert listed == removed.json()


async def test_agents_are_listed_page_by_page_in_the_order_of_their_registration(at_the_door: Door) -> None:
    client = at_the_door(OPERATOR)
    made = [(await registered(client))["id"] for _ in range(3)]
    first = (await client.get("agents", params={"limit": 2})).json()
    second = (await client.get("agents", params={"limit": 2, "cursor": first["next_cursor"]})).json()
    assert [each["id"] for each in [*first["items"], *second["items"]]] == made
    assert second["next_cursor"] is None
    assert (await client.get("agents", params={"limit": 101})).status_code == 422


async def test_a_batch_names_the_agent_that_pushed_it_and_no_person(at_the_door: Door) -> None:
    agent = await registered(at_the_door(OPERATOR))
    by_agent = Caller(agent_id=agent["id"], agent_jurisdiction=Jurisdiction.NANTONG)
    for caller in (by_agent, OPERATOR):
        await opened(at_the_door(caller), [row("A")])
    listed = (await at_the_door(OPERATOR).get("batches")).json()["items"]
    assert [(each["pushed_by"], each["pushed_by_name"]) for each in listed] == [
        ("operator", None),
        (agent["id"], "推送工具"),
    ]
