"""The topics, declared once: `huning topics apply` creates them, AsyncAPI names them.

State topics are compacted and keep the newest event of every aggregate for ever, so any read model can be rebuilt;
work topics go by time.
"""

from dataclasses import dataclass

from shared.values.jurisdictions import Jurisdiction

_DAY_MS = 24 * 60 * 60 * 1000


@dataclass(frozen=True)
class Topic:
    """A reviewed row: name, content, owner, partitions and cleanup.

    `collection` is the owner's, whose documents hold the same aggregates: what `huning log compare` compares.
    """

    name: str
    holds: str
    producer: str
    collection: str | None = None
    partitions: int = 8
    compacted: bool = True
    retention_days: int | None = None
    audited: bool = False
    """Whether its events enter the audit trail: they tell of what people did, and not of what followed by itself."""
    per_jurisdiction: bool = False
    """The partition is the jurisdiction's place in the enumeration, not a hash of the key."""

    @property
    def config(self) -> dict[str, str]:
        """The broker's settings for this topic."""
        if self.compacted:
            return {"cleanup.policy": "compact", "min.compaction.lag.ms": str(30 * _DAY_MS)}
        return {"cleanup.policy": "delete", "retention.ms": str((self.retention_days or 30) * _DAY_MS)}


TOPICS: dict[str, Topic] = {
    topic.name: topic
    for topic in (
        Topic("huning.users", "users with their roles", "accounts", "users", audited=True),
        Topic(
            "huning.organizations",
            "organisations and whether they are verified",
            "accounts",
            "organizations",
            audited=True,
        ),
        Topic(
            "huning.challenges", "challenges 榜单 as the public may see them", "challenges", "challenges", audited=True
        ),
        Topic(
            "huning.claims", "claims 揭榜: id and hash, nothing of the content", "challenges", "claims", audited=True
        ),
        Topic("huning.records", "city records of the three lists", "sync", "records"),
        Topic("huning.batches", "city batches and their receipts", "sync", "batches", audited=True),
        Topic(
            "huning.saved-search-hits", "saved searches with what is new and fits them", "search", "saved_search_hits"
        ),
        Topic("huning.deliveries", "the ledger of WeChat sends", "notifications", "deliveries"),
        Topic(
            "huning.publications",
            "which log an owner has published everything to, by topic",
            "every service",
            partitions=1,
        ),
        Topic(
            "huning.intake",
            "orders to go on with a batch; one partition per jurisdiction, so that a big city delays no other",
            "sync",
            partitions=len(Jurisdiction),
            compacted=False,
            retention_days=7,
            per_jurisdiction=True,
        ),
        Topic(
            "huning.dead-letters",
            "messages that could not be handled, with the reason",
            "every service",
            compacted=False,
            retention_days=90,
        ),
    )
}


def topic_of(service: str, collection: str) -> Topic | None:
    """The topic with the aggregates of a collection; None for a collection that nobody else hears of."""
    owned = (each for each in TOPICS.values() if (each.producer, each.collection) == (service, collection))
    return next(owned, None)
