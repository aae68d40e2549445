"""Why a row is rejected, as a table: code → the Chinese sentence that says how to fix it.

`{field}` is the field's Chinese name; its path in the row, such as `contact.phone`, stands beside the sentence. The other
placeholders come with the rejection.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from services.sync.rows.places import At, column_of
from services.sync.rows.suggestions import Suggestion, suggestions
from shared.values.masking import without_digits, without_numbers
from shared.values.open_sets import chinese_names
from shared.values.row_fields import field_name
from shared.values.validation import path_of

_OURS = "row"

MESSAGES: dict[str, str] = {
    "bad_json": "这一行不是合法的 JSON 对象，请检查引号、逗号和括号后重新推送",
    "row_too_large": "这一行有 {size} 字节，超过上限 {limit} 字节，请缩短简介或附加信息",
    "missing": "{field}必填，请补上",
    "unknown_field": "没有这个字段，请删去或改成接口文档中的字段名",
    "wrong_type": "{field}的类型不对，应为{expected}",
    "too_long": "{field}超过 {limit} 个字，请缩短",
    "too_many": "{field}超过 {limit} 项，请减少",
    "not_one_of": "{field}只能是{expected}之一",
    "out_of_range": "{field}的数值超出范围，请核对",
    "number_in_scientific_notation": "{field}被{writer}写成了 {value}，请{remedy}后重新导出",
    "phone_not_understood": "电话号码“{value}”无法识别，请写成 13800000000 或 0510-88888888 的形式",
    "number_not_understood": "{field}的“{value}”不是数字，请只填数字",
    "date_not_understood": "{field}的“{value}”不是日期，请写成 2026-12-31 的形式",
    "instant_not_understood": "{field}的“{value}”不是时间，请写成 2026-12-31 09:00 的形式",
    "dates_reversed": "失效日期 {until} 早于生效日期 {since}，请核对两列是否填反",
    "amount_not_understood": "{field}的“{value}”不是金额，请写成 5000万元 或 1000万美元 的形式",
    "amount_without_unit": "{field}的“{value}”没有写单位，请写成 5000万元 的形式，或在列名里写明单位，如“基金规模（万元）”",
    "coordinates_incomplete": "经度和纬度须同时填写，或同时留空",
    "coordinates_undeclared": "批次没有声明坐标系，请声明为百度（BD-09）、国测局（GCJ-02）或 WGS-84 坐标后重新推送",
    "coordinates_swapped": "坐标（{longitude}, {latitude}）像是把经度和纬度填反了，请对调",
    "coordinates_outside_china": "坐标（{longitude}, {latitude}）不在中国境内，请核对坐标及其坐标系",
    "coordinates_outside_jurisdiction": "坐标（{longitude}, {latitude}）不在{city}范围内，请核对坐标及其坐标系",
    "error_cell": "{field}是表格的错误值“{value}”，请在表格中改正公式或加宽该列后重新导出",
    "text_damaged": "{field}含有已经损坏的文字（乱码），请从原来的系统重新导出，或改正后再推送",
    "total_row": "这一行像是合计行，不是一条记录，请删去",
    "repeated_field": "这一行里有字段写了两次，请只保留一个",
    "credit_code_invalid": "统一社会信用代码“{value}”不符合编码规则（18 位，前两位是登记管理部门和机构类别），请核对",
    "credit_code_of_a_person": "统一社会信用代码“{value}”像是公民身份号码，请改填单位的代码",
    "url_not_understood": "{field}应为 http:// 或 https:// 开头的完整网址",
    "deletion_with_fields": "删除行只写记录编号和删除标记，请去掉其余字段",
}

NOTES: dict[str, str] = {
    "credit_code_check_digit": "统一社会信用代码“{value}”的校验位不符，已按原样保留，请对照证书核对",
    "nothing_to_delete": "没有编号为“{source_id}”的有效记录，无需删除",
    "superseded_in_batch": "编号“{source_id}”与{place}相同，以那一行为准；请删去此行，如果是两条记录请改正编号",
}
"""Said about rows that are not rejected."""

_QUOTED = re.compile("'([^']*)'")
"""The values in pydantic's "'a', 'b' or 'c'"."""

TRUE_OR_FALSE = "是（true）或否（false）"
_EXPECTED = {
    "string_type": "文字",
    "float_type": "数字",
    "int_type": "整数",
    "bool_type": TRUE_OR_FALSE,
    "list_type": "列表",
    "dict_type": "对象",
    "model_type": "对象",
    "model_attributes_type": "对象",
}

_CODES = {
    "missing": "missing",
    "extra_forbidden": "unknown_field",
    "string_too_short": "missing",
    "string_too_long": "too_long",
    "too_long": "too_many",
    "literal_error": "not_one_of",
    "greater_than_equal": "out_of_range",
    "less_than_equal": "out_of_range",
    "finite_number": "out_of_range",
    **dict.fromkeys(_EXPECTED, "wrong_type"),
}
"""Pydantic's error types (its documentation, "Validation errors") in our words."""


_PHONES = {"contact.phone": "电话号码"}
"""Fields of which no digit is quoted beyond the first and the last two, with what sentences call them."""


_OF_A_PAIR = {"longitude": "latitude", "latitude": "longitude"}


def beside(code: str | None, field: str) -> str | None:
    """The other field that the fault may lie in: a point has two coordinates."""
    return _OF_A_PAIR.get(field) if (code or "").startswith("coordinates_") else None


@dataclass(frozen=True)
class Rejection:
    """A row that is not applied: where, which rule, and what to do about it; `also` is what else is wrong in it, as far as
    that was seen."""

    source_id: str | None
    field: str | None
    code: str
    message: str
    at: At | None = None
    suggestions: tuple[Suggestion, ...] = ()
    also: tuple["Rejection", ...] = ()

    def shown(self, columns: Mapping[str, str]) -> dict[str, Any]:
        """As a verdict lists it that another is the reason of; `columns` is what the file itself calls the fields."""
        said = {"field": self.field, "code": self.code, "message": self.message}
        suggested = shown_suggestions(self.suggestions, columns)
        return {**said, "column": column_of(self.field, columns), **({"suggestions": suggested} if suggested else {})}


def shown_suggestions(suggestions: Sequence[Suggestion], columns: Mapping[str, str]) -> list[dict[str, Any]]:
    """As a verdict lists them."""
    return [each.shown(column_of(each.field, columns)) for each in suggestions]


def refuse(code: str, **values: object) -> PydanticCustomError:
    """What a validator raises to reject a row with this code of the table."""
    return PydanticCustomError(_OURS, code, values)


def rejected(source_id: str | None, code: str, field: str | None = None, **values: object) -> Rejection:
    """A rejection with its message, in which no value stands that a telephone number could be read from."""
    field = field and without_numbers(field)
    said = _said(MESSAGES[code], field, values)
    return Rejection(source_id, field, code, said, suggestions=suggestions(code, field, values))


def noted(code: str, **values: object) -> str:
    """A sentence of NOTES; no telephone number can be read from the values in it either."""
    return _said(NOTES[code], None, values)


def rejections_of(source_id: str | None, error: ValidationError, within: str | None = None) -> list[Rejection]:
    """The rejections that pydantic's errors stand for; `within` is the field whose value was checked."""
    return [_rejection_of(source_id, each, within) for each in error.errors(include_url=False, include_input=False)]


def _rejection_of(source_id: str | None, error: ErrorDetails, within: str | None) -> Rejection:
    values = dict(error.get("ctx", {}))
    field = path_of((within, *error["loc"]) if within else error["loc"])
    if error["type"] == _OURS:
        return rejected(source_id, error["msg"], field, **values)
    expected = _EXPECTED.get(error["type"]) or _one_of(_QUOTED.findall(values.get("expected", "")))
    if field.endswith("_fen"):
        expected += "（以分为单位）"
    return rejected(source_id, _CODES[error["type"]], field, expected=expected, limit=values.get("max_length"))


def _said(sentence: str, field: str | None, values: Mapping[str, object]) -> str:
    quoted = _without_digits if field in _PHONES else _quoted
    return sentence.format(field=_called(field), **{name: quoted(value) for name, value in values.items()})


def _called(field: str | None) -> str | None:
    return _PHONES.get(field) or field_name(field) if field else field


def _one_of(values: Sequence[str]) -> str:
    """The values, by their Chinese names where they have any."""
    return "、".join(chinese_names(values) or values)


def _without_digits(value: object) -> object:
    return without_digits(value) if isinstance(value, str) else value


def _quoted(value: object) -> object:
    """A value as a message may show it; a telephone number in the wrong column is a number there as well."""
    if isinstance(value, str):
        return without_numbers(value)
    return f"{value:.6g}" if isinstance(value, float) else value
