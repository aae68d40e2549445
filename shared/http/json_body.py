"""Request bodies as JSON, strictly: what other parsers would guess at is refused with a reason."""

import json
from typing import Any

import orjson

from shared.values import problems
from shared.values.problems import Refusal

_MOST_VALUES = 20_000
_MOST_FIELDS = 200
"""No object of ours has half as many; each one that is unknown would be an error to be made and listed."""
_DEEPEST = 32


def parse(body: bytes) -> Any:
    """The value; `bad_json` for NaN, duplicate keys, bad UTF-8, NUL, lone surrogates, endless numbers or nesting."""
    try:
        _bounded(body)
        text = body.decode("utf-8")
        value = json.loads(
            text,
            object_pairs_hook=_unique,
            parse_constant=_no_constant,
            parse_int=_bounded_int,
            parse_float=_finite,
        )
        if body.count(b"[") + body.count(b"{") > _DEEPEST:
            _not_too_deep(value)
        if b"\\u0000" in body or "\x00" in text:
            _without_nul(value)
        if b"\\u" in body:
            orjson.dumps(value)  # a lone surrogate is no Unicode text and could not be stored
    except UnicodeDecodeError as error:
        raise _bad("不是 UTF-8 编码") from error
    except RecursionError as error:
        raise _bad("嵌套层数过多") from error
    except json.JSONDecodeError as error:
        raise _bad(f"第 {error.lineno} 行第 {error.colno} 列附近有语法错误") from error
    except ValueError as error:
        raise _bad(str(error) if isinstance(error, _Reason) else "含有无法处理的数字或字符") from error
    except orjson.JSONEncodeError as error:
        raise _bad("含有无法处理的字符") from error
    return value


def _bounded(body: bytes) -> None:
    """Counts what could be values before any is made: a megabyte of `{},` would hold the event loop for a second."""
    if sum(body.count(each) for each in (b",", b"[", b"{")) > _MOST_VALUES:
        raise _Reason("内容的项数过多")


def _not_too_deep(value: Any) -> None:
    """Level by level, so that it recurses into nothing itself."""
    level = [value]
    for _ in range(_DEEPEST):
        level = [inner for each in level for inner in _inside(each)]
        if not level:
            return
    raise _Reason("嵌套层数过多")


def _inside(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


class _Reason(ValueError):
    """A reason of ours, fit to be shown."""


def _bad(reason: str) -> Refusal:
    return Refusal(problems.BAD_JSON, reason=reason)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(pairs) > _MOST_FIELDS:
        raise _Reason(f"一个对象至多 {_MOST_FIELDS} 个字段")
    value = dict(pairs)
    if len(value) != len(pairs):
        raise _Reason("同一对象中有重复的字段名")
    return value


def _no_constant(name: str) -> None:
    raise _Reason(f"不接受 {name}")


def _bounded_int(digits: str) -> int:
    if len(digits) > 20 or abs(number := int(digits)) >= 2**63:
        raise _Reason("数字过大")
    return number


def _finite(text: str) -> float:
    if len(text) > 400 or (number := float(text)) in (float("inf"), float("-inf")):
        raise _Reason("数字过大")
    return number


def _without_nul(value: Any) -> None:
    if isinstance(value, str) and "\x00" in value:
        raise _Reason("含有 NUL 字符")
    if isinstance(value, dict):
        for key, each in value.items():
            _without_nul(key)
            _without_nul(each)
    if isinstance(value, list):
        for each in value:
            _without_nul(each)
