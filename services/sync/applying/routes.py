"""HTTP: batches and their receipts."""

from typing import Literal

from fastapi import Response
from fastapi.responses import StreamingResponse

from services.sync.applying import queries, views
from services.sync.applying.books import receipt_book
from services.sync.applying.receipts import WARNED, Receipts
from services.sync.applying.withdrawals import Withdrawals
from services.sync.intake.batch import State
from services.sync.intake.store import Intake
from services.sync.intake.views import CSV, GONE, XLSX, BatchView, as_file
from shared.events.sync import Kind, Verdict
from shared.http.paging import Cursor, Limit, Page
from shared.http.routes import CallerOf, Router, with_version
from shared.values.jurisdictions import Jurisdiction


def add_routes(router: Router, intake: Intake, receipts: Receipts, withdrawals: Withdrawals) -> None:
    """The routes of this room."""

    @router.action("sync.list-batches")
    async def list_batches(
        caller: CallerOf,
        jurisdiction: Jurisdiction | None = None,
        kind: Kind | None = None,
        state: State | None = None,
        limit: Limit = 20,
        cursor: Cursor = None,
    ) -> Page[BatchView]:
        """Lists the batches of a city, newest first."""
        chosen = {"kind": kind, "state": state}
        return await queries.list_batches(intake, receipts, caller, jurisdiction, chosen, limit, cursor)

    @router.action("sync.show-batch")
    async def show_batch(batch_id: str, caller: CallerOf, response: Response) -> BatchView:
        """Shows a batch: its progress, its counts and, once it is applied, its receipt."""
        stored, shown = await queries.show_batch(intake, receipts, caller, batch_id)
        with_version(response, stored)
        return shown

    @router.action(
        "sync.list-rows",
        response_model=Page[views.RowView],
        responses={200: {"content": {"text/csv": {}, XLSX: {}}}, **GONE},
    )
    async def list_rows(
        batch_id: str,
        caller: CallerOf,
        verdict: Verdict | None = None,
        warned: bool = False,
        format: Literal["json", "csv", "xlsx"] = "json",
        limit: Limit = 20,
        cursor: Cursor = None,
    ) -> Response | Page[views.RowView]:
        """Lists the verdicts on the rows of a batch, as JSON, CSV or a workbook; `warned`: on the rows that were taken with
        a warning. The workbook of a dry run is what a bureau signs (首轮数据核验)."""
        chosen = WARNED if warned else verdict
        if format == "csv":
            lines = await queries.rows_as_csv(intake, receipts, caller, batch_id, chosen)
            return StreamingResponse(lines, media_type=CSV, headers=as_file(f"{batch_id}.csv"))
        if format == "xlsx":
            book = await receipt_book(intake, receipts, withdrawals, caller, batch_id, chosen)
            return StreamingResponse(book, media_type=XLSX, headers=as_file(f"{batch_id}.xlsx"))
        return await queries.list_rows(intake, receipts, caller, batch_id, chosen, limit, cursor)

    @router.action("sync.list-withdrawals")
    async def list_withdrawals(
        batch_id: str, caller: CallerOf, limit: Limit = 20, cursor: Cursor = None
    ) -> Page[views.WithdrawalView]:
        """Lists the records that a snapshot withdraws: what would go while it waits for approval, what went afterwards."""
        return await queries.list_withdrawals(intake, withdrawals, receipts, caller, batch_id, limit, cursor)
