"""Everything that sync keeps, room by room."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol, TypeVar

from pydantic import BaseModel

from services.sync.applying.receipts import KEPT, Receipts
from services.sync.applying.withdrawals import Withdrawals
from services.sync.intake import batch
from services.sync.intake.agent import Agent
from services.sync.intake.batch import Batch
from services.sync.intake.store import Intake
from services.sync.objections import objection
from services.sync.objections.objection import Objection
from services.sync.objections.store import Objections
from services.sync.organizations.joined import JoinedCode
from services.sync.organizations.store import Joined
from services.sync.records import lapses
from services.sync.records.confirmed_codes import ConfirmedCode, confirmed
from services.sync.records.current import Records
from services.sync.records.freshness import Lists
from services.sync.records.history import History
from services.sync.records.lapses import Lapse, Lapses
from services.sync.records.portals import Portal
from services.sync.records.rhythms import Rhythm
from services.sync.records.versions import KEPT as VERSIONS_KEPT
from services.sync.records.versions import Versions
from shared.aggregates.adopting import Take, takes_nothing
from shared.aggregates.aggregates import Aggregates, not_published
from shared.events.envelope import Event
from shared.events.payload import Payload
from shared.events.sync import BatchState, RecordState
from shared.mongo import Database
from shared.values.jurisdictions import Jurisdiction

A = TypeVar("A", bound=BaseModel)


class Make(Protocol):
    """Makes the aggregates of a collection, as `Service.aggregates` does."""

    def __call__(
        self,
        collection: str,
        model: type[A],
        publishes: Callable[[A], Payload],
        *,
        take: Take[A] = takes_nothing,
    ) -> Aggregates[A]: ...


@dataclass(frozen=True)
class Store:
    """The stores of all rooms."""

    intake: Intake
    receipts: Receipts
    records: Records
    lists: Lists
    withdrawals: Withdrawals
    codes: Aggregates[ConfirmedCode]
    portals: Aggregates[Portal]
    rhythms: Aggregates[Rhythm]
    lapses: Lapses
    objections: Objections
    joined: Joined
    history: History

    @classmethod
    def of(
        cls,
        database: Database,
        make: Make,
        receipts_kept: timedelta = KEPT,
        versions_kept: timedelta = VERSIONS_KEPT,
    ) -> "Store":
        """The collections of the service's database."""
        agents = make("agents", Agent, not_published)
        batches = make("batches", Batch, batch.published, take=batch.taken_from_log)
        rhythms = make("rhythms", Rhythm, not_published)
        records = Records(database["records"], Versions(database["record_versions"]))
        lists = Lists(database["lists"])
        return cls(
            Intake.of(database, agents, batches),
            Receipts(database["receipt_chunks"], database["receipt_progress"], receipts_kept),
            records,
            lists,
            Withdrawals(database["withdrawals"], records),
            make("confirmed_codes", ConfirmedCode, not_published),
            make("portals", Portal, not_published),
            rhythms,
            Lapses(make("lapses", Lapse, lapses.published, take=lapses.taken_from_log), lists, rhythms),
            Objections(make("objections", Objection, objection.published, take=objection.taken_from_log)),
            Joined(make("joined_codes", JoinedCode, not_published), records.collection),
            History(records, batches, versions_kept),
        )

    async def prepare(self) -> None:
        """Makes the indexes, and gives positions to what older versions of this code wrote."""
        await self.intake.prepare()
        await self.receipts.prepare()
        await self.records.prepare()
        await self.objections.prepare()
        await self.joined.prepare()
        for list_ in await self.lists.all():
            await self.records.number(list_["_id"])

    async def confirmed(self, among: Iterable[str]) -> set[str]:
        """Those of these credit codes that an operator has confirmed."""
        return await confirmed(self.codes, among)

    async def go_on_above(self, events: Sequence[Event]) -> None:
        """After a log that was ahead of a restored database was taken in: places go on above those that it names, and its
        lists are counted anew."""
        last: dict[Jurisdiction, int] = defaultdict(int)
        newest: dict[str, int] = defaultdict(int)
        for event in events:
            if isinstance(event.data, RecordState):
                list_ = f"{event.data.jurisdiction}/{event.data.kind}"
                newest[list_] = max(newest[list_], event.version)
                last[event.data.jurisdiction] = max(last[event.data.jurisdiction], event.version)
            elif isinstance(event.data, BatchState) and event.data.seq is not None:
                last[event.data.jurisdiction] = max(last[event.data.jurisdiction], event.data.seq)
        for jurisdiction, seq in last.items():
            await self.intake.places.go_on_above(jurisdiction, seq)
        for list_, seq in newest.items():
            await self.records.number(list_)
            await self.lists.correct(list_, await self.records.count(list_), seq)
