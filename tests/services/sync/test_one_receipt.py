"""One file, four ways to learn what becomes of it: `huning-agent check`, a dry run's rows, their CSV and their workbook."""

import csv
import gzip
import io
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from services.sync.agent.check import check
from services.sync.agent.parts import Prepared
from services.sync.agent.receipt import in_order
from services.sync.applying.consumers import ROUND_SECONDS
from services.sync.applying.worker import Worker
from services.sync.rows.headers import Headers
from services.sync.rows.reading import Pushed
from services.sync.rows.receipt_books import CHANGED, LINES, SUMMARY
from services.sync.wire import CoordinateSystem
from shared.access.checking import VISITOR
from shared.values.jurisdictions import Jurisdiction
from tests.door import Door
from tests.services.sync.corpus import verdict
from tests.services.sync.corpus.file import File, table
from tests.services.sync.pushing import NANTONG, announced, commit, committed, put, row, send

HEADER = "平台编号|平台名称|依托单位|统一社会信用代码|经度|纬度|联系电话|网址|有效期至"
LIST = File(
    "清单.csv",
    table(
        HEADER,
        "A1|新名称|甲||120.89|31.98|13800000000||",
        "A2||甲||||||",
        "A3|丙|甲||31.98|120.89|打不通|www.example.com|以后",
        "A4|=HYPERLINK(1)|无||139.6|35.6|||#REF!",
        "A5||甲|9132O600MA1MH00013|||||",
        "A1|又一次|甲||120.89|31.98|||",
        "3.2E+17|己|甲||||||",
    ),
)


async def pushed(door: Door, worker: Worker, prepared: Prepared, headers: Headers) -> str:
    """A dry run of what the agent would send."""
    client, (part,) = door(NANTONG), prepared.parts
    body = announced([], dry_run=True, rows=prepared.rows, sha256=prepared.sha256, columns=dict(headers.columns))
    batch_id = str((await send(client, "POST", "batches", json=body)).json()["id"])
    assert (await put(client, batch_id, 0, gzip.decompress(part.body))).status_code == 200
    assert (await commit(client, batch_id)).status_code == 202
    await worker.advance(batch_id, ROUND_SECONDS)
    return batch_id


async def test_a_check_a_dry_run_the_csv_and_the_workbook_say_the_same_word_for_word(
    at_the_door: Door, worker: Worker, tmp_path: Path
) -> None:
    client = at_the_door(NANTONG)
    await worker.advance(await committed(client, [row("A1", title="旧名称")]), ROUND_SECONDS)
    prepared, headers = verdict.read(LIST, tmp_path, [])
    dry = await pushed(at_the_door, worker, prepared, headers)
    path = f"batches/{dry}/rows"
    items = (await client.get(path, params={"limit": 100})).json()["items"]
    report = check(prepared, Pushed(headers.kind, CoordinateSystem.GCJ02, Jurisdiction.NANTONG), headers.columns)
    checked = {each.row: each.model_dump(by_alias=True, exclude_none=True) for each in in_order(report)}
    assert set(checked) >= {each["row"] for each in items if each["message"]}
    for item in items:
        if found := checked.get(item["row"]):
            assert _without_verdict(found) == _without_verdict(_said(item)), item
    in_csv = list(csv.DictReader(io.StringIO((await client.get(path, params={"format": "csv"})).text[1:])))
    answer = await client.get(path, params={"format": "xlsx"})
    assert answer.headers["content-disposition"] == f'attachment; filename="{dry}.xlsx"'
    book: Any = load_workbook(io.BytesIO(answer.content))
    header, *below = [[cell.value for cell in line] for line in book[LINES].iter_rows()]
    in_xlsx = [dict(zip(header, each, strict=True)) for each in below]
    assert [{name: str(cell or "") for name, cell in each.items()} for each in in_xlsx] == in_csv
    said = [[each["message"], *(other["message"] for other in each.get("also", ()))] for each in items]
    assert [each["说明"] or "" for each in in_csv] == ["；".join(filter(None, each)) for each in said]
    changed = [[cell.value for cell in line] for line in book[CHANGED].iter_rows()][1:]
    assert changed[0] == [6, "A1", "标题", "旧名称", "又一次"]
    assert book[SUMMARY]["A1"].value == "首轮数据核验单"
    rejected = await client.get(path, params={"format": "xlsx", "verdict": "rejected"})
    assert load_workbook(io.BytesIO(rejected.content))[LINES].max_row == 1 + 3


async def test_a_template_is_everybodys(at_the_door: Door) -> None:
    client = at_the_door(VISITOR)
    book = await client.get("template", params={"kind": "finance"})
    assert load_workbook(io.BytesIO(book.content)).sheetnames == ["清单", "填写说明", "选项"]
    text = await client.get("template", params={"kind": "finance", "format": "csv"})
    assert text.content.startswith("\ufeff*记录编号".encode())
    assert (await client.get("template")).status_code == 422
    assert (await client.get("template", params={"kind": "nothing"})).status_code == 422


def _said(value: Any) -> Any:
    """Without what is null."""
    if isinstance(value, dict):
        return {name: _said(each) for name, each in value.items() if each is not None}
    return [_said(each) for each in value] if isinstance(value, list) else value


def _without_verdict(row: dict[str, Any]) -> dict[str, Any]:
    """A check knows no records: whether a row is added or changed is for the platform to say."""
    return {name: value for name, value in row.items() if name not in ("verdict", "before", "after")}
