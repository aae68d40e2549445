"""City rows from the agent to every place where they can be seen, against a raw script that does only the unavoidable I/O.

Ours: a signed push by `huning-agent` → applied in `sync` → in search results.
Raw: the same rows once through Kafka with aiokafka, and unguarded bulk_write upserts into two collections.
"""

import asyncio
import base64
import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import orjson
import pymongo
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from shared.values.ids import new_id
from shared.values.jurisdictions import Jurisdiction
from tests.benchmarks.rows import rows
from tests.client import Api
from tests.stack import Stack

ROWS = 50_000
MANY_ROWS = 100_000
"""What one city pushes while somebody else publishes."""
_BATCH = 500


class Push:
    """A signed push of generated rows by a city's own agent; `with` begins it, and its end waits until it is applied.

    `snapshot`: as the city's whole list. `verdict` is what every row must come to.
    """

    def __init__(self, stack: Stack, api: Api, folder: Path, city: str, count: int, *, snapshot: bool = False) -> None:
        self._stack, self._folder, self._city, self._count = stack, folder, city, count
        self._mode = ("--snapshot",) if snapshot else ()
        self.verdict = "added"
        self._file, self._key = folder / "rows.ndjson", folder / f"{city}.pem"
        self._file.write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in rows(count, city=Jurisdiction(city))))
        public = stack.run("huning-agent", "keygen", str(self._key)).split()[-1]
        assert len(base64.b64decode(public)) == 32
        body = {"jurisdiction": city, "name": "benchmark", "public_key": public}
        self._key_id = api.as_(f"operator-{city}").post("sync/agents", json=body).expect(201)["key_id"]

    def __enter__(self) -> "Push":
        self._process = subprocess.Popen(
            [
                str(Path(sys.executable).parent / "huning-agent"),
                *("push", str(self._file), "--server", self._stack.base_url, "--jurisdiction", self._city),
                *("--kind", "platform", "--coordinates", "gcj02", "--key", str(self._key), "--key-id", self._key_id),
                *("--state", str(self._folder), "--json", *self._mode),
            ],
            env=self._stack.environment,
            stdout=subprocess.PIPE,
            start_new_session=True,  # its own share of the processors (sched(7), autogroups)
        )
        return self

    def __exit__(self, *_: object) -> None:
        output = self._process.communicate()[0]
        assert json.loads(output)["counts"][self.verdict] == self._count

    @property
    def pid(self) -> int:
        """Of the agent."""
        return self._process.pid

    @property
    def is_applied(self) -> bool:
        return self._process.poll() is not None


def ours(stack: Stack, api: Api, folder: Path, count: int = ROWS) -> dict[str, float]:
    """Seconds from the start of the push until all rows are `applied` and `searchable`.

    The stack must hold no other row of that city: what is there is counted.
    """
    assert _searchable(api) == 0
    push = Push(stack, api, folder, "suzhou", count)
    began = time.perf_counter()
    seconds: dict[str, float] = {}
    with push:
        watched: dict[str, Callable[[], bool]] = {
            "applied": lambda: push.is_applied,
            "searchable": lambda: _searchable(api) >= count,
        }
        while watched:
            for name in [name for name, seen in watched.items() if seen()]:
                seconds[name] = time.perf_counter() - began
                del watched[name]
            time.sleep(0.1)
    return seconds


async def raw(stack: Stack, count: int = ROWS) -> float:
    """Seconds for the same rows through Kafka once and into two collections, by a topic that no service reads."""
    topic = f"raw-{new_id()}"
    admin = AIOKafkaAdminClient(bootstrap_servers=stack.kafka)
    await admin.start()
    await admin.create_topics([NewTopic(topic, num_partitions=8, replication_factor=1)])
    await admin.close()
    bodies = [(row["source_id"], orjson.dumps(row)) for row in rows(count)]
    client: pymongo.AsyncMongoClient[dict[str, object]] = pymongo.AsyncMongoClient(stack.mongodb)
    collections = [client["raw"][name] for name in ("records", "items")]
    consumer = AIOKafkaConsumer(
        topic, bootstrap_servers=stack.kafka, group_id=f"raw-{new_id()}", auto_offset_reset="earliest"
    )
    producer = AIOKafkaProducer(
        bootstrap_servers=stack.kafka, enable_idempotence=True, compression_type="lz4", linger_ms=2
    )
    await producer.start()
    await consumer.start()
    await consumer.getmany(timeout_ms=500)  # joins the group, which is not what is compared
    began = time.perf_counter()

    async def produce() -> None:
        for start in range(0, count, 2_000):
            sent = [
                await producer.send(topic, value, key=name.encode(), partition=4)
                for name, value in bodies[start : start + 2_000]
            ]
            await asyncio.gather(*sent)

    producing = asyncio.create_task(produce())
    done = 0
    while done < count:
        for batch in (await consumer.getmany(timeout_ms=200, max_records=_BATCH)).values():
            writes = [
                pymongo.ReplaceOne({"_id": (each.key or b"").decode()}, orjson.loads(each.value or b""), upsert=True)
                for each in batch
            ]
            for collection in collections:
                await collection.bulk_write(writes, ordered=False)
            done += len(batch)
    seconds = time.perf_counter() - began
    await producing
    await asyncio.gather(producer.stop(), consumer.stop())
    await client.drop_database("raw")
    await client.close()
    return seconds


def _searchable(api: Api) -> int:
    parameters = {"kind": "platform", "jurisdiction": "suzhou", "limit": 1}
    answer = api.visitor.get("search", params=parameters)
    return int(answer.body["total"]) if answer.status == 200 else 0
