"""What pydantic found wrong, in our words: a stable code and a Chinese sentence for each field."""

import re
from collections.abc import Iterable, Sequence
from typing import Any, get_args

from pydantic_core import PydanticKnownError, core_schema

from shared.values import problems
from shared.values.jurisdictions import Jurisdiction
from shared.values.money import yuan
from shared.values.open_sets import chinese_names
from shared.values.problems import FieldError, Refusal

_SENTENCES: dict[str, tuple[str, str]] = {
    "extra_forbidden": ("unknown_field", "不支持的字段，请删除"),
    "missing": ("missing", "必填项，请补充"),
    "string_too_short": ("too_short", "内容过短（至少 {min_length} 个字）"),
    "string_too_long": ("too_long", "内容过长（至多 {max_length} 个字）"),
    "too_short": ("too_short", "项数过少（至少 {min_length} 项）"),
    "too_long": ("too_long", "项数过多（至多 {max_length} 项）"),
    "greater_than": ("too_small", "数值过小（应大于 {gt}）"),
    "greater_than_equal": ("too_small", "数值过小（应不小于 {ge}）"),
    "less_than": ("too_large", "数值过大（应小于 {lt}）"),
    "less_than_equal": ("too_large", "数值过大（应不大于 {le}）"),
    "finite_number": ("bad_format", "应为有限的数字"),
    "enum": ("not_allowed", "取值不在允许范围内，{expected}"),
    "literal_error": ("not_allowed", "取值不在允许范围内，{expected}"),
}
"""Pydantic's error type → our code and sentence; the placeholders are what pydantic says of the error."""

_WRONG_TYPE = ("wrong_type", "类型不正确，请按接口文档填写")
_BAD_FORMAT = ("bad_format", "格式不正确，请按接口文档填写")

_PYDANTICS = frozenset(get_args(core_schema.ErrorType))
"""What pydantic itself finds wrong. Any other type is a PydanticCustomError of ours: its type is our code, its message
our sentence."""

_QUOTED = re.compile(r"'([^']*)'")
"""pydantic names what it expected as `'a', 'b' or 'c'`."""

_ALONE = {each.code: each for each in (problems.UNKNOWN_FIELD, problems.WRONG_TYPE)}
"""What is a problem of its own where nothing else is wrong."""

_PLACES = ("body", "query", "path", "header")
"""Where FastAPI says a field stood; a field of such a name within a body keeps its name."""

MOST_LISTED = 20
"""So many errors are listed in an answer; a body of a megabyte can hold a hundred thousand."""
_LONGEST_PATH = 100
"""A name in it may be the client's own, and as long as they like."""

_WHOLE = "$"
"""Where the body as a whole is wrong: the root, as JSONPath writes it."""


def refusal_of(errors: Iterable[Any]) -> Refusal:
    """The refusal for pydantic's errors, of which the first twenty are listed and all are counted.

    It never repeats what was sent: that may be sealed or personal.
    """
    causes = _causes(list(errors))
    listed = [_field_error(error) for error in causes[:MOST_LISTED]]
    codes = {error.code for error in listed}
    problem = _ALONE.get(codes.pop(), problems.INVALID) if len(codes) == 1 else problems.INVALID
    return Refusal(problem, errors=listed, count=len(causes))


def invalid(*errors: FieldError) -> Refusal:
    """The refusal for rules of our own."""
    return Refusal(problems.INVALID, errors=list(errors), count=len(errors))


def not_one_of(names: Iterable[str]) -> PydanticKnownError:
    """What a validator raises for a text that is none of these: the error that a Literal of them would have."""
    return PydanticKnownError("literal_error", {"expected": ", ".join(f"'{name}'" for name in names)})


def path_of(location: Sequence[str | int]) -> str:
    """("reward", "stages", 1, "percent") → `reward.stages[1].percent`."""
    path = ""
    for part in location:
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else part
    return path if len(path) <= _LONGEST_PATH else f"{path[:_LONGEST_PATH]}…"


def _causes(errors: Sequence[Any]) -> list[Any]:
    """Without what only follows: pydantic calls a list too short whose items were wrong."""
    above = {tuple(error["loc"][:depth]) for error in errors for depth in range(len(error["loc"]))}
    return [error for error in errors if error["type"] != "too_short" or tuple(error["loc"]) not in above]


def _field_error(error: dict[str, Any]) -> FieldError:
    location = error["loc"][1:] if error["loc"] and error["loc"][0] in _PLACES else error["loc"]
    code, sentence = _what_is_wrong(error, in_yuan=str(location[-1]).endswith("_fen") if location else False)
    return FieldError(path_of(location) or _WHOLE, code, sentence)


def _what_is_wrong(error: dict[str, Any], *, in_yuan: bool) -> tuple[str, str]:
    """The code and the sentence. The bounds of an amount of money are shown in yuan."""
    kind = error["type"]
    if kind not in _PYDANTICS:
        return kind, error["msg"]
    if kind.endswith(("_type", "_parsing")):
        return _WRONG_TYPE
    code, sentence = _SENTENCES.get(kind, _BAD_FORMAT)
    if code == "not_allowed" and not isinstance(error.get("input", ""), str):
        return _WRONG_TYPE
    context = error.get("ctx", {})
    return code, sentence.format(**{name: _shown(name, value, in_yuan=in_yuan) for name, value in context.items()})


def _shown(name: str, value: Any, *, in_yuan: bool) -> Any:
    """A bound without the `.0` of a whole number, money in yuan, and values with their Chinese names."""
    if name == "expected":
        return _expected(_QUOTED.findall(value))
    if in_yuan and isinstance(value, int):
        return yuan(value)
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _expected(values: Sequence[str]) -> str:
    """What would be right, for people. Values that belong to no set of ours have no Chinese name, and are not shown."""
    cities = {each.value: each.chinese for each in Jurisdiction}
    names = [cities[each] for each in values] if all(each in cities for each in values) else chinese_names(values)
    return f"应为：{'、'.join(names)}" if names else "请从给出的选项中选择"
