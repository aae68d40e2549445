"""What an operator or an agent can do: register and remove an agent, open a batch, put its parts, commit it."""

import hashlib
from datetime import datetime
from typing import Literal

from services.sync import domain, problems
from services.sync.coordinates import System
from services.sync.domain import MAX_PARTS, Agent, Batch, PartHead
from services.sync.part_bodies import source_ids_of
from services.sync.signatures import key_of
from services.sync.store import Store
from shared.access import Caller, Facts, check
from shared.aggregates import Decision, Stored
from shared.attempts import Attempt
from shared.events.sync import Kind
from shared.ids import new_id
from shared.jurisdictions import Jurisdiction
from shared.mongo import DuplicateKeyError
from shared.problems import FieldError, Refusal
from shared.validation import invalid


async def register_agent(
    store: Store, caller: Caller, attempt: Attempt, at: datetime, jurisdiction: Jurisdiction, name: str, public_key: str
) -> Stored[Agent]:
    """Lets whoever holds the private key push for this city. 409 when the key was registered before."""
    check("sync.register-agent", caller, Facts(jurisdiction=jurisdiction))
    raw = key_of(public_key)
    if raw is None:
        raise invalid(FieldError("public_key", "bad_format", "应为 Ed25519 公钥的 Base64（32 字节）"))
    agent = Agent(
        id=new_id(),
        key_id=f"{jurisdiction}-{hashlib.sha256(raw).hexdigest()[:16]}",
        jurisdiction=jurisdiction,
        name=name,
        public_key=public_key,
        registered_by=caller.id,
        created_at=at,
    )
    try:
        return await store.agents.create(Decision(agent, None), attempt=attempt)
    except DuplicateKeyError as error:
        raise Refusal(problems.KEY_REGISTERED) from error


async def remove_agent(store: Store, caller: Caller, attempt: Attempt, at: datetime, agent_id: str) -> Stored[Agent]:
    """From now on nothing that this key signs is accepted."""
    agent = (await store.agents.get(agent_id)).state
    check("sync.remove-agent", caller, Facts(jurisdiction=agent.jurisdiction))
    return await store.agents.change(agent_id, lambda each: domain.remove(each, at), attempt=attempt)


async def open_batch(
    store: Store,
    caller: Caller,
    attempt: Attempt,
    at: datetime,
    *,
    jurisdiction: Jurisdiction,
    kind: Kind,
    mode: Literal["delta", "snapshot"],
    dry_run: bool,
    coordinates: System | None,
    rows: int,
    sha256: str,
) -> Stored[Batch]:
    """A batch that waits for its parts."""
    check("sync.open-batch", caller, Facts(jurisdiction=jurisdiction))
    if mode == "snapshot":
        raise Refusal(problems.SNAPSHOT_NOT_OFFERED)
    batch = Batch(
        id=new_id(),
        jurisdiction=jurisdiction,
        kind=kind,
        dry_run=dry_run,
        coordinates=coordinates,
        rows=rows,
        sha256=sha256,
        pushed_by=caller.id,
        created_at=at,
    )
    return await store.batches.create(Decision(batch, None), attempt=attempt)


async def put_part(store: Store, caller: Caller, batch_id: str, part: int, body: bytes) -> tuple[PartHead, bool]:
    """Keeps one part (inflated); True when it was there already. 409 when another body has its number."""
    batch = (await seen_batch(store, "sync.put-part", caller, batch_id)).state
    ids = source_ids_of(part, body)
    head = PartHead(part=part, rows=len(ids), sha256=hashlib.sha256(body).hexdigest())
    if await _is_kept(store, batch_id, head):
        return head, True
    if batch.state != "open":
        raise Refusal(problems.BATCH_COMMITTED)
    if part >= min(MAX_PARTS, batch.rows):
        raise Refusal(problems.PART_OVER_BATCH, limit=min(MAX_PARTS, batch.rows) - 1)
    try:
        await store.parts.put(batch_id, head, body, ids)
    except DuplicateKeyError:
        await _is_kept(store, batch_id, head)
        return head, True
    return head, False


async def commit_batch(store: Store, caller: Caller, attempt: Attempt, at: datetime, batch_id: str) -> Stored[Batch]:
    """Gives a complete batch its place and orders it to begin. Again: the batch as it is."""
    stored = await seen_batch(store, "sync.commit-batch", caller, batch_id)
    if stored.state.state != "open":
        return stored
    place = await store.places.of(batch_id)
    if place is None:
        heads = await store.parts.heads(batch_id)
        domain.refuse_incomplete(stored.state, heads, await _digest(store, batch_id, heads))
        place = await store.places.take(stored.state, len(heads), at)
    return await store.batches.change(batch_id, lambda batch: domain.commit(batch, place), attempt=attempt)


async def seen_batch(store: Store, action: str, caller: Caller, batch_id: str) -> Stored[Batch]:
    """The batch, if the caller may do this with it; 404 where he may not know of it."""
    stored = await store.batches.get(batch_id)
    check(action, caller, Facts(jurisdiction=stored.state.jurisdiction))
    return stored


async def _is_kept(store: Store, batch_id: str, head: PartHead) -> bool:
    kept = await store.parts.head(batch_id, head.part)
    if kept is not None and kept != head:
        raise Refusal(problems.PART_DIFFERS, part=head.part)
    return kept is not None


async def _digest(store: Store, batch_id: str, heads: list[PartHead]) -> str:
    """SHA-256 of all parts in order."""
    digest = hashlib.sha256()
    for head in heads:
        digest.update(await store.parts.body(batch_id, head.part))
    return digest.hexdigest()
