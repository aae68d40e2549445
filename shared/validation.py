"""What pydantic found wrong, in our words: a stable code and a Chinese sentence for each field."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from shared import problems
from shared.problems import FieldError, Refusal

_MESSAGES = {
    "unknown_field": "不支持的字段，请删除",
    "missing": "必填项，请补充",
    "wrong_type": "类型不正确，请按接口文档填写",
    "too_short": "内容过短或项数过少（至少 {min}）",
    "too_long": "内容过长或项数过多（至多 {max}）",
    "too_small": "数值过小（应不小于 {min}）",
    "too_large": "数值过大（应不大于 {max}）",
    "not_allowed": "取值不在允许范围内，应为：{expected}",
    "bad_format": "格式不正确，请按接口文档填写",
}

_QUOTED = re.compile(r"'([^']*)'")
"""pydantic names what it expected as `'a', 'b' or 'c'`."""

_CODES = {
    "extra_forbidden": "unknown_field",
    "missing": "missing",
    "string_too_short": "too_short",
    "too_short": "too_short",
    "string_too_long": "too_long",
    "too_long": "too_long",
    "greater_than": "too_small",
    "greater_than_equal": "too_small",
    "less_than": "too_large",
    "less_than_equal": "too_large",
    "enum": "not_allowed",
    "literal_error": "not_allowed",
}

_ALONE = {each.code: each for each in (problems.UNKNOWN_FIELD, problems.WRONG_TYPE)}
"""What is a problem of its own where nothing else is wrong."""

_PLACES = ("body", "query", "path", "header")
"""Where FastAPI says a field stood; a field of such a name within a body keeps its name."""


def refusal_of(errors: Iterable[Any]) -> Refusal:
    """The refusal for pydantic's errors. It never repeats what was sent: that may be sealed or personal."""
    found = [_field_error(error) for error in _causes(list(errors))]
    codes = {error.code for error in found}
    problem = _ALONE.get(codes.pop(), problems.INVALID) if len(codes) == 1 else problems.INVALID
    return Refusal(problem, errors=found, count=len(found))


def invalid(*errors: FieldError) -> Refusal:
    """The refusal for rules of our own."""
    return Refusal(problems.INVALID, errors=list(errors), count=len(errors))


def path_of(location: Sequence[str | int]) -> str:
    """("reward", "stages", 1, "percent") → `reward.stages[1].percent`."""
    path = ""
    for part in location:
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else part
    return path


def _causes(errors: Sequence[Any]) -> list[Any]:
    """Without what only follows: pydantic calls a list too short whose items were wrong."""
    places = [tuple(error["loc"]) for error in errors]

    def follows(error: Any) -> bool:
        place = tuple(error["loc"])
        return error["type"] == "too_short" and any(each[: len(place)] == place != each for each in places)

    return [error for error in errors if not follows(error)]


def _field_error(error: dict[str, Any]) -> FieldError:
    location = error["loc"][1:] if error["loc"] and error["loc"][0] in _PLACES else error["loc"]
    kind, context = error["type"], error.get("ctx", {})
    code = _CODES.get(kind) or ("wrong_type" if kind.endswith(("_type", "_parsing")) else "bad_format")
    if code == "not_allowed" and not isinstance(error.get("input", ""), str):
        code = "wrong_type"
    message = _MESSAGES[code].format(
        min=_first(context, "min_length", "ge", "gt"),
        max=_first(context, "max_length", "le", "lt"),
        expected="、".join(_QUOTED.findall(context.get("expected", ""))),
    )
    return FieldError(path_of(location), code, message)


def _first(context: dict[str, Any], *names: str) -> Any:
    return next((context[name] for name in names if name in context), "")
