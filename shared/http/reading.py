"""The request as the door hands it on: its body is read when it is first asked for, bounded in size, time and in total.

So nothing is read for a caller who may not come in, and what all bodies of a process hold together has a bound.
"""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass

from starlette.requests import Request as StarletteRequest
from starlette.types import Receive, Scope

from shared.values import problems
from shared.values.problems import Refusal

_DRAINED = 16 * 1024 * 1024
"""A refused body of at most so much is read and dropped: dropping costs next to nothing, and a connection that ends while its
client still sends is a failure to the gateway, which then answers 503 instead of the refusal."""


class ClientGone(Exception):
    """The client hung up before its request was there as a whole."""


@dataclass
class InFlight:
    """The bytes of all bodies that the process holds at this moment."""

    limit: int
    held: int = 0

    def take(self, size: int) -> None:
        """Adds to what is held; 503 where that would be too much."""
        if self.held + size > self.limit:
            raise Refusal(problems.BUSY)
        self.held += size

    def give_back(self, size: int) -> None:
        self.held -= size


class Request(StarletteRequest):
    """A request whose body is bounded."""

    def __init__(self, scope: Scope, receive: Receive, in_flight: InFlight, seconds: float) -> None:
        super().__init__(scope, receive)
        self._in_flight, self._seconds = in_flight, seconds
        self._by_name: dict[bytes, bytes] = dict(scope["headers"])
        self._held = 0
        self._complete = self._late = False
        self.limit = 0
        """The bytes that the route takes."""

    def header(self, name: bytes) -> str:
        """A header by its name in small letters, the last one where there are several; empty where there is none.

        One dictionary for all: Starlette's own `headers` looks through the whole list each time.
        """
        return self._by_name.get(name, b"").decode("latin-1")

    async def body(self) -> bytes:
        """The body; 413 beyond the limit, 408 when it does not come in time, 503 while too much is on its way."""
        if not hasattr(self, "_body"):
            try:
                async with asyncio.timeout(self._seconds):
                    self._body = await self._read()
            except TimeoutError as error:
                self._late = True
                raise Refusal(problems.SLOW_BODY) from error
        return self._body

    async def pieces(self, seconds: float) -> AsyncGenerator[bytes, None]:
        """The body for whoever keeps none of it in memory, piece by piece: each in the time of a body, all within `seconds`.

        Refused as `body` is.
        """
        if self._declared() > self.limit:
            raise self._too_large()
        clock, size = asyncio.get_running_loop().time, 0
        end = clock() + seconds
        while not self._complete:
            try:
                async with asyncio.timeout(min(self._seconds, end - clock())):
                    piece = await self._chunk()
            except TimeoutError as error:
                self._late = True
                raise Refusal(problems.SLOW_BODY) from error
            size += len(piece)
            if size > self.limit:
                raise self._too_large()
            yield piece

    async def drain(self) -> bool:
        """Reads and drops what is left of a body. False where more is left than is worth reading, or worth waiting for."""
        if self._complete:
            return True
        if self._late or self._declared() > _DRAINED:
            return False
        size = 0
        try:
            async with asyncio.timeout(self._seconds):
                while not self._complete and size <= _DRAINED:
                    size += len(await self._chunk())
        except TimeoutError:
            return False
        return self._complete

    def release(self) -> None:
        """Gives back what the body held of the process's bound."""
        self._in_flight.give_back(self._held)
        self._held = 0

    async def _read(self) -> bytes:
        if self._declared() > self.limit:
            raise self._too_large()
        chunks: list[bytes] = []
        while not self._complete:
            chunk = await self._chunk()
            if self._held + len(chunk) > self.limit:
                raise self._too_large()
            self._in_flight.take(len(chunk))
            self._held += len(chunk)
            chunks.append(chunk)
        return chunks[0] if len(chunks) == 1 else b"".join(chunks)

    async def _chunk(self) -> bytes:
        message = await self.receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        self._complete = not message.get("more_body", False)
        chunk: bytes = message.get("body", b"")
        return chunk

    def _declared(self) -> int:
        text = self.header(b"content-length")
        return int(text) if text.isdecimal() else 0

    def _too_large(self) -> Refusal:
        return Refusal(problems.TOO_LARGE, limit=_readable(self.limit))


def _readable(size: int) -> str:
    if size >= 1 << 20 and size % (1 << 20) == 0:
        return f"{size >> 20} MiB"
    return f"{size // 1024} KiB" if size >= 1024 else f"{size} B"
