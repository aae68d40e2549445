"""The receipt 回执: what became of every row, for a clerk's eyes or as JSON."""

import json
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from services.sync.agent.client import Batch, Client, RejectedRow
from shared.events.sync import VERDICT_NAMES
from shared.values.jurisdictions import SHANGHAI, Jurisdiction
from shared.values.kinds import Kind
from shared.values.open_sets import chinese_name
from shared.values.row_fields import field_name
from shared.values.states import BatchStates

MOST_ROWS = 1000
"""Rejected rows in one receipt; who has more has one mistake in all of them."""


@dataclass(frozen=True)
class Receipt:
    """A batch and the rows that it rejected, the first MOST_ROWS of them."""

    batch: Batch
    rejected: tuple[RejectedRow, ...]

    @property
    def exit_code(self) -> int:
        """0 all good, 2 some rows rejected, 1 the batch came to nothing."""
        if self.batch.state == "failed":
            return 1
        return 2 if self.batch.counts.rejected else 0

    def to_json(self) -> str:
        """Both in one object, for other programs."""
        rows = [row.model_dump() for row in self.rejected]
        return json.dumps({**self.batch.model_dump(mode="json"), "rejected_rows": rows}, ensure_ascii=False, indent=2)


def fetch(client: Client, batch: Batch) -> Receipt:
    """The receipt of a batch as it stands."""
    rows = client.rejected(batch.id) if batch.counts.rejected else ()
    return Receipt(batch, tuple(islice(rows, MOST_ROWS)))


def show(receipt: Receipt, console: Console) -> None:
    """Tables on a terminal; plain columns elsewhere."""
    console.print(Group(_heading(receipt.batch), _counts(receipt.batch), *_rejected(receipt)))
    if receipt.batch.state == "failed":
        console.print(
            "平台处理这一批时出错，没有核验的行未生效。请联系联盟运营人员，修复后重新推送同一文件。", soft_wrap=True
        )


def _heading(batch: Batch) -> Text:
    facts = {
        "批次": batch.id,
        "城市": Jurisdiction(batch.jurisdiction).chinese,
        "类别": chinese_name(Kind, batch.kind),
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


def _rejected(receipt: Receipt) -> list[RenderableType]:
    if not receipt.rejected:
        return []
    table = Table("行号", "编号", "字段", "原因和办法", title="被拒收的行", title_justify="left")
    for row in receipt.rejected:
        shown = (row.row, row.source_id, field_name(row.field or ""), row.message)
        table.add_row(*(Text(str(value or "")) for value in shown))
    unseen = receipt.batch.counts.rejected - len(receipt.rejected)
    return [table, Text(f"另有 {unseen} 行被拒收，未在此列出。")] if unseen > 0 else [table]


def _moment(at: datetime | None) -> str:
    return at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S") if at else "—"
