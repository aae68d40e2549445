"""Runs a service as a process."""

from collections.abc import Callable

import uvicorn

from shared import telemetry
from shared.runtime.one_write import OneWriteProtocol
from shared.runtime.service import Service
from shared.settings import Settings


def serve(build: Callable[[Settings], Service]) -> None:
    """Serves until SIGTERM or SIGINT, then ends gracefully: requests, running batches, commits."""
    settings = Settings()
    service = build(settings)
    telemetry.setup(service.process, settings)
    uvicorn.run(
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
