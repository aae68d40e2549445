"""How long every service keeps what every service has, and the times that operators chose for the rest."""

from collections.abc import Mapping

from shared.values.retention import Retention, Settled, bounded, by_task, chosen_days, for_ever, with_days

OF_EVERY_SERVICE: Mapping[str, Retention] = {
    "audit": for_ever(
        "审计记录（哈希链）", "《网络安全法》第二十一条：日志留存不少于六个月（183 天）；删去任何一条，链就断了"
    ),
    "audit_acts": bounded("尚未写入审计链的操作", "写入审计链后即删除，至多滞留一分钟"),
    "audit_hints": bounded("审计链末端的位置", "只有一条"),
    "consumer_marks": by_task(
        "正在处理的消息的标记，用于找出使进程崩溃的消息",
        "处理完即删除；进程没有回来时由任务清理",
        "写入时",
        30,
        Settled("at"),
        least=7,
    ),
    "dead_letters": by_task(
        "无法处理的消息及原因；未处理的一直保留，数量由告警控制",
        "已重放或已搁置的只供追溯；比死信主题保留得久，主题重读时不会再次出现",
        "处理时",
        90,
        Settled("settled_at", {"status": "replayed"}),
        Settled("settled_at", {"status": "discarded"}),
        least=75,
    ),
    "log_comparisons": bounded("各主题最近一次与数据库核对的结果", "每个主题一条"),
    "read_models": bounded("读模型的指针和计数", "每个读模型几条"),
    "republications": bounded("重新发布的进度", "每个主题一条"),
}

OF_A_READ_MODEL = bounded(
    "读模型：他人数据的副本，只含所有者已发布的内容", "随时可由日志重建；所有者发布删除时随之删除，重建后旧的一代被删除"
)


def read_model_row(name: str) -> str:
    """The name of the row for all generations of a read model."""
    return f"{name}.g*"


def rows_of(service: str, own: Mapping[str, Retention], keep_days: str) -> dict[str, Retention]:
    """Each collection of the service with its row, in which stands the time that operators chose. ValueError for a choice
    that is none."""
    rows = {**OF_EVERY_SERVICE, **own}
    for name, days in chosen_days(keep_days).items():
        of, _, collection = name.partition(".")
        if of != service:
            continue
        if collection not in rows:
            raise ValueError(f"HUNING_KEEP_DAYS：没有 {name}，见 docs/retention.md")
        rows[collection] = with_days(name, rows[collection], days)
    return rows
