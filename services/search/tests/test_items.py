"""From events to what is shown."""

import pytest

from services.search.domain.items import Gone, item_of
from services.search.indexing import projections
from services.search.tests.building import challenge, record
from shared.events.challenges import Indicator


@pytest.mark.parametrize("state", ["draft", "submitted", "returned", "approved"])
def test_an_unpublished_challenge_is_nothing_to_search(state: str) -> None:
    assert item_of(challenge(state=state)) is None
    assert projections.item(challenge(state=state)) is None


def test_a_deleted_record_leaves_a_tombstone() -> None:
    event = record(deleted=True)
    assert item_of(event) == Gone("nanjing/institution/1")
    register = projections.item(event)
    assert register is not None
    assert (register.id, register.deleted, register.document) == ("nanjing/institution/1", True, {})


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
