import base64
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from deploy.local import keys
from deploy.local.keys import FILES, TwoKeysError
from shared.secrets import read_key

_RANDOM = ("master", "pseudonym", "personal", "session")


def _contents(folder: Path) -> dict[str, bytes]:
    """Every file below the folder, by its path in it."""
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def _in_one_folder(folder: Path) -> dict[str, bytes]:
    """Keys as versions before 0.2.0 kept them, side by side; gives what must be found in the new places."""
    keys.make(folder)
    (folder / "signing" / "signing-20260101T000000.pem").write_bytes(keys.signing_key())
    moved = {path: content for path, content in _contents(folder).items() if not path.startswith("audit/")}
    for path in moved:
        (folder / path).rename(folder / Path(path).name)
        if not any((folder / path).parent.iterdir()):
            (folder / path).parent.rmdir()
    assert {file.name for file in folder.iterdir()} == {"audit", *(Path(path).name for path in moved)}
    return moved


def test_every_key_is_in_a_folder_of_its_own_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    keys.make(tmp_path / "keys")
    assert set(_contents(tmp_path / "keys")) == {f"{name}/{file}" for name, file in FILES.items()}
    entries = list((tmp_path / "keys").rglob("*"))
    assert {entry.stat().st_mode & 0o777 for entry in entries if entry.is_file()} == {0o600}
    assert {entry.stat().st_mode & 0o777 for entry in entries if entry.is_dir()} == {0o700}


def test_the_services_can_read_them(tmp_path: Path) -> None:
    keys.make(tmp_path)
    for name in ("signing", "audit"):
        pem = (tmp_path / name / FILES[name]).read_bytes()
        assert isinstance(load_pem_private_key(pem, None), Ed25519PrivateKey)
    assert len({read_key(tmp_path, name) for name in _RANDOM}) == 4


def test_a_second_start_leaves_them_as_they_are(tmp_path: Path) -> None:
    keys.make(tmp_path)
    before = _contents(tmp_path)
    keys.make(tmp_path)
    assert _contents(tmp_path) == before


def test_keys_of_an_earlier_version_move_into_their_folders_and_no_second_one_is_made(tmp_path: Path) -> None:
    moved = _in_one_folder(tmp_path)
    keys.make_own(tmp_path)
    after = _contents(tmp_path)
    assert {path: after.get(path) for path in moved} == moved
    keys.make(tmp_path)
    assert _contents(tmp_path) == after


def test_an_earlier_version_that_is_started_again_finds_no_key_and_makes_none(tmp_path: Path) -> None:
    """It makes a key where there is no file, and reads one as base64 or as PEM."""
    moved = _in_one_folder(tmp_path)
    keys.make(tmp_path)
    for old in (tmp_path / Path(path).name for path in moved):
        assert old.exists()
        with pytest.raises(ValueError):  # noqa: PT011 whatever the format says
            load_pem_private_key(old.read_bytes(), None)
        with pytest.raises(ValueError):  # noqa: PT011
            base64.b64decode(old.read_text().strip())


@pytest.mark.parametrize("name", [name for name in FILES if name != "audit"])
def test_a_process_that_was_killed_while_a_key_was_moved_is_followed_by_one_that_ends_it(
    name: str, tmp_path: Path
) -> None:
    moved = _in_one_folder(tmp_path)
    (tmp_path / name).mkdir(exist_ok=True)
    path = f"{name}/{FILES[name]}"
    (tmp_path / path).write_bytes(moved[path])
    keys.make(tmp_path)
    assert {each: _contents(tmp_path)[each] for each in moved} == moved


def test_two_different_keys_are_left_to_a_person(tmp_path: Path) -> None:
    keys.make(tmp_path)
    (tmp_path / "master.key").write_bytes(base64.b64encode(bytes(32)))
    before = _contents(tmp_path)
    with pytest.raises(TwoKeysError, match=r"master\.key 与 .*master/master\.key 是两把不同的密钥"):
        keys.make(tmp_path)
    assert _contents(tmp_path) == before


def test_a_key_that_another_process_makes_meanwhile_is_the_one_that_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the jobs of compose.yaml and compose.demo.yaml may."""
    master = tmp_path / "master" / "master.key"

    def ours_after_theirs() -> bytes:
        if master.parent.exists() and not master.exists():
            master.write_bytes(b"theirs")
        return b"ours"

    monkeypatch.setattr(keys, "_random_key", ours_after_theirs)
    keys.make_own(tmp_path)
    assert master.read_bytes() == b"theirs"
    assert [file.name for file in master.parent.iterdir()] == ["master.key"]


def test_the_wechat_credentials_have_the_shapes_that_wechat_gives(tmp_path: Path) -> None:
    keys.make(tmp_path)
    told = dict(line.split("=", 1) for line in (tmp_path / "wechat" / "wechat.env").read_text().splitlines())
    assert set(told) == {
        *("HUNING_WECHAT_APPID", "HUNING_WECHAT_SECRET", "HUNING_WECHAT_TOKEN", "HUNING_WECHAT_AES_KEY")
    }
    assert len(told["HUNING_WECHAT_AES_KEY"]) == 43
    assert len(base64.b64decode(told["HUNING_WECHAT_AES_KEY"] + "=")) == 32
