"""When what was taken into the index is committed.

A change after a pause is committed at once; under load commits are spaced, the more the longer they take, so that they never
take more than a part of the time. Those of records leave most of it free: what a challenge waits for is then the commit that
happens to run when it comes, and no pause after it.
"""

import asyncio
import math
import time
from dataclasses import dataclass, field

_URGENT_GAP_SECONDS = 0.02
_RECORDS_GAP_SECONDS = 0.25
_BACKLOG_GAP_SECONDS = 2.0
_POSITION_GAP_SECONDS = 5.0
"""Where nothing changed, the position alone is committed, this often."""


@dataclass
class Pacing:
    """What waits for the next commit, and how long it may."""

    _changed: asyncio.Event = field(init=False, default_factory=asyncio.Event)
    _prompt: asyncio.Event = field(init=False, default_factory=asyncio.Event)
    _urgent: asyncio.Event = field(init=False, default_factory=asyncio.Event)
    _began_at: float = field(init=False, default=0.0)
    _committed_at: float = field(init=False, default=-math.inf)
    _commit_seconds: float = field(init=False, default=0.0)

    @property
    def has_changes(self) -> bool:
        """Whether something was taken that no commit shows yet."""
        return self._changed.is_set()

    def changed(self, *, prompt: bool, urgent: bool = False) -> None:
        """Something was taken. `prompt`: it waits for no end of a backlog. `urgent`: nor for the pause after records."""
        self._changed.set()
        if prompt or urgent:
            self._prompt.set()
        if urgent:
            self._urgent.set()

    async def due(self) -> None:
        """Returns when it is time to commit."""
        await _happens(self._changed, _POSITION_GAP_SECONDS)
        if self._changed.is_set():
            await _happens(self._prompt, self._remaining(_BACKLOG_GAP_SECONDS))
            await _happens(self._urgent, self._remaining(_RECORDS_GAP_SECONDS + 3 * self._commit_seconds))
            await asyncio.sleep(self._remaining(_URGENT_GAP_SECONDS + self._commit_seconds / 2))

    def begun(self) -> None:
        """A commit begins: it shows everything that was taken before."""
        for each in (self._changed, self._prompt, self._urgent):
            each.clear()
        self._began_at = time.monotonic()

    def ended(self) -> None:
        """The commit has ended."""
        self._committed_at = time.monotonic()
        self._commit_seconds = self._committed_at - self._began_at

    def _remaining(self, gap: float) -> float:
        """Until so long after the last commit."""
        return max(0.0, self._committed_at + gap - time.monotonic())


async def _happens(event: asyncio.Event, seconds: float) -> None:
    """Waits for it, for so long at most."""
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return
