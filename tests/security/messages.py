"""Messages put on a topic past everything of ours, by a bare aiokafka producer: good ones, and what is made of them."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

from aiokafka import AIOKafkaProducer

from shared.events.envelope import Event, event
from shared.events.sync import Kind, RecordState
from shared.values.clock import now
from shared.values.ids import new_id
from shared.values.jurisdictions import Jurisdiction
from tests.client import Json

TOPIC, PARTITION = "huning.records", 5


@dataclass(frozen=True)
class Message:
    """What goes to Kafka: a good record event until something is changed."""

    key: bytes
    value: bytes | None
    headers: Mapping[str, bytes]

    def with_headers(self, **changes: bytes | None) -> "Message":
        """Headers set, or left out where None."""
        merged = {**self.headers, **changes}
        return replace(self, headers={name: value for name, value in merged.items() if value is not None})

    def with_payload(self, **changes: Json) -> "Message":
        assert self.value is not None
        return replace(self, value=json.dumps({**json.loads(self.value), **changes}).encode())


def record(word: str, city: Jurisdiction = Jurisdiction.TAIZHOU) -> Event:
    at = now()
    state = RecordState(
        jurisdiction=city,
        kind=Kind.EQUIPMENT,
        source_id=word,
        title=f"设备 {word}",
        batch_id=new_id(),
        updated_at=at,
    )
    return event("record.added", f"{city}/equipment/{word}", 1, at, state, jurisdiction=city)


def good(word: str, city: Jurisdiction = Jurisdiction.TAIZHOU) -> Message:
    made = record(word, city)
    return Message(made.key, made.value, dict(made.headers))


def produce(kafka: str, topic: str, messages: list[Message], partition: int = PARTITION) -> list[int]:
    """Sends them in order; their offsets."""

    async def sending() -> list[int]:
        producer = AIOKafkaProducer(bootstrap_servers=kafka, max_request_size=5_000_000)
        await producer.start()
        try:
            return [
                (await producer.send_and_wait(topic, m.value, m.key, partition, headers=list(m.headers.items()))).offset
                for m in messages
            ]
        finally:
            await producer.stop()

    return asyncio.run(sending())
