"""An answer leaves in one piece: its head and its body, which uvicorn writes one after the other, become one write.

Two writes are two system calls here and two reads, two wake-ups and two writes in the gateway: a fifth of a small request.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


class OneWriteProtocol(HttpToolsProtocol):
    """uvicorn's own protocol over a transport that joins what is written within one turn of the event loop."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(_Joining(transport, self.loop))  # type: ignore[arg-type]


class _Joining:
    """A transport that passes on what it was given at the end of the turn, and before it closes."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport, self._loop = transport, loop
        self._pieces: list[bytes] = []

    def write(self, data: bytes) -> None:
        """Keeps the piece; the first one of a turn sees to it that they are passed on."""
        if not self._pieces:
            self._loop.call_soon(self._pass_on)
        self._pieces.append(data)

    def close(self) -> None:
        """Closes once everything has been passed on."""
        self._pass_on()
        self._transport.close()

    def _pass_on(self) -> None:
        if self._pieces:
            pieces, self._pieces = self._pieces, []
            self._transport.write(pieces[0] if len(pieces) == 1 else b"".join(pieces))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)
