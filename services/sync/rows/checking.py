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
from services.sync.rows.reading import Content, Pushed, Reading, read_row
from services.sync.rows.rejections import Rejection
from services.sync.rows.suggestions import Suggestion

Finding = Literal["accepted", "duplicate", "rejected"]


@dataclass(frozen=True, slots=True)
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
    suggestions: tuple[Suggestion, ...] = ()
    also: tuple[Rejection, ...] = ()

    @property
    def warns(self) -> bool:
        """Whether the row is taken without something, or looks wrong."""
        return any(each.warns for each in self.altered)


def check_rows(lines: Iterable[bytes], pushed: Pushed) -> Iterator[CheckedRow]:
    """A finding on each line of NDJSON, in order. Each line is read once; the findings are held until the last is known, for a
    later row may take the place of an earlier one."""
    found = [_checked(number, read_row(text, pushed)) for number, text in enumerate(lines, 1)]
    winning = winners(each.source_id for each in found)
    for row in found:
        winner = winning.get(row.number)
        yield row if winner is None else _superseded(row, found[winner - 1])


def _checked(number: int, reading: Reading) -> CheckedRow:
    if isinstance(reading, Rejection):
        why = (reading.field, reading.code, reading.message)
        return CheckedRow(
            number,
            "rejected",
            reading.source_id,
            *why,
            at=reading.at,
            suggestions=reading.suggestions,
            also=reading.also,
        )
    altered = reading.altered if isinstance(reading, Content) else ()
    return CheckedRow(number, "accepted", reading.source_id, altered=altered, at=reading.at)


def _superseded(row: CheckedRow, winner: CheckedRow) -> CheckedRow:
    said = superseded(row.source_id or "", winner.number, winner.at)
    return CheckedRow(row.number, "duplicate", row.source_id, code="superseded_in_batch", message=said, at=row.at)
