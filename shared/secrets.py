"""Keys from files and what is done with them: data keys wrapped by a master key, keyed pseudonyms, sealed personal data.

AES-256-GCM for what is sealed, a value being `1 + key id (4 bytes) + nonce (12 bytes) + ciphertext + tag (16 bytes)`;
AES-256-SIV (RFC 5297), which gives the same for the same, for names that can be taken back. What is sealed names its key,
so that a key can be replaced; what is only derived, such as a pseudonym, is derived again from what is sealed beside it.
Values that were sealed before keys had ids are still opened.
"""

import base64
import hashlib
import hmac
import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESSIV

_NONCE = 12
_FORMAT = b"\x01"
"""Of what is sealed: a first byte, so that there can be another format one day."""


class CannotOpen(Exception):
    """A sealed value is damaged, or was sealed under another key or for another context."""


def read_key(folder: Path, name: str) -> bytes:
    """The 32 bytes that `<name>/<name>.key` holds in base64. OSError when it is not there, ValueError for anything else.

    Each key lies in a folder of its own, so that a process can be given those that it reads and no others.
    """
    key = base64.b64decode((folder / name / f"{name}.key").read_text().strip())
    if len(key) != 32:
        raise ValueError(f"{name}.key must hold 32 bytes in base64")
    return key


def key_id(key: bytes) -> bytes:
    """4 bytes that name a key and say nothing about it."""
    return hashlib.sha256(b"key-id/" + key).digest()[:4]


def derived_key(key: bytes, purpose: str) -> bytes:
    """32 bytes for one purpose alone, so that what is made for one says nothing about another."""
    return hmac.new(key, f"derived/{purpose}".encode(), hashlib.sha256).digest()


class Sealer:
    """Seals and opens bytes under one key. `context` ties a value to its place: elsewhere it does not open."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)
        self._mark = _FORMAT + key_id(key)

    def seal(self, plain: bytes, context: str) -> bytes:
        nonce = os.urandom(_NONCE)
        return self._mark + nonce + self._cipher.encrypt(nonce, plain, context.encode())

    def open(self, sealed: bytes, context: str) -> bytes:
        body = sealed.removeprefix(self._mark)
        try:
            return self._cipher.decrypt(body[:_NONCE], body[_NONCE:], context.encode())
        except (InvalidTag, ValueError) as error:
            raise CannotOpen(
                f"{context}, sealed by key {sealed_by(sealed)}; this is key {self._mark[1:].hex()}"
            ) from error


def sealed_by(sealed: bytes) -> str | None:
    """The id of the key that sealed this, 8 hex digits; None for what was sealed before keys had ids."""
    mark = sealed[: len(_FORMAT) + 4]
    return mark[len(_FORMAT) :].hex() if mark.startswith(_FORMAT) else None


class MasterKey:
    """Wraps the data keys, one per challenge, that seal what claimants write."""

    def __init__(self, key: bytes) -> None:
        self._sealer = Sealer(key)

    def new_data_key(self, owner: str) -> tuple[Sealer, bytes]:
        """A fresh data key: ready to use, and wrapped for keeping."""
        key = AESGCM.generate_key(256)
        return Sealer(key), self._sealer.seal(key, f"data-key/{owner}")

    def unwrap(self, wrapped: bytes, owner: str) -> Sealer:
        """The data key that was wrapped for this owner; CannotOpen otherwise."""
        return Sealer(self._sealer.open(wrapped, f"data-key/{owner}"))


class Pseudonyms:
    """Names for people and organisations that only holders of the key can connect with them.

    `of` gives one for good (HMAC-SHA-256, 32 hex). `within` gives one that holds in one place alone, so that nobody else
    can tell that two places mean the same; holders of the key can take it back.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._within = AESSIV(hashlib.sha512(b"within/" + key).digest())
        self._id = key_id(key).hex()

    def of(self, identity: str) -> str:
        return hmac.new(self._key, identity.encode(), hashlib.sha256).hexdigest()[:32]

    def within(self, place: str, identity: str) -> str:
        """`<place>/<key id><hex>`; the place has no slash."""
        return f"{place}/{self._id}{self._within.encrypt(identity.encode(), [place.encode()]).hex()}"

    def taken_back(self, name: str) -> str:
        """The identity that a name from `within` stands for; CannotOpen when it is none."""
        place, _, hidden = name.partition("/")
        try:
            return self._within.decrypt(bytes.fromhex(hidden.removeprefix(self._id)), [place.encode()]).decode()
        except (InvalidTag, ValueError) as error:
            raise CannotOpen(place) from error


class PersonalData:
    """Openids and phone numbers where they must be kept: sealed text, and a blind index for finding them again."""

    def __init__(self, key: bytes) -> None:
        self._sealer = Sealer(key)
        self._index = Pseudonyms(hashlib.sha256(b"index/" + key).digest())

    def seal(self, text: str, context: str) -> str:
        return base64.b64encode(self._sealer.seal(text.encode(), context)).decode()

    def open(self, sealed: str, context: str) -> str:
        return self._sealer.open(base64.b64decode(sealed), context).decode()

    def blind(self, text: str) -> str:
        """The same text gives the same index; the text cannot be had from it."""
        return self._index.of(text)


def openid_context(user_id: str) -> str:
    """The context under which accounts seals `UserState.openid_sealed`, and notifications opens it."""
    return f"user/{user_id}/openid"
