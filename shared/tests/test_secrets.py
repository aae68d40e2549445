import base64

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from shared.secrets import CannotOpen, MasterKey, PersonalData, Pseudonyms, Sealer, key_id, sealed_by

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


def test_what_is_sealed_names_the_key_that_sealed_it() -> None:
    one, other = Sealer(b"a" * 32), Sealer(b"b" * 32)
    sealed = one.seal(b"plain", "place")
    assert sealed_by(sealed) == key_id(b"a" * 32).hex()
    assert one.open(sealed, "place") == b"plain"
    with pytest.raises(CannotOpen, match=f"sealed by key {key_id(b'a' * 32).hex()}"):
        other.open(sealed, "place")


def test_the_master_key_the_personal_key_and_the_key_of_pseudonyms_name_themselves_in_what_they_seal() -> None:
    key = b"k" * 32
    _, wrapped = MasterKey(key).new_data_key("challenge")
    assert sealed_by(wrapped) == key_id(key).hex()
    assert sealed_by(base64.b64decode(PersonalData(key).seal("13812345678", "place"))) == key_id(key).hex()
    assert Pseudonyms(key).within("claim", "user").startswith(f"claim/{key_id(key).hex()}")


def test_what_was_sealed_before_keys_had_ids_is_still_opened() -> None:
    key, nonce = b"k" * 32, b"n" * 12
    assert Sealer(key).open(nonce + AESGCM(key).encrypt(nonce, b"plain", b"place"), "place") == b"plain"
    name = NAMES.within("claim", "user")
    assert NAMES.taken_back(name.replace(key_id(b"p" * 32).hex(), "")) == "user"
