"""notifications over HTTP, in the shapes of the public API."""

import json
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from services.notifications.inbox.domain import InboxItem, Link
from services.notifications.sending import delivery as rules
from services.notifications.sending.gate import Doubt
from services.notifications.subjects.templates import TEMPLATES
from services.notifications.tests import builders
from shared.access.checking import Caller
from shared.events.accounts import Role
from shared.projections.read_models import projection
from shared.secrets import openid_context
from shared.values.clock import now
from shared.values.ids import new_id
from shared.values.jurisdictions import Jurisdiction
from shared.wechat.crypto import Envelope, signature
from tests.services.notifications.conftest import AES_KEY, APPID, PERSONAL, TOKEN, Stores

AtTheDoor = Callable[[Caller], httpx2.AsyncClient]
ME, SOMEBODY, VISITOR = Caller(user_id="me"), Caller(user_id="somebody"), Caller()
REPLAYED = "idempotency-replayed"
OPERATOR = Caller("operator", frozenset({(Role.ALLIANCE_OPERATOR, None)}))


def _operator(city: Jurisdiction) -> Caller:
    return Caller(f"operator-{city}", frozenset({(Role.CITY_OPERATOR, city)}))


def _key() -> dict[str, str]:
    return {"idempotency-key": new_id()}


async def _told(stores: Stores, number: int, user_id: str = "me") -> str:
    event_id = f"challenge-1/{number}"
    item = InboxItem(
        event_id=event_id,
        event="challenge.published",
        message="challenge-published",
        title=f"第{number}条",
        body="榜单已发布",
        link=Link(type="challenge", id="challenge-1"),
        created_at=now() - timedelta(minutes=30 - number),
    )
    assert await stores.inbox.append(user_id, item) == item
    return stores.inbox.lists.name_id(user_id, event_id)


async def test_the_inbox_shows_the_newest_first_page_by_page_while_new_items_come(
    stores: Stores, at_the_door: AtTheDoor
) -> None:
    for number in range(5):
        await _told(stores, number)
    await _told(stores, 9, "somebody")
    me = at_the_door(ME)
    first = (await me.get("inbox", params={"limit": 3})).json()
    await _told(stores, 6)
    second = (await me.get("inbox", params={"limit": 3, "cursor": first["next_cursor"]})).json()
    assert [each["title"] for each in first["items"] + second["items"]] == [f"第{n}条" for n in (4, 3, 2, 1, 0)]
    assert (first["unread"], second["unread"], second["next_cursor"]) == (5, 6, None)
    assert set(first["items"][0]) == {"id", "event", "title", "body", "link", "created_at", "read_at"}


async def test_reading_takes_items_out_of_the_unread_ones(stores: Stores, at_the_door: AtTheDoor) -> None:
    ids = [await _told(stores, number) for number in range(3)]
    me = at_the_door(ME)
    read = await me.post(f"{ids[1]}/read", headers=_key())
    assert read.json()["read_at"] is not None
    left = (await me.get("inbox", params={"unread": "true"})).json()
    assert [each["id"] for each in left["items"]] == [ids[2], ids[0]]
    assert left["unread"] == 2
    assert (await me.post("read-all", headers=_key())).json() == {"unread": 0}
    assert (await me.get("inbox", params={"unread": "true"})).json()["items"] == []


async def test_an_item_is_read_once_and_a_repeat_says_so(stores: Stores, at_the_door: AtTheDoor) -> None:
    me, item, key = at_the_door(ME), await _told(stores, 1), _key()
    first = await me.post(f"{item}/read", headers=key)
    other = await me.post(f"{item}/read", headers=_key())
    again = await me.post(f"{item}/read", headers=key)
    assert [REPLAYED in each.headers for each in (first, other, again)] == [False, False, True]
    assert first.json() == other.json() == again.json()
    another_body = await me.post(f"{item}/read", json={}, headers=key)
    assert (another_body.status_code, another_body.json()["code"]) == (422, "idempotency_key_reused")


async def test_a_late_repeat_of_reading_everything_reads_nothing_that_came_since(
    stores: Stores, at_the_door: AtTheDoor
) -> None:
    me, key = at_the_door(ME), _key()
    await _told(stores, 1)
    first = await me.post("read-all", headers=key)
    since = await _told(stores, 30)
    again = await me.post("read-all", headers=key)
    assert [(each.json(), REPLAYED in each.headers) for each in (first, again)] == [
        ({"unread": 0}, False),
        ({"unread": 1}, True),
    ]
    assert [each["id"] for each in (await me.get("inbox", params={"unread": "true"})).json()["items"]] == [since]
    another_body = await me.post("read-all", json={}, headers=key)
    assert (another_body.status_code, another_body.json()["code"]) == (422, "idempotency_key_reused")


@pytest.mark.parametrize("path", ["read-all", "some-item/read"])
@pytest.mark.parametrize(
    ("content", "status", "code"), [(b"{", 400, "bad_json"), (b'{"up_to": 1}', 422, "unknown_field")]
)
async def test_an_action_without_words_takes_an_empty_body_and_no_other(
    at_the_door: AtTheDoor, path: str, content: bytes, status: int, code: str
) -> None:
    headers = {**_key(), "content-type": "application/json"}
    answer = await at_the_door(ME).post(path, content=content, headers=headers)
    assert answer.status_code == status
    assert code in (answer.json()["code"], *(each["code"] for each in answer.json().get("errors", ())))


async def test_somebody_elses_item_is_as_absent_as_one_that_never_was(stores: Stores, at_the_door: AtTheDoor) -> None:
    theirs = await _told(stores, 1, "somebody")
    answers = [(await at_the_door(ME).post(f"{each}/read", headers=_key())).json() for each in (theirs, new_id())]
    assert [each["code"] for each in answers] == ["not_found", "not_found"]
    assert answers[0]["detail"] == answers[1]["detail"]


async def test_preferences_are_what_was_put_and_before_that_the_default(at_the_door: AtTheDoor) -> None:
    me = at_the_door(ME)
    assert (await me.get("preferences")).json()["quiet_hours"] == {"from": "22:00", "to": "08:00"}
    wanted = {"channels": {"claim": ["inbox"]}, "quiet_hours": {"from": "21:30", "to": "07:00"}, "digest": "off"}
    put = await me.put("preferences", json=wanted, headers=_key())
    assert put.status_code == 200, put.text
    assert REPLAYED not in put.headers
    now_set = (await me.get("preferences")).json()
    assert now_set["channels"]["claim"] == ["inbox"]
    assert now_set["channels"]["challenge"] == ["inbox", "wechat"]
    assert (now_set["quiet_hours"], now_set["digest"]) == (wanted["quiet_hours"], "off")
    assert (await at_the_door(SOMEBODY).get("preferences")).json()["digest"] == "daily"


async def test_preferences_that_moved_on_since_they_were_seen_are_not_replaced(at_the_door: AtTheDoor) -> None:
    me = at_the_door(ME)
    body: dict[str, Any] = {"channels": {}, "quiet_hours": None, "digest": "off"}
    seen = (await me.get("preferences")).headers["etag"]
    first = await me.put("preferences", json=body, headers={**_key(), "if-match": seen})
    assert (first.status_code, REPLAYED in first.headers) == (200, False)
    late = await me.put("preferences", json=body, headers={**_key(), "if-match": seen})
    assert (late.status_code, late.json()["code"]) == (412, "version_conflict")
    assert (await me.get("preferences")).headers["etag"] == first.headers["etag"]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"quiet_hours": {"from": "25:00", "to": "07:00"}}, "bad_format"),
        ({"quiet_hours": {"from": {"$ne": None}, "to": "07:00"}}, "wrong_type"),
        ({"digest": "hourly"}, "not_allowed"),
        ({"surprise": 1}, "unknown_field"),
    ],
)
async def test_preferences_that_mean_nothing_are_refused(
    at_the_door: AtTheDoor, changed: dict[str, Any], code: str
) -> None:
    body = {"channels": {}, "quiet_hours": None, "digest": "off", **changed}
    answer = await at_the_door(ME).put("preferences", json=body, headers=_key())
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, code)


async def test_consents_count_once_per_key(at_the_door: AtTheDoor) -> None:
    me, key = at_the_door(ME), _key()
    body = {"results": {"T-new_challenge": "accept", "T-claim_receipt": "reject"}}
    for repeated in (False, True, True):
        answer = await me.post("consents", json=body, headers=key)
        assert answer.json() == {"credits": {"T-new_challenge": 1, "T-claim_receipt": 0}}
        assert (REPLAYED in answer.headers) is repeated
    second = await me.post("consents", json=body, headers=_key())
    assert (second.json()["credits"]["T-new_challenge"], REPLAYED in second.headers) == (2, False)
    for results in ({"T-new_challenge": "reject"}, {"T-claim_count": "accept"}):
        other = await me.post("consents", json={"results": results}, headers=key)
        assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


async def test_templates_are_open_to_everybody_and_say_what_they_are_for(at_the_door: AtTheDoor) -> None:
    items = (await at_the_door(VISITOR).get("templates")).json()["items"]
    found = next(each for each in items if each["template_id"] == "T-new_challenge")
    assert found == {
        "template_id": "T-new_challenge",
        "title": "新榜单发布提醒",
        "kind": "one_time",
        "events": ["saved-search.hit"],
    }


async def test_templates_come_page_by_page(at_the_door: AtTheDoor) -> None:
    visitor, found, cursor = at_the_door(VISITOR), list[str](), None
    for _ in range(len(TEMPLATES)):
        page = (await visitor.get("templates", params={"limit": 4, **({"cursor": cursor} if cursor else {})})).json()
        assert len(page["items"]) <= 4
        found += [each["template_id"] for each in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert sorted(found) == sorted(f"T-{name}" for name in TEMPLATES)
    assert (await visitor.get("templates", params={"cursor": "?"})).json()["errors"][0]["code"] == "bad_cursor"


async def test_operators_see_deliveries_masked_and_none_about_a_sealed_claim(
    stores: Stores, at_the_door: AtTheDoor
) -> None:
    for number in range(4):
        row = builders.delivery(event_id=f"challenge-1/{number}", created_at=builders.NOON + timedelta(minutes=number))
        await stores.ledger.rows.create(rules.queue(row))
    sealed = builders.delivery(event_id="claim-1/2", template="claim_receipt", sealed=True)
    await stores.ledger.rows.create(rules.queue(sealed))
    operator = at_the_door(OPERATOR)
    first = (await operator.get("deliveries", params={"limit": 3, "status": "pending"})).json()
    rest = (await operator.get("deliveries", params={"cursor": first["next_cursor"], "status": "pending"})).json()
    shown = first["items"] + rest["items"]
    assert [each["event_id"] for each in shown] == [f"challenge-1/{n}" for n in (3, 2, 1, 0)]
    assert "pseudonym-1" not in json.dumps(shown)
    assert (await operator.get("deliveries", params={"status": "sent"})).json()["items"] == []
    assert (await at_the_door(ME).get("deliveries")).status_code == 403


async def test_operators_see_which_process_waits_because_wechat_does_not_answer(
    stores: Stores, at_the_door: AtTheDoor
) -> None:
    doubt = Doubt(4, since=builders.NOON, again_at=builders.NOON + timedelta(seconds=10), pauses=2)
    await stores.senders.say("notifications-2", None, builders.NOON)
    await stores.senders.say("notifications-1", doubt, builders.NOON + timedelta(seconds=5))
    paused, sending = (await at_the_door(OPERATOR).get("../ops/notifications/senders")).json()["items"]
    assert "连续 4 次没有应答" in paused.pop("reason_text")
    assert paused == {
        "process": "notifications-1",
        "state": "paused",
        "since": "2026-11-25T04:00:00.000Z",
        "unanswered": 4,
        "again_at": "2026-11-25T04:00:10.000Z",
    }
    assert (sending["state"], sending["reason_text"]) == ("sending", None)
    assert (await at_the_door(_operator(Jurisdiction.SUZHOU)).get("../ops/notifications/senders")).status_code == 403


async def test_the_next_process_finds_what_the_one_before_it_doubted(stores: Stores) -> None:
    doubt = Doubt(4, since=builders.NOON, again_at=builders.NOON + timedelta(seconds=10), pauses=2)
    await stores.senders.say("notifications-1", doubt, builders.NOON)
    assert await stores.senders.doubt_of("notifications-1") == doubt
    await stores.senders.say("notifications-1", None, builders.NOON)
    assert await stores.senders.doubt_of("notifications-1") is None
    assert await stores.senders.doubt_of("notifications-2") is None


async def test_a_city_lists_the_deliveries_of_its_own_and_its_pages_tell_nothing_of_others(
    stores: Stores, at_the_door: AtTheDoor
) -> None:
    async def queued(number: int, **changes: Any) -> None:
        at = builders.NOON + timedelta(minutes=number)
        row = builders.delivery(event_id=f"challenge-1/{number}", created_at=at, **changes)
        await stores.ledger.rows.create(rules.queue(row))

    for number in range(4):
        await queued(number)
    suzhou = at_the_door(_operator(Jurisdiction.SUZHOU))
    before = (await suzhou.get("deliveries", params={"limit": 2})).json()
    for number in range(10, 20):
        await queued(number, jurisdiction=Jurisdiction.WUXI)
        await queued(number + 20, jurisdiction=None)
        await queued(number + 40, sealed=True)
    assert (await suzhou.get("deliveries", params={"limit": 2})).json() == before
    rest = (await suzhou.get("deliveries", params={"limit": 2, "cursor": before["next_cursor"]})).json()
    assert [each["event_id"] for each in before["items"] + rest["items"]] == [f"challenge-1/{n}" for n in (3, 2, 1, 0)]
    assert rest["next_cursor"] is None
    assert (await at_the_door(_operator(Jurisdiction.PUTUO)).get("deliveries")).json()["items"] == []
    assert len((await at_the_door(OPERATOR).get("deliveries", params={"limit": 100})).json()["items"]) == 24


def _pushed(fields: dict[str, Any], seconds: int = 0) -> tuple[dict[str, str], bytes]:
    encrypted = Envelope(APPID, AES_KEY).seal(json.dumps(fields).encode())
    timestamp = str(int(time.time()) + seconds)
    query = {"timestamp": timestamp, "nonce": "n", "msg_signature": signature(TOKEN, timestamp, "n", encrypted)}
    return query, json.dumps({"ToUserName": "gh", "Encrypt": encrypted}).encode()


async def _person(stores: Stores) -> None:
    sealed = PERSONAL.seal("openid-of-me", openid_context("me"))
    event = builders.user("me", openid=sealed)
    model = stores.people.model
    await projection(model.collection, model.project)([event])


async def test_a_push_is_taken_once_however_often_it_comes(stores: Stores, at_the_door: AtTheDoor) -> None:
    await _person(stores)
    item = {"TemplateId": "T-new_challenge", "SubscribeStatusString": "accept", "PopupScene": "0"}
    event = {"FromUserName": "openid-of-me", "CreateTime": int(time.time()), "Event": "subscribe_msg_popup_event"}
    query, body = _pushed({**event, "List": item})
    for _ in range(3):
        answer = await at_the_door(VISITOR).post("wechat/callback", params=query, content=body)
        assert (answer.status_code, answer.text) == (200, "success")
    report = {"results": {"T-new_challenge": "filter"}}
    credits = (await at_the_door(ME).post("consents", json=report, headers=_key())).json()["credits"]
    assert credits == {"T-new_challenge": 1}


async def test_a_push_with_a_bad_or_stale_signature_is_refused(at_the_door: AtTheDoor) -> None:
    visitor = at_the_door(VISITOR)
    query, body = _pushed({"Event": "other"})
    forged = {**query, "msg_signature": "0" * 40}
    stale, old = _pushed({"Event": "other"}, seconds=-301)
    for parameters, content in ((forged, body), (stale, old), ({}, body)):
        answer = await visitor.post("wechat/callback", params=parameters, content=content)
        assert (answer.status_code, answer.json()["code"]) == (403, "bad_signature")
    dtd = await visitor.post("wechat/callback", params=query, content=b"<!DOCTYPE x><xml/>")
    assert (dtd.status_code, dtd.json()["code"]) == (400, "bad_push")


async def test_a_greeting_is_answered_with_its_own_words(at_the_door: AtTheDoor) -> None:
    timestamp = str(int(time.time()))
    query = {"signature": signature(TOKEN, timestamp, "n"), "timestamp": timestamp, "nonce": "n", "echostr": "你好 42"}
    answer = await at_the_door(VISITOR).get("wechat/callback", params=query)
    assert (answer.status_code, answer.text) == (200, "你好 42")
