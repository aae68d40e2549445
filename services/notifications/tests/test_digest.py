"""What can wait until the morning: one message about all of it."""

from datetime import datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.notifications.digests.domain import Digest, Found, morning_after
from services.notifications.preferences.domain import DEFAULT, QuietHours
from services.notifications.tests import builders
from services.notifications.tests.builders import NOON, at_shanghai
from services.notifications.tests.fakes import House
from services.notifications.tests.memory import NAMES
from shared.events.envelope import Event
from shared.events.search import SavedSearchHit
from shared.wechat.fields import fit, refusal

SEARCHER = builders.user("searcher-1")
MORNING = at_shanghai(24 + 8)


def found(number: int, *, at: datetime = NOON) -> Event:
    """A hit of the searcher, who can wait, with the challenge of this number."""
    challenge = builders.challenge(at=at, id=f"challenge-{number}", title=f"双极板涂层{number}")
    return builders.hit("searcher-1", challenge, hit_id=f"hit-{number}", notify="digest")


@pytest.fixture
async def house() -> House:
    house = House()
    house.consented("searcher-1", "new_challenges")
    house.consented("searcher-1", "new_challenge")
    await house.hear(SEARCHER)
    return house


def prefer(house: House, **changes: object) -> None:
    me = NAMES.everyday("searcher-1")
    house.preferences.put(DEFAULT.model_copy(update={"id": me, **changes}))


async def test_what_can_wait_is_in_the_inbox_at_once_and_in_one_message_of_the_next_morning(house: House) -> None:
    await house.hear(found(1), found(2, at=NOON + timedelta(hours=1)), found(3, at=NOON + timedelta(hours=2)))
    assert len(house.inbox.of("searcher-1")) == 3
    assert house.server.sent == []
    await house.later(hours=19, minutes=59)
    assert house.server.sent == []
    await house.later(minutes=1)
    (sent,) = house.server.sent
    assert "双极板涂层1等3项".encode() in sent
    assert house.statuses() == [("sent", None)]
    assert house.credits("searcher-1", "new_challenges") == 4


async def test_a_digest_of_one_thing_is_called_as_that_thing(house: House) -> None:
    await house.hear(found(1))
    assert house.deliveries[0].data["thing1"] == "双极板涂层1"
    assert house.deliveries[0].event_id == "digest/2026-11-26"


async def test_what_is_told_at_once_waits_for_no_morning(house: House) -> None:
    await house.hear(found(1), builders.hit("searcher-1", builders.challenge(id="challenge-2"), hit_id="hit-2"))
    assert len(house.server.sent) == 1
    assert sorted(status for status, _ in house.statuses()) == ["pending", "sent"]


async def test_a_hit_from_before_there_were_digests_is_told_at_once(house: House) -> None:
    event = found(1)
    assert isinstance(event.data, SavedSearchHit)
    assert SavedSearchHit.model_validate(event.data.model_dump(exclude={"notify"})).notify == "at_once"


async def test_who_wants_no_digest_has_the_inbox_only(house: House) -> None:
    prefer(house, digest="off")
    await house.hear(found(1))
    await house.later(hours=20)
    assert len(house.inbox.of("searcher-1")) == 1
    assert house.statuses() == [("skipped", "preference")]


async def test_who_switched_wechat_off_for_saved_searches_is_sent_no_digest(house: House) -> None:
    prefer(house, channels={**DEFAULT.channels, "saved-search": ("inbox",)})
    await house.hear(found(1))
    await house.later(hours=20)
    assert house.statuses() == [("skipped", "preference")]


async def test_who_has_no_digest_is_told_at_once_of_what_cannot_wait(house: House) -> None:
    prefer(house, digest="off")
    await house.hear(builders.hit("searcher-1", builders.challenge()))
    assert house.statuses() == [("sent", None)]


async def test_a_consent_that_is_given_before_the_morning_is_early_enough(house: House) -> None:
    house.consented("searcher-1", "new_challenges", 0)
    await house.hear(found(1))
    house.consented("searcher-1", "new_challenges", 1)
    await house.later(hours=20)
    assert house.statuses() == [("sent", None)]


async def test_what_comes_after_the_message_went_out_is_for_the_next_morning(house: House) -> None:
    await house.hear(found(1))
    await house.later(hours=20)
    late = found(2, at=MORNING - timedelta(minutes=1))
    await house.hear(late)
    await house.hear(late, found(1))
    assert house.statuses() == [("sent", None), ("pending", None)]
    await house.later(days=1)
    assert [row.event_id for row in house.deliveries] == ["digest/2026-11-26", "digest/2026-11-27"]
    assert "双极板涂层2".encode() in house.server.sent[1]
    assert len(house.server.sent) == 2


async def test_a_digest_that_wechat_turned_away_goes_again_as_it_was(house: House) -> None:
    await house.hear(found(1))
    house.server.script = [{"errcode": 45011}]
    await house.later(hours=20)
    assert house.statuses() == [("pending", "minute_limit")]
    await house.hear(found(2))
    await house.later(minutes=2)
    assert house.server.sent[0] == house.server.sent[1]
    assert house.statuses() == [("sent", None), ("pending", None)]


async def test_what_was_put_into_the_inbox_before_the_morning_and_not_into_the_ledger_is_in_a_digest_after_all(
    house: House,
) -> None:
    """A process that died between the two: the event comes again when that morning's message is out."""
    await house.hear(found(1), found(2))
    (row,) = house.deliveries
    assert row.digest is not None
    forgotten = Digest(morning=row.digest.morning, found=row.digest.found[:1])
    house.rows.put(row.model_copy(update={"digest": forgotten}))
    await house.later(hours=20)
    for _ in range(2):
        await house.hear(found(2))
    assert [row.digest and len(row.digest.found) for row in house.deliveries] == [1, 1]
    assert house.deliveries[1].due_at == MORNING + timedelta(days=1)


async def test_who_sleeps_longer_has_the_digest_when_he_wakes(house: House) -> None:
    prefer(house, quiet_hours=QuietHours(start=time(22), end=time(10)))
    await house.hear(found(1))
    await house.later(hours=20)
    assert house.statuses() == [("pending", "quiet_hours")]
    await house.later(hours=2)
    assert house.statuses() == [("sent", None)]


def test_the_morning_is_the_next_one_even_at_eight_sharp() -> None:
    assert morning_after(at_shanghai(7, 59)) == at_shanghai(8)
    assert morning_after(at_shanghai(8)) == at_shanghai(24 + 8)


THINGS = [found(number, at=NOON + timedelta(minutes=number)) for number in (5, 2, 9, 1)]


@given(st.permutations(THINGS), st.lists(st.sampled_from(THINGS), max_size=6))
@settings(max_examples=60, deadline=None)
async def test_hits_in_any_order_and_any_number_are_one_row_with_the_same_content(
    order: list[Event], repeats: list[Event]
) -> None:
    house = House()
    house.consented("searcher-1", "new_challenges")
    await house.hear(SEARCHER)
    for event in (*order, *repeats):
        await house.hear(event)
    (row,) = house.deliveries
    assert row.digest is not None
    assert [each.event_id for each in row.digest.found] == [f"challenge-{number}/4" for number in (1, 2, 5, 9)]
    assert row.data == {"thing1": "双极板涂层1等4项", "number2": "4", "time3": "2026年11月25日 12:09:00"}


@given(st.text(min_size=1), st.integers(1, 200))
def test_whatever_the_first_is_called_wechat_takes_the_title_and_the_number_is_in_it(title: str, count: int) -> None:
    things = tuple(Found(event_id=str(n), title=title, occurred_at=NOON) for n in range(count))
    written = fit("thing1", Digest(morning=MORNING, found=things).title)
    assert refusal("thing1", written) is None
    assert count == 1 or written.endswith(f"等{count}项")
