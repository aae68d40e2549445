"""The fields of a subscribe message: what WeChat accepts in each, and how a value is made to pass.

A template's key is a type and a number, such as `thing1` or `character_string3`. `refusal` says why WeChat would answer
47003; `fit` shapes what people wrote so that it passes. Source: WeChat's table of subscribe message parameters.
"""

import re
from collections.abc import Callable, Collection, Mapping
from datetime import datetime

from shared.values.jurisdictions import SHANGHAI

_CHINESE = r"\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_CLOCK = r"([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d)?"
_DAY = r"\d{4}(年\d{1,2}月\d{1,2}日|-\d{1,2}-\d{1,2}|/\d{1,2}/\d{1,2}|\.\d{1,2}\.\d{1,2})"


def _ranged(moment: str) -> str:
    return rf"{moment}(\s?~\s?{moment})?"


_PATTERNS: dict[str, tuple[str, str]] = {
    "thing": (r".{1,20}", "20 个以内字符"),
    "number": (r"-?(?=[\d.]{1,32}$)\d+(\.\d+)?", "32 位以内数字"),
    "letter": (r"[A-Za-z]{1,32}", "32 位以内字母"),
    "symbol": (rf"[^\w\s{_CHINESE}]{{1,5}}", "5 位以内符号"),
    "character_string": (r"[!-~]{1,32}", "32 位以内数字、字母或符号"),
    "time": (_ranged(rf"({_DAY}\s?)?{_CLOCK}"), "24 小时制时间，可带日期，可用 ~ 表示时段"),
    "date": (_ranged(rf"{_DAY}(\s?{_CLOCK})?"), "年月日，可带时间，可用 ~ 表示时段"),
    "amount": (r"[¥￥$€£]?\d{1,10}(\.\d+)?元?", "1 个币种符号和 10 位以内数字，可带小数，可以元结尾"),
    "phone_number": (r"[\d+()\- ]{1,17}", "17 位以内数字或符号"),
    "car_number": (rf"[{_CHINESE}A-Za-z0-9]{{1,8}}", "8 位以内车牌号"),
    "name": (rf"(?=.*[{_CHINESE}])[{_CHINESE}A-Za-z·]{{1,10}}|[A-Za-z .]{{1,20}}", "10 个以内汉字或 20 个以内字母"),
    "phrase": (rf"[{_CHINESE}]{{1,5}}", "5 个以内汉字"),
}
FIELD_TYPES: frozenset[str] = frozenset({*_PATTERNS, "enum"})
_COMPILED = {kind: re.compile(pattern) for kind, (pattern, _) in _PATTERNS.items()}
_KEY = re.compile(r"([a-z_]+?)\d+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def field_type(key: str) -> str:
    """The type in a template's key: `thing` of `thing1`. ValueError when it is none of WeChat's."""
    match = _KEY.fullmatch(key)
    if not match or match[1] not in FIELD_TYPES:
        raise ValueError(f"{key!r} is no key of a subscribe message")
    return match[1]


def refusal(key: str, value: str, listed: Collection[str] = ()) -> str | None:
    """Why WeChat refuses this value under this key (in Chinese), or None. `listed` are the values of an enum field."""
    kind = field_type(key)
    if not value.strip():
        return "内容为空"
    if _CONTROL.search(value):
        return "含有控制字符"
    if kind == "enum":
        return None if value in listed else "不在可选值之内"
    return None if _COMPILED[kind].fullmatch(value) else f"应为{_PATTERNS[kind][1]}"


def refused_keys(data: Mapping[str, str], enums: Mapping[str, Collection[str]]) -> dict[str, str]:
    """The keys WeChat refuses, each with the reason."""
    reasons = {key: refusal(key, value, enums.get(key, ())) for key, value in data.items()}
    return {key: reason for key, reason in reasons.items() if reason}


def cut(text: str, length: int) -> str:
    """At most so many characters, with … at the end where there were more."""
    return text if len(text) <= length else text[: length - 1] + "…"


def _plain(text: str) -> str:
    """One line without control characters."""
    return " ".join(_CONTROL.sub(" ", text).split())


_SHAPES: dict[str, Callable[[str], str]] = {
    "thing": lambda text: cut(text, 20),
    "phrase": lambda text: re.sub(rf"[^{_CHINESE}]", "", text)[:5],
    "character_string": lambda text: re.sub(r"[^!-~]", "", text)[:32],
    "name": lambda text: text if _COMPILED["name"].fullmatch(text) else text[:10],
}


def fit(key: str, value: str) -> str:
    """The value as near to what was written as WeChat accepts; what has no shape that passes stays as it is.

    An empty `thing` becomes 无, because WeChat refuses empty fields. Numbers, times and amounts are never rewritten:
    a number that was cut would be another number.
    """
    kind, plain = field_type(key), _plain(value)
    fitted = _SHAPES[kind](plain) if kind in _SHAPES else plain
    return fitted or ("无" if kind == "thing" else "")


def clock_text(moment: datetime) -> str:
    """An instant for a `time` or `date` field, in Asia/Shanghai: 2026年12月31日 23:59:59."""
    local = moment.astimezone(SHANGHAI)
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M:%S}"


def amount_text(fen: int) -> str:
    """Money for an `amount` field: 3000000元, 0.50元."""
    yuan, rest = divmod(fen, 100)
    return f"{yuan}.{rest:02d}元" if rest else f"{yuan}元"
