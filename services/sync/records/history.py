"""What a record was: its states one by one, and as it stood at an instant. By the instants at which others could see them.

A record that stands is everybody's, and so is what it was, but for whom to ask: that its city may have had reasons to change.
A record that was withdrawn is shown to those who follow the cities' changes, for they are told of the withdrawal.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.sync import problems as ours
from services.sync.intake.batch import Batch
from services.sync.records import views
from services.sync.records.current import Records
from services.sync.records.record import StoredRecord
from services.sync.records.versions import KEPT
from shared.access.checking import Caller, Facts, allows
from shared.aggregates.aggregates import Aggregates
from shared.http.paging import Page, bad_cursor, decode, encode
from shared.values import problems
from shared.values.clock import Clock, now
from shared.values.problems import Refusal


@dataclass(frozen=True)
class History:
    """`kept` is how long a state is kept after it was overwritten."""

    records: Records
    batches: Aggregates[Batch]
    kept: timedelta = KEPT
    clock: Clock = now

    async def states(self, caller: Caller, record: str, limit: int, cursor: str | None) -> Page[views.VersionView]:
        """All states that are kept, newest first; the first is the one that stands."""
        standing = await self._seen(caller, record)
        below = _version(cursor)
        found = [standing] if below is None else []
        version = standing.version if below is None else below
        found += await self.records.versions.before(record, version, limit + 1 - len(found))
        page = found[:limit]
        shown = await self._shown(caller, standing, page)
        return Page(items=shown, next_cursor=encode(page[-1].version) if len(found) > limit else None)

    async def at(self, caller: Caller, record: str, at: datetime) -> views.VersionView:
        """The record as others could see it then; 404 where they could not, 410 where that is not known any more."""
        standing = await self._seen(caller, record)
        state = standing if standing.seen_at <= at else await self.records.versions.at(record, at)
        if state is None:
            first = await self.records.versions.oldest(record) or standing
            if first.verdict == "added" and self.clock() - at < self.kept:
                raise Refusal(problems.NOT_FOUND)
            raise Refusal(ours.HISTORY_GONE, days=self.kept.days)
        if state.state.deleted:
            raise Refusal(problems.NOT_FOUND)
        (shown,) = await self._shown(caller, standing, [state])
        return shown

    async def _seen(self, caller: Caller, record: str) -> StoredRecord:
        standing = await self.records.find(record)
        if standing is None or (standing.state.deleted and not _follows(caller)):
            raise Refusal(problems.NOT_FOUND)
        return standing

    async def _shown(
        self, caller: Caller, standing: StoredRecord, states: Iterable[StoredRecord]
    ) -> list[views.VersionView]:
        states = list(states)
        ids = list({each.state.batch_id for each in states})
        known = {each.state.id: each.state for each in await self.batches.where({"_id": {"$in": ids}})}
        sees_people = allows("sync.show-batch", caller, Facts(jurisdiction=standing.state.jurisdiction))
        shown = []
        for each in states:
            as_told = each if each.version == standing.version or _follows(caller) else _without_contact(each)
            shown.append(views.version_view(as_told, known.get(each.state.batch_id), approver=sees_people))
        return shown


def _follows(caller: Caller) -> bool:
    return allows("sync.list-changes", caller, Facts())


def _without_contact(record: StoredRecord) -> StoredRecord:
    state = record.state.model_copy(update={"contact": None})
    return StoredRecord(record.version, record.verdict, record.digest, None, state, record.row, record.at)


def _version(cursor: str | None) -> int | None:
    match decode(cursor):
        case None:
            return None
        case int(version):
            return version
    raise bad_cursor()
