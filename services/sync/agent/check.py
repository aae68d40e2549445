"""A file looked at without the platform: the findings that its receipt will have, in the same words."""

import gzip
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table
from rich.text import Text

from services.sync.agent.answers import Row
from services.sync.agent.parts import Prepared
from services.sync.agent.receipt import MOST_ROWS, duplicates, listed, rejections, warnings
from services.sync.rows.checking import CheckedRow, check_rows
from services.sync.rows.reading import Pushed
from services.sync.rows.rejections import shown_suggestions

_NAMES = {"accepted": "可以采用", "duplicate": "文件内重复", "rejected": "将被拒收"}


@dataclass(frozen=True)
class Report:
    """How many rows met which finding, and the first MOST_ROWS of those that need a clerk."""

    counts: Mapping[str, int]
    warned_rows: int
    rejected: tuple[Row, ...]
    warned: tuple[Row, ...]
    duplicates: tuple[Row, ...] = ()

    @property
    def exit_code(self) -> int:
        """0 all rows can be taken, 2 some will be rejected."""
        return 2 if self.counts["rejected"] else 0

    def to_json(self) -> str:
        """All in one object, for other programs; rows look as in a receipt."""
        shown = {"rows": sum(self.counts.values()), "counts": self.counts, "warnings": self.warned_rows}
        return json.dumps({**shown, **listed(self)}, ensure_ascii=False, indent=2)


def check(prepared: Prepared, pushed: Pushed, columns: Mapping[str, str] | None = None) -> Report:
    """The findings on what would be sent. `columns` is what the file calls the fields."""
    lines = (line for part in prepared.parts for line in gzip.decompress(part.body).splitlines())
    return _report(check_rows(lines, pushed), columns or {})


def _report(rows: Iterable[CheckedRow], columns: Mapping[str, str]) -> Report:
    counts, warnings_ = Counter(dict.fromkeys(_NAMES, 0)), 0
    found: dict[str, list[Row]] = {"rejected": [], "warned": [], "duplicate": []}
    for row in rows:
        counts[row.finding] += 1
        warnings_ += row.warns
        wanted = found.get("warned" if row.warns else row.finding)
        if wanted is not None and len(wanted) < MOST_ROWS:
            wanted.append(_as_in_a_receipt(row, columns))
    return Report(counts, warnings_, *map(tuple, found.values()))


def _as_in_a_receipt(row: CheckedRow, columns: Mapping[str, str]) -> Row:
    said = {
        "row": row.number,
        "source_id": row.source_id,
        "verdict": row.finding,
        "field": row.field,
        "code": row.code,
        "message": row.message,
        "normalized": [each.shown(columns) for each in row.altered] or None,
        "at": row.at and row.at.shown(row.field, columns),
        "suggestions": shown_suggestions(row.suggestions, columns) or None,
        "also": [each.shown(columns) for each in row.also] or None,
    }
    return Row.model_validate(said)


def show(report: Report, console: Console) -> None:
    """Counts, and a line for each mistake with the rows that have it."""
    console.print("本机核验，没有推送，什么都没有改变。")
    table = Table("结果", "行数", show_footer=True)
    table.columns[1].justify = "right"
    for finding, name in _NAMES.items():
        table.add_row(name, str(report.counts[finding]))
    table.columns[0].footer, table.columns[1].footer = "合计", str(sum(report.counts.values()))
    console.print(table)
    counts = report.counts
    mistakes = (*rejections(report.rejected, counts["rejected"]), *duplicates(report.duplicates, counts["duplicate"]))
    for line in (*mistakes, *warnings(report.warned, report.warned_rows, "可以采用")):
        console.print(Text(line), soft_wrap=True)
