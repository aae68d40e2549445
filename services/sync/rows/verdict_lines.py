"""A row of a receipt as a line that people read in a spreadsheet, and the fields that a change changed."""

from collections.abc import Iterator, Mapping
from typing import Any

from services.sync.rows.alterations import RULES
from shared.events.sync import VERDICT_NAMES
from shared.values.kinds import Tense
from shared.values.open_sets import chinese_name
from shared.values.row_fields import field_name

Verdict = Mapping[str, Any]
"""A row of a receipt, as `GET sync/batches/{id}/rows` lists it; what is null may be left out."""

COLUMNS = {
    "row": "行号",
    "source_id": "编号",
    "verdict": "结论",
    "field": "字段",
    "code": "代码",
    "message": "说明",
    "sheet": "工作表",
    "line": "文件行",
    "column": "文件列",
    "normalized": "整理与提醒",
    "suggestions": "建议",
}
CHANGES = ("行号", "编号", "字段", "原来", "现在")
_PLACE = {"sheet", "line", "column"}
_OF_THE_RECORD = {"contact.phone_masked": "contact.phone"}


def cells_of(verdict: Verdict) -> list[Any]:
    """What stands below COLUMNS."""
    place = verdict.get("at") or {}
    return [_cell(name, (place if name in _PLACE else verdict).get(name), verdict) for name in COLUMNS]


def changes_of(verdict: Verdict) -> Iterator[list[Any]]:
    """What stands below CHANGES: a line for each field that the row changed."""
    before, after = _flat(verdict.get("before") or {}), _flat(verdict.get("after") or {})
    for path in dict.fromkeys((*before, *after)):
        was, is_ = before.get(path), after.get(path)
        if was != is_:
            name = field_name(_OF_THE_RECORD.get(path, path))
            yield [verdict["row"], verdict.get("source_id"), name, _said(path, was), _said(path, is_)]


def followed(dry_run: str, other_verdict: int, other_before: int) -> str:
    """What a receipt says of the dry run that its push follows."""
    if not other_verdict and not other_before:
        return f"这份内容试运行过（批次 {dry_run}），每一行的结论都与试运行时相同。"
    return (
        f"这份内容试运行过（批次 {dry_run}），此后平台上的记录有变化："
        f"{other_verdict} 行的结论与试运行时不同，另有 {other_before} 行变更前的内容不同。"
    )


def _cell(column: str, value: Any, verdict: Verdict) -> Any:
    match column:
        case "verdict":
            return VERDICT_NAMES[value]
        case "message":
            return "；".join(filter(None, (value, *(each["message"] for each in verdict.get("also") or ())))) or None
        case "field":
            return field_name(value) if value else None
        case "normalized":
            return "；".join(map(_altered, value or ())) or None
        case "suggestions":
            return "；".join(map(_suggested, _suggestions(verdict))) or None
    return value


def _suggestions(verdict: Verdict) -> Iterator[Verdict]:
    for each in (verdict, *(verdict.get("also") or ()), *(verdict.get("normalized") or ())):
        yield from each.get("suggestions") or ()


def _suggested(each: Verdict) -> str:
    return f"{each.get('column') or field_name(each['field'])}改为 {each['value']}"


def _altered(each: Verdict) -> str:
    """联系电话：未采用，电话号码…；标题：整理空白"""
    rule = RULES.get(each["rule"], each["rule"])
    reason = f"，{each['message']}" if each.get("message") else f"（{each['from']} → {each['to'] or '空'}）"
    return f"{field_name(each['field'])}：{rule}{reason}"


def _flat(fields: Mapping[str, Any], within: str = "") -> dict[str, Any]:
    """By paths. An object that is null is its parts, which are."""
    flat: dict[str, Any] = {}
    for name, value in fields.items():
        if isinstance(value, Mapping):
            flat |= _flat(value, f"{within}{name}.")
        elif value is not None:
            flat[f"{within}{name}"] = value
    return flat


def _said(path: str, value: Any) -> Any:
    if path == "tense":
        return chinese_name(Tense, value)
    return "、".join(map(str, value)) if isinstance(value, list | tuple) else value
