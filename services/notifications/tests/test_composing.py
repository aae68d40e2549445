from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.notifications.composing.composer import TOLD_WITHIN
from services.notifications.tests import builders
from services.notifications.tests.builders import NOON
from services.notifications.tests.fakes import House
from services.notifications.tests.memory import NAMES, PERSONAL, as_claimant
from shared.aggregates.decisions import RESTORE
from shared.events.envelope import Event
from shared.values.jurisdictions import Jurisdiction

ADMIN = builders.user("admin-1", organization="org-1", at=NOON - timedelta(days=1))
SEARCHER = builders.user("searcher-1")


@pytest.fixture
def house() -> House:
    return House()


async def test_an_approved_organisation_is_told_to_who_asked_for_it(house: House) -> None:
    await house.hear(builders.user("user-1"), builders.organization())
    (item,) = house.inbox.of("user-1")
    assert (item.title, item.link.type) == ("单位认证已通过", "organization")


async def test_a_returned_challenge_is_told_with_its_reason_to_everybody_who_acts_for_the_poster(house: House) -> None:
    second, other = builders.user("admin-2", organization="org-1"), builders.user("admin-3", organization="org-2")
    await house.hear(ADMIN, second, other, builders.challenge("challenge.returned"))
    assert [len(house.inbox.of(each)) for each in ("admin-1", "admin-2", "admin-3")] == [1, 1, 0]
    assert "请写明现有涂层" in house.inbox.of("admin-1")[0].body


async def test_a_draft_tells_nobody(house: House) -> None:
    await house.hear(ADMIN, builders.challenge("challenge.drafted", state="draft"))
    assert house.inbox.documents == {}


async def test_the_same_event_twice_is_one_item_and_one_message(house: House) -> None:
    house.consented("admin-1", "challenge_progress")
    await house.hear(ADMIN, builders.challenge())
    await house.hear(builders.challenge(), builders.challenge())
    assert len(house.inbox.of("admin-1")) == len(house.server.sent) == 1


async def test_one_person_gets_one_message_per_event_whatever_roles_and_saved_searches_he_has(house: House) -> None:
    published = builders.challenge()
    house.consented("admin-1", "challenge_progress")
    house.consented("admin-1", "new_challenge")
    searches = [builders.hit("admin-1", published, hit_id=f"hit-{n}") for n in range(3)]
    await house.hear(ADMIN, searches[0], published, *searches[1:])
    assert len(house.inbox.of("admin-1")) == len(house.server.sent) == 1


async def test_a_saved_search_that_fits_tells_its_owner(house: House) -> None:
    house.consented("searcher-1", "new_challenge")
    await house.hear(SEARCHER, builders.hit("searcher-1", builders.challenge(), search="氢能"))
    (item,) = house.inbox.of("searcher-1")
    assert "氢能" in item.title
    assert "3000000元".encode() in house.server.sent[0]


async def test_who_is_heard_of_late_is_told_what_happened_while_he_belonged(house: House) -> None:
    house.consented("admin-1", "challenge_progress")
    await house.hear(builders.challenge())
    assert house.inbox.documents == {}
    await house.hear(ADMIN)
    assert len(house.inbox.of("admin-1")) == len(house.server.sent) == 1


async def test_who_joined_later_is_not_told_what_happened_before(house: House) -> None:
    await house.hear(builders.challenge())
    await house.hear(builders.user("admin-2", organization="org-1", at=NOON + timedelta(minutes=1)))
    assert house.inbox.documents == {}


async def test_a_citys_operators_are_told_of_its_batches_also_who_is_heard_of_late(house: House) -> None:
    early = builders.user("operator-1", operates=Jurisdiction.SUZHOU)
    other = builders.user("operator-2", operates=Jurisdiction.WUXI)
    house.consented("operator-1", "batch_result")
    await house.hear(early, other, builders.batch())
    await house.hear(builders.user("operator-3", operates=Jurisdiction.SUZHOU, at=NOON - timedelta(days=1)))
    assert [len(house.inbox.of(f"operator-{n}")) for n in (1, 2, 3)] == [1, 0, 1]
    (item,) = house.inbox.of("operator-1")
    assert (item.link.type, item.link.id) == ("batch", "batch-1")
    assert "将撤下 37 条记录" in item.body
    assert len(house.server.sent) == 1


async def test_a_message_to_somebody_unknown_waits_for_him_and_blocks_nothing(house: House) -> None:
    house.consented("searcher-1", "new_challenge")
    await house.hear(builders.hit("searcher-1", builders.challenge()))
    assert house.statuses() == [("pending", "recipient_unknown")]
    await house.hear(SEARCHER)
    assert house.statuses() == [("sent", None)]


async def test_a_claim_gives_its_people_a_receipt_and_the_poster_a_number(house: House) -> None:
    claimant = builders.user("claimant-1")
    house.consented("claimant-1", "claim_receipt")
    await house.hear(ADMIN, claimant, builders.challenge("challenge.drafted", state="draft"))
    await house.hear(builders.claim(people=(as_claimant("claimant-1"),)))
    (receipt,) = house.inbox.of("claimant-1")
    (count,) = house.inbox.of("admin-1")
    assert "ab" * 32 in receipt.body
    assert "已收到1份揭榜" in count.body
    assert "claim-1" not in count.body
    assert all(row.sealed for row in house.deliveries)


async def test_a_new_version_of_a_submitted_claim_has_a_new_receipt_and_no_new_number(house: House) -> None:
    people = (as_claimant("claimant-1"),)
    await house.hear(ADMIN, builders.user("claimant-1"), builders.challenge("challenge.drafted", state="draft"))
    await house.hear(builders.claim(short="claim.replaced", state="draft", version=2, people=people))
    await house.hear(builders.claim(short="claim.consented", state="draft", version=3, people=people))
    await house.hear(builders.claim(version=4, people=people))
    await house.hear(builders.claim(short="claim.replaced", version=5, people=people, at=NOON + timedelta(minutes=1)))
    told = ["claim-consented", "claim-receipt", "claim-receipt-replaced"]
    assert sorted(each.message for each in house.inbox.of("claimant-1")) == told
    assert [each.message for each in house.inbox.of("admin-1")] == ["claim-counted"]


async def test_nothing_that_is_kept_of_a_claim_has_a_name_by_which_its_person_is_known_elsewhere(house: House) -> None:
    house.consented("claimant-1", "claim_receipt")
    await house.hear(builders.user("claimant-1"), builders.challenge("challenge.drafted", state="draft"))
    await house.hear(builders.claim(people=(as_claimant("claimant-1"),)))
    assert house.statuses() == [("sent", None)]
    assert house.credits("claimant-1", "claim_receipt") == 4
    (row,) = house.deliveries
    for known_as in ("claimant-1", NAMES.everyday("claimant-1"), PERSONAL.blind("openid-of-claimant-1")):
        assert known_as not in row.model_dump_json() + repr(house.inbox.documents)
    (consent,) = house.sealed_consents.states.values()
    for leads_back in (row.id, row.recipient, "claim-1", "claimant-1"):
        assert leads_back not in repr(consent)
    for leads_on in ("claim-1", "claimant-1", "涂层", row.id, row.recipient):
        assert leads_on not in repr(house.inbox.documents)


async def test_two_claims_of_one_person_have_nothing_in_common_in_what_is_kept(house: House) -> None:
    await house.hear(builders.user("claimant-1"), builders.challenge("challenge.drafted", state="draft"))
    for number in (1, 2):
        people = (as_claimant("claimant-1", f"claim-{number}"),)
        await house.hear(builders.claim(f"claim-{number}", people=people, at=NOON + timedelta(minutes=number)))
    first, second = (row.model_dump(include={"id", "recipient", "event_id"}) for row in house.deliveries)
    assert {str(each).split("/")[-1] for each in first.values()} & {
        str(each).split("/")[-1] for each in second.values()
    } == {"2"}


async def test_a_claimant_who_also_posts_gets_one_message_about_their_claim(house: House) -> None:
    """One item per event and person, whatever name the person goes by: the receipt, and no count beside it."""
    await house.hear(ADMIN, builders.challenge("challenge.drafted", state="draft"))
    await house.hear(builders.claim(people=(as_claimant("admin-1"),)))
    assert [each.message for each in house.inbox.of("admin-1")] == ["claim-receipt"]


async def test_a_receipt_waits_for_a_claimant_who_is_heard_of_late(house: House) -> None:
    house.consented("claimant-1", "claim_receipt")
    await house.hear(builders.challenge("challenge.drafted", state="draft"))
    await house.hear(builders.claim(people=(as_claimant("claimant-1"),)))
    assert house.statuses() == [("pending", "recipient_unknown")]
    for known_as in ("claimant-1", NAMES.everyday("claimant-1")):
        assert known_as not in house.deliveries[0].model_dump_json()
    await house.hear(builders.user("claimant-1"))
    await house.later(seconds=5)
    assert house.statuses() == [("sent", None)]


async def test_a_claim_waits_for_its_challenge_to_be_known(house: House) -> None:
    await house.hear(ADMIN, builders.claim(people=(as_claimant("claimant-1"),)))
    assert house.inbox.documents == {}
    await house.hear(builders.challenge("challenge.drafted", state="draft"))
    assert len(house.inbox.of("claimant-1")) == len(house.inbox.of("admin-1")) == 1


async def test_what_an_owner_tells_after_a_restore_is_told_to_nobody(house: House) -> None:
    house.consented("admin-1", "challenge_progress")
    await house.hear(ADMIN, replace(builders.challenge(), action=RESTORE))
    assert (house.inbox.documents, house.server.sent) == ({}, [])


async def test_what_is_older_than_a_week_tells_nobody(house: House) -> None:
    house.at = NOON + TOLD_WITHIN + timedelta(seconds=1)
    await house.hear(ADMIN, SEARCHER, builders.challenge(), builders.hit("searcher-1", builders.challenge()))
    assert house.inbox.documents == {}
    assert house.deliveries == []


async def test_an_old_claim_is_not_even_kept_for_its_challenge(house: House) -> None:
    house.at = NOON + TOLD_WITHIN + timedelta(seconds=1)
    await house.hear(builders.claim(people=(as_claimant("claimant-1"),)))
    assert house.notices.kept == {}


async def test_a_match_of_today_with_something_old_tells_nobody(house: House) -> None:
    old = builders.challenge(at=NOON - TOLD_WITHIN - timedelta(seconds=1))
    await house.hear(SEARCHER, replace(builders.hit("searcher-1", old), time=NOON))
    assert house.inbox.documents == {}


async def test_without_consent_there_is_the_inbox_and_a_row_that_says_why(house: House) -> None:
    await house.hear(ADMIN, builders.challenge())
    assert len(house.inbox.of("admin-1")) == 1
    assert house.statuses() == [("skipped", "no_consent")]
    assert [(each.subject, each.type.short) for each in house.told] == [(house.deliveries[0].id, "delivery.settled")]


STREAM = [
    ADMIN,
    SEARCHER,
    builders.challenge("challenge.approved", version=3),
    builders.challenge(),
    builders.hit("admin-1", builders.challenge()),
    builders.hit("searcher-1", builders.challenge(), hit_id="hit-2"),
    builders.claim(people=(as_claimant("searcher-1"),)),
]


@given(st.permutations(STREAM), st.lists(st.sampled_from(STREAM), max_size=6))
@settings(max_examples=60, deadline=None)
async def test_events_in_any_order_and_any_number_tell_everybody_of_each_event_once(
    order: list[Event], repeats: list[Event]
) -> None:
    house = House()
    for template in ("challenge_progress", "new_challenge", "claim_receipt", "claim_count"):
        house.consented("admin-1", template)
        house.consented("searcher-1", template)
    for event in (*order, *repeats):
        await house.hear(event)
    await house.later(seconds=5)  # a receipt whose claimant was unknown asks again
    # approved, published and the number of claims; the challenge found and the receipt
    assert sorted(each.event_id for each in house.inbox.of("admin-1")) == [
        "challenge-1/3",
        "challenge-1/4",
        "claim-1/2",
    ]
    assert sorted(each.event_id for each in house.inbox.of("searcher-1")) == ["challenge-1/4", "claim-1/2"]
    assert house.statuses() == [("sent", None)] * 5
    assert len(house.server.sent) == 5
