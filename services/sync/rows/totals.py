"""Rows of a table that are no records: sums, and what people write below it."""

import re

_TOTAL = re.compile(r"(?:总?合计|总计|小计|共计|累计|本页小计)(?:[：:]?\d*(?:\.\d+)?[条项个家件人名]?)")
_BELOW = re.compile(
    r"(?:备?注\d*|说明|填表(?:人|单位|日期|时间)?|填报(?:人|单位|日期|时间)?|制表(?:人|单位)?|审核(?:人)?|数据来源)[：:]"
)
_BLANKS = re.compile(r"\s")


def is_total(text: str) -> bool:
    """合计, 总计：310 …, however it is spaced."""
    return len(text) <= 20 and _TOTAL.fullmatch(_BLANKS.sub("", text)) is not None


def is_below_the_table(text: str) -> bool:
    """注：…, 填表人：…"""
    return _BELOW.match(_BLANKS.sub("", text[:20])) is not None
