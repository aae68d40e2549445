"""Events of every owner about its log: that everything it owns of a topic is in the log that the topic is now."""

from shared.events.payload import Instant, Payload


class Publication(Payload):
    """`log` is the id of the log (shared/messaging/log_ids.py): a rebuild from another one may lack what was never published
    there. `documents` is how many the owner looked at."""

    topic: str
    log: str
    documents: int
    completed_at: Instant
