"""What was altered on the way from a city's row to its record, and what was left out of it: nothing happens unsaid.

An alteration quotes what stood there and what stands there now, telephone numbers masked. What is left out says why, as a
rejection would; it is a warning, as is what was kept although it looks wrong.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from services.sync.rows import amounts, radicals
from services.sync.rows.places import column_of
from services.sync.rows.rejections import Rejection, beside, shown_suggestions
from services.sync.rows.suggestions import Suggestion
from shared.values.masking import masked_phone, without_digits, without_numbers

DROPPED, CHECK_DIGIT = "dropped", "check_digit"
RULES = {
    DROPPED: "未采用",
    CHECK_DIGIT: "校验位不符，按原样保留",
    "nothing": "视为空白",
    "full_width": "全角转为半角",
    "radicals": "部首转为汉字",
    "blanks": "整理空白",
    "unseen": "去掉看不见的字符",
    "text": "数字转为文字",
    "date": "统一日期写法",
    "phone": "统一电话写法",
    "code": "统一代码写法",
    "list": "拆为多项",
    "name": "名称转为代码",
    "number": "统一数字写法",
    "amount": "统一金额写法",
}
"""The rules by their codes, with what people call them."""
_WARNINGS = {DROPPED, CHECK_DIGIT}
_OF_FIELD = {
    "valid_from": "date",
    "valid_until": "date",
    "contact.phone": "phone",
    "organization.credit_code": "code",
    "industry": "list",
    "tense": "name",
    "longitude": "number",
    "latitude": "number",
    "details.fund_size_fen": "amount",
    "details.starts_at": "date",
    "details.ends_at": "date",
    "details.sectors": "list",
}
_MOMENTS = {"details.starts_at", "details.ends_at"}
_PUBLIC_NUMBERS = {"source_id", "organization.credit_code"}
"""They stand in the record as they are, and so they may be quoted."""
_FULL_WIDTH = re.compile("[\uff01-\uff5e]")
_LONGEST = 80


@dataclass(frozen=True)
class Alteration:
    """`before` and `after` as they may be shown; `message` says what to do about a warning."""

    field: str
    before: str | None
    after: str | None
    rule: str
    code: str | None = None
    message: str | None = None
    suggestions: tuple[Suggestion, ...] = ()

    @property
    def warns(self) -> bool:
        """Whether somebody should look at it."""
        return self.rule in _WARNINGS

    def shown(self, columns: Mapping[str, str]) -> dict[str, Any]:
        """As a verdict lists it; `columns` is what the file itself calls the fields."""
        said: dict[str, Any] = {"field": self.field, "from": self.before, "to": self.after, "rule": self.rule}
        if self.code:
            said |= {"code": self.code, "message": self.message, "column": column_of(self.field, columns)}
        if other := beside(self.code, self.field):
            said["beside"] = {"field": other, "column": column_of(other, columns)}
        if self.suggestions:
            said["suggestions"] = shown_suggestions(self.suggestions, columns)
        return said


def left_out(refused: Rejection, value: object) -> Alteration:
    """A value of an optional field that cannot be read."""
    field = refused.field or ""
    return Alteration(field, _quoted(field, value), None, DROPPED, refused.code, refused.message, refused.suggestions)


def alterations(values: dict[str, Any], row: BaseModel, within: str = "") -> list[Alteration]:
    """What differs between the values that were sent and the row that was read of them."""
    found: list[Alteration] = []
    fields = vars(row)
    for name, sent in values.items():
        read = fields[name]
        if isinstance(read, BaseModel):
            found += alterations(sent, read, f"{within}{name}.")
        elif sent != read and not isinstance(read, dict):
            field = f"{within}{name}"
            if rule := _rule(field, sent, read):
                found.append(Alteration(field, _quoted(field, sent), _quoted(field, read), rule))
    return found


def of_details(values: dict[str, Any], read: dict[str, Any]) -> list[Alteration]:
    """The same for what a kind has beyond the others."""
    found: list[Alteration] = []
    for name, sent in values.items():
        field, got = f"details.{name}", read.get(name)
        if sent == got or (field in _MOMENTS and isinstance(sent, str) and "T" in sent):
            continue  # a moment as programs write it is the same in UTC
        if rule := _rule(field, sent, got):
            is_amount = field.endswith("_fen") and isinstance(got, int)
            after = (
                amounts.shown(int(got), read.get("fund_size_currency")) if is_amount and got else _quoted(field, got)
            )
            found.append(Alteration(field, _quoted(field, sent), after, rule))
    return found


def _rule(field: str, sent: object, read: object) -> str | None:
    """By what the value became another. None where it only took the type of its field, or nothing became of nothing."""
    if not read:
        return "nothing" if isinstance(sent, str) and sent.strip() else None
    if field == "contact.phone" and _undivided(sent) == _undivided(read):
        return None  # what is between them is all that could be shown, and it says nothing
    if isinstance(sent, int | float) and isinstance(read, str):
        return None if str(sent) == read else _OF_FIELD.get(field, "text")
    if isinstance(read, float):
        return None if isinstance(sent, str) and sent.isascii() else "number"
    if (rule := _OF_FIELD.get(field)) or not isinstance(sent, str):
        return rule
    if radicals.are_in(sent):
        return "radicals"
    if not isinstance(read, str) or "".join(sent.split()) == "".join(read.split()):
        return "blanks"
    return "full_width" if _FULL_WIDTH.search(sent) else "unseen"


def _undivided(phone: object) -> str:
    return str(phone).replace("-", "").replace(" ", "")


def _quoted(field: str, value: object) -> str | None:
    """A value as everybody may see it who sees the receipt."""
    if value is None:
        return None
    text = "、".join(map(str, value)) if isinstance(value, list) else str(value)
    text = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    if field == "contact.phone":
        return without_digits(text) if len(text) > 20 or not text.isascii() else _phone(text)
    return text if field in _PUBLIC_NUMBERS else without_numbers(text)


def _phone(text: str) -> str:
    return masked_phone(text) if text.replace("-", "").isdigit() else without_digits(text)
