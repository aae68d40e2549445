import base64
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from deploy.local import keys
from shared.secrets import read_key


def test_all_keys_are_there_and_only_their_owner_may_read_them(tmp_path: Path) -> None:
    keys.make(tmp_path / "keys")
    files = [file for file in (tmp_path / "keys").rglob("*") if file.is_file()]
    assert {file.name for file in files} == {
        *("signing.pem", "audit.pem", "master.key", "pseudonym.key", "personal.key", "session.key", "wechat.env")
    }
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}


def test_the_services_can_read_them(tmp_path: Path) -> None:
    keys.make(tmp_path)
    assert isinstance(load_pem_private_key((tmp_path / "signing.pem").read_bytes(), None), Ed25519PrivateKey)
    assert (
        len({read_key(tmp_path / name) for name in ("master.key", "pseudonym.key", "personal.key", "session.key")}) == 4
    )


def test_a_second_start_leaves_them_as_they_are(tmp_path: Path) -> None:
    keys.make(tmp_path)
    before = {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}
    keys.make(tmp_path)
    assert {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()} == before


def test_the_wechat_credentials_have_the_shapes_that_wechat_gives(tmp_path: Path) -> None:
    keys.make(tmp_path)
    told = keys.wechat(tmp_path)
    assert set(told) == {
        *("HUNING_WECHAT_APPID", "HUNING_WECHAT_SECRET", "HUNING_WECHAT_TOKEN", "HUNING_WECHAT_AES_KEY")
    }
    assert len(told["HUNING_WECHAT_AES_KEY"]) == 43
    assert len(base64.b64decode(told["HUNING_WECHAT_AES_KEY"] + "=")) == 32
