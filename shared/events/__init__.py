"""The contracts: every event and command on the bus, one file per producer, all listed in `catalogue.py`."""

from shared.events.catalogue import CATALOGUE, EventType, type_of
from shared.events.envelope import Event
from shared.events.topics import TOPICS, Topic

__all__ = ["CATALOGUE", "TOPICS", "Event", "EventType", "Topic", "type_of"]
