"""The receipt of a batch as a workbook; that of a dry run is signed off (首轮数据核验)."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from itertools import count
from typing import IO

from services.sync.applying.queries import batch_view, receipt_of
from services.sync.applying.receipts import WARNED, Receipts
from services.sync.applying.withdrawals import PIECE_RECORDS, Withdrawals
from services.sync.intake.store import Intake
from services.sync.intake.views import BatchView
from services.sync.rows.receipt_books import LINES, MOST_LINES, WITHDRAWN, Heading, ReceiptBook
from services.sync.rows.verdict_lines import followed
from shared.access.checking import Caller
from shared.events.sync import VERDICT_NAMES, Kind
from shared.mongo import Document
from shared.values.jurisdictions import SHANGHAI
from shared.values.open_sets import chinese_name
from shared.values.states import BatchModes, BatchStates

_AT_ONCE = 500
"""Rows that are written in one turn of a thread."""
_PIECE = 1 << 16


async def receipt_book(
    intake: Intake, receipts: Receipts, withdrawals: Withdrawals, caller: Caller, batch_id: str, verdict: str | None
) -> Iterator[bytes]:
    """The workbook, of the rows with this verdict: made in a file and in a thread, then handed out piece by piece."""
    batch = await receipt_of(intake, receipts, "sync.list-rows", caller, batch_id)
    shown = await batch_view(intake, receipts, batch)
    book = await asyncio.to_thread(ReceiptBook, heading_of(shown, verdict))
    chunks = range((await receipts.how_far(batch_id)).chunks)
    async for rows in _by_many(receipts.rows(batch_id, verdict, chunks)):
        await asyncio.to_thread(book.add, rows)
    for number in range(MOST_LINES // PIECE_RECORDS):
        if not (piece := await withdrawals.piece(batch, number)):
            break
        book.add_withdrawn((each.source_id, each.title) for each in piece)
    return _pieces(await asyncio.to_thread(_saved, book))


def heading_of(batch: BatchView, verdict: str | None) -> Heading:
    """What the first sheet says of a batch."""
    counts = batch.counts.model_dump()
    facts = {
        "批次": batch.id,
        "城市": batch.jurisdiction.chinese,
        "类别": chinese_name(Kind, batch.kind),
        "方式": chinese_name(BatchModes, batch.mode),
        "状态": chinese_name(BatchStates, batch.state) + ("（试运行，未发布）" if batch.dry_run else ""),
        "提交": _moment(batch.committed_at),
        "完成": _moment(batch.finished_at),
        "内容校验值": batch.sha256,
        "有提醒的行": str(batch.warnings),
        "将要撤下的记录" if batch.dry_run or batch.state == "awaiting_approval" else "撤下的记录": str(batch.withdrawn),
    }
    if (since := batch.follows) is not None:
        facts["试运行"] = followed(since.id, since.other_verdict, since.other_before)
    chosen = batch.warnings if verdict == WARNED else counts.get(verdict, sum(counts.values())) if verdict else None
    return Heading(
        title="首轮数据核验单" if batch.dry_run else "数据推送回执",
        facts=facts,
        counts={chinese: counts[name] for name, chinese in VERDICT_NAMES.items()},
        lines={LINES: sum(counts.values()) if chosen is None else chosen, WITHDRAWN: batch.withdrawn},
        to_sign=batch.dry_run,
    )


async def _by_many(rows: AsyncIterator[tuple[int, Document]]) -> AsyncIterator[list[Document]]:
    """The first MOST_LINES rows, some at a time."""
    several: list[Document] = []
    for taken in count(1):
        if (found := await anext(rows, None)) is not None:
            several.append(found[1])
        if several and (found is None or len(several) == _AT_ONCE):
            yield several
            several = []
        if found is None or taken == MOST_LINES:
            return


def _saved(book: ReceiptBook) -> IO[bytes]:
    out = tempfile.TemporaryFile()  # noqa: SIM115 (whoever hands it out closes it)
    book.save(out)
    out.seek(0)
    return out


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(_PIECE):
            yield piece


def _moment(at: datetime | None) -> str:
    return at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S") if at else "—"
