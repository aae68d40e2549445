"""An owner whose log is ahead of it (a restored database) takes in what the log still knows.

Where the events of an aggregate tell its whole state, the state is taken from the log, at the log's version. Where they do
not, what the owner has wins: its version goes above the log's, and it publishes itself there, so that no version ever stands
for two contents. What the log knows and the owner has nothing of and cannot make is lost: a tombstone keeps its version, and
its readers are told that it is gone. What is published so has the action `restore`; nobody is told of it as news.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from shared.aggregates import published
from shared.aggregates.decisions import RESTORE, SYSTEM
from shared.aggregates.stored_state import StateSchema
from shared.events.envelope import Event, event
from shared.events.payload import Payload
from shared.events.types_of_states import type_of_state
from shared.mongo import Collection, Document, DuplicateKeyError, guarded, literal
from shared.values.clock import now
from shared.values.open_sets import OpenSet

A = TypeVar("A", bound=BaseModel)


@dataclass(frozen=True)
class Told:
    """The events of an aggregate that its owner does not know, in order. `whole`: none is missing between the owner and the
    newest; compaction may have removed some."""

    events: Sequence[Event]
    whole: bool

    @property
    def newest(self) -> Event:
        return self.events[-1]


Take = Callable[[Told, A | None], A | None]
"""The state of an aggregate after what was told, from the state that the owner has, if any. None: the events do not tell the
whole of it."""

Gone = Callable[[Any], Payload]
"""What readers are told of something that nobody has any more, from what they were told last."""


class Outcome(OpenSet):
    """What became of an aggregate."""

    SAME = "same", "已一致"
    TAKEN = "taken", "已从日志取回"
    LIFTED = "lifted", "保留数据库中的内容，版本已升到日志之上"
    LOST = "lost", "内容已丢失，已撤下"
    CONFLICT = "conflict", "与库中另一条数据冲突，未处理"


def takes_nothing(_: Told, __: A | None) -> A | None:
    """The events never tell the whole state."""
    return None


def never_gone(payload: Payload) -> Payload:
    """The whole state can always be made from the events."""
    raise AssertionError(f"{type(payload).__name__} cannot be lost")


@dataclass(frozen=True)
class Adopting(Generic[A]):
    """Of one collection of aggregates."""

    collection: Collection
    schema: StateSchema[A]
    publishes: Callable[[A], Payload]
    take: Take[A]
    gone: Gone

    async def adopt(self, events: Sequence[Event]) -> Outcome:
        """Takes in the events of one aggregate, in order of their versions. Tries again where somebody was faster."""
        newest = events[-1]
        while True:
            document = await self.collection.find_one({"_id": newest.subject})
            known = int(document["version"]) if document else 0
            unknown = [each for each in events if each.version > known]
            if not unknown:
                return Outcome.SAME
            whole = len(unknown) == newest.version - known
            outcome, changed = self._adopted(Told(unknown, whole), document)
            if await self._written(document, {"_id": newest.subject, **changed}):
                return outcome
            if document is None and await self.collection.find_one({"_id": newest.subject}) is None:
                return Outcome.CONFLICT

    def _adopted(self, told: Told, document: Document | None) -> tuple[Outcome, Document]:
        newest = told.newest
        owned, more = self.schema.read(document) if document and "state" in document else (None, {})
        taken = self.take(told, owned)
        state = taken or owned
        revision = {"revision": (document["revision"] if document else 0) + 1}
        if state is None:
            gone = _above(newest, self.gone(newest.data)).to_document()
            above = {"version": newest.version + 1, **revision}
            return Outcome.LOST, {**above, "lost": gone, "outbox": [gone], "waiting": True}
        kept = {**revision, **self.schema.written(state, more), "attempts": (document or {}).get("attempts", [])}
        if taken is not None and self.publishes(taken) == newest.data:
            changed = {"action": newest.action, "actor": newest.actor, "at": newest.time}
            told_so = {"version": newest.version, "changed": changed, "published": published.kept(newest), "outbox": []}
            return Outcome.TAKEN, {**kept, **told_so}
        told_now = _above(newest, self.publishes(state))
        return Outcome.TAKEN if taken else Outcome.LIFTED, {**kept, **_to_be_published(told_now)}

    async def _written(self, before: Document | None, after: Document) -> bool:
        """False where somebody was faster, or another unique index objects."""
        if before is None:
            try:
                await self.collection.insert_one(after)
            except DuplicateKeyError:
                return False
            return True
        # What waits in the outbox goes with it: it stands below the log's version.
        kept = {name: value for name, value in before.items() if name not in ("outbox", "waiting", "state", "lost")}
        unchanged = {"$eq": ["$revision", before["revision"]]}
        pipeline = guarded(unchanged, literal({**kept, **after}))
        return bool((await self.collection.update_one({"_id": after["_id"]}, pipeline)).modified_count)


def _above(newest: Event, payload: Payload) -> Event:
    """What is published above everything that the log has."""
    version, jurisdiction = newest.version + 1, getattr(payload, "jurisdiction", None)
    short = type_of_state(payload, version)
    said = {"jurisdiction": jurisdiction, "action": RESTORE, "actor": SYSTEM}
    return event(short, newest.subject, version, now(), payload, **said)


def _to_be_published(happened: Event) -> Document:
    return {
        "version": happened.version,
        "changed": {"action": happened.action, "actor": happened.actor, "at": happened.time},
        "published": published.kept(happened),
        "outbox": [happened.to_document()],
        "waiting": True,
    }
