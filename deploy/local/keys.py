"""The secrets of a place: made once, kept in one folder, readable by their owner only.

`make up` calls this, and in production `huning keys` does (deploy/keys_cli.py).
"""

import base64
import os
import secrets
import string
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from shared.settings import WECHAT_FILE

_RANDOM = ("master.key", "pseudonym.key", "personal.key", "session.key")
_SIGNING = "signing.pem"
_AUDIT = "audit/audit.pem"


def make(folder: Path) -> None:
    """Makes what is missing of our own keys and of the credentials that the WeChat stand-in knows."""
    make_own(folder)
    _once(folder / WECHAT_FILE, _wechat_credentials)


def make_own(folder: Path) -> None:
    """Makes what is missing: signing.pem and audit/audit.pem (Ed25519, PKCS8) and four keys of 32 bytes in base64.

    A key that is there is never touched: what was sealed under it could not be opened again.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _once(folder / _SIGNING, signing_key)
    (folder / _AUDIT).parent.mkdir(exist_ok=True, mode=0o700)
    _once(folder / _AUDIT, signing_key)
    for name in _RANDOM:
        _once(folder / name, lambda: base64.b64encode(secrets.token_bytes(32)))


def rotate_signing(folder: Path, at: datetime) -> Path:
    """Puts a new signing.pem in place; the old one, under the name that this gives, still verifies what it signed.

    FileNotFoundError when there is none yet.
    """
    retired = folder / f"signing-{at:%Y%m%dT%H%M%S}.pem"
    retired.hardlink_to(folder / _SIGNING)
    _replace(folder / _SIGNING, signing_key())
    return retired


def write_wechat(folder: Path, credentials: Mapping[str, str]) -> None:
    """Keeps WeChat's credentials, by the names of their settings; what stood there is replaced."""
    _replace(folder / WECHAT_FILE, "\n".join(f"{name}={value}" for name, value in credentials.items()).encode())


def wechat(folder: Path) -> dict[str, str]:
    """The credentials that the services and the stand-in share, by the names of their settings."""
    return dict(line.split("=", 1) for line in (folder / WECHAT_FILE).read_text().splitlines())


def signing_key() -> bytes:
    """A fresh Ed25519 private key as PEM."""
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _wechat_credentials() -> bytes:
    """In the shapes that WeChat gives them: an EncodingAESKey is 32 bytes in base64 without the padding."""
    letters = string.ascii_letters + string.digits
    aes_key = base64.b64encode(secrets.token_bytes(32)).decode().rstrip("=")
    lines = (
        f"HUNING_WECHAT_APPID=wx{secrets.token_hex(8)}",
        f"HUNING_WECHAT_SECRET={secrets.token_hex(16)}",
        f"HUNING_WECHAT_TOKEN={''.join(secrets.choice(letters) for _ in range(24))}",
        f"HUNING_WECHAT_AES_KEY={aes_key}",
    )
    return "\n".join(lines).encode()


def _once(file: Path, content: Callable[[], bytes]) -> None:
    """Writes the file only if it is not there."""
    if not file.exists():
        _replace(file, content())


def _replace(file: Path, content: bytes) -> None:
    """Writes the file whole or not at all."""
    fresh = file.with_name(f".{file.name}.new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as target:
        target.write(content)
    fresh.replace(file)
