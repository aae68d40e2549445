"""How often somebody may do something: a budget per name that refills steadily, forgets the idle and has a bound in memory."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Budget:
    """`burst` at once for each name, refilled at `per_second` (a token bucket, kept as one instant per name: GCRA).

    At most `names` are remembered; the one that was spent from longest ago is forgotten first. A budget that is full again
    is the same as one that was never touched, so forgetting the idle changes nothing.
    """

    per_second: float
    burst: int
    names: int = 100_000
    clock: Callable[[], float] = time.monotonic
    _full_at: dict[str, float] = field(default_factory=dict)
    """name → when its budget is full again; in the order in which they were spent from."""

    def spend(self, name: str) -> bool:
        """Takes one, or says False where nothing is left. Only what succeeds is counted."""
        now = self.clock()
        full_at = max(self._full_at.get(name, now), now) + 1 / self.per_second
        if full_at - now > self._whole:
            return False
        self._full_at.pop(name, None)
        self._full_at[name] = full_at
        self._forget(now)
        return True

    def is_spent(self, name: str) -> bool:
        """Whether nothing is left now; takes nothing."""
        now = self.clock()
        return max(self._full_at.get(name, now), now) + 1 / self.per_second - now > self._whole

    @property
    def _whole(self) -> float:
        """The seconds that an empty budget takes to refill, with room for rounding."""
        return self.burst / self.per_second + 1e-6

    def __len__(self) -> int:
        return len(self._full_at)

    def _forget(self, now: float) -> None:
        """Looks at the two oldest names on each call, so that no call is expensive."""
        for name in [name for name, _ in zip(self._full_at, range(2), strict=False)]:
            if self._full_at[name] > now and len(self._full_at) <= self.names:
                return
            del self._full_at[name]
