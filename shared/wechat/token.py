"""The access token: fetched once for everybody who waits, kept until shortly before WeChat replaces it."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

_ROTATED_EARLY = 300.0
"""Seconds: WeChat makes the next token five minutes before the old one ends."""


@dataclass(frozen=True)
class Token:
    """A token and the seconds it still has. It never shows in a log: its repr is without it."""

    text: str = field(repr=False)
    expires_in: int


class TokenKeeper:
    """Hands out one token; many who ask at once cause one request and share how it ends, well or not (single flight)."""

    def __init__(self, fetch: Callable[[], Awaitable[Token]], clock: Callable[[], float] = time.monotonic) -> None:
        self._fetch = fetch
        self._clock = clock
        self._under_way: asyncio.Future[None] | None = None
        self._text = ""
        self._good_until = 0.0

    async def current(self) -> str:
        """A token that is good for now. Raises what fetching it raises."""
        if not self._text or self._clock() >= self._good_until:
            await self._renewal()
        return self._text

    async def after(self, refused: str) -> str:
        """A token to try once more after WeChat refused this one.

        Whoever comes second gets what the first one fetched. It may be the same token: a spurious 40001 is known.
        """
        if self._text == refused:
            await self._renewal()
        return self._text

    async def _renewal(self) -> None:
        if self._under_way is None:
            self._under_way = asyncio.ensure_future(self._renew())
            self._under_way.add_done_callback(self._over)
        await asyncio.shield(self._under_way)

    def _over(self, renewal: asyncio.Future[None]) -> None:
        self._under_way = None
        if not renewal.cancelled():
            renewal.exception()  # whoever waited has it; if nobody waits any more it is nobody's

    async def _renew(self) -> None:
        token = await self._fetch()
        self._text = token.text
        self._good_until = self._clock() + token.expires_in - min(_ROTATED_EARLY, token.expires_in / 2)
