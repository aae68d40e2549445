import base64
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from typer.testing import CliRunner, Result

from deploy.keys_cli import app

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


def _kept(folder: Path) -> dict[str, str]:
    lines = (folder / "wechat" / "wechat.env").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines)


def test_in_production_nobody_invents_wechats_credentials(folder: Path) -> None:
    assert _run("make").exit_code == 0
    names = {file.name for file in folder.rglob("*") if file.is_file()}
    assert names == {
        "signing.pem",
        "audit.pem",
        "master.key",
        "pseudonym.key",
        "personal.key",
        "session.key",
        "uploads.key",
    }


def test_only_the_demo_asks_for_the_stand_ins_credentials_and_gets_no_other_key(folder: Path) -> None:
    assert _run("stand-in").exit_code == 0
    assert [file.name for file in folder.rglob("*") if file.is_file()] == ["wechat.env"]


def test_two_different_keys_are_shown_to_the_operator(folder: Path) -> None:
    _run("make")
    (folder / "master.key").write_text("another")
    done = _run("make")
    assert done.exit_code == 1
    assert f"{folder / 'master.key'} 与 {folder / 'master' / 'master.key'} 是两把不同的密钥" in done.output


def test_credentials_that_an_earlier_version_kept_are_replaced(folder: Path) -> None:
    (folder / "wechat.env").write_text("HUNING_WECHAT_APPID=old")
    assert _run("wechat", told=_CREDENTIALS).exit_code == 0
    assert _run("make").exit_code == 0
    assert _kept(folder) == _CREDENTIALS


def test_making_keys_again_touches_none(folder: Path) -> None:
    _run("make")
    _run("stand-in")
    before = {file.name: file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    _run("make")
    _run("stand-in")
    assert {file.name: file.read_bytes() for file in folder.rglob("*") if file.is_file()} == before


def test_credentials_are_kept_as_they_were_told_and_only_for_their_owner(folder: Path) -> None:
    assert _run("wechat", told=_CREDENTIALS).exit_code == 0
    assert _kept(folder) == _CREDENTIALS
    assert (folder / "wechat" / "wechat.env").stat().st_mode & 0o777 == 0o600


def test_the_previous_aes_key_may_stand_beside_the_new_one(folder: Path) -> None:
    told = {**_CREDENTIALS, "HUNING_WECHAT_PREVIOUS_AES_KEY": _AES_KEY}
    assert _run("wechat", told=told).exit_code == 0
    assert _kept(folder) == told


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
    assert _kept(folder) == _CREDENTIALS


def test_a_retired_signing_key_stays_to_verify_what_it_signed(folder: Path) -> None:
    _run("make")
    old = (folder / "signing" / "signing.pem").read_bytes()
    assert _run("rotate-signing").exit_code == 0
    (retired,) = (folder / "signing").glob("signing-*.pem")
    new = (folder / "signing" / "signing.pem").read_bytes()
    assert retired.read_bytes() == old != new
    assert isinstance(load_pem_private_key(new, None), Ed25519PrivateKey)
