"""The eight jurisdictions 七市一区 and what is fixed about each: GB/T 2260 code, Chinese name; and their time."""

from datetime import date, datetime, timedelta, timezone
from enum import StrEnum

SHANGHAI = timezone(timedelta(hours=8))
"""Asia/Shanghai, which has had no summer time since 1991 (tz database, file asia)."""


def day_of(at: datetime) -> date:
    """The calendar day in Shanghai."""
    return at.astimezone(SHANGHAI).date()


class Jurisdiction(StrEnum):
    """One of the eight members of the alliance; the value is what stands in every URL and event."""

    PUTUO = "putuo"
    NANJING = "nanjing"
    WUXI = "wuxi"
    CHANGZHOU = "changzhou"
    SUZHOU = "suzhou"
    NANTONG = "nantong"
    ZHENJIANG = "zhenjiang"
    TAIZHOU = "taizhou"

    @property
    def code(self) -> str:
        """The GB/T 2260 code, six digits."""
        return _FACTS[self][0]

    @property
    def chinese(self) -> str:
        """The name people use, such as 苏州."""
        return _FACTS[self][1]


_FACTS = {
    Jurisdiction.PUTUO: ("310107", "上海普陀"),
    Jurisdiction.NANJING: ("320100", "南京"),
    Jurisdiction.WUXI: ("320200", "无锡"),
    Jurisdiction.CHANGZHOU: ("320400", "常州"),
    Jurisdiction.SUZHOU: ("320500", "苏州"),
    Jurisdiction.NANTONG: ("320600", "南通"),
    Jurisdiction.ZHENJIANG: ("321100", "镇江"),
    Jurisdiction.TAIZHOU: ("321200", "泰州"),
}
