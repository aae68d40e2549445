"""How long notifications keeps what (docs/retention.md)."""

from services.notifications.composing.store import KEPT as NOTICES_KEPT
from services.notifications.consents.store import KEPT as EARLY_ANSWERS_KEPT
from shared.events.topics import TOPICS
from shared.values.retention import Settled, bounded, by_index, by_task

_TOPIC = TOPICS["huning.deliveries"].kept.after
assert _TOPIC is not None

RETENTION = {
    "inbox": by_task(
        "每人的站内信，加密，不可关联到人；到期后内容删除，只留编号",
        "告知的目的早已达到（《个人信息保护法》第十九条）；7 天前的事不再通知任何人，故删除后不会再次出现",
        "写入的那个月结束时",
        365,
        Settled("month", leaves_id=True),
        least=30,
    ),
    "readers": bounded("每人读到哪里", "每人一条，随账户保留"),
    "preferences": bounded("每人的通知设置", "每人一条，随账户保留"),
    "sealed_consents": bounded(
        "每人对每个微信模板的同意，加密", "每人每模板一条；《个人信息保护法》第十四条：须能证明取得同意"
    ),
    "deliveries": by_task(
        "微信投递账本；未了结的一直保留",
        "已了结的只供查询（《个人信息保护法》第十九条）；7 天前的事不再通知任何人，故删除后不会重复发送",
        "了结时；结果未知的，自最后一次变动",
        365,
        Settled("state.settled_at"),
        Settled("changed.at", {"state.status": "unknown"}),
        least=_TOPIC.days,
    ),
    "notices": by_index("或许还要告诉谁的事件", "7 天前的事不再通知任何人", "事件发生时", NOTICES_KEPT, "at"),
    "early_answers": by_index("微信先于账户到达的订阅回答", "账户迟迟不到即作废", "回答时", EARLY_ANSWERS_KEPT, "at"),
    "console": bounded("小程序后台的模板", "每个模板一条"),
    "dead_openids": bounded("微信已不认识的身份（盲索引）", "每人至多一条；否则会反复向微信发送"),
    "senders": bounded("各发送进程是否暂停", "每个进程一条"),
}
