import base64
from pathlib import Path

import pytest

from services.notifications.app import build
from shared.settings import Settings


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    for name in ("pseudonym", "personal"):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"{name}.key").write_text(base64.b64encode(bytes(32)).decode())
    return tmp_path


async def test_an_installation_that_was_not_told_wechats_credentials_is_ready_without_it(keys: Path) -> None:
    service = build(Settings(keys=keys, wechat_appid=""))
    assert service.extra_checks == {}


async def test_one_that_was_is_ready_once_it_knows_the_templates(keys: Path) -> None:
    service = build(Settings(keys=keys, wechat_appid="wx1"))
    assert {name: check() for name, check in service.extra_checks.items()} == {
        "wechat templates": "waiting for WeChat's template list"
    }
