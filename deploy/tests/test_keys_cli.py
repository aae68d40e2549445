import base64
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from typer.testing import CliRunner, Result

from deploy.keys_cli import app
from deploy.local import keys

_AES_KEY = base64.b64encode(bytes(32)).decode().rstrip("=")
_CREDENTIALS = {
    "HUNING_WECHAT_APPID": "wx0123456789abcdef",
    "HUNING_WECHAT_SECRET": "secret",
    "HUNING_WECHAT_TOKEN": "token",
    "HUNING_WECHAT_AES_KEY": _AES_KEY,
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HUNING_KEYS", str(tmp_path))
    return tmp_path


def _run(*arguments: str, told: dict[str, str] | None = None) -> Result:
    return CliRunner().invoke(app, arguments, input="\n".join(f"{n}={v}" for n, v in (told or {}).items()))


def test_in_production_nobody_invents_wechats_credentials(folder: Path) -> None:
    assert _run("make").exit_code == 0
    names = {file.name for file in folder.rglob("*") if file.is_file()}
    assert names == {"signing.pem", "audit.pem", "master.key", "pseudonym.key", "personal.key", "session.key"}


def test_making_keys_again_touches_none(folder: Path) -> None:
    _run("make", "--stand-in")
    before = {file.name: file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    _run("make", "--stand-in")
    assert {file.name: file.read_bytes() for file in folder.rglob("*") if file.is_file()} == before


def test_credentials_are_kept_as_they_were_told_and_only_for_their_owner(folder: Path) -> None:
    assert _run("wechat", told=_CREDENTIALS).exit_code == 0
    assert keys.wechat(folder) == _CREDENTIALS
    assert (folder / "wechat.env").stat().st_mode & 0o777 == 0o600


def test_the_previous_aes_key_may_stand_beside_the_new_one(folder: Path) -> None:
    told = {**_CREDENTIALS, "HUNING_WECHAT_PREVIOUS_AES_KEY": _AES_KEY}
    assert _run("wechat", told=told).exit_code == 0
    assert keys.wechat(folder) == told


@pytest.mark.parametrize(
    "told",
    [
        {name: value for name, value in _CREDENTIALS.items() if name != "HUNING_WECHAT_TOKEN"},
        {**_CREDENTIALS, "HUNING_WECHAT_AES_KEY": "short"},
        {**_CREDENTIALS, "HUNING_MONGODB": "mongodb://elsewhere"},
    ],
)
def test_credentials_that_cannot_be_right_replace_nothing(folder: Path, told: dict[str, str]) -> None:
    _run("wechat", told=_CREDENTIALS)
    assert _run("wechat", told=told).exit_code == 1
    assert keys.wechat(folder) == _CREDENTIALS


def test_a_retired_signing_key_stays_to_verify_what_it_signed(folder: Path) -> None:
    _run("make")
    old = (folder / "signing.pem").read_bytes()
    assert _run("rotate-signing").exit_code == 0
    (retired,) = folder.glob("signing-*.pem")
    new = (folder / "signing.pem").read_bytes()
    assert retired.read_bytes() == old != new
    assert isinstance(load_pem_private_key(new, None), Ed25519PrivateKey)
