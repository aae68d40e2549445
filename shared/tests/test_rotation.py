"""When the gateway is told to ask another replica, and how long a process goes on serving after it was told to stop."""

import asyncio
import socket
from collections.abc import Callable
from dataclasses import dataclass

import httpx2
import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from shared.operations.rotation import Rotation
from shared.runtime.serving import Server

TWO = 2
"""How many replicas the gateway knows of."""


@dataclass
class Clock:
    """Seconds that pass when a test says so."""

    at: float = 100.0

    def __call__(self) -> float:
        return self.at


def test_a_process_that_has_all_that_it_needs_is_asked() -> None:
    assert Rotation(lambda: True, {"index": lambda: "ok"}).look("gateway", TWO) == "ok"


def test_until_its_index_serves_another_replica_is_asked() -> None:
    building = Rotation(lambda: True, {"index": lambda: "building, 43%"})
    assert building.look("gateway", TWO) == "index: building, 43%"


def test_where_there_is_no_other_replica_it_is_asked_whatever_it_lacks() -> None:
    lacking = Rotation(lambda: False, {"index": lambda: "building, 43%"})
    assert lacking.look("gateway", 1) == "ok"


def test_a_start_that_waits_for_what_all_replicas_wait_for_keeps_nobody_away() -> None:
    clock = Clock()
    starting = Rotation(lambda: False, clock=clock)
    assert starting.look("gateway", TWO) == "starting"
    clock.at += 15
    assert starting.look("gateway", TWO) == "ok"


async def test_it_stops_once_everybody_who_looks_was_told() -> None:
    clock = Clock()
    rotation = Rotation(lambda: True, clock=clock)
    for looker in ("reads", "writes"):
        rotation.look(looker, TWO)
    clock.at += 0.5
    leaving = asyncio.create_task(rotation.leave())
    await asyncio.sleep(0)
    assert rotation.look("reads", TWO) == "stopping"
    assert not rotation.left()
    assert rotation.look("writes", TWO) == "stopping"
    assert rotation.left()
    await asyncio.wait_for(leaving, 10)


async def test_it_waits_for_no_gateway_that_is_gone() -> None:
    clock = Clock()
    rotation = Rotation(lambda: True, clock=clock)
    rotation.look("gateway", TWO)
    clock.at += 1
    leaving = asyncio.create_task(rotation.leave())
    await asyncio.sleep(0)
    assert not rotation.left()
    clock.at += 2
    await asyncio.wait_for(leaving, 10)


@pytest.mark.parametrize("replicas", [None, 1])
async def test_where_nobody_would_ask_another_replica_it_stops_at_once(replicas: int | None) -> None:
    rotation = Rotation(lambda: True, clock=Clock())
    if replicas:
        rotation.look("gateway", replicas)
    await asyncio.wait_for(rotation.leave(), 10)


async def test_a_server_that_is_to_stop_serves_until_the_gateway_knows() -> None:
    clock = Clock()
    rotation, address = Rotation(lambda: True, clock=clock), ("127.0.0.1", _free_port())
    server = Server(uvicorn.Config(_answer, *address, log_config=None), rotation)
    running = asyncio.create_task(server._serve())
    async with httpx2.AsyncClient(base_url=f"http://{address[0]}:{address[1]}", trust_env=False) as http:
        await _until(lambda: server.started)
        rotation.look("gateway", TWO)
        clock.at += 0.5
        server.should_exit = True
        await _until(lambda: rotation.check() == "stopping")
        assert (await http.get("/")).status_code == 204
        rotation.look("gateway", TWO)
        await asyncio.wait_for(running, 10)
        with pytest.raises(httpx2.ConnectError):
            await http.get("/")


async def _answer(scope: Scope, receive: Receive, send: Send) -> None:
    """An application without lifespan that answers everything with 204."""
    assert scope["type"] == "http"
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body"})


async def _until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not true():
            await asyncio.sleep(0.01)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
