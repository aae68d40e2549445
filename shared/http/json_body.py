"""Request bodies as JSON, strictly: what other parsers would guess at is refused with a reason."""

import json
from typing import Any

import orjson

from shared.values import problems
from shared.values.problems import Refusal


def parse(body: bytes) -> Any:
    """The value; `bad_json` for NaN, duplicate keys, bad UTF-8, NUL, lone surrogates, endless numbers or nesting."""
    try:
        text = body.decode("utf-8")
        value = json.loads(
            text,
            object_pairs_hook=_unique,
            parse_constant=_no_constant,
            parse_int=_bounded_int,
            parse_float=_finite,
        )
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


class _Reason(ValueError):
    """A reason of ours, fit to be shown."""


def _bad(reason: str) -> Refusal:
    return Refusal(problems.BAD_JSON, reason=reason)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
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
