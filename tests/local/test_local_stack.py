"""The stack as a whole, on its lightest parts: what is killed comes back, and what is stopped is gone."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest
from pymongo import MongoClient

from deploy.local.place import Place
from deploy.local.ports import is_free
from deploy.local.stack import CannotStartError, LocalStack
from tests.stack import Stack

_LIGHT = ("mongodb", "wechat")


def test_a_killed_process_comes_back_as_another(tmp_path: Path) -> None:
    with Stack(only=_LIGHT, home=tmp_path) as stack:
        before = {name: stack.kill(name) for name in _LIGHT}
        _until(lambda: all(stack.pid(name) not in (None, before[name]) for name in _LIGHT))
        stack.wait_ready(*_LIGHT)


def test_after_a_stop_no_process_and_no_port_is_left_and_the_data_is(tmp_path: Path) -> None:
    with Stack(only=_LIGHT, home=tmp_path) as stack:
        with _database(stack) as client:
            client.kept.things.insert_one({"_id": 1})
        pids = [stack.pid(name) for name in _LIGHT]
        below = [path for path in tmp_path.rglob("*") if not path.is_symlink()]
        open_to_others = [path for path in below if path.lstat().st_mode & 0o077]
        ports = [int(stack.address(name).rsplit(":", 1)[1]) for name in _LIGHT]
    assert [pid for pid in pids if pid is None or psutil.pid_exists(pid)] == []
    assert all(map(is_free, ports))
    assert open_to_others == []
    with Stack(only=_LIGHT, home=tmp_path) as again, _database(again) as client:
        assert client.kept.things.count_documents({}) == 1


def test_a_second_start_in_the_same_folder_is_told_who_is_there(tmp_path: Path) -> None:
    with Stack(only=_LIGHT, home=tmp_path), pytest.raises(CannotStartError, match=f"进程 {os.getpid()}"):
        Stack(only=_LIGHT, home=tmp_path).__enter__()


def test_where_a_port_is_taken_nothing_starts(tmp_path: Path) -> None:
    with Stack(only=_LIGHT, home=tmp_path / "first") as first:
        second = Place(home=tmp_path / "second", port=first.place.port, wechat_port=first.place.wechat_port)
        with pytest.raises(CannotStartError) as refused:
            LocalStack(second, os.environ, only=_LIGHT).start()
        assert f"端口 {first.place.wechat_port}（wechat 要用）已被占用：进程 {first.pid('wechat')}" in str(
            refused.value
        )
    assert not (tmp_path / "second").exists()


def test_even_when_the_supervisor_is_killed_a_stop_leaves_nobody(tmp_path: Path) -> None:
    with Stack(only=_LIGHT, home=tmp_path) as stack:
        pids = [stack.pid(name) for name in _LIGHT]
        os.kill(int((tmp_path / "run" / "supervisord.pid").read_text()), signal.SIGKILL)
    assert [pid for pid in pids if pid is None or psutil.pid_exists(pid)] == []


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux for a signal when the parent dies")
def test_even_when_make_up_itself_is_killed_nobody_is_left(tmp_path: Path) -> None:
    program = f"""
import time, pathlib
from tests.stack import Stack
with Stack(only={_LIGHT!r}, home=pathlib.Path({str(tmp_path)!r})) as stack:
    print(*(stack.pid(name) for name in {_LIGHT!r}), flush=True)
    time.sleep(600)
"""
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout
        pids = [int(pid) for pid in holder.stdout.readline().split()]
        assert len(pids) == len(_LIGHT)
        holder.kill()
    _until(lambda: not any(psutil.pid_exists(pid) for pid in pids))


def _database(stack: Stack) -> "MongoClient[dict[str, Any]]":
    return MongoClient(stack.mongodb)


def _until(true: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)
