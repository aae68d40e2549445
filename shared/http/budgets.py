"""How often somebody may do something: a budget per name that refills steadily, forgets the idle and has a bound in memory."""

import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

_SLOTS = 32
"""Into so many stretches the time that an empty budget takes to refill is cut."""
_FORGOTTEN_AT_ONCE = 2
"""More than the one name that a call may add, and so little that no call is slow after an idle night."""


@dataclass
class Budget:
    """`burst` at once for each name, refilled at `per_second` (a token bucket, kept as one instant per name: GCRA).

    A budget that is full again is the same as one that was never touched, so forgetting the idle changes nothing. At most
    `names` are remembered; beyond that those go first that are full again soonest. So whoever has nothing left is freed only
    by `names` others who have as little left, never by strangers who come once. A call takes the same time however many
    names there are: they lie in slots by the time at which they are full again.
    """

    per_second: float
    burst: int
    names: int = 100_000
    clock: Callable[[], float] = time.monotonic
    _full_at: dict[str, float] = field(default_factory=dict)
    """name → when its budget is full again."""
    _slots: defaultdict[int, dict[str, None]] = field(default_factory=lambda: defaultdict(dict))
    """The same names by slot; no slot is empty, and there are few of them: from now until the longest refill ends."""

    def spend(self, name: str) -> bool:
        """Takes one, or says False where nothing is left. Only what succeeds is counted."""
        now = self.clock()
        full_at = max(self._full_at.get(name, now), now) + 1 / self.per_second
        allowed = full_at - now <= self._whole
        if allowed:
            self._forget(name)
            self._full_at[name] = full_at
            self._slots[self._slot(full_at)][name] = None
        self._forget_some(now)
        return allowed

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

    def _slot(self, full_at: float) -> int:
        return int(full_at * _SLOTS / self._whole)

    def _forget(self, name: str) -> None:
        if name in self._full_at:
            slot = self._slot(self._full_at.pop(name))
            del self._slots[slot][name]
            self._tidy(slot)

    def _forget_some(self, now: float) -> None:
        """Some of those that are full again; where there are too many names, one that will be so soonest."""
        for _ in range(_FORGOTTEN_AT_ONCE):
            soonest = min(self._slots)
            if soonest >= self._slot(now) and len(self._full_at) <= self.names:
                return
            name, _ = self._slots[soonest].popitem()
            del self._full_at[name]
            self._tidy(soonest)

    def _tidy(self, slot: int) -> None:
        if not self._slots[slot]:
            del self._slots[slot]
