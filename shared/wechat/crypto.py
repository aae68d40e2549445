"""The envelope of WeChat's pushed messages: signatures, and AES-256-CBC with PKCS#7 to 32 bytes.

Plaintext = 16 random bytes, the message's length in 4 bytes (big endian), the message, the appid. The key is
base64(EncodingAESKey + "="), the IV its first 16 bytes. Source: WeChat's "message push" guide.
"""

import base64
import binascii
import hashlib
import hmac
import os
import struct
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

_BLOCK = 32
_HEAD = 20


class BadEnvelope(Exception):
    """A pushed message that cannot be WeChat's: wrong signature, wrong key, wrong appid, or damaged."""


def signature(token: str, *parts: str) -> str:
    """sha1 over the token and the parts, sorted and joined, as 40 hexadecimal digits."""
    return hashlib.sha1("".join(sorted((token, *parts))).encode()).hexdigest()  # noqa: S324


def signed_by(token: str, expected: str, *parts: str) -> bool:
    """Whether `expected` is the signature of these parts, compared in constant time."""
    return hmac.compare_digest(signature(token, *parts).encode(), expected.encode())


def aes_key(encoding_aes_key: str) -> bytes:
    """The 32 bytes in an EncodingAESKey of 43 characters. ValueError when it is none."""
    # Some consoles give a key whose last character carries stray bits; they are dropped, as WeChat does.
    try:
        key = base64.b64decode(encoding_aes_key + "=")
    except binascii.Error as error:
        raise ValueError("an EncodingAESKey has 43 characters of base64") from error
    if len(key) != _BLOCK:
        raise ValueError("an EncodingAESKey has 43 characters of base64")
    return key


@dataclass(frozen=True)
class Envelope:
    """Seals with the current key, opens with the current or, while keys are rotated, the previous one."""

    appid: str
    encoding_aes_key: str = field(repr=False)
    previous_aes_key: str | None = field(default=None, repr=False)

    def seal(self, message: bytes) -> str:
        """The `Encrypt` value of this message."""
        key = aes_key(self.encoding_aes_key)
        plain = os.urandom(16) + struct.pack(">I", len(message)) + message + self.appid.encode()
        pad = _BLOCK - len(plain) % _BLOCK
        encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
        return base64.b64encode(encryptor.update(plain + bytes([pad]) * pad) + encryptor.finalize()).decode()

    def open(self, encrypted: str) -> bytes:
        """The message in an `Encrypt` value. BadEnvelope when neither key opens it for this appid."""
        try:
            sealed = base64.b64decode(encrypted, validate=True)
        except (binascii.Error, ValueError) as error:
            raise BadEnvelope("Encrypt is not base64") from error
        if not sealed or len(sealed) % _BLOCK:
            raise BadEnvelope("Encrypt is not a number of whole blocks")
        for encoded in filter(None, (self.encoding_aes_key, self.previous_aes_key)):
            message = self._open_with(aes_key(encoded), sealed)
            if message is not None:
                return message
        raise BadEnvelope("no key of this appid opens the message")

    def _open_with(self, key: bytes, sealed: bytes) -> bytes | None:
        decryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).decryptor()
        padded = decryptor.update(sealed) + decryptor.finalize()
        pad = padded[-1]
        if not 1 <= pad <= _BLOCK or padded[-pad:] != bytes([pad]) * pad:
            return None
        plain = padded[:-pad]
        if len(plain) < _HEAD:
            return None
        end = _HEAD + struct.unpack(">I", plain[16:_HEAD])[0]
        return plain[_HEAD:end] if plain[end:] == self.appid.encode() else None
