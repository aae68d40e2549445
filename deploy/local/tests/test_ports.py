import os
import socket
from pathlib import Path

import pytest

from deploy.local.place import Place
from deploy.local.ports import is_free, taken
from deploy.local.process import Process
from deploy.local.stack import CannotStartError, LocalStack


def test_a_port_in_use_is_named_with_who_holds_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        (found,) = taken([Process("gateway", ("run",), port)])
    assert (found.port, found.wanted_by) == (port, "gateway")
    assert f"进程 {os.getpid()}" in str(found)
    assert f"端口 {port}" in str(found)


def test_a_second_port_of_a_process_counts_too() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert [each.port for each in taken([Process("kafka", ("run",), _free(), other_ports=(port,))])] == [port]


def test_free_ports_are_nobodys() -> None:
    assert taken([Process("gateway", ("run",), _free())]) == []


def test_a_port_is_free_again_when_its_server_is_gone() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert not is_free(port)
    assert is_free(port)


def _free() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def test_a_start_on_a_taken_port_leaves_no_folder_behind(tmp_path: Path) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        place = Place(home=tmp_path / "home", port=_free(), wechat_port=holder.getsockname()[1])
        with pytest.raises(CannotStartError, match="wechat 要用"):
            LocalStack(place, {}, only=("wechat",)).start()
    assert not place.home.exists()
