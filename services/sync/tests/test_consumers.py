"""A city's load starves no other city: the orders of a round share its time by city, and take turns."""

from hypothesis import given, settings
from hypothesis import strategies as st

from services.sync.applying.consumers import ROUND_SECONDS, in_turn
from services.sync.intake.batch import advance
from services.sync.tests.builders import AT, batch, place
from shared.events.envelope import Event
from shared.values.jurisdictions import Jurisdiction


def order(city: Jurisdiction, number: int) -> Event:
    return advance(place(batch(id=f"{city}-{number}", jurisdiction=city), number), 0, AT)


@settings(deadline=None)
@given(st.lists(st.sampled_from(Jurisdiction), min_size=1, max_size=30))
def test_every_city_has_the_same_share_and_the_first_orders_go_first(cities: list[Jurisdiction]) -> None:
    orders = {str(number): order(city, number) for number, city in enumerate(cities)}
    turns = in_turn(orders)
    shares = {city: sum(seconds for _, each, seconds in turns if each.jurisdiction == city) for city in cities}
    assert {batch_id: each for batch_id, each, _ in turns} == orders
    assert len(turns) == len(orders)
    assert {round(share, 6) for share in shares.values()} == {round(ROUND_SECONDS / len(shares), 6)}
    assert {each.jurisdiction for _, each, _ in turns[: len(shares)]} == set(cities)


def test_a_city_that_pushes_all_its_lists_keeps_another_waiting_for_one_order() -> None:
    orders = {str(number): order(Jurisdiction.SUZHOU, number) for number in range(15)}
    orders["last"] = order(Jurisdiction.NANTONG, 1)
    assert [batch_id for batch_id, _, _ in in_turn(orders)][:3] == ["0", "last", "1"]
