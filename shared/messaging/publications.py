"""Whether what a read model is rebuilt from is whole: its owners say so on `huning.publications`, by topic and log."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.events.envelope import BadEvent, read_event
from shared.events.publications import Publication
from shared.messaging.kafka import Bus, Record, stop_reader

TOPIC = "huning.publications"


@dataclass(frozen=True)
class Publications:
    """Reads the topic whole whenever it is asked: it has a record per topic and publication, and is compacted."""

    bus: Bus

    async def are_complete(self, topics: Sequence[str]) -> bool:
        """Whether every owner has published everything to the log that its topic is now. KafkaFault while the broker is away."""
        logs = await self.bus.log_ids(*topics)
        said = {each.topic: each.log for each in await self._read()}
        return all(topic in logs and said.get(topic) == logs[topic] for topic in topics)

    async def _read(self) -> list[Publication]:
        reader = self.bus.reader(TOPIC)
        found: list[Publication] = []
        try:
            await reader.start()
            partitions = sorted(reader.assignment())
            ends = await reader.end_offsets(partitions)
            while any([await reader.position(each) < ends[each] for each in partitions]):
                for records in (await reader.getmany(timeout_ms=200)).values():
                    found += [said for record in records if (said := _publication(record))]
        finally:
            await stop_reader(reader)
        return found


def _publication(record: Record) -> Publication | None:
    """What is none says nothing."""
    try:
        data = read_event(record.headers, record.value).data
    except BadEvent:
        return None
    return data if isinstance(data, Publication) else None
