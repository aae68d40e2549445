"""What the platform and its child process tell each other, by files in a folder that both see and nobody else uses."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from services.sync.wire import CoordinateSystem
from shared.events.sync import Kind

ORDER, REPORT, SENT = "order.json", "report.json", "sent"
"""The files: what is to be done, what came of it; and the folder with the file that was sent."""
ROWS = "rows.ndjson"
"""The rows that were found."""
VERDICTS, MARKED = "verdicts.ndjson", "marked.xlsx"
"""What is to be marked in a workbook, and the marked one."""
MOST_NOTES, LONGEST_NOTE = 50, 500
LONGEST_REPORT = 1 << 20


class _Told(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Name(_Told):
    """The file in the folder SENT."""

    name: str


class Order(Name):
    """How it is to be read, as `huning-agent push` is told. `mapping` is YAML."""

    kind: Kind
    coordinates: CoordinateSystem | None = None
    encoding: str | None = None
    mapping: str | None = None


class Report(_Told):
    """What was found beside the rows. Or `refused`: why the file cannot be taken, with its code."""

    columns: dict[str, str] = {}
    notes: tuple[str, ...] = Field(default=(), max_length=MOST_NOTES)
    coordinates: CoordinateSystem | None = None
    refused: str | None = None
    code: str = ""


def sent_file(folder: Path, name: str) -> Path:
    """Where the file is put that was sent."""
    return folder / SENT / name
