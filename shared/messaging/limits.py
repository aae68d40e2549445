"""How much may be parked: a flood of bad messages is our own bug, and parking it would empty a whole topic into the dead letters.

Counted per consumer group and partition, in memory. A process that is started again with code that handles the messages
goes on where the group stands; one with the same bug parks as many once more and stops again.
"""

from collections import defaultdict, deque
from dataclasses import dataclass, field

_MINUTE = 60.0

Place = tuple[str, str, int]
"""Group, topic and partition."""


class ParkingFull(Exception):
    """No more may be parked here: the consumer stalls, and its offset does not move."""


@dataclass
class ParkingLimit:
    """At most so many in a row, with none between them that was handled, and so many a minute."""

    in_a_row: int
    a_minute: int
    _row: dict[Place, int] = field(default_factory=lambda: defaultdict(int))
    _minute: dict[Place, deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def is_reached(self, place: Place, at: float) -> bool:
        """Whether one more would be too many. `at` is in seconds of a clock that never goes back."""
        recent = self._minute[place]
        while recent and recent[0] <= at - _MINUTE:
            recent.popleft()
        return self._row[place] >= self.in_a_row or len(recent) >= self.a_minute

    def parked(self, place: Place, at: float) -> None:
        """One was parked."""
        self._row[place] += 1
        self._minute[place].append(at)

    def handled(self, place: Place) -> None:
        """One was handled: what comes next is a new row."""
        self._row.pop(place, None)
