"""What a list of each kind may hold, for whoever writes one: a Frictionless Table Schema 1.0
(https://specs.frictionlessdata.io/table-schema/).

It is read off the models that the platform reads rows with, so that it cannot promise what these refuse.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from services.sync.rows.details import SCHEMAS
from services.sync.rows.row import Row
from services.sync.rows.vocabulary import fields_of, words_for, words_of
from shared.events.sync import Kind
from shared.values.kinds import Tense
from shared.values.row_fields import field_name

_SAID = {
    "source_id": "本市自己的编号，长期不变：编号相同就是同一条记录",
    "title": "名称，对外显示",
    "tense": "不填是进行时",
    "industry": "可有多项，用、分开",
    "organization.name": "所属单位的全称",
    "organization.credit_code": "GB 32100；只有校验位不符的会照收并提醒",
    "longitude": "度；整批用一种坐标系（百度、国测局或 WGS-84），推送时声明",
    "latitude": "度",
    "contact.phone": "手机或带区号的座机；平台上只显示遮住中间几位的号码",
    "portal_url": "以 https:// 或 http:// 开头",
    "valid_until": "过了这一天就不再是现行的；“长期”按没有填写处理",
    "_deleted": "填“是”表示撤下这条记录，其余各列留空",
    "details.fund_size_fen": "写成 5000万元、3亿元、1000万美元都可以",
    "details.fund_size_currency": "人民币不用填",
    "details.sectors": "可有多项，用、分开",
}
_FORMATS = {
    "valid_from": ("date", "2026-12-31"),
    "valid_until": ("date", "2026-12-31"),
    "details.starts_at": ("datetime", "2026-12-31 09:30"),
    "details.ends_at": ("datetime", "2026-12-31 17:00"),
    "details.fund_size_fen": ("string", "5000万元"),
}
_EXAMPLES = {
    "source_id": "A-001",
    "title": "质子交换膜中试平台",
    "tense": "进行时",
    "industry": "氢能、新材料",
    "organization.name": "示例科技有限公司",
    "organization.credit_code": "91320594MA1MH00015",
    "longitude": "120.6195",
    "latitude": "31.2990",
    "contact.phone": "0512-88888888",
    "portal_url": "https://www.example.com/platform",
}


def table_schema(kind: Kind) -> dict[str, Any]:
    """The schema of a list of this kind: a field for each column, by its path in a row."""
    return {
        "title": kind.chinese,
        "name": kind.value,
        "fields": [_field(kind, path) for path in fields_of(kind)],
        "primaryKey": "source_id",
        "missingValues": ["", "无", "暂无", "-", "N/A"],
    }


def _field(kind: Kind, path: str) -> dict[str, Any]:
    about = _about(kind, path)
    kind_of_value, example = _FORMATS.get(path, (_TYPES.get(about.get("type", ""), "string"), _EXAMPLES.get(path)))
    constraints = {
        "required": path in _REQUIRED or None,
        "maxLength": _LENGTHS.get(path, about.get("maxLength")) if kind_of_value == "string" else None,
        "enum": _TENSES if path == "tense" else about.get("enum"),
    }
    said = {
        "name": path,
        "title": _title(kind, path),
        "type": kind_of_value,
        "description": _SAID.get(path),
        "example": example,
        "constraints": _said_alone(constraints) or None,
        "synonyms": words_for(kind, path),
    }
    return _said_alone(said)


def _title(kind: Kind, path: str) -> str:
    """The field's name, or where that means another field in lists of this kind, what else they call it."""
    name = field_name(path)
    return name if words_of(kind).get(name) == path else words_for(kind, path)[0]


_REQUIRED = {"source_id", "title"}
_LENGTHS = {"organization.credit_code": 18}
_TENSES = [*(each.chinese for each in Tense), *(each.value for each in Tense)]
_TYPES = {"number": "number", "boolean": "boolean"}


def _about(kind: Kind, path: str) -> Mapping[str, Any]:
    """What the model says of the field: that of the branch which is not null."""
    if path == "_deleted":
        return {"type": "boolean"}
    outer, _, inner = path.partition(".")
    if outer == "details":
        return _of(SCHEMAS[kind].model_json_schema(), inner)
    whole = Row.model_json_schema()
    if not inner:
        return _of(whole, outer)
    reference = _branch(whole["properties"][outer])["$ref"].rpartition("/")[2]
    return _of(whole["$defs"][reference], inner)


def _of(schema: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    return _branch(schema["properties"][name])


def _branch(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    branches: Iterator[Mapping[str, Any]] = (
        each for each in schema.get("anyOf", (schema,)) if each.get("type") != "null"
    )
    return next(branches)


def _said_alone(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, [])}
