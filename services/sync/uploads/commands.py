"""What a clerk can do with a file: upload it, and push what a dry run of it has verified.

Both read the file into rows and put these into an ordinary batch, under attempts that are made of the request's own: whatever
interrupts it, the same request again goes on with the same batch.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from services.sync import problems
from services.sync.intake import commands as intake_commands
from services.sync.intake.batch import Batch, UploadedFile
from services.sync.intake.store import Intake
from services.sync.intake.turns import Turns
from services.sync.uploads.bodies import NewUpload, file_name
from services.sync.uploads.keeping import KeptFiles
from services.sync.uploads.orders import Order, sent_file
from services.sync.uploads.reading import Read, read
from services.sync.uploads.running import Limits
from shared.access.checking import Caller, Facts, check
from shared.aggregates.aggregates import Stored
from shared.aggregates.attempts import Attempt
from shared.http.forms import Form
from shared.values.jurisdictions import Jurisdiction
from shared.values.problems import FieldError, Refusal
from shared.values.validation import invalid

READ_AT_ONCE, OF_A_CITY = 2, 1
"""Child processes at a time."""
UNDER_WAY = 8
"""Uploads of a process that are received, wait or are read; each has its file on the disk."""
LONGEST_WAIT_S = 30.0
_LONGEST_PATH, _LONGEST_COLUMN, _MOST_COLUMNS = 100, 200, 100
"""Of the file's own names for fields, as of those that an agent announces."""


@dataclass
class Uploads:
    """The uploads of one process."""

    intake: Intake
    kept: KeptFiles
    limits: Limits = field(default_factory=Limits)
    turns: Turns = field(default_factory=lambda: Turns(READ_AT_ONCE, OF_A_CITY))
    longest_wait: float = LONGEST_WAIT_S
    _under_way: int = 0

    @contextmanager
    def place(self) -> Iterator[None]:
        """One of the places for uploads that are under way; 503 where all are taken."""
        if self._under_way >= UNDER_WAY:
            raise Refusal(problems.UPLOADS_BUSY)
        self._under_way += 1
        try:
            yield
        finally:
            self._under_way -= 1

    @asynccontextmanager
    async def turn(self, city: Jurisdiction) -> AsyncIterator[None]:
        """The city's turn to have a child process; 503 where it does not come soon."""
        turn = self.turns.turn_of(city)
        try:
            async with asyncio.timeout(self.longest_wait):
                await turn.__aenter__()
        except TimeoutError as error:
            raise Refusal(problems.UPLOADS_BUSY) from error
        try:
            yield
        finally:
            await turn.__aexit__(None, None, None)


async def upload(
    uploads: Uploads, caller: Caller, attempt: Attempt, at: datetime, asked: NewUpload, form: Form, folder: Path
) -> Stored[Batch]:
    """A batch of the rows of the file that came with the form. Nothing is taken in where the file cannot be read."""
    check("sync.upload", caller, Facts(jurisdiction=asked.jurisdiction))
    file = UploadedFile(
        name=file_name(form.name), size=form.size, sha256=form.sha256, encoding=asked.encoding, mapping=asked.mapping
    )
    form.file.rename(ready(folder, file))
    return await _taken_in(uploads, caller, attempt, at, asked, file, folder)


async def push_verified(
    uploads: Uploads, caller: Caller, attempt: Attempt, at: datetime, batch_id: str, folder: Path
) -> Stored[Batch]:
    """A batch of the same file that a dry run has verified, this time for good."""
    verified = (await intake_commands.seen_batch(uploads.intake, "sync.push-verified", caller, batch_id)).state
    if verified.file is None:
        raise Refusal(problems.NOT_UPLOADED)
    if verified.state != "verified":
        raise Refusal(problems.NOT_VERIFIED)
    asked = NewUpload(
        jurisdiction=verified.jurisdiction,
        kind=verified.kind,
        mode=verified.mode,
        coordinates=verified.coordinates,
        encoding=verified.file.encoding,
        mapping=verified.file.mapping,
    )
    await uploads.kept.write(verified, ready(folder, verified.file))
    return await _taken_in(uploads, caller, attempt, at, asked, verified.file, folder)


def ready(folder: Path, file: UploadedFile) -> Path:
    """Where the file is to be put for the child."""
    path = sent_file(folder, file.name)
    path.parent.mkdir()
    return path


async def _taken_in(
    uploads: Uploads,
    caller: Caller,
    attempt: Attempt,
    at: datetime,
    asked: NewUpload,
    file: UploadedFile,
    folder: Path,
) -> Stored[Batch]:
    intake = uploads.intake
    earlier = await intake.batches.created_by(attempt)
    if earlier is not None and earlier.state.state != "open":
        return earlier
    order = Order(
        name=file.name,
        kind=asked.kind,
        coordinates=asked.coordinates,
        encoding=asked.encoding,
        mapping=asked.mapping,
    )
    async with uploads.turn(asked.jurisdiction):
        found = await read(order, folder, uploads.limits)
    if found.located and found.coordinates is None:
        raise invalid(FieldError("coordinates", "coordinates_undeclared", "文件里有经纬度，请选择它们的坐标系"))
    opened = await intake_commands.open_batch(
        intake,
        caller,
        attempt,
        at,
        jurisdiction=asked.jurisdiction,
        kind=asked.kind,
        mode=asked.mode,
        dry_run=asked.dry_run,
        coordinates=found.coordinates,
        rows=found.rows,
        sha256=found.sha256,
        columns=_columns(found),
        file=file,
        notes=found.notes,
    )
    batch_id = opened.state.id
    await uploads.kept.keep(batch_id, sent_file(folder, file.name))
    number = 0
    async for body in found.parts():
        await intake_commands.put_part(
            intake, caller, _step(attempt, f"part-{number}"), batch_id, number, body, encoding=None
        )
        number += 1
    committed = await intake_commands.commit_batch(intake, caller, _step(attempt, "commit"), at, batch_id)
    return replace(committed, replayed=earlier is not None)


def _step(attempt: Attempt, step: str) -> Attempt:
    """The attempt at one of the writes that the request consists of. No key of a client has a line break in it."""
    return replace(attempt, key=f"{attempt.key}\n{step}", if_match=None)


def _columns(found: Read) -> dict[str, str]:
    """What the file calls the fields, for the receipt."""
    short = {path: name[:_LONGEST_COLUMN] for path, name in found.columns.items() if len(path) <= _LONGEST_PATH}
    return dict(list(short.items())[:_MOST_COLUMNS])
