"""The ledger of deliveries (law 5), by what its rows wait for, and what each sender makes of WeChat."""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from heapq import merge

from services.notifications.sending.delivery import LEASE, Delivery
from services.notifications.sending.gate import Doubt
from shared.access.checking import Caller, cities_listed
from shared.aggregates.aggregates import Aggregates
from shared.mongo import Collection, Document, IndexModel

_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
_COUNTED = 10_000
"""Whether more are unknown makes no difference to anybody, and a long count would cost everybody."""
_HEARD_WITHIN = timedelta(days=1)
"""WeChat says how a send ended within minutes; the two clocks may differ."""


@dataclass(frozen=True)
class Ledger:
    """The deliveries, by what they wait for."""

    rows: Aggregates[Delivery]

    async def prepare(self) -> None:
        await self.rows.collection.create_indexes(
            [
                IndexModel([("state.status", 1), ("state.due_at", 1)]),
                IndexModel([("state.status", 1), ("state.bulk", 1), ("state.due_at", 1)]),
                IndexModel("state.awaits", sparse=True),
                IndexModel("state.msgid", sparse=True),
                *(
                    IndexModel([("state.sealed", 1), *((name, 1) for name in filtered), ("state.position", 1)])
                    for filtered in _LISTED_BY
                ),
            ]
        )

    async def due(self, at: datetime, limit: int, *, bulk: bool) -> list[Delivery]:
        """Pending, and their time has come. Those of bulk messages are asked for apart, so that they hide no others."""
        due_at = {"$gte": _EARLIEST, "$lte": at}
        # None: rows of versions that did not know bulk messages.
        asked = True if bulk else {"$in": [False, None]}
        return await self._where({"state.status": "pending", "state.bulk": asked, "state.due_at": due_at}, limit)

    async def abandoned(self, at: datetime) -> list[Delivery]:
        """Sending, and their lease is over."""
        return await self._where({"state.status": "sending", "state.due_at": {"$gte": _EARLIEST, "$lte": at}})

    async def under_way(self) -> list[Delivery]:
        return await self._where({"state.status": "sending"})

    async def awaiting(self, name: str) -> list[Delivery]:
        """What waits for the person of this everyday name."""
        return await self._where({"state.awaits": name})

    async def with_msgid(self, msgid: int) -> Delivery | None:
        found = await self._where({"state.msgid": msgid}, 1)
        return found[0] if found else None

    async def open_around(self, at: datetime) -> list[Delivery]:
        """What WeChat was given about that time and is not settled, to whomever it went.

        By time and not by recipient: rows about sealed claims have no name in common with anything else of the person.
        """
        started = {"$gte": at - _HEARD_WITHIN + LEASE, "$lte": at + _HEARD_WITHIN + LEASE}
        return [
            row
            for status in ("sending", "unknown")
            for row in await self._where({"state.status": status, "state.due_at": started})
        ]

    async def count(self, status: str) -> int:
        """How many have this status; at most 10,000 are counted."""
        return int(await self.rows.collection.count_documents({"state.status": status}, limit=_COUNTED))

    async def page(self, caller: Caller, status: str | None, before: str | None, limit: int) -> list[Delivery]:
        """Those that the caller may see, the newest first; rows about sealed claims are never among them.

        Each city is read by its own index, so that the page costs the same whatever the ledger holds.
        """
        wanted: Document = {"state.sealed": False, **({"state.status": status} if status else {})}
        cities = cities_listed("notifications.list-deliveries", caller)
        if cities is None:
            return await self._newest(wanted, before, limit)
        pages = [await self._newest({**wanted, "state.jurisdiction": city}, before, limit) for city in sorted(cities)]
        return list(merge(*pages, key=lambda row: row.position, reverse=True))[:limit]

    async def _newest(self, wanted: Document, before: str | None, limit: int) -> list[Delivery]:
        query = {**wanted, "state.position": {"$gte": "", "$lt": before or "~"}}
        return [each.state for each in await self.rows.where(query, limit=limit, sort=[("state.position", -1)])]

    async def _where(self, query: Document, limit: int = 0) -> list[Delivery]:
        return [each.state for each in await self.rows.where(query, limit=limit)]


_LISTED_BY = (
    (),
    ("state.status",),
    ("state.jurisdiction",),
    ("state.jurisdiction", "state.status"),
)
"""What an operator's list is filtered by; each has its index."""


@dataclass(frozen=True)
class SenderState:
    """How the sender of a process is, since when: it doubts WeChat, or sends."""

    process: str
    since: datetime
    doubt: Doubt | None


@dataclass(frozen=True)
class Senders:
    """One document for each process that sends."""

    collection: Collection

    async def say(self, process: str, doubt: Doubt | None, at: datetime) -> None:
        """`at` is when a sender without doubt began to send."""
        state = {"since": doubt.since if doubt else at, "doubt": asdict(doubt) if doubt else None}
        await self.collection.update_one({"_id": process}, {"$set": state}, upsert=True)

    async def doubt_of(self, process: str) -> Doubt | None:
        """What the process before this one left off with."""
        found = await self.collection.find_one({"_id": process})
        return _state(found).doubt if found else None

    async def all(self) -> list[SenderState]:
        """By the names of the processes."""
        return [_state(each) async for each in self.collection.find({}).sort("_id", 1)]


def _state(document: Document) -> SenderState:
    doubt = Doubt(**document["doubt"]) if document["doubt"] else None
    return SenderState(document["_id"], document["since"], doubt)
