"""The receipt 回执: what became of every row, for a clerk's eyes or as JSON."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from itertools import islice
from typing import Any, Protocol

from rich.console import Console
from rich.table import Table
from rich.text import Text

from services.sync.agent.answers import Altered, Batch, Fault, Row, Withdrawal
from services.sync.agent.client import Client
from services.sync.rows.verdict_lines import followed
from shared.events.sync import VERDICT_NAMES
from shared.values.jurisdictions import SHANGHAI, Jurisdiction
from shared.values.kinds import Kind
from shared.values.open_sets import chinese_name
from shared.values.row_fields import field_name
from shared.values.states import BatchModes, BatchStates

MOST_ROWS = 5_000
"""Rows of each sort in one receipt; who has more has few mistakes in many rows."""
_MOST_WITHDRAWALS = 50
"""Records that are written out."""
_MOST_PLACES = 100
"""Runs of lines that are written out; the rest of an equal mistake is counted."""


@dataclass(frozen=True)
class Receipt:
    """A batch with the rows that it rejected, those that it took without something, those that came again in it, and the records
    that it withdrew or would withdraw: the first MOST_ROWS of each."""

    batch: Batch
    rejected: tuple[Row, ...]
    warned: tuple[Row, ...]
    withdrawals: tuple[Withdrawal, ...] = ()
    duplicates: tuple[Row, ...] = ()

    @property
    def exit_code(self) -> int:
        """0 all good, 2 some rows rejected, 3 nothing happens until an operator approves, 1 the batch came to nothing."""
        if self.batch.state in ("failed", "discarded"):
            return 1
        if self.batch.waits:
            return 3
        return 2 if self.batch.counts.rejected else 0

    def to_json(self) -> str:
        """All in one object, for other programs."""
        shown = {**self.batch.model_dump(mode="json"), **listed(self)}
        shown["withdrawals"] = [each.model_dump() for each in self.withdrawals]
        return json.dumps(shown, ensure_ascii=False, indent=2)


class Listed(Protocol):
    """A receipt, or the report of a check."""

    @property
    def rejected(self) -> tuple[Row, ...]: ...
    @property
    def warned(self) -> tuple[Row, ...]: ...
    @property
    def duplicates(self) -> tuple[Row, ...]: ...


def listed(of: Listed) -> dict[str, list[dict[str, Any]]]:
    """The rows that need a clerk, for other programs."""
    found = {"rejected_rows": of.rejected, "warned_rows": of.warned, "duplicate_rows": of.duplicates}
    return {name: [row.model_dump(by_alias=True) for row in rows] for name, rows in found.items()}


def in_order(of: Listed) -> list[Row]:
    """The rows that need a clerk, as they stand in the file."""
    return sorted((*of.rejected, *of.warned, *of.duplicates), key=lambda each: each.row)


def fetch(client: Client, batch: Batch) -> Receipt:
    """The receipt of a batch as it stands."""
    counts = batch.counts
    rejected = client.rows(batch.id, verdict="rejected") if counts.rejected else ()
    duplicates = client.rows(batch.id, verdict="duplicate") if counts.duplicate else ()
    warned = client.rows(batch.id, warned="true") if batch.warnings else ()
    withdrawn = client.withdrawals(batch.id) if batch.withdrawn else ()
    first, second, third = (tuple(islice(rows, MOST_ROWS)) for rows in (rejected, warned, duplicates))
    return Receipt(batch, first, second, tuple(islice(withdrawn, MOST_ROWS)), third)


def show(receipt: Receipt, console: Console) -> None:
    """Facts, counts, and a line for each mistake with the rows that have it. No word is cut to the width of a terminal."""
    console.print(_heading(receipt.batch))
    if not receipt.batch.waits:  # no row has its verdict yet
        console.print(_counts(receipt.batch))
    if (since := receipt.batch.follows) and not receipt.batch.waits:
        console.print(followed(since.id, since.other_verdict, since.other_before), soft_wrap=True)
    counts = receipt.batch.counts
    mistakes = (*rejections(receipt.rejected, counts.rejected), *duplicates(receipt.duplicates, counts.duplicate))
    for line in (*mistakes, *warnings(receipt.warned, receipt.batch.warnings), *_withdrawals(receipt)):
        console.print(Text(line), soft_wrap=True)
    if receipt.batch.state == "failed":
        console.print(
            "平台处理这一批时出错，没有核验的行未生效。请联系联盟运营人员，修复后重新推送同一文件。", soft_wrap=True
        )


def as_text(receipt: Receipt) -> str:
    """What `show` shows, for a file."""
    written = StringIO()
    show(receipt, Console(file=written, width=100, highlight=False))
    return written.getvalue()


def _heading(batch: Batch) -> Text:
    facts = {
        "批次": batch.id,
        "城市": Jurisdiction(batch.jurisdiction).chinese,
        "类别": chinese_name(Kind, batch.kind),
        "方式": chinese_name(BatchModes, batch.mode),
        "序号": "—" if batch.seq is None else str(batch.seq),
        "状态": chinese_name(BatchStates, batch.state) + ("（试运行，未发布）" if batch.dry_run else ""),
        "提交": _moment(batch.committed_at),
        "完成": _moment(batch.finished_at),
    }
    return Text("\n".join(f"{name}  {value}" for name, value in facts.items()))


def _counts(batch: Batch) -> Table:
    table = Table("结果", "", title="回执", title_justify="left", show_footer=True)
    table.columns[1].justify = "right"
    for verdict, chinese in VERDICT_NAMES.items():
        table.add_row(chinese, str(getattr(batch.counts, verdict)))
    table.columns[0].footer, table.columns[1].footer = "合计", str(batch.rows)
    table.columns[1].header = "行数"
    return table


def _withdrawals(receipt: Receipt) -> Iterator[str]:
    """What the list of a snapshot lacks."""
    batch = receipt.batch
    if not batch.withdrawn:
        return
    if batch.waits:
        yield (
            f"\n文件里没有平台上的 {batch.withdrawn} 条记录，超过了可以直接撤下的数量，现在什么都没有改变。"
            "请本市运营人员核对下面的清单：\n"
            f"确认要撤下，请批准批次 {batch.id}；否则请删除该批次，补全文件后重新推送。"
        )
    else:
        yield f"\n文件里没有、{'将要' if batch.dry_run else '已经'}撤下的 {batch.withdrawn} 条记录："
    for each in receipt.withdrawals[:_MOST_WITHDRAWALS]:
        yield f"  {each.source_id}  {each.title}"
    if batch.withdrawn > _MOST_WITHDRAWALS:
        yield f"  ……另有 {batch.withdrawn - _MOST_WITHDRAWALS} 条，可加 --json 查看。"


def rejections(rows: Sequence[Row], total: int) -> Iterator[str]:
    """A line per mistake; `total` rows were rejected, of which these are the first."""
    if not rows:
        return
    yield "\n被拒收的行（没有发布，改正后重新推送）："
    yield from _by_mistake((row, each) for row in rows for each in (row, *(row.also or ())))
    yield from _unseen(total, rows)


def duplicates(rows: Sequence[Row], total: int) -> Iterator[str]:
    """A line per row that another of the same id took the place of."""
    if not rows:
        return
    yield "\n文件内重复的行（没有采用，以编号相同的最后一行为准）："
    yield from _by_mistake((row, row) for row in rows)
    yield from _unseen(total, rows)


def warnings(rows: Sequence[Row], total: int, taken: str = "已经采用") -> Iterator[str]:
    """A line per thing that was left out or looks wrong; `total` rows have such, of which these are the first."""
    if not rows:
        return
    yield f"\n提醒：{total} 行{taken}，其中这些内容没有采用或需要核对："
    yield from _by_mistake((row, each) for row in rows for each in _warning(row))
    yield from _unseen(total, rows)


def _warning(row: Row) -> list[Altered]:
    return [each for each in row.normalized or () if each.warns]


def _by_mistake(found: Iterable[tuple[Row, Row | Altered | Fault]]) -> Iterator[str]:
    """Equal mistakes are one line, with their rows."""
    mistakes: dict[tuple[str, str], list[Row]] = {}
    for row, fault in found:
        mistakes.setdefault((_called(fault), f"{fault.message or ''}{_suggested(fault)}"), []).append(row)
    for (field, message), rows in mistakes.items():
        yield f"· {_places(rows)}{f' [{field}]' if field else ''} {message}"


def _called(fault: Row | Altered | Fault) -> str:
    """The field in Chinese, and what the file calls it where that is another word."""
    if not fault.field:
        return ""
    named = [_named(fault.field, fault.column)]
    if isinstance(fault, Altered) and fault.beside:
        named.append(_named(fault.beside.field, fault.beside.column))
    return "和".join(named)


def _named(field: str, column: str | None) -> str:
    name = field_name(field)
    return f"{name}，文件中的列“{column}”" if column not in (None, name, field) else name


def _suggested(fault: Row | Altered | Fault) -> str:
    """（建议：经度改为 120.9，纬度改为 31.9）"""
    said = (f"{each.column or field_name(each.field)}改为 {each.value}" for each in fault.suggestions or ())
    return f"（建议：{'，'.join(said)}）" if fault.suggestions else ""


def _places(rows: Sequence[Row]) -> str:
    """第 2–3001 行（共 3000 行）, sheet by sheet; one row with its id."""
    if len(rows) == 1:
        (row,) = rows
        return f"{_sheet(row)}第 {_line(row)} 行{f'（{row.source_id}）' if row.source_id else ''}"
    sheets: dict[str, list[int]] = {}
    for row in rows:
        sheets.setdefault(_sheet(row), []).append(_line(row))
    places = "；".join(f"{sheet}第 {_runs(lines)} 行" for sheet, lines in sheets.items())
    return f"{places}（共 {len(rows)} 行）"


def _runs(lines: Sequence[int]) -> str:
    runs: list[list[int]] = []
    for line in sorted(lines):
        if runs and line == runs[-1][1] + 1:
            runs[-1][1] = line
        else:
            runs.append([line, line])
    shown = [str(first) if first == last else f"{first}–{last}" for first, last in runs[:_MOST_PLACES]]
    return "、".join(shown) + ("……" if len(runs) > _MOST_PLACES else "")


def _line(row: Row) -> int:
    """The line of the clerk's own file; the number in the batch where the file has no lines."""
    return row.at.line if row.at else row.row


def _sheet(row: Row) -> str:
    return f"工作表“{row.at.sheet}”" if row.at and row.at.sheet else ""


def _unseen(count: int, rows: Sequence[Row]) -> Iterator[str]:
    if count > len(rows):
        yield f"另有 {count - len(rows)} 行，未在此列出。"


def _moment(at: datetime | None) -> str:
    return at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S") if at else "—"
