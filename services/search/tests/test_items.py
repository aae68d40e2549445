"""From events to what is shown."""

import pytest

from services.search.domain.items import Gone, Item, item_of
from services.search.tests.building import AT, challenge, record
from shared.events.challenges import ChallengeState, Indicator
from shared.events.envelope import event


@pytest.mark.parametrize("state", ["draft", "published", "a state of tomorrow"])
def test_a_challenge_is_public_only_where_its_owner_says_so_whatever_its_state(state: str) -> None:
    shown = item_of(challenge(id="1", state=state, public=True))
    assert isinstance(shown, Item)
    assert shown.status == state
    assert item_of(challenge(id="1", state=state, public=False)) == Gone("1")


def test_an_owner_that_does_not_say_whether_a_challenge_is_public_has_said_no() -> None:
    said = challenge(id="1").data.model_dump(mode="json", exclude={"public", "claimable"})
    silent = event("challenge.published", "1", 4, AT, ChallengeState.model_validate(said), jurisdiction="suzhou")
    assert item_of(silent) == Gone("1")


def test_a_deleted_record_is_gone() -> None:
    assert item_of(record(deleted=True)) == Gone("nanjing/institution/1")


def test_a_challenge_is_found_by_what_its_disclosure_shows_and_nothing_else() -> None:
    indicator = Indicator(name="腐蚀电流密度", target="≤ 1", unit="μA/cm²", test_method="GB/T 20042.6")
    item = item_of(challenge(problem="高电位腐蚀", indicators=(indicator,)))
    assert item is not None
    assert not isinstance(item, Gone)
    assert item.body == "高电位腐蚀\n腐蚀电流密度 ≤ 1 μA/cm² GB/T 20042.6"
    assert set(item.shown()).isdisjoint({"body", "problem", "indicators"})


def test_a_record_is_found_by_its_address_and_details_and_shown_at_its_place() -> None:
    item = item_of(
        record(address="仙林大道 163 号", details={"model": "X-7", "tags": ["甲"]}, longitude=118.8, latitude=32.0)
    )
    assert item is not None
    assert not isinstance(item, Gone)
    assert item.body == "仙林大道 163 号\nX-7\n甲"
    assert item.shown()["location"] == {"longitude": 118.8, "latitude": 32.0}


def test_a_record_with_half_a_place_has_none() -> None:
    item = item_of(record(longitude=118.8))
    assert item is not None
    assert not isinstance(item, Gone)
    assert item.location is None
