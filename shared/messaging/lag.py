"""How far consumer groups are behind, asked over connections that fetch nothing.

On a consumer's own connection a question would wait behind its long poll, half a second: a broker answers the requests of
a connection in order.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from shared.settings import Settings


@dataclass
class Lags:
    """Connected at the first question, and again after a fault."""

    settings: Settings
    client_id: str
    _admin: AIOKafkaAdminClient | None = field(init=False, default=None)
    _reader: AIOKafkaConsumer | None = field(init=False, default=None)
    _partitions: dict[str, list[TopicPartition]] = field(init=False, default_factory=dict)
    _connecting: asyncio.Lock = field(init=False, default_factory=asyncio.Lock)

    async def of(self, group: str, topics: Sequence[str]) -> dict[TopicPartition, int]:
        """How many records a group has yet to commit, by partition, whichever process works on them. KafkaError while away."""
        try:
            admin, reader = await self._connected()
            partitions = [each for topic in topics for each in await self._partitions_of(admin, topic)]
            committed, begins, ends = await asyncio.gather(
                admin.list_consumer_group_offsets(self.settings.group(group)),
                reader.beginning_offsets(partitions),
                reader.end_offsets(partitions),
            )
        except (KafkaError, OSError, asyncio.CancelledError):
            await self.close()
            raise
        done = {each: committed[each].offset if each in committed else 0 for each in partitions}
        return behind(begins, ends, done)

    async def close(self) -> None:
        """Ends the connections; the next question makes new ones."""
        admin, self._admin, reader, self._reader = self._admin, None, self._reader, None
        closing = [each.close() for each in (admin,) if each] + [each.stop() for each in (reader,) if each]
        await asyncio.gather(*closing, return_exceptions=True)

    async def _connected(self) -> tuple[AIOKafkaAdminClient, AIOKafkaConsumer]:
        async with self._connecting:
            if self._admin is None or self._reader is None:
                servers = self.settings.kafka.split(",")
                admin = AIOKafkaAdminClient(bootstrap_servers=servers, client_id=self.client_id)
                reader = AIOKafkaConsumer(bootstrap_servers=servers, client_id=self.client_id, group_id=None)
                self._admin, self._reader, self._partitions = admin, reader, {}
                await asyncio.gather(admin.start(), reader.start())
            return self._admin, self._reader

    async def _partitions_of(self, admin: AIOKafkaAdminClient, topic: str) -> list[TopicPartition]:
        name = self.settings.topic(topic)
        if name not in self._partitions:
            (described,) = await admin.describe_topics([name])
            numbers = sorted(each["partition"] for each in described["partitions"])
            self._partitions[name] = [TopicPartition(name, each) for each in numbers]
        return self._partitions[name]


def behind(
    begins: Mapping[TopicPartition, int], ends: Mapping[TopicPartition, int], done: Mapping[TopicPartition, int]
) -> dict[TopicPartition, int]:
    """The records between what is done, or the beginning where the log has moved on, and the end."""
    return {each: max(0, ends[each] - max(begins[each], offset)) for each, offset in done.items()}
