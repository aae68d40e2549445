from pathlib import Path

import pytest

from shared.settings import Settings


@pytest.fixture
def keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HUNING_KEYS", str(tmp_path))
    monkeypatch.delenv("HUNING_WECHAT_SECRET", raising=False)
    (tmp_path / "wechat").mkdir()
    return tmp_path


def test_wechats_credentials_are_read_from_the_folder_of_the_keys(keys: Path) -> None:
    (keys / "wechat" / "wechat.env").write_text("HUNING_WECHAT_APPID=wx1\nHUNING_WECHAT_SECRET=from-file")
    assert Settings().wechat_secret == "from-file"


def test_the_environment_goes_before_the_file(keys: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (keys / "wechat" / "wechat.env").write_text("HUNING_WECHAT_SECRET=from-file")
    monkeypatch.setenv("HUNING_WECHAT_SECRET", "from-environment")
    assert Settings().wechat_secret == "from-environment"


def test_a_process_without_the_file_starts_all_the_same(keys: Path) -> None:
    assert Settings().wechat_secret == ""
