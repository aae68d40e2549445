"""What the platform will say of each row of a list, as far as the rows themselves decide it.

It is the platform's own reading: whether a record is added, changed or the same as before depends on what stands there, and is
for the platform alone to say.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from services.sync.rows.alterations import Alteration
from services.sync.rows.duplicates import superseded, winners
from services.sync.rows.places import At
from services.sync.rows.reading import Content, Pushed, Reading, read_row, source_id_of
from services.sync.rows.rejections import Rejection

Finding = Literal["accepted", "duplicate", "rejected"]


@dataclass(frozen=True)
class CheckedRow:
    """The finding on row `number` (from 1) of the list, in the words of the receipt."""

    number: int
    finding: Finding
    source_id: str | None
    field: str | None = None
    code: str | None = None
    message: str | None = None
    altered: tuple[Alteration, ...] = ()
    at: At | None = None

    @property
    def warns(self) -> bool:
        """Whether the row is taken without something, or looks wrong."""
        return any(each.warns for each in self.altered)


def check_rows(lines: Iterable[bytes], pushed: Pushed) -> Iterator[CheckedRow]:
    """A finding on each line of NDJSON, in order. The lines are gone through twice."""
    rows = lines if isinstance(lines, list) else list(lines)
    winning = winners(map(source_id_of, rows))
    for number, text in enumerate(rows, 1):
        yield _checked(number, read_row(text, pushed), winning.get(number))


def _checked(number: int, reading: Reading, winner: int | None) -> CheckedRow:
    if winner is not None:
        source_id = reading.source_id or ""
        said = superseded(source_id, winner)
        return CheckedRow(number, "duplicate", source_id, code="superseded_in_batch", message=said, at=reading.at)
    if isinstance(reading, Rejection):
        return CheckedRow(
            number, "rejected", reading.source_id, reading.field, reading.code, reading.message, at=reading.at
        )
    altered = reading.altered if isinstance(reading, Content) else ()
    return CheckedRow(number, "accepted", reading.source_id, altered=altered, at=reading.at)
