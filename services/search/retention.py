"""How long search keeps what (docs/retention.md)."""

from shared.events.topics import TOPICS
from shared.values.retention import Settled, bounded, by_task

_TOPIC = TOPICS["huning.saved-search-hits"].kept.after
assert _TOPIC is not None

RETENTION = {
    "saved_searches": by_task(
        "订阅；未取消的一直保留，每人至多 100 条",
        "取消后只为重复的请求保留片刻（《个人信息保护法》第十九条：保存期限为必要的最短时间）",
        "取消时",
        30,
        Settled("changed.at", {"state.removed": True}),
        least=1,
    ),
    "saved_search_hits": by_task(
        "订阅命中了什么",
        "已通知完毕；30 天前的事不再产生命中，故删除后不会重复通知",
        "命中时",
        90,
        Settled("changed.at"),
        least=_TOPIC.days,
    ),
    "counters": bounded("订阅变更的次数", "只有一条"),
    "index_pointers": bounded("全文索引的指针", "每台机器一条"),
}
