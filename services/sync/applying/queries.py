"""What sync answers about batches and their receipts."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

from services.sync import problems
from services.sync.applying import views
from services.sync.applying.receipts import Progress, Receipts
from services.sync.applying.withdrawals import PIECE_RECORDS, Withdrawals
from services.sync.intake.batch import Batch
from services.sync.intake.commands import seen_batch
from services.sync.intake.queries import city_of
from services.sync.intake.store import Intake
from services.sync.intake.views import BatchView, ProgressView, SoFar
from services.sync.intake.views import batch_view as shown_with
from services.sync.rows.verdict_lines import COLUMNS, cells_of
from shared.access.checking import Caller, Facts, check
from shared.aggregates.aggregates import Stored
from shared.http.paging import Page, bad_cursor, decode, decode_text, encode
from shared.values.csv_lines import BYTE_ORDER_MARK, csv_line
from shared.values.jurisdictions import Jurisdiction
from shared.values.problems import Refusal


async def show_batch(
    intake: Intake, receipts: Receipts, caller: Caller, batch_id: str
) -> tuple[Stored[Batch], BatchView]:
    """A batch with its progress and counts."""
    stored = await seen_batch(intake, "sync.show-batch", caller, batch_id)
    return stored, await batch_view(intake, receipts, stored.state)


async def batch_view(intake: Intake, receipts: Receipts, batch: Batch) -> BatchView:
    """The batch as it is shown; while it is worked on, with the counts so far."""
    agent = await intake.agents.find(batch.pushed_by)
    progress = Progress() if batch.state == "open" else await receipts.how_far(batch.id)
    withdrawal = None
    if progress.to_withdraw is not None:
        withdrawal = ProgressView(done=progress.withdrawn, total=progress.to_withdraw)
    so_far = SoFar(
        progress.rows, progress.counts, progress.warnings, withdrawal, progress.other_verdict, progress.other_before
    )
    return shown_with(batch, so_far, agent.state.name if agent else None)


async def list_batches(
    intake: Intake,
    receipts: Receipts,
    caller: Caller,
    jurisdiction: Jurisdiction | None,
    chosen: Mapping[str, str | None],
    limit: int,
    cursor: str | None,
) -> Page[BatchView]:
    """A city's batches, newest first; those whose fields are as chosen."""
    city = city_of(caller, jurisdiction)
    check("sync.list-batches", caller, Facts(jurisdiction=city))
    before = decode_text(cursor)
    query: dict[str, Any] = {"state.jurisdiction": city}
    query |= {f"state.{name}": value for name, value in chosen.items() if value is not None}
    if before is not None:
        query["_id"] = {"$lt": before}
    found = await intake.batches.where(query, limit=limit + 1, sort=[("_id", -1)])
    shown = [await batch_view(intake, receipts, each.state) for each in found[:limit]]
    return Page(items=shown, next_cursor=encode(shown[-1].id) if len(found) > limit else None)


async def list_rows(
    intake: Intake,
    receipts: Receipts,
    caller: Caller,
    batch_id: str,
    verdict: str | None,
    limit: int,
    cursor: str | None,
) -> Page[views.RowView]:
    """A page of the receipt."""
    await receipt_of(intake, receipts, "sync.list-rows", caller, batch_id)
    chunks = (await receipts.how_far(batch_id)).chunks
    chunk, after = _row_position(cursor)
    page: list[tuple[int, views.RowView]] = []
    async for number, row in receipts.rows(batch_id, verdict, range(chunk, chunks)):
        if row["row"] > after:
            page.append((number, views.RowView.model_validate(row)))
        if len(page) > limit:
            break
    items = page[:limit]
    following = encode([items[-1][0], items[-1][1].row]) if len(page) > limit else None
    return Page(items=[row for _, row in items], next_cursor=following)


async def list_withdrawals(
    intake: Intake,
    withdrawals: Withdrawals,
    receipts: Receipts,
    caller: Caller,
    batch_id: str,
    limit: int,
    cursor: str | None,
) -> Page[views.WithdrawalView]:
    """What a snapshot withdraws, in the order of the records' ids; nothing of a delta, or before it is weighed."""
    batch = await receipt_of(intake, receipts, "sync.list-withdrawals", caller, batch_id)
    skipped = _position(cursor)
    number, within = divmod(skipped, PIECE_RECORDS)
    found = [*(await withdrawals.piece(batch, number)), *(await withdrawals.piece(batch, number + 1))][within:]
    items = [views.WithdrawalView(**each.model_dump()) for each in found[:limit]]
    return Page(items=items, next_cursor=encode([skipped + limit]) if len(found) > limit else None)


async def rows_as_csv(
    intake: Intake, receipts: Receipts, caller: Caller, batch_id: str, verdict: str | None
) -> AsyncIterator[str]:
    """The whole receipt as CSV, made as it is sent."""
    await receipt_of(intake, receipts, "sync.list-rows", caller, batch_id)
    chunks = (await receipts.how_far(batch_id)).chunks

    async def lines() -> AsyncIterator[str]:
        yield BYTE_ORDER_MARK + csv_line(COLUMNS.values())
        async for _, row in receipts.rows(batch_id, verdict, range(chunks)):
            yield csv_line(cells_of(row))

    return lines()


async def receipt_of(intake: Intake, receipts: Receipts, action: str, caller: Caller, batch_id: str) -> Batch:
    """The batch, if the caller may see its rows. Refused once the first of them may be gone: half a receipt is none."""
    batch = (await seen_batch(intake, action, caller, batch_id)).state
    if batch.committed_at is not None and not receipts.are_kept(batch.committed_at):
        raise Refusal(problems.RECEIPT_EXPIRED, days=receipts.kept.days)
    return batch


def _position(cursor: str | None) -> int:
    """How many were shown."""
    match decode(cursor):
        case None:
            return 0
        case [int(shown)] if shown >= 0:
            return shown
    raise bad_cursor()


def _row_position(cursor: str | None) -> tuple[int, int]:
    """The chunk to go on in, and the last row that was shown."""
    match decode(cursor):
        case None:
            return 0, 0
        case [int(chunk), int(row)] if chunk >= 0:
            return chunk, row
    raise bad_cursor()
