"""The page docs/kinds.zh.md: what a list of each kind may hold, for the bureaus that write one. `make docs` writes it."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from services.sync.rows.schema import table_schema
from shared.events.sync import Kind

PAGE = Path(__file__).parents[1] / "docs" / "kinds.zh.md"
_HEAD = """\
# 各类清单可以有哪些列

本页由 `make docs` 生成，与平台读取数据所用的规则同出一处。机器可读的版本是 `GET /api/v1/sync/schema/{类别}`
（Frictionless Table Schema）。

- 列的顺序不限。列名写表中的“列名”或任何一个“也认得的列名”都可以，多数现有的表格不用改；认不出的列会提示，不会采用。
- 必填的只有编号和名称。其余内容读不懂时不影响这一行，会留空并写在回执里。
- 没有编号的清单，会用名称等几列为每行生成固定的编号。
"""
_TYPES = {"string": "文字", "number": "数字", "date": "日期", "datetime": "时间", "boolean": "是 / 否"}
_COLUMNS = ("列名", "必填", "格式", "说明", "举例", "也认得的列名")
_MOST_SYNONYMS = 12
_PLAIN = Kind.COOPERATION
"""A kind that has what all have."""


def page() -> str:
    """The whole page."""
    every = _fields(_PLAIN)
    sections = [_HEAD, _section("每一类都有的列", map(_row, every.values()))]
    return "\n".join((*sections, *(_of_kind(kind, every) for kind in Kind if kind is not _PLAIN)))


def _of_kind(kind: Kind, every: Mapping[str, dict[str, Any]]) -> str:
    """What this kind has beyond the others, and what it calls what all have."""
    rows = []
    for name, field in _fields(kind).items():
        if name not in every:
            rows.append(_row(field))
        elif own := [each for each in field["synonyms"] if each not in every[name]["synonyms"]]:
            rows.append(_row({**every[name], "synonyms": own, "description": "", "example": ""}))
    return _section(f"{kind.chinese}（`{kind.value}`）", rows)


def _fields(kind: Kind) -> Mapping[str, dict[str, Any]]:
    return {field["name"]: field for field in table_schema(kind)["fields"]}


def _section(title: str, rows: Iterable[str]) -> str:
    lines = ["| " + " | ".join(_COLUMNS) + " |", "|" + "---|" * len(_COLUMNS), *rows]
    return f"## {title}\n\n" + "\n".join(lines) + "\n"


def _row(field: dict[str, Any]) -> str:
    constraints = field.get("constraints", {})
    synonyms = [name for name in field["synonyms"] if name != field["title"]]
    cells = (
        field["title"],
        "是" if constraints.get("required") else "",
        "，".join(_format(field["type"], constraints)),
        field.get("description", ""),
        field.get("example", ""),
        "、".join(synonyms[:_MOST_SYNONYMS]) + ("……" if len(synonyms) > _MOST_SYNONYMS else ""),
    )
    return "| " + " | ".join(cells) + " |"


def _format(kind: str, constraints: Mapping[str, Any]) -> Iterator[str]:
    if allowed := constraints.get("enum"):
        yield " / ".join(allowed)
        return
    yield _TYPES[kind]
    if longest := constraints.get("maxLength"):
        yield f"至多 {longest} 字"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
