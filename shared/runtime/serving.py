"""Runs a service as a process."""

import ctypes
import os
import socket
from collections.abc import Callable

import uvicorn

from shared import telemetry
from shared.operations.rotation import Rotation
from shared.runtime.one_write import OneWriteProtocol
from shared.runtime.service import Service
from shared.settings import Settings

_NICENESS = 10
"""Of a worker, beside the processes of its session that answer people; containers have `cpu_shares` (decision 50)."""

_M_MMAP_THRESHOLD, _M_ARENA_MAX = -3, -8
"""What mallopt(3) calls them (malloc.h)."""
_LARGE_BYTES = 1 << 20


class Server(uvicorn.Server):
    """Leaves the gateway's rotation before it stops listening."""

    def __init__(self, config: uvicorn.Config, rotation: Rotation) -> None:
        super().__init__(config)
        self._rotation = rotation

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await self._rotation.leave()
        await super().shutdown(sockets)


def serve(build: Callable[[Settings], Service]) -> None:
    """Serves until SIGTERM or SIGINT, then ends gracefully: rotation, requests, running batches, commits."""
    _give_memory_back()
    settings = Settings()
    service = build(settings)
    if service.is_worker:
        os.nice(_NICENESS)
    telemetry.setup(service.process, settings)
    config = uvicorn.Config(
        service.asgi(),
        host=settings.host,
        port=settings.port,
        loop="asyncio",
        http=OneWriteProtocol,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=5,
        # Longer than the gateway keeps a connection (deploy/gateway/Caddyfile): it never sends into one that closes.
        timeout_keep_alive=75,
        h11_max_incomplete_event_size=64 * 1024,
    )
    Server(config, service.rotation).run()


def _give_memory_back() -> None:
    """Large pieces of memory go back to the system when they are freed, and threads share their small ones (decision 64).

    glibc alone: another C library has no such settings.
    """
    if set_option := getattr(ctypes.CDLL(None), "mallopt", None):
        set_option(_M_MMAP_THRESHOLD, _LARGE_BYTES)
        set_option(_M_ARENA_MAX, 2)
