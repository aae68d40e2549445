import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.secrets import CannotOpen, Pseudonyms

NAMES, OTHERS = Pseudonyms(b"p" * 32), Pseudonyms(b"q" * 32)
PLACES = st.uuids().map(str)


@given(PLACES, st.text(min_size=1, max_size=40))
def test_a_name_within_a_place_is_always_the_same_and_can_be_taken_back(place: str, identity: str) -> None:
    name = NAMES.within(place, identity)
    assert name == NAMES.within(place, identity)
    assert NAMES.taken_back(name) == identity


@given(PLACES, PLACES)
def test_the_same_person_has_nothing_in_common_in_two_places(here: str, there: str) -> None:
    names = [NAMES.within(place, "user-1").split("/")[1] for place in (here, there)]
    assert (names[0] == names[1]) is (here == there)


def test_a_name_says_nothing_without_the_key_and_holds_nowhere_else() -> None:
    name = NAMES.within("claim-1", "user-1")
    assert "user-1" not in name
    for wrong in (
        name.replace("claim-1", "claim-2"),
        name[:-1],
        "claim-1/",
        "claim-1",
        f"{name}00",
        NAMES.of("user-1"),
    ):
        with pytest.raises(CannotOpen):
            NAMES.taken_back(wrong)
    with pytest.raises(CannotOpen):
        OTHERS.taken_back(name)
