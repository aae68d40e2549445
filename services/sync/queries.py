"""What sync answers: batches and their receipts, records, agents, and how fresh each city's lists are."""

import csv
import io
from collections.abc import AsyncIterator, Iterable
from datetime import datetime
from typing import Any

from services.sync import views
from services.sync.commands import seen_batch
from services.sync.domain.agent import Agent
from services.sync.domain.batch import Batch
from services.sync.store import Store
from services.sync.store.records import record_id_of
from shared.access.checking import Caller, Facts, check
from shared.aggregates.aggregates import Stored
from shared.events.accounts import Role
from shared.events.sync import VERDICT_NAMES, Kind
from shared.http.paging import Page, bad_cursor, decode, decode_text, encode, page_of
from shared.values import problems
from shared.values.jurisdictions import Jurisdiction
from shared.values.problems import Refusal

COLUMNS = {"row": "行号", "source_id": "编号", "verdict": "结论", "field": "字段", "code": "代码", "message": "说明"}
_BOM = "\ufeff"
"""So that Excel reads the file as UTF-8."""


async def show_batch(store: Store, caller: Caller, batch_id: str) -> tuple[Stored[Batch], views.BatchView]:
    """A batch with its progress and counts."""
    stored = await seen_batch(store, "sync.show-batch", caller, batch_id)
    return stored, await batch_view(store, stored.state)


async def batch_view(store: Store, batch: Batch) -> views.BatchView:
    """The batch as it is shown; while it is worked on, with the counts so far."""
    if batch.state == "open":
        return views.batch_view(batch, 0, batch.counts)
    progress = await store.receipts.how_far(batch.id)
    return views.batch_view(batch, progress.rows, progress.counts)


async def list_batches(
    store: Store, caller: Caller, jurisdiction: Jurisdiction | None, limit: int, cursor: str | None
) -> Page[views.BatchView]:
    """A city's batches, newest first."""
    city = _city(caller, jurisdiction)
    check("sync.list-batches", caller, Facts(jurisdiction=city))
    before = decode_text(cursor)
    query: dict[str, Any] = {"state.jurisdiction": city}
    if before is not None:
        query["_id"] = {"$lt": before}
    found = await store.batches.where(query, limit=limit + 1, sort=[("_id", -1)])
    shown = [await batch_view(store, each.state) for each in found[:limit]]
    return Page(items=shown, next_cursor=encode(shown[-1].id) if len(found) > limit else None)


async def list_rows(
    store: Store, caller: Caller, batch_id: str, verdict: str | None, limit: int, cursor: str | None
) -> Page[views.RowView]:
    """A page of the receipt."""
    await seen_batch(store, "sync.list-rows", caller, batch_id)
    chunks = (await store.receipts.how_far(batch_id)).chunks
    chunk, after = _row_position(cursor)
    page: list[tuple[int, views.RowView]] = []
    async for number, row in store.receipts.rows(batch_id, verdict, range(chunk, chunks)):
        if row["row"] > after:
            page.append((number, views.RowView.model_validate(row)))
        if len(page) > limit:
            break
    items = page[:limit]
    following = encode([items[-1][0], items[-1][1].row]) if len(page) > limit else None
    return Page(items=[row for _, row in items], next_cursor=following)


async def rows_as_csv(store: Store, caller: Caller, batch_id: str, verdict: str | None) -> AsyncIterator[str]:
    """The whole receipt as CSV, made as it is sent."""
    await seen_batch(store, "sync.list-rows", caller, batch_id)
    chunks = (await store.receipts.how_far(batch_id)).chunks

    async def lines() -> AsyncIterator[str]:
        yield _BOM + _line(COLUMNS.values())
        async for _, row in store.receipts.rows(batch_id, verdict, range(chunks)):
            yield _line(VERDICT_NAMES[row[name]] if name == "verdict" else row.get(name, "") for name in COLUMNS)

    return lines()


async def show_record(store: Store, jurisdiction: Jurisdiction, kind: Kind, source_id: str) -> views.RecordView:
    """A record as it stands; 404 once its city has taken it back."""
    record = await store.records.find(record_id_of(jurisdiction, kind, source_id))
    if record is None or record.state.deleted:
        raise Refusal(problems.NOT_FOUND)
    return views.record_view(record)


async def list_agents(
    store: Store, caller: Caller, jurisdiction: Jurisdiction | None, limit: int, cursor: str | None
) -> Page[views.AgentView]:
    """A city's agents, those that were removed included."""
    city = _city(caller, jurisdiction)
    check("sync.list-agents", caller, Facts(jurisdiction=city))
    found = await store.agents.where({"state.jurisdiction": city}, sort=[("_id", 1)])
    return page_of([views.agent_view(each.state) for each in found], limit, cursor)


async def show_agent(store: Store, caller: Caller, agent_id: str) -> Stored[Agent]:
    """An agent, removed or not; 404 for other cities."""
    stored = await store.agents.get(agent_id)
    check("sync.show-agent", caller, Facts(jurisdiction=stored.state.jurisdiction))
    return stored


async def list_jurisdictions(
    store: Store, at: datetime, limit: int, cursor: str | None
) -> Page[views.JurisdictionView]:
    """The eight, each with its lists and how fresh they are."""
    lists = await store.lists.all()
    return page_of([views.jurisdiction_view(each, lists, at) for each in Jurisdiction], limit, cursor)


async def agent_with_key(store: Store, key_id: str) -> Agent | None:
    """The agent that may sign with this key."""
    found = await store.agents.where({"state.key_id": key_id})
    return next((each.state for each in found if each.state.removed_at is None), None)


def _city(caller: Caller, asked: Jurisdiction | None) -> Jurisdiction | None:
    """The jurisdiction that is meant: the one asked for, else the caller's own when it is a single one."""
    own = caller.cities(Role.CITY_OPERATOR) | ({caller.agent_jurisdiction} if caller.agent_jurisdiction else set())
    return asked or (next(iter(own)) if len(own) == 1 else None)


def _row_position(cursor: str | None) -> tuple[int, int]:
    """The chunk to go on in, and the last row that was shown."""
    match decode(cursor):
        case None:
            return 0, 0
        case [int(chunk), int(row)] if chunk >= 0:
            return chunk, row
    raise bad_cursor()


def _line(cells: Iterable[object]) -> str:
    """One line of CSV. A cell that a spreadsheet would take for a formula is marked as text with an apostrophe."""
    out = io.StringIO()
    csv.writer(out).writerow([_as_text(str(cell)) for cell in cells])
    return out.getvalue()


def _as_text(cell: str) -> str:
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
