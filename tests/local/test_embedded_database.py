"""The embedded server's write-ahead log does not grow with everything that was ever written."""

import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from pymongo import MongoClient

from deploy.local import mongodb
from deploy.local.ports import is_free
from tests.ports import free_range

_WRITTEN = 24 * 1024 * 1024
_LOG_AT_MOST = 12 * 1024 * 1024


def test_the_log_is_cut_while_the_server_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mongodb, "LOG_FILE", "1MB")
    monkeypatch.setattr(mongodb, "LOG_TO_CHECKPOINT", "2MB")
    process = mongodb.mongodb(tmp_path, free_range(), {"PATH": ""})
    server = subprocess.Popen(process.command, env={**os.environ, **process.environment})
    try:
        _until(lambda: not is_free(process.port))
        with MongoClient[dict[str, object]](f"mongodb://{process.address}/?directConnection=true") as client:
            for _ in range(_WRITTEN // (1024 * 256)):
                client.test.things.insert_many([{"x": os.urandom(1024)} for _ in range(256)])
            _until(lambda: _log_bytes(tmp_path) < _LOG_AT_MOST)
    finally:
        server.terminate()
        server.wait()


def _log_bytes(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.glob("WiredTigerLog.*"))


def _until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.1)
