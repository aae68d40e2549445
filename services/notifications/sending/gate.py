"""The gate before WeChat: when a send may begin.

It is shut for a while after an answer that says so, and after several sends in a row that got no answer at all (a circuit
breaker). Each of those may be out or not, and is never sent again: a WeChat that hangs would cost every message there is.
So before it opens again WeChat is asked something harmless, and then one message goes at a time until one is answered.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog

from services.notifications.sending.metrics import DOUBTED
from services.notifications.sending.outcomes import Outcome
from shared.values.clock import Clock
from shared.wechat.client import WeChat

log = structlog.get_logger(__name__)

UNANSWERED = 3
"""So many in a row are no accident."""
_PAUSE, _LONGEST_PAUSE = timedelta(seconds=5), timedelta(hours=1)
"""The first pause, doubled each time that it was not the last one: what lasts costs less and less."""
_TRUSTED_AFTER = 50
"""So many answers in a row, and the next pause is short again. A WeChat that answers one message and hangs over many at once
has not recovered."""
_ASKED_EVERY = timedelta(seconds=15)
_STEP_SECONDS = 0.5


@dataclass(frozen=True)
class Doubt:
    """WeChat has left `unanswered` sends in a row without an answer; `pauses` is how often that has shut the gate by now."""

    unanswered: int
    since: datetime
    again_at: datetime
    """When WeChat is asked again."""
    pauses: int = 1


@dataclass
class Gate:
    """One for all sends of a process."""

    wechat: WeChat
    clock: Clock
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    doubt: Doubt | None = None
    """None while WeChat answers."""
    failures: int = 0
    """How many sends in a row found WeChat away."""
    stopping: bool = False
    _unanswered: int = 0
    _answered: int = 0
    _pauses: int = 0
    _shut_until: datetime | None = None
    _one: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def was_shut(self) -> bool:
        """Whether it was shut since the last message that went out: what was judged before that holds no more."""
        return self._shut_until is not None

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[bool]:
        """Waits until a send may begin; False when the process stops instead. Held until the send has ended."""
        await self._wait()
        while self.doubt and not self.stopping:
            async with self._one:
                await self._ask()
                if self.doubt:
                    yield not self.stopping
                    return
            await self._wait()
        yield not self.stopping

    def learn(self, outcome: Outcome | None) -> None:
        """Takes in how a send ended; None: WeChat has taken the message."""
        if outcome is None or outcome.answered:
            self._trust()
        elif outcome.fate == "unknown":
            self._doubt()
        self.failures = self.failures + 1 if outcome and outcome.pauses else 0
        if outcome is None:
            self._shut_until = None
        elif outcome.pauses:
            self._shut_until = outcome.until

    def go_on_doubting(self, doubt: Doubt) -> None:
        """Takes up what an earlier process found: a restart is no reason to trust."""
        self.doubt, self._unanswered, self._pauses = doubt, doubt.unanswered, doubt.pauses
        self._shut_until = doubt.again_at
        DOUBTED.set(1)

    def _trust(self) -> None:
        if self.doubt:
            log.info("sender.goes_on", unanswered=self.doubt.unanswered, since=self.doubt.since.isoformat())
        self.doubt, self._unanswered = None, 0
        self._answered += 1
        if self._answered >= _TRUSTED_AFTER:
            self._pauses = 0
        DOUBTED.set(0)

    def _doubt(self) -> None:
        """Sends that were under way when the gate was shut end one by one: they do not shut it for longer."""
        at, known = self.clock(), self.doubt
        self._unanswered, self._answered = self._unanswered + 1, 0
        if known and known.again_at > at:
            self.doubt = replace(known, unanswered=self._unanswered)
        elif self._unanswered >= UNANSWERED:
            again_at = at + min(_PAUSE * 2 ** min(self._pauses, 10), _LONGEST_PAUSE)
            self._pauses += 1
            self.doubt = Doubt(self._unanswered, known.since if known else at, again_at, self._pauses)
            self._shut_until = again_at
            DOUBTED.set(1)
            log.warning("sender.paused", unanswered=self._unanswered, until=again_at.isoformat())

    async def _wait(self) -> None:
        """While the gate is shut, in short steps so that a stop is noticed."""
        while not self.stopping and self._shut_until and self._shut_until > self.clock():
            await self.sleep(min((self._shut_until - self.clock()).total_seconds(), _STEP_SECONDS))

    async def _ask(self) -> None:
        """Until WeChat answers something harmless, or another message has shown that it does."""
        while True:
            await self._wait()
            if self.stopping or self.doubt is None or await self.wechat.answers():
                return
            again_at = self.clock() + _ASKED_EVERY
            self._shut_until, self.doubt = again_at, replace(self.doubt, again_at=again_at)
            log.warning("sender.wechat_hangs", until=again_at.isoformat())
