"""The page docs/retention.md: everything that is kept, with how long, why, and who removes it. `make docs` writes it.

The rows of collections come from the services as they are composed, those of topics from shared/events/topics.py; the logs
stand here.
"""

from collections.abc import Iterator, Mapping
from importlib.metadata import entry_points
from pathlib import Path

from deploy.local.supervision import LOG_BYTES, OLD_LOGS
from shared.cli.contracts import unused_keys
from shared.events.topics import TOPICS
from shared.operations.retention import OF_EVERY_SERVICE
from shared.settings import Settings
from shared.values.retention import By, Retention, in_words

PAGE = Path(__file__).parents[1] / "docs" / "retention.md"
COMPOSE_LOG_BYTES, COMPOSE_LOGS = "20m", 5
"""Of each container: `x-logging` in deploy/compose.yaml."""

_SIX_MONTHS = (
    "《网络安全法》第二十一条要求网络日志留存不少于六个月：本机只作缓冲，须转存到日志平台；谁做了什么另有审计记录"
)
LOGS: Mapping[str, Retention] = {
    "logs/<进程>.log": Retention(
        f"`make up`：各进程、网关和微信替身的输出，每个至多 {LOG_BYTES} × {OLD_LOGS + 1}", "开发用", By.ROTATION
    ),
    "logs/supervisord.log": Retention(
        f"`make up`：进程管理器，至多 {LOG_BYTES} × {OLD_LOGS + 1}", "开发用", By.ROTATION
    ),
    "容器日志": Retention(
        f"生产：各容器的输出，网关的访问日志也在内，每个至多 {COMPOSE_LOG_BYTES} × {COMPOSE_LOGS}",
        _SIX_MONTHS,
        By.ROTATION,
    ),
}

_HEAD = """\
# 数据保留

本页由 `make docs` 生成，列出平台保存的每个集合、每个主题和每种日志：是什么、留多久、为什么、由谁清理。
时间写在代码的一处（`shared/events/topics.py`、`shared/operations/retention.py`、`services/*/retention.py`、
`deploy/retention.py`），索引、清理任务和主题设置都取自那里；没有列入本页的集合或主题，测试不会通过。

“可调”一栏有下限的，可用 `HUNING_KEEP_DAYS` 改为别的天数，办法见[运维手册](operations.md)。
"""
_COLLECTIONS = ("集合", "内容", "保留", "起算", "依据", "清理者", "可调")


def page() -> str:
    """The whole page."""
    sections = [_HEAD, _section("每个服务都有", ((name, row) for name, row in OF_EVERY_SERVICE.items()))]
    with unused_keys() as keys:
        for entry in sorted(entry_points(group="huning.services"), key=lambda each: each.name):
            rows = entry.load()(Settings(keys=keys, keep_days="")).retention
            own = ((f"{entry.name}.{name}", row) for name, row in rows.items() if name not in OF_EVERY_SERVICE)
            sections.append(_section(entry.name, own))
    sections.append(_section("Kafka 主题", ((name, topic.kept) for name, topic in TOPICS.items())))
    sections.append(_section("日志", iter(LOGS.items())))
    return "\n".join(sections)


def _section(title: str, rows: Iterator[tuple[str, Retention]]) -> str:
    lines = [f"## {title}", "", _line(_COLLECTIONS), _line(["---"] * len(_COLLECTIONS))]
    return "\n".join([*lines, *(_line(_cells(name, row)) for name, row in rows), ""])


def _cells(name: str, row: Retention) -> list[str]:
    kept = {By.WRITER: "数量有上限", By.ROTATION: "按大小"}.get(row.by) if row.after is None else None
    days = [f"{word} {bound.days} 天" for word, bound in (("至少", row.least), ("至多", row.most)) if bound]
    when = row.counted or "—"
    return [f"`{name}`", row.holds, kept or in_words(row.after), when, row.why, row.by.chinese, "，".join(days) or "—"]


def _line(cells: list[str] | tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    PAGE.write_text(page())
