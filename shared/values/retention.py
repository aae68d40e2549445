"""How long things are kept: a row for each collection, each topic and each log, which the page docs/retention.md shows.

A row stands where its thing is at home: topics in shared/events/topics.py, what every service has in
shared/operations/retention.py, the rest in the services' retention.py, logs in deploy/retention.py. The number of a row is the
only one: indexes, tasks and topics are made from it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from shared.values.open_sets import OpenSet


class By(OpenSet):
    """Who removes what has been kept long enough."""

    NOBODY = "nobody", "不清理"
    WRITER = "writer", "写入者"
    INDEX = "index", "数据库 TTL 索引"
    TASK = "task", "服务的清理任务"
    BROKER = "broker", "Kafka（主题设置）"
    ROTATION = "rotation", "日志轮转"


@dataclass(frozen=True)
class Settled:
    """What of a collection is settled, so that its time counts: the documents that fit `where`, from the instant at `since`.

    Both name fields by dotted paths. A document without that instant is kept. `leaves_id`: the document is emptied and not
    removed, because its id is counted on.
    """

    since: str
    where: Mapping[str, Any] = field(default_factory=dict)
    leaves_id: bool = False


@dataclass(frozen=True)
class Retention:
    """A row. What people read is Chinese: what it `holds`, from when the time counts, `why` it is so.

    `after` None: for ever. `least` and `most`: between which operators may set a time of their own (`HUNING_KEEP_DAYS`);
    without `least` the time is not theirs to set. `settled` is what a task removes; `expires` is the field of a TTL index.
    """

    holds: str
    why: str
    by: By = By.NOBODY
    after: timedelta | None = None
    counted: str = ""
    least: timedelta | None = None
    most: timedelta | None = None
    settled: tuple[Settled, ...] = ()
    expires: str = ""
    expires_at_once: bool = False
    """The field holds the instant of the removal itself, and not the one from which `after` counts."""

    @property
    def index_seconds(self) -> int:
        """`expireAfterSeconds` of the TTL index."""
        return 0 if self.expires_at_once or self.after is None else int(self.after.total_seconds())


def for_ever(holds: str, why: str) -> Retention:
    """Nobody removes it."""
    return Retention(holds, why)


def bounded(holds: str, why: str) -> Retention:
    """As many as there are of something else that is bounded: its writer replaces or removes it."""
    return Retention(holds, why, By.WRITER)


def by_task(holds: str, why: str, counted: str, days: int, *settled: Settled, least: int) -> Retention:
    """Removed by the service's task, this many days after it was settled; operators may choose down to `least` days."""
    return Retention(holds, why, By.TASK, timedelta(days=days), counted, timedelta(days=least), settled=settled)


def by_index(holds: str, why: str, counted: str, after: timedelta, expires: str, *, at_once: bool = False) -> Retention:
    """Removed by the database, from a time that the code rests on."""
    return Retention(holds, why, By.INDEX, after, counted, expires=expires, expires_at_once=at_once)


def chosen_days(text: str) -> dict[str, int]:
    """What operators chose, from `name=days,name=days`. ValueError names what cannot be read."""
    chosen: dict[str, int] = {}
    for part in filter(None, (each.strip() for each in text.split(","))):
        name, _, days = part.partition("=")
        if not (days.isascii() and days.isdecimal()):
            raise ValueError(f"HUNING_KEEP_DAYS：“{part}”应写成“名称=天数”，例如 notifications.deliveries=180")
        chosen[name.strip()] = int(days)
    return chosen


def with_days(name: str, row: Retention, days: int) -> Retention:
    """The row with the time that operators chose. ValueError where it is not theirs to choose, too short or too long."""
    if row.least is None:
        raise ValueError(f"HUNING_KEEP_DAYS：{name} 的保留时间不能调整，见 docs/retention.md")
    if days < row.least.days:
        raise ValueError(f"HUNING_KEEP_DAYS：{name} 至少保留 {row.least.days} 天")
    if row.most is not None and days > row.most.days:
        raise ValueError(f"HUNING_KEEP_DAYS：{name} 至多保留 {row.most.days} 天")
    return replace(row, after=timedelta(days=days))


def in_words(after: timedelta | None) -> str:
    """A time as people read it."""
    if after is None:
        return "长期"
    minutes = int(after.total_seconds()) // 60
    if minutes % (24 * 60) == 0:
        return f"{minutes // 24 // 60} 天"
    return f"{minutes // 60} 小时" if minutes % 60 == 0 else f"{minutes} 分钟"
