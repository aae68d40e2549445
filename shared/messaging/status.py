"""The state of a consumer, for readiness and for operators."""

from dataclasses import dataclass

_STALE_POLL_SECONDS = 30.0
_STUCK_BATCH_SECONDS = 300.0
"""After so long without asking for more, aiokafka gives the partitions away (its max_poll_interval_ms)."""


@dataclass(frozen=True)
class ConsumerStatus:
    """`stalled`: it waits for the database or for Kafka. `flooded`: it has parked as much as it may. `busy_s`: how long the
    batch at hand has taken. `lag`: records known of and not yet taken. `last_poll_age_s`: since the broker answered a fetch.
    """

    group: str
    alive: bool
    stalled: bool
    flooded: bool
    busy_s: float
    assigned: int
    lag: int
    last_poll_age_s: float | None

    def works(self, *, alone: bool) -> bool:
        """A consumer without partitions is well only in a further replica, where others may hold them all.

        With partitions, it works once a fetch was answered, as long as fetches are, and no batch takes for ever.
        """
        if not self.alive or self.stalled or self.flooded or self.busy_s >= _STUCK_BATCH_SECONDS:
            return False
        if not self.assigned:
            return not alone
        return self.last_poll_age_s is not None and self.last_poll_age_s < _STALE_POLL_SECONDS
