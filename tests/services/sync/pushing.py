"""A city pushes rows: open, put the parts, commit, ask for the receipt."""

import gzip
import hashlib
from collections.abc import Sequence
from typing import Any

import httpx2
import orjson

from shared.access.checking import Caller
from shared.secrets import PersonalData, Sealer
from shared.values.ids import new_id
from shared.values.jurisdictions import Jurisdiction

NANTONG = Caller(agent_id="agent-nantong", agent_jurisdiction=Jurisdiction.NANTONG)
SUZHOU = Caller(agent_id="agent-suzhou", agent_jurisdiction=Jurisdiction.SUZHOU)
PERSONAL, SEALER = PersonalData(bytes(32)), Sealer(bytes(32))
NDJSON = {"content-type": "application/x-ndjson"}

Rows = Sequence[dict[str, Any]]


def row(source_id: str, **fields: Any) -> dict[str, Any]:
    return {"source_id": source_id, "title": "南通新材料中试基地", **fields}


def body_of(rows: Rows) -> bytes:
    return b"".join(orjson.dumps(each) + b"\n" for each in rows)


def announced(rows: Rows, /, **changed: Any) -> dict[str, Any]:
    """The body that opens a batch of these rows."""
    return {
        "jurisdiction": "nantong",
        "kind": "platform",
        "mode": "delta",
        "dry_run": False,
        "coordinates": "gcj02",
        "rows": len(rows),
        "sha256": hashlib.sha256(body_of(rows)).hexdigest(),
        **changed,
    }


async def send(
    client: httpx2.AsyncClient, method: str, path: str, *, key: str | None = None, **content: Any
) -> httpx2.Response:
    headers = {"idempotency-key": key or new_id(), **content.pop("headers", {})}
    return await client.request(method, path, headers=headers, **content)


async def put(
    client: httpx2.AsyncClient, batch_id: str, part: int, body: bytes, *, key: str | None = None
) -> httpx2.Response:
    headers, sent = {**NDJSON, "content-encoding": "gzip"}, gzip.compress(body, mtime=0)
    return await send(client, "PUT", f"batches/{batch_id}/parts/{part}", key=key, content=sent, headers=headers)


async def commit(client: httpx2.AsyncClient, batch_id: str, *, key: str | None = None) -> httpx2.Response:
    return await send(client, "POST", f"batches/{batch_id}/commit", key=key, json={})


async def opened(client: httpx2.AsyncClient, rows: Rows, /, **changed: Any) -> str:
    """A batch with all its rows in one part; its id."""
    answer = await send(client, "POST", "batches", json=announced(rows, **changed))
    assert answer.status_code == 201, answer.text
    batch_id = str(answer.json()["id"])
    assert (await put(client, batch_id, 0, body_of(rows))).status_code == 200
    return batch_id


async def committed(client: httpx2.AsyncClient, rows: Rows, /, **changed: Any) -> str:
    """A batch that only waits for the worker; its id."""
    batch_id = await opened(client, rows, **changed)
    assert (await commit(client, batch_id)).status_code == 202
    return batch_id
