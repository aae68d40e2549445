"""The gateway's rotation: whether a gateway that has a choice should ask this process, and when it may stop (decision 41).

The gateway looks at every replica each second and asks those that say "ok". Told of here is only what another replica may
be better at: a database or a broker that is away is away for all of them, and a gateway that asked nobody would turn
writes that still succeed into failures. To a gateway that has no other replica the answer is always "ok".
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

LOOK_SECONDS = 1.0
"""The interval at which a gateway looks: `health_interval` of deploy/gateway/Caddyfile."""
_GONE_SECONDS = 2.5 * LOOK_SECONDS
"""A gateway that has not looked for so long has stopped."""
_STARTING_SECONDS = 15.0
"""What takes longer than this to start waits for a server, and so do the other replicas."""
_IN_TRANSIT_SECONDS = 0.2
"""What the gateway sent just before it was told has arrived by then."""


@dataclass
class Rotation:
    """`started` says whether the process has all that it needs; `needed` are the checks without which no request can be
    answered, by name, each "ok" or what is missing."""

    started: Callable[[], bool]
    needed: Mapping[str, Callable[[], str]] = field(default_factory=dict)
    clock: Callable[[], float] = time.monotonic
    _left_at: float | None = None
    _looks: dict[str, float] = field(default_factory=dict)
    """When each looker that has a choice looked last."""

    def __post_init__(self) -> None:
        self._began = self.clock()

    def look(self, looker: str, replicas: int) -> str:
        """What a gateway that knows so many replicas is told."""
        if replicas == 1:
            return "ok"
        self._looks = {**self._recent(), looker: self.clock()}
        return self.check()

    def check(self) -> str:
        """ "ok", or why another replica should be asked."""
        if self._left_at is not None:
            return "stopping"
        for name, look in self.needed.items():
            if (found := look()) != "ok":
                return f"{name}: {found}"
        if not self.started() and self.clock() - self._began < _STARTING_SECONDS:
            return "starting"
        return "ok"

    async def leave(self) -> None:
        """Says "stopping" from now on, and returns once every gateway with a choice has heard it or is gone itself."""
        self._left_at = self.clock()
        if not self._recent():
            return
        while not self.left():
            await asyncio.sleep(0.05)
        await asyncio.sleep(_IN_TRANSIT_SECONDS)

    def left(self) -> bool:
        """Whether it leaves, and no gateway is left that would still ask it."""
        left_at = self._left_at
        return left_at is not None and all(at >= left_at for at in self._recent().values())

    def _recent(self) -> dict[str, float]:
        return {looker: at for looker, at in self._looks.items() if self.clock() - at < _GONE_SECONDS}
