"""Which log a topic is: the id of the cluster and the id of the topic in it.

A wiped broker is another cluster, and a topic that was deleted and made anew has another id, though both have their names
still. aiokafka asks in a version of the protocol that tells no topic ids (its newest is 5; ids came with 10), so the
request stands here. Source of the fields: MetadataRequest.json and MetadataResponse.json of Apache Kafka, version 12.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from uuid import UUID

from aiokafka.client import AIOKafkaClient
from aiokafka.errors import KafkaConnectionError, KafkaError
from aiokafka.protocol.abstract import AbstractType
from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.types import (
    Boolean,
    CompactArray,
    CompactString,
    Int16,
    Int32,
    Schema,
    TaggedFields,
)

from shared.settings import Settings

_SECONDS = 5.0


class _Uuid(AbstractType[UUID]):
    @classmethod
    def encode(cls, value: UUID) -> bytes:
        return value.bytes

    @classmethod
    def decode(cls, data: BytesIO) -> UUID:
        return UUID(bytes=data.read(16))


class _Answer(Response):
    API_KEY = 3
    API_VERSION = 12
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        (
            "brokers",
            CompactArray(
                ("node_id", Int32),
                ("host", CompactString()),
                ("port", Int32),
                ("rack", CompactString()),
                ("tags", TaggedFields),
            ),
        ),
        ("cluster_id", CompactString()),
        ("controller_id", Int32),
        (
            "topics",
            CompactArray(
                ("error_code", Int16),
                ("name", CompactString()),
                ("topic_id", _Uuid),
                ("is_internal", Boolean),
                (
                    "partitions",
                    CompactArray(
                        ("error_code", Int16),
                        ("partition", Int32),
                        ("leader", Int32),
                        ("leader_epoch", Int32),
                        ("replicas", CompactArray(Int32)),
                        ("isr", CompactArray(Int32)),
                        ("offline_replicas", CompactArray(Int32)),
                        ("tags", TaggedFields),
                    ),
                ),
                ("authorized_operations", Int32),
                ("tags", TaggedFields),
            ),
        ),
        ("tags", TaggedFields),
    )


class _Question(RequestStruct):
    API_KEY = 3
    API_VERSION = 12
    FLEXIBLE_VERSION = True
    RESPONSE_TYPE = _Answer
    SCHEMA = Schema(
        ("topics", CompactArray(("topic_id", _Uuid), ("name", CompactString()), ("tags", TaggedFields))),
        ("allow_auto_topic_creation", Boolean),
        ("include_topic_authorized_operations", Boolean),
        ("tags", TaggedFields),
    )


class _Topics(Request[_Question]):
    API_KEY = 3

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names

    def build(self, request_struct_class: type[_Question]) -> _Question:
        return request_struct_class([(UUID(int=0), name, {}) for name in self._names], False, False, {})


@dataclass
class LogIds:
    """Asks the cluster over a connection of its own: made at the first question, and again after a fault."""

    settings: Settings
    client_id: str
    _client: AIOKafkaClient | None = field(init=False, default=None)
    _asking: asyncio.Lock = field(init=False, default_factory=asyncio.Lock)

    async def of(self, topics: Sequence[str]) -> dict[str, str]:
        """`<cluster id>/<topic id>` of each of these (without prefix) that is there now. KafkaError while the broker is away."""
        named = {self.settings.topic(topic): topic for topic in topics}
        async with self._asking:
            try:
                async with asyncio.timeout(_SECONDS):
                    answer = await self._asked(list(named))
            except (KafkaError, OSError, TimeoutError, asyncio.CancelledError):
                await self._close()
                raise
        # One that is only just being made has no leader yet, which is an error, and its id already.
        found = (each for each in answer["topics"] if each["topic_id"].int)
        return {named[each["name"]]: f"{answer['cluster_id']}/{each['topic_id'].hex}" for each in found}

    async def close(self) -> None:
        """Ends the connection; the next question makes a new one."""
        async with self._asking:
            await self._close()

    async def _asked(self, names: Sequence[str]) -> dict[str, Any]:
        if self._client is None:
            servers = self.settings.kafka.split(",")
            self._client = AIOKafkaClient(bootstrap_servers=servers, client_id=self.client_id)
            await self._client.bootstrap()
        node = self._client.get_random_node()
        if node is None:
            raise KafkaConnectionError("no broker is known")
        answer: dict[str, Any] = (await self._client.send(node, _Topics(names))).to_object()
        return answer

    async def _close(self) -> None:
        client, self._client = self._client, None
        if client:
            await asyncio.gather(client.close(), return_exceptions=True)
