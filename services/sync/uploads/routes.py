"""HTTP: a clerk's file."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from fastapi import Response

from services.sync.applying.receipts import Receipts
from services.sync.intake.batch import Batch
from services.sync.intake.views import GONE, XLSX, BatchView, as_file
from services.sync.uploads import commands
from services.sync.uploads.bodies import NewUpload, upload_of
from services.sync.uploads.commands import Uploads
from services.sync.uploads.marking import Marking
from shared.access.checking import rule
from shared.aggregates.aggregates import Stored
from shared.http.forms import form_body, received
from shared.http.reading import Request
from shared.http.routes import AttemptOf, CallerOf, Empty, Router, with_version
from shared.values.clock import now

Shown = Callable[[Batch], Awaitable[BatchView]]
"""How a batch is shown (intake/routes.py)."""


def add_routes(router: Router, uploads: Uploads, receipts: Receipts, shown: Shown) -> None:
    """The routes of this room."""
    marking = Marking(uploads, receipts)

    async def answered(stored: Stored[Batch], response: Response) -> BatchView:
        with_version(response, stored)
        response.headers["Location"] = f"/api/v1/sync/batches/{stored.state.id}"
        return await shown(stored.state)

    @router.action("sync.upload", status_code=202, openapi_extra=form_body(NewUpload, rule("sync.upload").body_limit))
    async def upload(caller: CallerOf, request: Request, response: Response) -> BatchView:
        """Takes a clerk's file in as a batch: it is read as `huning-agent` reads it, and applied in its turn."""
        with uploads.place(), _folder() as folder:
            form = await received(request, folder / "received")
            asked, attempt = upload_of(form), await form.attempt(request)
            stored = await commands.upload(uploads, caller, attempt, now(), asked, form, folder)
        return await answered(stored, response)

    @router.action(
        "sync.show-annotated",
        response_class=Response,
        responses={200: {"content": {XLSX: {}}, "description": "the workbook"}, **GONE},
    )
    async def show_annotated(batch_id: str, caller: CallerOf) -> Response:
        """Shows the workbook that was uploaded with its bad cells marked and commented, and with suggestions."""
        with uploads.place(), _folder() as folder:
            content = (await marking.marked(caller, batch_id, folder)).read_bytes()
        return Response(content, media_type=XLSX, headers=as_file(f"{batch_id}.xlsx"))

    @router.action("sync.push-verified", status_code=202, responses=GONE)
    async def push_verified(
        batch_id: str, _: Empty, caller: CallerOf, attempt: AttemptOf, response: Response
    ) -> BatchView:
        """Pushes the file that a dry run has verified, this time for good."""
        with uploads.place(), _folder() as folder:
            stored = await commands.push_verified(uploads, caller, attempt, now(), batch_id, folder)
        return await answered(stored, response)


@contextmanager
def _folder() -> Iterator[Path]:
    """A folder of one upload, which is gone afterwards with all that is in it."""
    with TemporaryDirectory(prefix="upload-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)
