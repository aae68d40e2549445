from datetime import timedelta
from functools import partial
from unittest.mock import AsyncMock

import httpx2
import pytest

from services.notifications.sending import delivery as rules
from services.notifications.sending.delivery import Delivery
from services.notifications.sending.store import Ledger
from services.notifications.tests import builders
from services.notifications.tests.builders import NOON
from services.notifications.tests.fakes import House
from services.notifications.tests.memory import NAMES, as_claimant
from shared.access.checking import Caller
from shared.aggregates.attempts import Attempt
from shared.values.problems import Refusal
from shared.wechat.callback import ConsentGiven, MessageSent

ADMIN = builders.user("admin-1", organization="org-1")
ME, SOMEBODY = Caller(user_id="admin-1"), Caller(user_id="somebody")
TEMPLATE = "T-challenge_progress"


@pytest.fixture
async def house() -> House:
    house = House()
    await house.hear(ADMIN)
    return house


def _attempt(key: str = "key-1", digest: str = "d") -> Attempt:
    return Attempt("admin-1", key, digest)


def _popup(status: str = "accept", openid: str = "openid-of-admin-1") -> ConsentGiven:
    return ConsentGiven("wx", openid, NOON, "subscribe_msg_popup_event", TEMPLATE, TEMPLATE, status)


def _word(
    msgid: int = 17, code: int = 0, at: timedelta = timedelta(), who: str = "admin-1", template: str = TEMPLATE
) -> MessageSent:
    event = "subscribe_msg_sent_event"
    return MessageSent("wx", f"openid-of-{who}", NOON + at, event, str(msgid), template, msgid, code)


async def test_an_accept_that_the_mini_program_reports_and_wechat_pushes_twice_is_one_credit(house: House) -> None:
    assert await house.answers.report({TEMPLATE: "accept"}, ME, _attempt()) == ({TEMPLATE: 1}, False)
    await house.callback.take(_popup())
    await house.callback.take(_popup())
    assert house.credits("admin-1", "challenge_progress") == 1


async def test_a_report_that_is_repeated_with_its_key_counts_once(house: House) -> None:
    report: dict[str, str] = {TEMPLATE: "accept", "T-new_challenge": "filter"}
    await house.answers.report(report, ME, _attempt())
    assert await house.answers.report(report, ME, _attempt()) == ({TEMPLATE: 1, "T-new_challenge": 0}, True)
    second = await house.answers.report(report, ME, _attempt("key-2"))
    assert second == ({TEMPLATE: 2, "T-new_challenge": 0}, False)


async def test_a_report_that_was_broken_off_is_completed_by_its_repeat(house: House) -> None:
    change = house.consents.change
    house.consents.change = AsyncMock(side_effect=ConnectionError)  # type: ignore[method-assign]
    with pytest.raises(ConnectionError):
        await house.answers.report({TEMPLATE: "accept"}, ME, _attempt())
    house.consents.change = change  # type: ignore[method-assign]
    house.consented("admin-1", "challenge_progress", 0)
    assert await house.answers.report({TEMPLATE: "accept"}, ME, _attempt()) == ({TEMPLATE: 1}, True)


async def test_a_key_that_comes_with_another_report_is_refused(house: House) -> None:
    await house.answers.report({TEMPLATE: "accept"}, ME, _attempt())
    with pytest.raises(Refusal, match="idempotency_key_reused"):
        await house.answers.report({"T-new_challenge": "reject"}, ME, _attempt(digest="other"))


@pytest.mark.parametrize(("answer", "credits"), [("reject", 0), ("ban", 0), ("filter", 5)])
async def test_what_is_no_accept_gives_nothing(house: House, answer: str, credits: int) -> None:
    house.consented("admin-1", "challenge_progress", 5)
    assert await house.answers.report({TEMPLATE: answer}, ME, _attempt()) == ({TEMPLATE: credits}, False)


async def test_a_template_that_is_none_of_ours_is_refused_by_name(house: House) -> None:
    with pytest.raises(Refusal) as caught:
        await house.answers.report({"T-other": "accept"}, ME, _attempt())
    assert [error.field for error in caught.value.errors] == ["results.T-other"]


async def test_a_consent_that_wechat_tells_of_before_accounts_does_is_kept(house: House) -> None:
    await house.callback.take(_popup(openid="openid-of-admin-2"))
    await house.hear(builders.user("admin-2", organization="org-2"))
    assert house.credits("admin-2", "challenge_progress") == 1
    assert house.early_answers.kept == []


async def test_a_reject_in_the_settings_ends_the_messages(house: House) -> None:
    house.consented("admin-1", "challenge_progress", 5)
    await house.callback.take(_popup("reject"))
    assert house.credits("admin-1", "challenge_progress") == 0


async def _unknown(house: House, event_id: str, started: timedelta) -> str:
    row_id = await _sending(house, event_id, started)
    await house.rows.change(row_id, partial(rules.uncertain, reason="no_answer"))
    return row_id


async def _sending(house: House, event_id: str, started: timedelta) -> str:
    row = builders.delivery(recipient=NAMES.everyday("admin-1"), event_id=event_id)
    await house.rows.create(rules.queue(row))
    start = partial(rules.start, owner="p/r/1", template_id=TEMPLATE, at=NOON + started)
    await house.rows.change(row.id, start)
    return row.id


async def test_wechats_word_settles_the_unknown_message_that_is_nearest_in_time(house: House) -> None:
    early, late = await _unknown(house, "e/1", timedelta()), await _unknown(house, "e/2", timedelta(minutes=5))
    await house.callback.take(_word(at=timedelta(minutes=5, seconds=1)))
    states = house.rows.states
    assert (states[early].status, states[late].status, states[late].msgid) == ("unknown", "sent", 17)


async def test_a_word_that_overtakes_the_answer_settles_no_other_unknown_message(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer is written down between two looks: the message is not open any more, and an older one still is."""
    lost, answered = await _unknown(house, "e/1", timedelta()), await _sending(house, "e/2", timedelta(minutes=5))
    look = house.ledger.with_msgid

    async def answered_after_the_look(_: Ledger, msgid: int) -> Delivery | None:
        found = await look(msgid)
        await house.rows.change(answered, partial(rules.accepted, msgid=17, at=NOON))
        return found

    monkeypatch.setattr(Ledger, "with_msgid", answered_after_the_look)
    await house.callback.take(_word())
    assert (house.rows.states[lost].status, house.rows.states[answered].status) == ("unknown", "sent")


async def test_wechats_word_settles_a_message_about_a_sealed_claim_too(house: House) -> None:
    house.consented("claimant-1", "claim_receipt", 5)
    house.server.script = [httpx2.ReadTimeout("no answer")]
    await house.hear(builders.user("claimant-1"), builders.challenge("challenge.drafted", state="draft"))
    await house.hear(builders.claim(people=(as_claimant("claimant-1"),)))
    (receipt,) = (row for row in house.deliveries if row.template == "claim_receipt")
    assert receipt.status == "unknown"
    await house.callback.take(_word(who="claimant-1", template="T-claim_receipt"))
    assert house.rows.states[receipt.id].status == "sent"
    assert house.credits("claimant-1", "claim_receipt") == 4


async def test_wechats_repeated_word_settles_one_message_and_costs_one_credit(house: House) -> None:
    house.consented("admin-1", "challenge_progress", 5)
    early, late = await _unknown(house, "e/1", timedelta()), await _unknown(house, "e/2", timedelta(minutes=5))
    for _ in range(3):
        await house.callback.take(_word())
    states = house.rows.states
    assert (states[early].status, states[late].status) == ("sent", "unknown")
    assert house.credits("admin-1", "challenge_progress") == 4


async def test_wechats_word_about_a_message_that_is_none_of_ours_is_ignored(house: House) -> None:
    await house.callback.take(_word())
    assert house.deliveries == []


async def test_wechat_may_say_that_it_failed_after_all(house: House) -> None:
    house.consented("admin-1", "challenge_progress", 5)
    await house.hear(builders.challenge())
    await house.callback.take(_word(msgid=1, code=43101))
    assert house.statuses() == [("failed", "wechat_43101")]


async def test_ones_own_item_is_read_once_and_somebody_elses_is_not_there(house: House) -> None:
    await house.hear(builders.challenge())
    item_id = house.inbox.lists.name_id("admin-1", "challenge-1/4")
    first, _ = await house.reading.mark_read(item_id, ME, _attempt())
    house.at += timedelta(hours=1)
    again, stored = await house.reading.mark_read(item_id, ME, _attempt("key-2"))
    assert again == first
    assert stored.state.read_at(first.position) == NOON
    with pytest.raises(Refusal, match="not_found"):
        await house.reading.mark_read(item_id, SOMEBODY, _attempt())
    with pytest.raises(Refusal, match="not_found"):
        await house.reading.mark_read("no-such-item", ME, _attempt())


async def test_reading_everything_writes_nothing_on_the_items(house: House) -> None:
    """A read mark on an item would join it to its reader, by its time or by its owner."""
    await house.hear(builders.challenge())
    before = repr(house.inbox.documents)
    await house.reading.mark_all_read(ME, _attempt())
    assert repr(house.inbox.documents) == before


@pytest.mark.parametrize(
    ("answer", "credits"),
    [
        ("accept", 1),
        ("acceptWithAlert", 1),
        ("acceptWithForcePush", 1),
        ("acceptWithAudio", 1),
        ("reject", 0),
        ("ban", 0),
        ("filter", 0),
        ("acceptWithSomethingNew", 0),
    ],
)
async def test_every_way_to_accept_is_an_accept_and_an_unknown_one_is_ignored_by_itself(
    house: House, answer: str, credits: int
) -> None:
    reported = {TEMPLATE: answer, "T-new_challenge": "accept"}
    assert await house.answers.report(reported, ME, _attempt()) == ({TEMPLATE: credits, "T-new_challenge": 1}, False)


@pytest.mark.parametrize(("status", "credits"), [("acceptWithAudio", 6), ("reject", 0), ("postponed", 5)])
async def test_what_wechat_pushes_is_understood_in_the_same_way(house: House, status: str, credits: int) -> None:
    house.consented("admin-1", "challenge_progress", 5)
    await house.callback.take(_popup(status))
    assert house.credits("admin-1", "challenge_progress") == credits
