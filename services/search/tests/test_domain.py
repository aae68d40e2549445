"""Saved searches: who is told of what."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.search.domain.items import Item, item_of
from services.search.querying.criteria import SavedQuery
from services.search.saved_searches import rules as domain
from services.search.saved_searches.percolator import Percolator
from services.search.saved_searches.rules import MOST_PER_USER, Notify, SavedSearch
from services.search.tests.building import AT, challenge, record
from shared.aggregates.decisions import RESTORE
from shared.events.envelope import Event
from shared.values.ids import new_id
from shared.values.problems import Refusal


def saved(user_id: str = "u", notify: Notify = "at_once", **query: Any) -> SavedSearch:
    """A saved search with these parameters."""
    wanted = SavedQuery.model_validate(query)
    return SavedSearch(id=new_id(), user_id=user_id, name="订阅", query=wanted, notify=notify, created_at=AT)


def item(event: Event) -> Item:
    """What a public event shows."""
    found = item_of(event)
    assert isinstance(found, Item)
    return found


def is_met(wanted: SavedSearch, event: Event) -> bool:
    return Percolator([wanted]).met_by(item(event)) == [wanted]


@pytest.mark.parametrize(
    ("query", "met"),
    [
        ({"q": "双极板"}, True),
        ({"q": "双極板　塗層"}, True),
        ({"q": "双极板 光刻胶"}, False),
        ({"q": "+++"}, False),
        ({}, True),
        ({"type": "challenge", "jurisdiction": "suzhou,wuxi", "industry": "氢能", "status": "published"}, True),
        ({"type": "record"}, False),
        ({"jurisdiction": "wuxi"}, False),
        ({"q": "双极板", "jurisdiction": ["wuxi"]}, False),
        ({"industry": "光伏"}, False),
        ({"kind": "policy"}, False),
        ({"board": "matching"}, False),
        ({"tense": "future"}, False),
        ({"bbox": "118,31,121,33"}, False),
        ({"near": "120.6,31.3", "radius": 1000}, False),
        ({"sort": "newest", "limit": 5, "q": "涂层"}, True),
    ],
)
def test_a_published_challenge_meets_the_searches_that_would_find_it(query: dict[str, Any], met: bool) -> None:
    assert is_met(saved(**query), challenge()) is met


def test_a_place_is_met_inside_its_circle_and_box_only() -> None:
    there = record(longitude=118.8, latitude=32.0)
    assert is_met(saved(near="118.8,32.005", radius=1000), there)
    assert not is_met(saved(near="118.8,32.05", radius=1000), there)
    assert is_met(saved(bbox="118,31,119,33", kind="institution"), there)
    assert not is_met(saved(bbox="119,31,120,33"), there)


def test_every_one_of_many_saved_searches_that_fits_is_met_once() -> None:
    wanted = [saved(q="双极板涂层寿命") for _ in range(30)]
    others = [saved(q=f"双极板{n}") for n in range(30)]
    met = Percolator([*wanted, *others]).met_by(item(challenge()))
    assert sorted(each.id for each in met) == sorted(each.id for each in wanted)


def test_a_hit_found_twice_is_the_same_hit() -> None:
    event, wanted = challenge(), saved()
    (once,), (again,) = (domain.hits([wanted], event, item(event)) for _ in range(2))
    assert once == again
    assert once.cause == event.id
    assert domain.hits([saved()], event, item(event))[0].id != once.id


def test_a_hit_says_how_its_owner_wants_to_hear_of_it() -> None:
    event = challenge()
    met = [saved("patient", "digest"), saved("eager", "at_once"), saved("both", "digest"), saved("both", "at_once")]
    told = [(each.user_id, each.notify) for each in domain.hits(met, event, item(event))]
    assert told == [("patient", "digest"), ("eager", "at_once"), ("both", "at_once"), ("both", "at_once")]


def test_a_record_is_a_hit_like_a_challenge_and_names_its_batch() -> None:
    event = record("某某研究院", kind="platform", batch_id="batch-1")
    (hit,) = domain.hits([saved(q="研究院")], event, item(event))
    assert (hit.item.type, hit.item.kind, hit.item.id) == ("record", "platform", event.subject)
    assert (hit.batch_id, hit.item.reward_fen, hit.item.deadline) == ("batch-1", None, None)


def test_nothing_from_before_the_first_of_many_searches_is_news() -> None:
    many = [saved().model_copy(update={"created_at": AT + timedelta(days=n)}) for n in range(3)]
    assert Percolator(many).news_since == domain.news_since(many[0])
    assert Percolator().news_since > AT + timedelta(days=36_500)


def test_a_search_for_which_it_is_no_news_hastens_nothing() -> None:
    event = challenge(updated_at=AT - timedelta(hours=1))
    early = saved("u", "digest").model_copy(update={"created_at": AT - timedelta(days=1)})
    assert [each.notify for each in domain.hits([early, saved("u", "at_once")], event, item(event))] == ["digest"]


def test_what_was_published_long_before_the_search_was_saved_is_no_news() -> None:
    wanted = saved()
    assert domain.is_news(wanted, challenge(updated_at=AT))
    assert domain.is_news(wanted, challenge(updated_at=AT + timedelta(days=1)))
    assert not domain.is_news(wanted, challenge(updated_at=AT - timedelta(hours=1)))


def test_what_an_owner_tells_after_a_restore_is_no_news() -> None:
    wanted = saved()
    assert not domain.is_news(wanted, replace(challenge(updated_at=AT), action=RESTORE))


def test_nobody_saves_more_searches_than_the_limit() -> None:
    assert domain.save(saved(), MOST_PER_USER - 1).happened is None
    with pytest.raises(Refusal) as refused:
        domain.save(saved(), MOST_PER_USER)
    assert refused.value.problem.code == "too_many_saved_searches"


def test_a_removed_search_cannot_be_removed_again() -> None:
    removed = domain.remove(saved()).state
    assert removed.removed
    with pytest.raises(Refusal):
        domain.remove(removed)


def test_a_saved_query_comes_back_as_it_stands_in_an_address() -> None:
    query = SavedQuery.model_validate({"q": "涂层", "jurisdiction": ["suzhou", "wuxi"], "bbox": "118,31,119.5,33"})
    assert query.parameters() == {"q": "涂层", "jurisdiction": "suzhou,wuxi", "bbox": "118,31,119.5,33"}


def test_a_saved_query_survives_the_database() -> None:
    wanted = saved(q="涂层", near="118.8,32", radius=10, kind="policy", industry="氢能")
    assert SavedSearch.model_validate(wanted.model_dump()) == wanted
