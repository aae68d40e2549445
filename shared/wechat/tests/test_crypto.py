import base64
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.wechat.crypto import BadEnvelope, Envelope, aes_key, signature, signed_by


def _key() -> str:
    return base64.b64encode(os.urandom(32)).decode().rstrip("=")


OLD, NEW = _key(), _key()
APPID = "wx0123456789abcdef"


@given(st.binary(max_size=400))
def test_what_was_sealed_opens_to_the_same_bytes(message: bytes) -> None:
    envelope = Envelope(APPID, NEW)
    assert envelope.open(envelope.seal(message)) == message


def test_the_padding_goes_to_32_bytes_and_never_to_nothing() -> None:
    exactly_full = b"x" * (32 - 20 % 32 - len(APPID) % 32 + 32)
    sealed = base64.b64decode(Envelope(APPID, NEW).seal(exactly_full))
    assert len(sealed) % 32 == 0
    assert len(sealed) > 20 + len(exactly_full) + len(APPID)


def test_while_keys_are_rotated_the_previous_one_still_opens() -> None:
    sealed = Envelope(APPID, OLD).seal(b"<xml/>")
    assert Envelope(APPID, NEW, OLD).open(sealed) == b"<xml/>"
    with pytest.raises(BadEnvelope):
        Envelope(APPID, NEW).open(sealed)


def test_a_message_for_another_appid_is_refused() -> None:
    with pytest.raises(BadEnvelope):
        Envelope(APPID, NEW).open(Envelope("wx-another", NEW).seal(b"{}"))


@given(st.binary(max_size=200).map(lambda raw: base64.b64encode(raw).decode()) | st.text(max_size=80))
def test_garbage_is_refused_and_never_crashes(encrypted: str) -> None:
    with pytest.raises(BadEnvelope):
        Envelope(APPID, NEW, OLD).open(encrypted)


def test_keys_never_show_in_a_repr() -> None:
    assert NEW not in repr(Envelope(APPID, NEW, OLD))
    assert OLD not in repr(Envelope(APPID, NEW, OLD))


def test_a_key_of_the_wrong_length_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="43"):
        aes_key("short")


def test_a_signature_is_the_sha1_of_the_sorted_parts() -> None:
    # sha1("1409304348" + "AAAA" + "xxxxxx"), computed with sha1sum.
    assert signature("AAAA", "1409304348", "xxxxxx") == "2028fb4a2ba19744fcfcb22466321e1e2ae83e2d"
    assert signature("xxxxxx", "AAAA", "1409304348") == signature("AAAA", "1409304348", "xxxxxx")


def test_one_changed_character_breaks_the_signature() -> None:
    good = signature("token", "1", "nonce", "body")
    assert signed_by("token", good, "1", "nonce", "body")
    assert not signed_by("token", good, "1", "nonce", "bodY")
    assert not signed_by("token", "密", "1", "nonce", "body")
