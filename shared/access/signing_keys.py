"""The public keys that verify access tokens, asked of accounts, and how old an answer may be.

A key that accounts withdrew must not be trusted any longer, so the keys are asked for every 20 seconds and an answer that is
older than 60 seconds is not used without asking again. One request is in flight at a time, and keys that nobody knows cause
one every five seconds at most. While accounts cannot be asked, the last answer is used for as long as a token lives: after
that no token is left that accounts could have signed before (docs/decisions/0031-sessions-and-trusted-keys.md).
"""

import asyncio
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

import httpx2
import structlog
from jwt import PyJWK, PyJWTError

from shared.values import problems
from shared.values.problems import Refusal

log = structlog.get_logger(__name__)

ASK_SECONDS = 20.0
"""How often the keys are asked for, without any request that needs them."""
MAX_AGE_SECONDS = 60.0
"""How old an answer may be while accounts can be asked."""
PAUSE_SECONDS = 5.0
"""How soon after one question the next may follow."""
_FIRST_PAUSE_SECONDS = 1.0
"""The same while there is no answer yet."""


@dataclass
class Keys:
    """The keys at an address. `kept_seconds` is how long an answer is used while accounts cannot be asked."""

    url: str
    kept_seconds: float
    clock: Callable[[], float] = time.monotonic
    _keys: dict[str, PyJWK] = field(default_factory=dict)
    _answered_at: float = float("-inf")
    _asked_at: float = float("-inf")
    _asking: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def get(self, key_id: str) -> PyJWK:
        """The key; 401 when accounts does not have it, 503 when accounts has not answered for too long."""
        if key_id not in self._keys or self._age() > MAX_AGE_SECONDS:
            await self._ask()
        if self._age() > self.kept_seconds:
            raise Refusal(problems.UNAVAILABLE)
        if key_id not in self._keys:
            raise Refusal(problems.TOKEN_INVALID if self._answered_at >= self._asked_at else problems.UNAVAILABLE)
        return self._keys[key_id]

    async def run(self) -> None:
        """Asks again and again, until cancelled: the keys are there before the first request needs them."""
        while True:
            await self._ask()
            await asyncio.sleep(ASK_SECONDS if self._answered_at >= self._asked_at else _FIRST_PAUSE_SECONDS)

    def _age(self) -> float:
        return self.clock() - self._answered_at

    async def _ask(self) -> None:
        """Asks accounts, unless somebody did just now. What it no longer names is no longer trusted."""
        before = self._asked_at
        async with self._asking:
            pause = PAUSE_SECONDS if self._keys else _FIRST_PAUSE_SECONDS
            if self._asked_at != before or self.clock() - self._asked_at < pause:
                return
            self._asked_at = self.clock()
            try:
                self._keys = await self._fetch()
                self._answered_at = self.clock()
            except (httpx2.HTTPError, PyJWTError, ValueError, KeyError, TypeError) as error:
                log.warning("signing_keys.not_answered", error=repr(error)[:200])

    async def _fetch(self) -> dict[str, PyJWK]:
        async with httpx2.AsyncClient(timeout=3, verify=_trusted()) as client:
            answer = (await client.get(self.url)).raise_for_status()
        return {each["kid"]: PyJWK(each) for each in answer.json()["keys"]}


@cache
def _trusted() -> ssl.SSLContext:
    """Loaded once: reading the certificates takes 20 ms, in which this process would answer nobody."""
    return ssl.create_default_context()
