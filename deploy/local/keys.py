"""The secrets of a place: made once, each in a folder of its own, readable by their owner only.

`make up` calls this, and in production `huning keys` does (deploy/keys_cli.py). Who is given which of the folders says
deploy/local/topology.py. Versions before 0.2.0 kept the files side by side in the folder above; whatever touches a key
first moves it from there.
"""

import base64
import os
import secrets
import string
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

FILES: Mapping[str, str] = {
    "signing": "signing.pem",
    "session": "session.key",
    "personal": "personal.key",
    "pseudonym": "pseudonym.key",
    "master": "master.key",
    "uploads": "uploads.key",
    "audit": "audit.pem",
    "wechat": "wechat.env",
}
"""Every key: its folder, and the file in it. Retired signing keys stand beside signing.pem as signing-<time>.pem."""

_NOTE = b"moved into the folder of its name\n"
"""What stands where a key was. It is no key in any format."""


class TwoKeysError(Exception):
    """Two different keys stand where one belongs, and nobody but a person can say which is in use. Chinese."""


def make(folder: Path) -> None:
    """Makes what is missing of our own keys and of the credentials that the WeChat stand-in knows."""
    make_own(folder)
    make_stand_in(folder)


def make_own(folder: Path) -> None:
    """Makes what is missing: two Ed25519 keys (PKCS8) in .pem files, and keys of 32 bytes, in base64, in .key files.

    A key that is there, in its own folder or where earlier versions kept it, is never touched and gets no second one:
    what was sealed under it could not be opened again. TwoKeysError as `_file` says.
    """
    for name in FILES:
        file = _file(folder, name)
        if name != "wechat":
            _once(file, signing_key if file.suffix == ".pem" else _random_key)


def make_stand_in(folder: Path) -> None:
    """Makes the credentials that the WeChat stand-in knows, where there are none yet."""
    _once(_file(folder, "wechat"), _wechat_credentials)


def hand_out(folder: Path, names: Collection[str], reader: Path) -> None:
    """Makes `reader` a folder through which exactly these keys of `folder` are seen: what volumes do for a container."""
    reader.mkdir(parents=True, exist_ok=True, mode=0o700)
    for stale in reader.iterdir():
        stale.unlink()
    for name in names:
        (reader / name).symlink_to(folder / name, target_is_directory=True)


def rotate_signing(folder: Path, at: datetime) -> Path:
    """Puts a new signing.pem in place; the old one, under the name that this gives, still verifies what it signed.

    FileNotFoundError when there is none yet.
    """
    current = _file(folder, "signing")
    retired = current.with_name(f"signing-{at:%Y%m%dT%H%M%S}.pem")
    retired.hardlink_to(current)
    _replace(current, signing_key())
    return retired


def write_wechat(folder: Path, credentials: Mapping[str, str]) -> None:
    """Keeps WeChat's credentials, by the names of their settings; what stood there is replaced."""
    _replace(_file(folder, "wechat"), "\n".join(f"{name}={value}" for name, value in credentials.items()).encode())


def _file(folder: Path, name: str) -> Path:
    """Where a key belongs: its folder is there afterwards, with what an earlier version kept in `folder` itself.

    TwoKeysError, and both stay as they are, where that is another key than the one that is here.
    """
    file = folder / name / FILES[name]
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    for old in (folder / file.name, *folder.glob(f"{file.stem}-*.pem")):
        if old.exists() and (content := old.read_bytes()) != _NOTE:
            _move(old, content, file.with_name(old.name))
    return file


def _move(old: Path, content: bytes, new: Path) -> None:
    """A note stays in the old place: an earlier version that is started again makes no second key, and does not start."""
    _once(new, lambda: content)
    if new.read_bytes() != content:
        raise TwoKeysError(f"{old} 与 {new} 是两把不同的密钥。请确认在用的是哪一把，放在 {new}，把另一把移走后重试。")
    _replace(old, _NOTE)


def signing_key() -> bytes:
    """A fresh Ed25519 private key as PEM."""
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _random_key() -> bytes:
    """32 fresh bytes in base64."""
    return base64.b64encode(secrets.token_bytes(32))


def _wechat_credentials() -> bytes:
    """In the shapes that WeChat gives them: an EncodingAESKey is 32 bytes in base64 without the padding."""
    letters = string.ascii_letters + string.digits
    lines = (
        f"HUNING_WECHAT_APPID=wx{secrets.token_hex(8)}",
        f"HUNING_WECHAT_SECRET={secrets.token_hex(16)}",
        f"HUNING_WECHAT_TOKEN={''.join(secrets.choice(letters) for _ in range(24))}",
        f"HUNING_WECHAT_AES_KEY={_random_key().decode().rstrip('=')}",
    )
    return "\n".join(lines).encode()


def _once(file: Path, content: Callable[[], bytes]) -> None:
    """Writes the file only if it is not there, also where two processes try at once."""
    if not file.exists():
        fresh = _written_beside(file, content())
        with suppress(FileExistsError):
            file.hardlink_to(fresh)
        fresh.unlink()
        _settle(file.parent)


def _replace(file: Path, content: bytes) -> None:
    """Writes the file whole or not at all."""
    _written_beside(file, content).replace(file)
    _settle(file.parent)


def _written_beside(file: Path, content: bytes) -> Path:
    """A new file with this content, on the disk."""
    fresh = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as target:
        target.write(content)
        target.flush()
        os.fsync(descriptor)
    return fresh


def _settle(folder: Path) -> None:
    """Puts the names in a folder on the disk, so that a key that was moved is in one of its two places after a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
