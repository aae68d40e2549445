"""The topics, declared once: `huning topics apply` creates them and keeps their settings, AsyncAPI names them.

State topics are compacted and keep the newest event of every aggregate for ever, so any read model can be rebuilt. Where the
keys are always new, such as those of deliveries, that would be every aggregate there ever was: such a topic is compacted and
goes by time as well, and no reader needs what is older (decision 42). Work topics go by time alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from shared.values.jurisdictions import Jurisdiction
from shared.values.retention import By, Retention, with_days

_PREFIX = "huning."
_LAG_DAYS = 30
"""An event stays at least so long, even if a newer one of its aggregate is there."""
_REBUILT = "读模型随时由此重建；只留每个对象的最新事件（压缩）"


def _for_ever(holds: str, why: str = _REBUILT) -> Retention:
    return Retention(holds, why, By.BROKER)


def _days(holds: str, days: int, least: int, why: str) -> Retention:
    return Retention(holds, why, By.BROKER, timedelta(days=days), "写入时", timedelta(days=least))


def _shorter_than_its_owner(kept: Retention) -> Retention:
    """Not to be kept for longer: its owner, or who keeps what is sent by it, removes what it had long ago."""
    return replace(kept, most=kept.after)


@dataclass(frozen=True)
class Topic:
    """A reviewed row: name, content, owner, how long it is kept, partitions and cleanup.

    `collection` is the owner's, whose documents hold the same aggregates: what `huning log compare` compares.
    """

    name: str
    holds: str
    producer: str
    kept: Retention
    collection: str | None = None
    partitions: int = 8
    compacted: bool = True
    audited: bool = False
    """Whether its events enter the audit trail: they tell of what people did, and not of what followed by itself."""
    per_jurisdiction: bool = False
    """The partition is the jurisdiction's place in the enumeration, not a hash of the key."""

    @property
    def config(self) -> dict[str, str]:
        """The broker's settings for this topic, where no operator has chosen another time."""
        return self.config_for(self.kept.after)

    def config_for(self, after: timedelta | None) -> dict[str, str]:
        """The same, kept for this long."""
        policies = (["compact"] if self.compacted else []) + (["delete"] if after else [])
        config = {"cleanup.policy": ",".join(policies)}
        if self.compacted:
            config["min.compaction.lag.ms"] = _milliseconds(timedelta(days=_LAG_DAYS))
        if after:
            config["retention.ms"] = _milliseconds(after)
        return config


def _milliseconds(time: timedelta) -> str:
    return str(int(time.total_seconds() * 1000))


TOPICS: dict[str, Topic] = {
    topic.name: topic
    for topic in (
        Topic(
            "huning.users",
            "users with their roles",
            "accounts",
            _for_ever("用户及其角色"),
            "users",
            audited=True,
        ),
        Topic(
            "huning.organizations",
            "organisations and whether they are verified",
            "accounts",
            _for_ever("单位及其认证状态"),
            "organizations",
            audited=True,
        ),
        Topic(
            "huning.challenges",
            "challenges 榜单 as the public may see them",
            "challenges",
            _for_ever("榜单的公开内容"),
            "challenges",
            audited=True,
        ),
        Topic(
            "huning.claims",
            "claims 揭榜: id and hash, nothing of the content",
            "challenges",
            _for_ever("揭榜的编号和哈希，不含内容"),
            "claims",
            audited=True,
        ),
        Topic(
            "huning.records",
            "city records of the three lists",
            "sync",
            _for_ever("各市三张清单的记录"),
            "records",
        ),
        Topic(
            "huning.batches",
            "city batches and their receipts",
            "sync",
            _days("各市批次的进展", 365, 30, "每批都是新键；批次本身长期留在数据库，没有读模型需要更早的事件"),
            "batches",
            audited=True,
        ),
        Topic(
            "huning.objections",
            "objections 数据异议 to the cities' records, without what was said",
            "sync",
            _shorter_than_its_owner(
                _days("数据异议的提出与答复，不含异议内容", 60, 30, "每件都是新键；7 天以前的事不再通知任何人")
            ),
            "objections",
            audited=True,
        ),
        Topic(
            "huning.lists",
            "which lists of the cities are stale",
            "sync",
            _for_ever("各市清单是否断更", "每张清单一个键，数量固定（压缩）"),
            "lapses",
        ),
        Topic(
            "huning.saved-search-hits",
            "saved searches with what is new and fits them",
            "search",
            _shorter_than_its_owner(_days("订阅的新命中", 60, 30, "每次命中都是新键；7 天以前的命中不再通知任何人")),
            "saved_search_hits",
        ),
        Topic(
            "huning.deliveries",
            "the ledger of WeChat sends",
            "notifications",
            _shorter_than_its_owner(
                _days("微信投递的结果", 60, 30, "每次投递都是新键；没有读者，恢复旧备份时据此得知哪些已发出")
            ),
            "deliveries",
        ),
        Topic(
            "huning.publications",
            "which log an owner has published everything to, by topic",
            "every service",
            _for_ever("各主题重新发布的完成情况", "每个主题一个键，数量固定（压缩）"),
            partitions=1,
        ),
        Topic(
            "huning.intake",
            "orders to go on with a batch; one partition per jurisdiction, so that a big city delays no other",
            "sync",
            _days("处理批次的指令", 7, 1, "指令丢失后由服务自行补发"),
            partitions=len(Jurisdiction),
            compacted=False,
            per_jurisdiction=True,
        ),
        Topic(
            "huning.dead-letters",
            "messages that could not be handled, with the reason",
            "every service",
            _shorter_than_its_owner(
                _days("送往各服务的死信", 60, 7, "各服务收到后存入自己的数据库；服务停机更久才会错过")
            ),
            compacted=False,
        ),
    )
}


def topic_of(service: str, collection: str) -> Topic | None:
    """The topic with the aggregates of a collection; None for a collection that nobody else hears of."""
    owned = (each for each in TOPICS.values() if (each.producer, each.collection) == (service, collection))
    return next(owned, None)


def topics_kept(chosen: Mapping[str, int]) -> dict[str, Retention]:
    """How long each topic is kept, with the days that operators chose. ValueError for a choice that is none."""
    named = {name: days for name, days in chosen.items() if name.startswith(_PREFIX)}
    if unknown := sorted(named.keys() - TOPICS.keys()):
        raise ValueError(f"HUNING_KEEP_DAYS：没有主题 {unknown[0]}")
    return {
        name: with_days(name, topic.kept, named[name]) if name in named else topic.kept
        for name, topic in TOPICS.items()
    }
