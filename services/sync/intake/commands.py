"""What an operator or an agent can do: register and remove an agent, open a batch, put its parts, commit it."""

import asyncio
import base64
import hashlib
from collections.abc import Sequence
from datetime import datetime

from services.sync import problems
from services.sync.intake import agent as agents
from services.sync.intake import batch as batches
from services.sync.intake import snapshots
from services.sync.intake.agent import Agent
from services.sync.intake.batch import MAX_PARTS, OPEN_FOR, Batch, Mode, PartHead, Place, UploadedFile
from services.sync.intake.part_bodies import opened
from services.sync.intake.signatures import key_of
from services.sync.intake.store import Intake
from services.sync.wire import CoordinateSystem
from shared.access.checking import Caller, Facts, check
from shared.aggregates.aggregates import Stored
from shared.aggregates.attempts import Attempt
from shared.aggregates.decisions import Decision
from shared.events.sync import Kind
from shared.mongo import DuplicateKeyError
from shared.telemetry import current_traceparent
from shared.values.ids import new_id
from shared.values.jurisdictions import Jurisdiction
from shared.values.problems import FieldError, Refusal
from shared.values.validation import invalid

_NO_KEY = "应为 Ed25519 公钥的 Base64（32 字节，且不是弱密钥），请用 huning-agent keygen 重新生成"


async def register_agent(
    intake: Intake,
    caller: Caller,
    attempt: Attempt,
    at: datetime,
    jurisdiction: Jurisdiction,
    name: str,
    public_key: str,
) -> Stored[Agent]:
    """Lets the holder of the private key push for this city. 409 when the key was registered before, here or elsewhere."""
    check("sync.register-agent", caller, Facts(jurisdiction=jurisdiction))
    raw = key_of(public_key)
    if raw is None:
        raise invalid(FieldError("public_key", "bad_format", _NO_KEY))
    agent = Agent(
        id=new_id(),
        key_id=f"{jurisdiction}-{hashlib.sha256(raw).hexdigest()[:16]}",
        jurisdiction=jurisdiction,
        name=name,
        public_key=base64.b64encode(raw).decode(),
        registered_by=caller.id,
        created_at=at,
    )
    try:
        return await intake.agents.create(Decision(agent, "register", caller.id, None), attempt=attempt)
    except DuplicateKeyError as error:
        raise Refusal(problems.KEY_REGISTERED) from error


async def remove_agent(intake: Intake, caller: Caller, attempt: Attempt, at: datetime, agent_id: str) -> Stored[Agent]:
    """From now on nothing that this key signs is accepted."""
    agent = (await intake.agents.get(agent_id)).state
    check("sync.remove-agent", caller, Facts(jurisdiction=agent.jurisdiction))
    return await intake.agents.change(agent_id, lambda each: agents.remove(each, caller.id, at), attempt=attempt)


async def open_batch(
    intake: Intake,
    caller: Caller,
    attempt: Attempt,
    at: datetime,
    *,
    jurisdiction: Jurisdiction,
    kind: Kind,
    mode: Mode,
    dry_run: bool,
    coordinates: CoordinateSystem | None,
    rows: int,
    sha256: str,
    columns: dict[str, str],
    file: UploadedFile | None = None,
    notes: Sequence[str] = (),
) -> Stored[Batch]:
    """A batch that waits for its parts; `file` and `notes` are of an upload."""
    check("sync.open-batch", caller, Facts(jurisdiction=jurisdiction))
    if mode == "delta" and not rows:
        raise Refusal(problems.DELTA_WITHOUT_ROWS)
    batch = Batch(
        id=new_id(),
        jurisdiction=jurisdiction,
        kind=kind,
        mode=mode,
        dry_run=dry_run,
        coordinates=coordinates,
        rows=rows,
        sha256=sha256,
        columns=columns,
        file=file,
        notes=tuple(notes),
        pushed_by=caller.id,
        created_at=at,
    )
    if not dry_run:
        batch = batch.model_copy(update={"follows": await intake.dry_run_of(batch)})
    return await intake.batches.create(Decision(batch, "open", caller.id, None), attempt=attempt)


async def put_part(
    intake: Intake, caller: Caller, attempt: Attempt, batch_id: str, part: int, body: bytes, encoding: str | None
) -> tuple[PartHead, bool]:
    """Keeps one part; True when it was there already. 409 when another body has its number."""
    batch = (await seen_batch(intake, "sync.put-part", caller, batch_id)).state
    async with intake.opening.turn_of(batch.jurisdiction):
        part_opened = await asyncio.to_thread(opened, part, body, encoding)
        if await _is_kept(intake, batch_id, part_opened.head, attempt):
            return part_opened.head, True
        _refuse_beyond(batch, part)
        try:
            await intake.parts.put(batch_id, part_opened.head, part_opened.body, part_opened.source_ids, attempt)
        except DuplicateKeyError:  # another request was faster, with this number or with this key
            return part_opened.head, await _is_kept(intake, batch_id, part_opened.head, attempt)
    return part_opened.head, False


def _refuse_beyond(batch: Batch, part: int) -> None:
    _refuse_expired(batch)
    if batch.state != "open":
        raise Refusal(problems.BATCH_COMMITTED)
    if part >= min(MAX_PARTS, batch.rows):
        raise Refusal(problems.PART_OVER_BATCH, limit=min(MAX_PARTS, batch.rows) - 1)


def _refuse_expired(batch: Batch) -> None:
    if batch.state == "discarded":
        raise Refusal(problems.BATCH_EXPIRED, hours=int(OPEN_FOR.total_seconds()) // 3600)


async def commit_batch(intake: Intake, caller: Caller, attempt: Attempt, at: datetime, batch_id: str) -> Stored[Batch]:
    """Gives a complete batch its place and orders it to begin. Again: the batch as it is."""
    await seen_batch(intake, "sync.commit-batch", caller, batch_id)

    async def decided(batch: Batch) -> Decision[Batch] | None:
        _refuse_expired(batch)
        if batch.state != "open":
            return Decision(batch, "commit", caller.id, None)  # nothing but the attempt is new
        return batches.commit(batch, await _place(intake, batch, at), caller.id)

    return await intake.batches.change_with(batch_id, decided, attempt=attempt)


async def delete_batch(intake: Intake, caller: Caller, attempt: Attempt, at: datetime, batch_id: str) -> Stored[Batch]:
    """An open batch, or one that waits for approval, and its parts are gone. 409 for one that is committed, or whose commit has
    taken its place already."""
    await seen_batch(intake, "sync.delete-batch", caller, batch_id)

    async def decided(batch: Batch) -> Decision[Batch] | None:
        if batch.state == "open" and await intake.places.of(batch.id):
            raise Refusal(problems.BATCH_COMMITTED)
        return batches.delete(batch, caller.id, at)

    gone = await intake.batches.change_with(batch_id, decided, attempt=attempt)
    await intake.parts.remove([batch_id])
    await intake.files.remove([batch_id])
    return gone


async def approve_batch(intake: Intake, caller: Caller, attempt: Attempt, at: datetime, batch_id: str) -> Stored[Batch]:
    """A snapshot that waits may withdraw as many records as it was found to. It gets its next place at once; where that is
    interrupted, the worker gives it one."""
    await seen_batch(intake, "sync.approve-batch", caller, batch_id)
    approved = await intake.batches.change(batch_id, lambda each: snapshots.approve(each, caller.id), attempt=attempt)
    if not approved.state.wants_place:
        return approved
    place = await intake.places.take(approved.state, approved.state.parts or 0, at, current_traceparent())
    return await intake.batches.change(batch_id, lambda each: batches.commit(each, place, caller.id))


async def seen_batch(intake: Intake, action: str, caller: Caller, batch_id: str) -> Stored[Batch]:
    """The batch, if the caller may do this with it; 404 where he may not know of it."""
    stored = await intake.batches.get(batch_id)
    check(action, caller, Facts(jurisdiction=stored.state.jurisdiction))
    return stored


async def _is_kept(intake: Intake, batch_id: str, head: PartHead, attempt: Attempt) -> bool:
    """Whether the part is there, by this attempt or by an earlier one; from now on it knows this one too."""
    if await intake.parts.was_put(attempt):
        return True
    kept = await intake.parts.head(batch_id, head.part)
    if kept is None:
        return False
    if kept != head:
        raise Refusal(problems.PART_DIFFERS, part=head.part)
    await intake.parts.remember(batch_id, head.part, attempt)
    return True


async def _place(intake: Intake, batch: Batch, at: datetime) -> Place:
    """The batch's place: the one that an interrupted commit took, or the next, if it is complete."""
    if taken := await intake.places.of(batch.id):
        return taken
    heads = await intake.parts.heads(batch.id)
    batches.refuse_incomplete(batch, heads, await _digest(intake, batch.id, heads))
    return await intake.places.take(batch, len(heads), at, current_traceparent())


async def _digest(intake: Intake, batch_id: str, heads: list[PartHead]) -> str:
    """SHA-256 of all parts in order."""
    digest = hashlib.sha256()
    for head in heads:
        await asyncio.to_thread(digest.update, await intake.parts.body(batch_id, head.part))
    return digest.hexdigest()
