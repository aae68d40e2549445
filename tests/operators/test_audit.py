"""The audit trail on the run's database: a chain that any replica may append to and nobody may edit unseen."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import orjson
import pytest
import structlog

from deploy.local import keys
from shared.access.checking import Caller
from shared.events.accounts import Role
from shared.mongo import Collection, Database
from shared.operations.acts import Acts
from shared.operations.audit_heads import Signer, compare, log_head
from shared.operations.audit_routes import audit_routes
from shared.operations.audit_trail import AuditTrail, Entry, Wanted, hash_of
from shared.settings import Settings
from shared.tests.memory import MemoryCollection
from shared.values.jurisdictions import Jurisdiction
from tests.door import asking_as
from tests.operators.conftest import ALLIANCE, Operated, operator

BELOW = "/api/v1/ops/search/"
AUDITOR = Caller("auditor", frozenset({(Role.AUDITOR, None)}))
AT = datetime(2026, 11, 29, 8, 0, tzinfo=UTC)


def trail_in(database: Database) -> AuditTrail:
    return AuditTrail(database["audit"], database["audit_hints"])


def entry(number: int, actor: str = "operator", jurisdiction: str | None = None) -> Entry:
    return Entry(
        f"event/{number}", AT + timedelta(seconds=number), actor, "challenges.approve", "c1", "done", jurisdiction
    )


@pytest.fixture
async def trail(database: Database) -> AuditTrail:
    made = trail_in(database)
    await made.prepare()
    return made


async def test_replicas_that_append_at_once_make_one_chain_without_gaps(database: Database, trail: AuditTrail) -> None:
    replicas = [trail, trail_in(database), trail_in(database)]
    await asyncio.gather(*(replicas[number % 3].append(entry(number)) for number in range(90)))
    found = await trail.verify()
    assert (found.intact, found.entries) == (True, 90)
    sources = {each["source"] async for each in trail.oldest_first(Wanted())}
    assert sources == {f"event/{number}" for number in range(90)}


async def test_whoever_appends_alone_never_searches_for_the_end_again() -> None:
    entries = MemoryCollection("source")
    trail = AuditTrail(cast(Collection, entries), cast(Collection, MemoryCollection()))
    await trail.append(entry(0))
    searched = entries.queries
    for number in range(1, 20):
        await trail.append(entry(number))
    assert (len(entries.documents), entries.queries) == (20, searched)


async def test_the_same_source_appended_again_adds_nothing(database: Database, trail: AuditTrail) -> None:
    for replica in (trail, trail_in(database), trail):
        await replica.append(entry(1))
    assert (await trail.verify()).entries == 1


async def test_a_new_process_goes_on_at_the_end_of_a_long_chain(database: Database, trail: AuditTrail) -> None:
    for number in range(70):
        await trail.append(entry(number))
    fresh = trail_in(database)
    await fresh.append(entry(70))
    assert (await fresh.head()).seq == 71


@pytest.mark.parametrize(
    "field", ["actor", "action", "subject", "result", "at", "times", "previous_hash", "jurisdiction"]
)
async def test_an_entry_that_was_edited_breaks_the_chain(database: Database, trail: AuditTrail, field: str) -> None:
    for number in range(5):
        await trail.append(entry(number))
    edited = AT if field == "at" else 7 if field == "times" else "somebody else"
    await database["audit"].update_one({"_id": 3}, {"$set": {field: edited}})
    found = await trail.verify()
    assert (found.intact, found.broken_at) == (False, 3)


async def test_an_entry_that_was_edited_and_joined_to_the_next_breaks_the_chain(
    database: Database, trail: AuditTrail
) -> None:
    for number in range(5):
        await trail.append(entry(number))
    edited = {**(await database["audit"].find_one({"_id": 3}) or {}), "actor": "somebody else"}
    edited["hash"] = hash_of(edited)
    await database["audit"].replace_one({"_id": 3}, edited)
    await database["audit"].update_one({"_id": 4}, {"$set": {"previous_hash": edited["hash"]}})
    found = await trail.verify()
    assert (found.intact, found.broken_at) == (False, 4)


@pytest.mark.parametrize("removed", [1, 3, 5])
async def test_an_entry_that_was_removed_breaks_the_chain(database: Database, trail: AuditTrail, removed: int) -> None:
    for number in range(5):
        await trail.append(entry(number))
    await database["audit"].delete_one({"_id": removed})
    found = await trail.verify()
    assert (found.intact, found.broken_at) == (False, removed)


async def test_a_chain_that_was_built_anew_does_not_agree_with_the_signed_head(
    database: Database, trail: AuditTrail, tmp_path: Path
) -> None:
    keys.make_own(tmp_path)
    signer = Signer.from_folder(tmp_path)
    for number in range(3):
        await trail.append(entry(number))
    with structlog.testing.capture_logs() as logged:
        await log_head("challenges", trail, signer)
    lines = [orjson.dumps(each).decode() for each in logged]
    assert (await compare(lines, "challenges", trail, signer)).agree == 1

    await database["audit"].delete_many({})
    anew = AuditTrail(database["audit"], database["other_hints"])
    for number in range(3):
        await anew.append(entry(number, actor="nobody"))
    assert (await anew.verify()).intact
    assert (await compare(lines, "challenges", anew, signer)).differ == (3,)
    forged = [line.replace('"seq":3', '"seq":2') for line in lines]
    assert (await compare(forged, "challenges", anew, signer)).unsigned == 1


async def test_a_list_pages_backwards_and_keeps_to_its_filters(trail: AuditTrail) -> None:
    for number in range(10):
        await trail.append(entry(number, actor=f"person-{number % 2}", jurisdiction="suzhou" if number < 4 else None))
    page = await trail.newest(Wanted(), 4, None)
    assert [each["_id"] for each in page] == [10, 9, 8, 7]
    assert [each["_id"] for each in await trail.newest(Wanted(), 9, 7)] == [6, 5, 4, 3, 2, 1]
    assert [each["_id"] for each in await trail.newest(Wanted(actor="person-1"), 3, None)] == [10, 8, 6]
    assert [each["_id"] for each in await trail.newest(Wanted(cities={"suzhou"}), 9, None)] == [4, 3, 2, 1]
    since = AT + timedelta(seconds=8)
    assert [each["_id"] for each in await trail.newest(Wanted(since=since), 9, None)] == [10, 9]


async def test_equal_refusals_of_a_minute_are_one_entry_with_their_number(
    database: Database, trail: AuditTrail
) -> None:
    clock = [AT + timedelta(seconds=5)]
    acts = Acts(database["acts"], trail, lambda: clock[0])
    for _ in range(3):
        await acts.refused("operator", "challenges.open", "challenges/c1/open", "too_early", "suzhou")
    await acts.append_due()
    assert (await trail.head()).seq == 0
    clock[0] = AT + timedelta(minutes=1)
    assert await acts.append_due() == 1
    assert await acts.append_due() == 0
    (found,) = await trail.newest(Wanted(), 9, None)
    assert (found["result"], found["times"], found["actor"]) == ("refused:too_early", 3, "operator")


async def test_an_act_whose_process_was_killed_is_in_the_trail_with_an_unknown_outcome(
    database: Database, trail: AuditTrail
) -> None:
    clock = [AT]
    acts = Acts(database["acts"], trail, lambda: clock[0])
    ended = await acts.begin("m1", "alliance", "search.rebuild-read-model", "ops/search/read-models/items/rebuild")
    await acts.end(ended, "done")
    await acts.begin("m2", "alliance", "search.rebuild-read-model", "ops/search/read-models/items/rebuild")
    clock[0] += timedelta(minutes=2)
    await acts.append_due()
    assert [each["result"] for each in await trail.newest(Wanted(), 9, None)] == ["unknown", "done"]


async def test_the_door_records_refusals_of_a_right_and_what_operators_do(
    database: Database, trail: AuditTrail, operated: Operated
) -> None:
    clock = [AT]
    acts = Acts(database["acts"], trail, lambda: clock[0])
    suzhou = operator(Jurisdiction.SUZHOU)
    async with operated.seen_by(suzhou, recorder=acts) as client:
        assert (await client.post("read-models/items/rebuild", headers={"idempotency-key": "k1"})).status_code == 403
        assert (await client.get("dead-letters")).status_code == 200
    async with operated.seen_by(ALLIANCE, recorder=acts) as client:
        key = {"idempotency-key": "k2"}
        assert (await client.post("read-models/nothing/rebuild", headers=key)).status_code == 404
        assert (await client.post("read-models/items/rebuild", headers={"idempotency-key": "k3"})).status_code == 202
    clock[0] += timedelta(minutes=1)
    await acts.append_due()
    shown = [(each["actor"], each["result"], each["jurisdiction"]) async for each in trail.oldest_first(Wanted())]
    assert shown == [
        ("alliance", "refused:not_found", None),
        ("alliance", "done", None),
        ("operator-suzhou", "refused:forbidden", "suzhou"),
    ]


async def test_the_trail_is_listed_verified_and_exported(trail: AuditTrail, test_settings: Settings) -> None:
    for number in range(3):
        await trail.append(entry(number, actor="=cmd()" if number else "operator", jurisdiction="suzhou"))
    async with asking_as(AUDITOR, "search", test_settings, audit_routes("search", trail), below=BELOW) as client:
        first = (await client.get("audit", params={"limit": 2})).json()
        assert [each["seq"] for each in first["items"]] == [3, 2]
        rest = (await client.get("audit", params={"limit": 2, "cursor": first["next_cursor"]})).json()
        assert ([each["seq"] for each in rest["items"]], rest["next_cursor"]) == ([1], None)
        assert (await client.get("audit", params={"cursor": "bm90"})).status_code == 422
        assert (await client.get("audit/verify")).json()["intact"] is True
        exported = (await client.get("audit", params={"format": "csv", "from": "2026-11-29T08:00:01Z"})).text
        assert [line.split(",")[2] for line in exported.splitlines()] == ["操作者", "'=cmd()", "'=cmd()"]
    nanjing = operator(Jurisdiction.NANJING)
    async with asking_as(nanjing, "search", test_settings, audit_routes("search", trail), below=BELOW) as client:
        assert (await client.get("audit")).json()["items"] == []
        assert (await client.get("audit/verify")).status_code == 403
