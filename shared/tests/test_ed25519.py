"""Only an honest public key is one."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from shared.values.ed25519 import is_public_key

SMALL_ORDER = {
    "order 1": "0100000000000000000000000000000000000000000000000000000000000000",
    "order 2": "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "order 4": "0000000000000000000000000000000000000000000000000000000000000000",
    "order 4, negative": "0000000000000000000000000000000000000000000000000000000000000080",
    "order 8, a": "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "order 8, a negative": "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "order 8, b": "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "order 8, b negative": "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
}
"""The eight points of small order, as RFC 8032 encodes them."""
MALFORMED = {
    "order 1, sign set": "0100000000000000000000000000000000000000000000000000000000000080",
    "order 2, sign set": "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "p, which is 0": "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "p + 1, which is 1": "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "all ones": "ff" * 32,
    "no point of the curve": "0200000000000000000000000000000000000000000000000000000000000000",
    "too short": "00" * 31,
    "too long": "00" * 33,
}
RFC_8032_TEST_1 = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")


@given(st.binary(min_size=32, max_size=32))
def test_every_key_that_a_private_key_makes_is_one(seed: bytes) -> None:
    key = Ed25519PrivateKey.from_private_bytes(seed).public_key()
    assert is_public_key(key.public_bytes(Encoding.Raw, PublicFormat.Raw))


def test_the_key_of_the_rfc_is_one() -> None:
    assert is_public_key(RFC_8032_TEST_1)


@pytest.mark.parametrize("encoded", [*SMALL_ORDER.values(), *MALFORMED.values()], ids=[*SMALL_ORDER, *MALFORMED])
def test_a_point_of_small_order_and_a_malformed_encoding_are_none(encoded: str) -> None:
    assert not is_public_key(bytes.fromhex(encoded))


@pytest.mark.parametrize("sign", [0, 1])
@pytest.mark.parametrize("y", range(2**255 - 19, 2**255))
def test_an_encoding_that_gives_a_point_a_second_name_is_none(y: int, sign: int) -> None:
    assert not is_public_key((sign << 255 | y).to_bytes(32, "little"))


def test_a_key_with_a_part_of_small_order_is_none() -> None:
    """The sum of an honest key and of the point of order two: (x, y) + (0, -1) = (-x, -y)."""
    prime = 2**255 - 19
    encoded = int.from_bytes(RFC_8032_TEST_1, "little")
    sign, y = encoded >> 255, encoded & (2**255 - 1)
    mixed = ((1 - sign) << 255) | (prime - y)
    assert not is_public_key(mixed.to_bytes(32, "little"))
