import asyncio
from datetime import datetime
from functools import partial
from typing import Any
from unittest.mock import AsyncMock

import httpx2
import pytest

from services.notifications.preferences.domain import DEFAULT
from services.notifications.sending import delivery as rules
from services.notifications.tests import builders
from services.notifications.tests.builders import NOON, at_shanghai
from services.notifications.tests.fakes import House
from services.notifications.tests.memory import NAMES
from shared.telemetry import current_traceparent, span

ADMIN = builders.user("admin-1", organization="org-1")


@pytest.fixture
async def house() -> House:
    house = House()
    house.consented("admin-1", "challenge_progress", 5)
    await house.hear(ADMIN)
    return house


async def test_a_message_goes_out_and_costs_one_credit(house: House) -> None:
    await house.hear(builders.challenge())
    assert house.statuses() == [("sent", None)]
    assert house.credits("admin-1", "challenge_progress") == 4
    assert [each.type.short for each in house.told] == [
        "delivery.queued",
        "delivery.started",
        "delivery.settled",
    ]


async def test_the_row_says_sending_before_wechat_is_called(house: House) -> None:
    house.server.gate.clear()
    hearing = asyncio.create_task(house.hear(builders.challenge()))
    while not house.server.sent:
        await asyncio.sleep(0)
    assert house.statuses() == [("sending", None)]
    house.server.gate.set()
    await hearing


async def test_a_start_whose_answer_got_lost_goes_on_because_nobody_else_will_send_it(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    change, lost = house.rows.change, list[str]()

    async def forgetful(delivery_id: str, decide: rules.Decide, **how: Any) -> Any:
        stored = await change(delivery_id, decide, **how)
        if stored.state.status == "sending" and not lost:
            lost.append(delivery_id)
            raise ConnectionResetError
        return stored

    monkeypatch.setattr(house.rows, "change", forgetful)
    await house.hear(builders.challenge())
    assert lost
    assert house.statuses() == [("sent", None)]
    assert len(house.server.sent) == 1


async def test_no_answer_is_unknown_and_is_not_sent_again(house: House) -> None:
    house.server.script = [httpx2.ReadTimeout("")]
    await house.hear(builders.challenge())
    await house.later(hours=1)
    assert house.statuses() == [("unknown", "no_answer")]
    assert len(house.server.sent) == 1


@pytest.mark.parametrize("trouble", [{"errcode": -1}, {"errcode": 45011}, {"errcode": 43108}, httpx2.ConnectError("")])
async def test_what_had_no_effect_goes_again(house: House, trouble: dict[str, Any] | Exception) -> None:
    house.server.script = [trouble]
    await house.hear(builders.challenge())
    assert house.statuses()[0][0] == "pending"
    await house.later(minutes=2)
    assert house.statuses() == [("sent", None)]


async def test_while_wechat_is_away_it_is_not_hammered(house: House) -> None:
    house.server.script = [{"errcode": 45009}]
    await house.hear(builders.challenge())
    assert house.sender.gate._shut_until is not None
    assert house.sender.gate._shut_until > house.at


async def test_what_was_judged_before_a_pause_is_judged_again_after_it(house: House) -> None:
    house.consented("admin-2", "challenge_progress", 1)
    await house.hear(builders.user("admin-2", organization="org-1"))
    house.server.script = [{"errcode": 45011}]
    house.sender._limits = {False: asyncio.Semaphore(1), True: asyncio.Semaphore(1)}
    house.server.gate.clear()
    await house.hear_without_settling(builders.challenge())
    house.server.gate.set()
    while ("pending", "minute_limit") not in house.statuses():
        await asyncio.sleep(0)
    house.consented("admin-1", "challenge_progress", 0)
    house.consented("admin-2", "challenge_progress", 0)
    await house.later(minutes=2)
    assert len(house.server.sent) == 1
    assert set(house.statuses()) == {("skipped", "no_consent")}


async def test_43101_takes_every_credit_and_is_not_repeated(house: House) -> None:
    house.server.script = [{"errcode": 43101}]
    await house.hear(builders.challenge())
    assert house.statuses() == [("skipped", "no_consent")]
    assert house.credits("admin-1", "challenge_progress") == 0


async def test_an_openid_that_wechat_refuses_is_not_tried_again(house: House) -> None:
    house.server.script = [{"errcode": 40003}]
    await house.hear(builders.challenge())
    await house.hear(builders.challenge("challenge.approved", version=3))
    assert house.statuses() == [("failed", "openid_refused_40003"), ("skipped", "no_openid")]
    assert len(house.server.sent) == 1


async def test_a_template_that_wechat_bans_is_stopped_until_the_console_is_read_again(house: House) -> None:
    house.server.script = [{"errcode": 43107}]
    await house.hear(builders.challenge())
    await house.hear(builders.challenge("challenge.approved", version=3))
    assert house.statuses() == [("failed", "template_refused_43107"), ("skipped", "template_stopped")]


async def test_a_field_against_the_rules_fails_the_message_and_says_which_code(house: House) -> None:
    house.server.script = [{"errcode": 47003}]
    await house.hear(builders.challenge())
    assert house.statuses() == [("failed", "message_refused_47003")]


async def test_one_person_gets_one_message_at_a_time(house: House) -> None:
    events = [builders.challenge(id=f"challenge-{n}") for n in range(4)]
    await house.hear(*events)
    assert house.server.most_at_once == 1
    assert len(house.server.sent) == 4


async def test_several_people_are_served_at_once(house: House) -> None:
    house.consented("admin-2", "challenge_progress")
    await house.hear(builders.user("admin-2", organization="org-1"))
    house.server.gate.clear()
    hearing = asyncio.create_task(house.hear(builders.challenge()))
    while house.server.at_once < 2:
        await asyncio.sleep(0)
    house.server.gate.set()
    await hearing


async def test_the_last_credit_is_spent_once(house: House) -> None:
    house.consented("admin-1", "challenge_progress", 1)
    await house.hear(builders.challenge(id="challenge-1"), builders.challenge(id="challenge-2"))
    assert sorted(house.statuses(), key=str) == [("sent", None), ("skipped", "no_consent")]
    assert len(house.server.sent) == 1


async def test_at_night_the_phone_stays_silent_until_eight(house: House) -> None:
    house.at = at_shanghai(23)
    await house.hear(builders.challenge(at=at_shanghai(23)))
    assert house.statuses() == [("pending", "quiet_hours")]
    await house.later(hours=8, minutes=59)
    assert house.server.sent == []
    await house.later(minutes=1)
    assert house.statuses() == [("sent", None)]


async def test_who_wants_no_quiet_hours_has_none(house: House) -> None:
    me = NAMES.everyday("admin-1")
    house.preferences.put(DEFAULT.model_copy(update={"id": me, "quiet_hours": None}))
    house.at = at_shanghai(23)
    await house.hear(builders.challenge(at=at_shanghai(23)))
    assert house.statuses() == [("sent", None)]


async def _under_way(house: House, owner: str) -> str:
    row = builders.delivery(recipient=NAMES.everyday("admin-1"))
    await house.rows.create(rules.queue(row))
    start = partial(rules.start, owner=owner, template_id="T-challenge_progress", at=house.at)
    await house.rows.change(row.id, start)
    return row.id


async def test_what_a_killed_process_was_sending_is_unknown_after_its_return(house: House) -> None:
    mine = await _under_way(house, "notifications-1/earlier-run/1")
    running = asyncio.create_task(house.sender.run())
    while house.rows.states[mine].status == "sending":
        await asyncio.sleep(0)
    await house.later(days=0)
    running.cancel()
    assert house.rows.states[mine].reason == "process_died"
    assert house.server.sent == []


async def test_what_another_replica_is_sending_is_left_to_it_until_its_lease_ends(house: House) -> None:
    theirs = await _under_way(house, "notifications-2/its-run/1")
    await house.sender._disown()
    await house.sender.sweep()
    assert house.rows.states[theirs].status == "sending"
    house.at += rules.LEASE
    await house.sender.sweep()
    assert house.rows.states[theirs].reason == "lease_ended"


async def test_of_two_processes_that_find_a_row_at_once_one_sends_it(house: House) -> None:
    row = builders.delivery(recipient=NAMES.everyday("admin-1"))
    await house.rows.create(rules.queue(row))
    ours, other = house.sender, house.another_sender("notifications-2")
    await asyncio.gather(ours._deliver(row.id), other._deliver(row.id))
    assert house.statuses() == [("sent", None)]
    assert len(house.server.sent) == 1


@pytest.mark.parametrize(
    ("began", "credits", "hour"), [(at_shanghai(12), 0, 12), (at_shanghai(21, 59), 5, 22)], ids=["skipped", "postponed"]
)
async def test_what_another_process_has_begun_to_send_is_neither_skipped_nor_postponed(
    house: House, monkeypatch: pytest.MonkeyPatch, began: datetime, credits: int, hour: int
) -> None:
    house.at = began
    row = builders.delivery(recipient=NAMES.everyday("admin-1"), created_at=began, due_at=began)
    found = await house.rows.create(rules.queue(row))
    house.server.gate.clear()
    theirs = asyncio.create_task(house.sender._deliver(row.id))
    while not house.server.sent:
        await asyncio.sleep(0)
    house.consented("admin-1", "challenge_progress", credits)
    house.at = at_shanghai(hour)
    monkeypatch.setattr(house.rows, "find", AsyncMock(return_value=found))
    await house.sender._deliver(row.id)
    assert house.statuses() == [("sending", None)]
    house.server.gate.set()
    await theirs
    assert house.statuses() == [("sent", None)]


async def test_an_openid_that_cannot_be_opened_fails_before_anything_is_sent(house: House) -> None:
    person = house.people.known["admin-1"]
    house.people.known["admin-1"] = type(person)(
        "admin-1", person.pseudonym, person.admin_of, "bm90IHNlYWxlZA==", person.openid_index
    )
    await house.hear(builders.challenge())
    assert house.statuses() == [("failed", "openid_unreadable")]


async def test_a_send_that_breaks_on_a_bug_ends_the_sender_instead_of_being_forgotten(house: House) -> None:
    house.server.script = [ZeroDivisionError()]
    with pytest.raises(ZeroDivisionError):
        await house.hear(builders.challenge())
    with pytest.raises(ZeroDivisionError):
        await house.sender.run()


async def test_a_flood_of_hits_delays_no_other_message(house: House) -> None:
    """All that may be sent of bulk messages is under way and hangs; a message about a challenge goes out meanwhile."""
    house.server.gate.clear()
    for number in range(40):
        await house.hear_without_settling(builders.user(f"searcher-{number}"))
        house.consented(f"searcher-{number}", "new_challenge")
        hit = builders.hit(f"searcher-{number}", builders.challenge(), hit_id=f"hit-{number}")
        await house.hear_without_settling(hit)
    while len(house.server.sent) < 8:
        await asyncio.sleep(0)
    await house.hear_without_settling(builders.challenge("challenge.approved", version=3))
    while len(house.server.sent) < 9:
        await asyncio.sleep(0)
    assert "审核通过".encode() in house.server.sent[-1]
    house.server.gate.set()
    await house.settle()


async def test_what_is_due_of_bulk_messages_hides_no_other(house: House) -> None:
    for number in range(3):
        await house.rows.create(rules.queue(builders.delivery(event_id=f"hit/{number}", bulk=True)))
    row = builders.delivery()
    await house.rows.create(rules.queue(row))
    assert [each.id for each in await house.ledger.due(NOON, 1, bulk=False)] == [row.id]


async def test_a_send_has_no_trace_of_the_request_that_happened_to_set_it_off(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The arrival of a person sets off what waited for them: its trace is that of their own request."""
    traces = []
    attempt = house.sender._deliver

    async def noting(delivery_id: str) -> None:
        traces.append(current_traceparent())
        await attempt(delivery_id)

    monkeypatch.setattr(house.sender, "_deliver", noting)
    with span("hear user.registered", "00-" + "ab" * 16 + "-" + "cd" * 8 + "-01"):
        assert current_traceparent() is not None
        await house.hear_without_settling(builders.challenge())
    await house.settle()
    assert traces == [None]
