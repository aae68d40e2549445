"""Amounts of money as cities write them: 5000万元, 1.5亿, 人民币 300 万元, 1000万美元. A number without a unit is none.

They are kept as whole hundredths (fen, cents) with the ISO 4217 code of their currency; whoever wrote none of another country
meant yuan.
"""

import re
from decimal import Decimal

from pydantic_core import PydanticCustomError

from services.sync.rows import cleaning
from services.sync.rows.rejections import refuse

CNY = "CNY"
_CURRENCIES = {
    "元": CNY,
    "人民币": CNY,
    "元人民币": CNY,
    "rmb": CNY,
    "cny": CNY,
    "¥": CNY,
    "美元": "USD",
    "美金": "USD",
    "usd": "USD",
    "us$": "USD",
    "$": "USD",
    "欧元": "EUR",
    "eur": "EUR",
    "€": "EUR",
    "港元": "HKD",
    "港币": "HKD",
    "hkd": "HKD",
    "hk$": "HKD",
    "日元": "JPY",
    "jpy": "JPY",
    "英镑": "GBP",
    "gbp": "GBP",
    "£": "GBP",
}
CURRENCIES = tuple(dict.fromkeys(_CURRENCIES.values()))
_TIMES = {
    "": 1,
    "百": 10**2,
    "千": 10**3,
    "万": 10**4,
    "百万": 10**6,
    "千万": 10**7,
    "亿": 10**8,
    "十亿": 10**9,
    "百亿": 10**10,
}
_ANY = "|".join(sorted(map(re.escape, _CURRENCIES), key=len, reverse=True))
_AMOUNT = re.compile(
    rf"(?P<before>{_ANY})?(?P<number>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    rf"(?P<times>{'|'.join(sorted(filter(None, _TIMES), key=len, reverse=True))})?(?P<after>{_ANY})?"
)
_FEN = 100
_LONGEST = 40


def fen(value: object) -> object:
    """Text as whole hundredths; a number is that already. Refused without a unit, or where it is no amount."""
    if not isinstance(value, str):
        return value
    if (text := _plain(value)) is None:
        return None
    found = _AMOUNT.fullmatch(text) if len(text) <= _LONGEST else None
    if found is None or _contradictory(found):
        raise refuse("amount_not_understood", value=value.strip()[:_LONGEST])
    if not (found["times"] or found["before"] or found["after"]):
        raise refuse("amount_without_unit", value=value.strip()[:_LONGEST])
    hundredths = Decimal(found["number"].replace(",", "")) * _TIMES[found["times"] or ""] * _FEN
    if hundredths != int(hundredths):
        raise refuse("amount_not_understood", value=value.strip()[:_LONGEST])
    return int(hundredths)


def currency_of(value: object) -> str | None:
    """The code of another currency that stands in the text; None for yuan, and where nothing is said or it is no amount."""
    if not isinstance(value, str) or len(value) > _LONGEST:
        return None
    try:
        found = _AMOUNT.fullmatch(_plain(value) or "")
    except PydanticCustomError:  # an error cell: the amount itself says so
        return None
    if found is None or _contradictory(found):
        return None
    code = _CURRENCIES.get(found["after"] or found["before"] or "", CNY)
    return None if code == CNY else code


def shown(hundredths: int, currency: str | None) -> str:
    """For people: `50,000,000 元`, `10,000,000 USD`."""
    whole, rest = divmod(hundredths, _FEN)
    return f"{whole:,}{f'.{rest:02}' if rest else ''} {currency or '元'}"


def _plain(value: str) -> str | None:
    text = cleaning.code(value).replace("，", ",")
    if cleaning.is_nothing(text):
        return None
    cleaning.refuse_error_cell(text)
    return "".join(text.split()).lower().replace("￥", "¥")


def _contradictory(found: re.Match[str]) -> bool:
    """¥500万美元 is neither."""
    before, after = found["before"], found["after"]
    return bool(before and after) and _CURRENCIES[before] != _CURRENCIES[after]
