"""Dead letters over HTTP: who sees which, and settling one once however often it is asked for."""

import asyncio
import base64
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest
from aiokafka.errors import KafkaConnectionError
from pymongo.errors import AutoReconnect

from shared.events.dead_letters import DeadLetter
from shared.events.envelope import event
from shared.events.sync import Kind, RecordState
from shared.values.ids import new_id
from shared.values.jurisdictions import Jurisdiction
from shared.values.problems import UNAVAILABLE, Refusal
from tests.operators.conftest import ALLIANCE, GROUP, MEMBER, Operated, operator

NOON = datetime(2026, 11, 25, 4, 0, 0, 123_456, tzinfo=UTC)
SUZHOU, WUXI = Jurisdiction.SUZHOU, Jurisdiction.WUXI


async def parked(operated: Operated, number: int = 1, city: Jurisdiction = SUZHOU, **changes: Any) -> str:
    """A good record event that was parked by an older version; its letter's id."""
    state = RecordState(
        jurisdiction=city, kind=Kind.EQUIPMENT, source_id=str(number), title="设备", batch_id="b", updated_at=NOON
    )
    record = event("record.added", f"{city}/equipment/{number}", 1, NOON, state, jurisdiction=city)
    fields: dict[str, Any] = {
        "id": new_id(),
        "service": "search",
        "group": f"{GROUP}.g1",
        "topic": record.topic,
        "partition": 0,
        "offset": number,
        "event_id": record.id,
        "reason": "handler_failed",
        "error": "KeyError",
        "key": None,
        "value": base64.b64encode(record.value).decode(),
        "headers": tuple((name, value.decode()) for name, value in record.headers),
        "at": NOON + timedelta(seconds=number),
        **changes,
    }
    letter = DeadLetter(**fields)
    await operated.letters.keep([event("dead-letter.parked", letter.id, 1, letter.at, letter)])
    return letter.id


async def listed(client: httpx2.AsyncClient, **query: Any) -> list[Any]:
    """Every item, page by page."""
    items: list[Any] = []
    while True:
        page = (await client.get("dead-letters", params=query)).json()
        items += page["items"]
        if page["next_cursor"] is None:
            return items
        query["cursor"] = page["next_cursor"]


async def settle(
    client: httpx2.AsyncClient, letter_id: str, action: str, key: str, reason: str = ""
) -> httpx2.Response:
    path = f"dead-letters/{letter_id}/{action}"
    return await client.post(path, json={"reason": reason}, headers={"idempotency-key": key})


async def test_a_letter_has_the_fields_of_the_interface_and_times_in_milliseconds(operated: Operated) -> None:
    letter_id = await parked(operated)
    (shown,) = await listed(operated.seen_by(ALLIANCE))
    assert shown.keys() == {
        "id", "service", "group", "topic", "partition", "offset",
        "event_id", "reason", "error", "payload", "masked", "at", "status",
    }  # fmt: skip
    assert (shown["id"], shown["status"], shown["at"]) == (letter_id, "open", "2026-11-25T04:00:01.123Z")


async def test_a_city_lists_its_own_letters_and_the_alliance_all_of_them(operated: Operated) -> None:
    own = [await parked(operated, number, SUZHOU) for number in (1, 3, 5)]
    theirs = [await parked(operated, number, WUXI) for number in (2, 4, 6)]
    nobodys = await parked(operated, 7, topic="huning.claims")
    assert {each["id"] for each in await listed(operated.seen_by(ALLIANCE), limit=2)} == {*own, *theirs, nobodys}
    for city, ids in ((SUZHOU, own), (WUXI, theirs), (Jurisdiction.PUTUO, [])):
        assert [each["id"] for each in await listed(operated.seen_by(operator(city)), limit=2)] == ids[::-1]
    assert (await operated.seen_by(MEMBER).get("dead-letters")).status_code == 403


async def test_a_citys_pages_and_cursors_tell_nothing_of_letters_between_its_own(operated: Operated) -> None:
    for number in range(1, 5):
        await parked(operated, number, SUZHOU)
    suzhou = operated.seen_by(operator(SUZHOU))
    query: dict[str, Any] = {"limit": 2}
    before = (await suzhou.get("dead-letters", params=query)).json()
    for number in range(10, 40):
        await parked(operated, number, WUXI)
        await parked(operated, number, SUZHOU, topic="huning.claims")
    assert (await suzhou.get("dead-letters", params=query)).json() == before
    rest = (await suzhou.get("dead-letters", params={**query, "cursor": before["next_cursor"]})).json()
    assert (len(rest["items"]), rest["next_cursor"]) == (2, None)


async def test_a_letter_is_settled_by_the_alliance_alone(operated: Operated) -> None:
    letter_id = await parked(operated)
    for action in ("replay", "discard"):
        answer = await settle(operated.seen_by(operator(SUZHOU)), letter_id, action, "k")
        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    assert [each["status"] for each in await listed(operated.seen_by(ALLIANCE))] == ["open"]


@pytest.mark.parametrize(("action", "status"), [("replay", "replayed"), ("discard", "discarded")])
async def test_settling_again_under_the_same_key_answers_the_letter_and_does_nothing(
    operated: Operated, action: str, status: str
) -> None:
    letter_id, alliance = await parked(operated), operated.seen_by(ALLIANCE)
    first = await settle(alliance, letter_id, action, "k", "已修复")
    again = await settle(alliance, letter_id, action, "k", "已修复")
    assert (first.status_code, first.json()["status"], again.json()) == (200, status, first.json())
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert len(operated.handled) == (1 if action == "replay" else 0)


async def test_the_key_with_another_body_or_for_another_action_is_refused(operated: Operated) -> None:
    letter_id, alliance = await parked(operated), operated.seen_by(ALLIANCE)
    await settle(alliance, letter_id, "discard", "k", "测试")
    for action, reason in (("discard", "别的理由"), ("replay", "测试")):
        answer = await settle(alliance, letter_id, action, "k", reason)
        assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")
    assert operated.handled == []


async def test_another_key_finds_the_letter_settled(operated: Operated) -> None:
    letter_id, alliance = await parked(operated), operated.seen_by(ALLIANCE)
    await settle(alliance, letter_id, "discard", "k")
    answer = await settle(alliance, letter_id, "replay", "k2")
    assert (answer.status_code, answer.json()["code"]) == (409, "dead_letter_settled")
    assert operated.handled == []


async def test_a_replay_that_failed_is_tried_again_under_the_same_key(operated: Operated) -> None:
    letter_id, alliance = await parked(operated), operated.seen_by(ALLIANCE)
    operated.fault = KeyError("云台 10.0.0.7:27017")
    refused = await settle(alliance, letter_id, "replay", "k")
    assert (refused.status_code, refused.json()["code"]) == (409, "dead_letter_not_replayable")
    assert "处理程序出错" in refused.json()["detail"]
    assert not re.search("KeyError|10.0.0.7", refused.text), (
        "an error's words may be about hosts, or what the message holds"
    )
    operated.fault = None
    done = await settle(alliance, letter_id, "replay", "k")
    assert (done.status_code, done.json()["status"], len(operated.handled)) == (200, "replayed", 1)
    assert "idempotency-replayed" not in done.headers


@pytest.mark.parametrize(
    "fault", [AutoReconnect("10.0.0.7:27017: connection closed"), KafkaConnectionError(), Refusal(UNAVAILABLE)]
)
async def test_a_replay_while_the_surroundings_are_away_is_503_and_leaves_the_letter_open(
    operated: Operated, fault: Exception
) -> None:
    letter_id, alliance = await parked(operated), operated.seen_by(ALLIANCE)
    operated.fault = fault
    answer = await settle(alliance, letter_id, "replay", "k")
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert int(answer.headers["retry-after"]) > 0
    assert "10.0.0.7" not in answer.text
    assert [each["status"] for each in await listed(alliance)] == ["open"]
    operated.fault = None
    assert (await settle(alliance, letter_id, "replay", "k")).json()["status"] == "replayed"


async def test_a_replay_of_what_is_still_no_event_of_ours_says_why(operated: Operated) -> None:
    letter_id = await parked(operated, value=base64.b64encode(b"{").decode())
    answer = await settle(operated.seen_by(ALLIANCE), letter_id, "replay", "k")
    assert (answer.status_code, answer.json()["code"]) == (409, "dead_letter_not_replayable")
    assert "不是合法的 JSON" in answer.json()["detail"]


async def test_a_replayed_letter_whose_message_is_parked_again_is_open_again(operated: Operated) -> None:
    """What the replay of an index letter leads to shows only when a new generation reads the message from the log."""
    letter_id, alliance = await parked(operated, 1), operated.seen_by(ALLIANCE)
    await settle(alliance, letter_id, "replay", "k")
    for _ in range(2):
        await parked(operated, 2, id=letter_id, error="again")
        assert [(each["status"], each["error"]) for each in await listed(alliance)] == [("open", "again")]
    repeated = await settle(alliance, letter_id, "replay", "k")
    assert (repeated.json()["status"], repeated.headers["idempotency-replayed"]) == ("open", "true")
    assert (await settle(alliance, letter_id, "replay", "k2")).json()["status"] == "replayed"
    assert len(operated.handled) == 2


async def test_the_same_parking_heard_again_does_not_open_what_was_replayed(operated: Operated) -> None:
    letter_id, alliance = await parked(operated), operated.seen_by(ALLIANCE)
    await settle(alliance, letter_id, "replay", "k")
    await parked(operated, id=letter_id)
    assert [each["status"] for each in await listed(alliance)] == ["replayed"]


async def test_what_was_discarded_stays_so_when_its_message_is_parked_again(operated: Operated) -> None:
    letter_id, alliance = await parked(operated, 1), operated.seen_by(ALLIANCE)
    await settle(alliance, letter_id, "discard", "k")
    await parked(operated, 2, id=letter_id)
    assert [each["status"] for each in await listed(alliance)] == ["discarded"]


async def test_a_message_that_is_parked_again_while_it_is_replayed_stays_open(
    operated: Operated, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter_id, alliance = await parked(operated, 1), operated.seen_by(ALLIANCE)

    async def fails_elsewhere(_: object) -> None:
        await parked(operated, 2, id=letter_id)

    with monkeypatch.context() as patched:
        patched.setitem(operated.letters._handlers, GROUP, fails_elsewhere)
        answer = await settle(alliance, letter_id, "replay", "k")
    assert (answer.status_code, answer.json()["code"]) == (409, "dead_letter_not_replayable")
    assert [each["status"] for each in await listed(alliance)] == ["open"]


async def test_of_twenty_who_settle_at_once_one_does_and_its_key_alone_is_answered(operated: Operated) -> None:
    letter_id, alliance = await parked(operated), operated.seen_by(ALLIANCE)
    keys = [f"k{number % 5}" for number in range(20)]
    answers = await asyncio.gather(*(settle(alliance, letter_id, "discard", key) for key in keys))
    done = {key for key, answer in zip(keys, answers, strict=True) if answer.status_code == 200}
    assert len(done) == 1
    first = [each for each in answers if each.status_code == 200 and "idempotency-replayed" not in each.headers]
    assert len(first) == 1
    assert {each.json()["code"] for each in answers if each.status_code != 200} == {"dead_letter_settled"}


async def unmask(client: httpx2.AsyncClient, letter_id: str, reason: str = "核对来源") -> httpx2.Response:
    return await client.post(
        f"dead-letters/{letter_id}/unmask", json={"reason": reason}, headers={"idempotency-key": new_id()}
    )


async def test_a_message_is_read_by_those_who_say_why_and_it_is_remembered_who_did(operated: Operated) -> None:
    letter_id, suzhou = await parked(operated), operated.seen_by(operator(SUZHOU))
    (listed_one,) = await listed(suzhou)
    assert (listed_one["masked"], "设备" in listed_one["payload"]) == (True, False)
    shown = await unmask(suzhou, letter_id)
    assert (shown.status_code, shown.json()["masked"], "设备" in shown.json()["payload"]) == (200, False, True)
    assert [each["masked"] for each in await listed(suzhou)] == [True]
    assert (await unmask(suzhou, letter_id, "\u200b")).status_code == 422
    kept = await operated.letters.collection.find_one({"_id": letter_id})
    assert kept is not None
    assert [(each["by"], each["reason"]) for each in kept["unmasked"]] == [("operator-suzhou", "核对来源")]
    entries = await operated.items.database["audit"].find({}).to_list(10)
    assert [(each["actor"], each["action"], each["result"], each["jurisdiction"]) for each in entries] == [
        ("operator-suzhou", "search.unmask-dead-letter", "done:核对来源", "suzhou")
    ]
    assert letter_id in entries[0]["subject"]


async def test_another_citys_message_is_read_by_nobody_else(operated: Operated) -> None:
    theirs, nobodys = await parked(operated, 1, WUXI), await parked(operated, 2, topic="huning.claims")
    for letter_id in (theirs, nobodys, new_id()):
        answer = await unmask(operated.seen_by(operator(SUZHOU)), letter_id)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert (await unmask(operated.seen_by(ALLIANCE), nobodys)).status_code == 200
    assert (await unmask(operated.seen_by(MEMBER), theirs)).status_code == 403


async def replay_all(client: httpx2.AsyncClient, ids: list[str], key: str = "k") -> list[Any]:
    answer = await client.post("dead-letters/replay", json={"ids": ids}, headers={"idempotency-key": key})
    assert answer.status_code == 200, answer.text
    return [(each["id"], each["outcome"]) for each in answer.json()["items"]]


async def test_several_are_replayed_in_the_order_in_which_their_messages_came(operated: Operated) -> None:
    third, first, second = [await parked(operated, number, key="a") for number in (3, 1, 2)]
    alliance, missing = operated.seen_by(ALLIANCE), new_id()
    asked = [third, missing, first, second]
    done = [(third, "replayed"), (missing, "not_found"), (first, "replayed"), (second, "replayed")]
    assert await replay_all(alliance, asked) == done
    assert [each.subject for each in operated.handled] == [f"suzhou/equipment/{number}" for number in (1, 2, 3)]
    again = await alliance.post("dead-letters/replay", json={"ids": asked}, headers={"idempotency-key": "k"})
    assert [(each["id"], each["outcome"]) for each in again.json()["items"]] == done
    assert again.headers["idempotency-replayed"] == "true"
    assert len(operated.handled) == 3
    assert await replay_all(alliance, [first], "k2") == [(first, "settled")]


async def test_behind_one_that_fails_again_those_of_its_key_are_held_back_and_no_others(operated: Operated) -> None:
    bad = await parked(operated, 1, key="a", value=base64.b64encode(b"{").decode())
    behind, other = await parked(operated, 2, key="a"), await parked(operated, 3, key="b")
    alliance = operated.seen_by(ALLIANCE)
    assert await replay_all(alliance, [other, behind, bad]) == [
        (other, "replayed"),
        (behind, "held_back"),
        (bad, "failed"),
    ]
    assert {each["id"]: each["status"] for each in await listed(alliance)} == {
        bad: "open",
        behind: "open",
        other: "replayed",
    }


async def test_while_the_surroundings_are_away_several_are_left_open_and_go_on_later(operated: Operated) -> None:
    ids = [await parked(operated, number, key=str(number)) for number in (1, 2)]
    alliance, body = operated.seen_by(ALLIANCE), {"ids": ids}
    operated.fault = AutoReconnect("10.0.0.7:27017: connection closed")
    answer = await alliance.post("dead-letters/replay", json=body, headers={"idempotency-key": "k"})
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    operated.fault = None
    assert await replay_all(alliance, ids) == [(each, "replayed") for each in ids]
