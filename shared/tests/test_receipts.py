"""The canonical receipt and its leaf are fixed for ever: claimants keep them and prove with them."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.values.jurisdictions import SHANGHAI
from shared.values.receipts import canonical_receipt, leaf

CLAIM, HASH = "019a4e7d-3d4c-7e5f-8061-7c8d9e0f1a2b", "ab" * 32
AT = datetime(2027, 1, 31, 23, 59, 59, 999_000, tzinfo=SHANGHAI)


def test_a_receipt_has_these_bytes_for_ever() -> None:
    assert canonical_receipt(CLAIM, AT, HASH) == (
        b'{"claim_id":"019a4e7d-3d4c-7e5f-8061-7c8d9e0f1a2b",'
        b'"sha256":"abababababababababababababababababababababababababababababababab",'
        b'"submitted_at":"2027-01-31T15:59:59.999Z"}'
    )


def test_its_leaf_has_these_bytes_for_ever() -> None:
    assert (
        leaf(canonical_receipt(CLAIM, AT, HASH)).hex()
        == "2ea6a864bfefd76c14d69cdb05c021279c71aae00a4a777200380fdb1086bde6"
    )
    # RFC 9162, section 2.1.1: the leaf of an empty entry.
    assert leaf(b"").hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"


@given(st.datetimes(timezones=st.timezones(), min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1)))
def test_the_same_instant_in_any_zone_is_the_same_receipt(at: datetime) -> None:
    assert canonical_receipt(CLAIM, at, HASH) == canonical_receipt(CLAIM, at.astimezone(SHANGHAI), HASH)


@pytest.mark.parametrize("sha256", ["", "ab" * 31, "AB" * 32, "zz" * 32, "ab" * 33])
def test_what_is_no_hash_makes_no_receipt(sha256: str) -> None:
    with pytest.raises(ValueError, match="64 hexadecimal digits"):
        canonical_receipt(CLAIM, AT, sha256)


def test_a_time_without_an_offset_makes_no_receipt() -> None:
    with pytest.raises(ValueError, match="offset"):
        canonical_receipt(CLAIM, AT.replace(tzinfo=None), HASH)
