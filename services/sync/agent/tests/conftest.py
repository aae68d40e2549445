"""A platform, and a clerk who pushes to it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.sync.agent.tests.desk import Clerk
from services.sync.agent.tests.platform import Platform, running


@pytest.fixture
def platform() -> Iterator[Platform]:
    with running(Platform()) as served:
        yield served


@pytest.fixture
def clerk(
    platform: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Clerk:
    return Clerk(platform, tmp_path, monkeypatch, capsys)
