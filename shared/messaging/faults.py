"""A fault of the surroundings is waited for; anything else is about the message, the request, or our own code."""

from shared import mongo
from shared.messaging.kafka import KafkaFault


def is_infrastructure(error: BaseException) -> bool:
    """Whether it says something about the surroundings, so that waiting can help."""
    if isinstance(error, mongo.MongoFault):
        return mongo.is_transient(error)
    return isinstance(error, KafkaFault | OSError | TimeoutError)
