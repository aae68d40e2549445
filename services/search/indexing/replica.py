"""Reads the index in an answering process: the last commit of the serving generation, followed as the folder changes.

It never writes. The indexing process of the machine (indexer.py) says in the folder which generation serves; a commit there
shows here as soon as the next look has noticed it.
"""

import asyncio
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

import structlog
import tantivy
from aiokafka import TopicPartition

from services.search.domain.items import TOPICS
from services.search.indexing.answers import Answers
from services.search.indexing.feed import GROUP
from services.search.indexing.folder import Folder, FolderState, Stamp, is_current, number_of, stamp_of
from services.search.indexing.item_index import Position, position_in
from services.search.indexing.schema import SCHEMA
from services.search.problems import INDEX_BUILDING
from shared.aggregates.attempts import Attempt
from shared.events.envelope import Event
from shared.messaging.kafka import Bus
from shared.mongo import Collection, Document
from shared.projections.pointers import Pointer
from shared.projections.read_models import Reading, ReadModelView
from shared.values.problems import Refusal

log = structlog.get_logger(__name__)
T = TypeVar("T")
Answer = Callable[[tantivy.Searcher, datetime | None], T]

NAME = "index"
_LOOK_SECONDS = 0.02
"""The interval at which commits of the other process are looked for. A look costs two file statuses."""
_ANSWERING_THREADS = 2


@dataclass(frozen=True, eq=False)
class Snapshot:
    """The index as of one commit."""

    searcher: tantivy.Searcher
    position: Position


@dataclass
class _Opened:
    """A generation that can be read, and the commit of it that was read last."""

    path: Path
    index: tantivy.Index
    commit: Stamp | None
    snapshot: Snapshot


@dataclass
class ReplicaIndex:
    """The index for queries. Operators see it as the read model `index`, and rebuild it like any other."""

    bus: Bus
    pointers: Collection
    folder: Folder
    topics: tuple[str, ...] = TOPICS
    answers: Answers = field(default_factory=Answers)
    _serving: _Opened | None = None
    _state: FolderState = field(default_factory=FolderState)
    _stamp: Stamp | None = None
    _unreadable: str | None = None
    """The generation that is said to serve and cannot be read by this code; it is not tried again until another is said."""
    _answering: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(_ANSWERING_THREADS, thread_name_prefix="answering")
    )

    @property
    def snapshot(self) -> Snapshot:
        """The index as it is now; refused with `index_building` before the first is complete."""
        if self._serving is None:
            raise Refusal(INDEX_BUILDING)
        return self._serving.snapshot

    async def ask(self, answer: Answer[T]) -> T:
        """The answer from the index as it is now, found in a thread."""
        snapshot = self.snapshot
        return await asyncio.get_running_loop().run_in_executor(
            self._answering, lambda: answer(snapshot.searcher, snapshot.position.as_of)
        )

    async def ask_per_commit(self, key: Hashable, answer: Answer[T]) -> T:
        """The same for an answer whose cost grows with the index: made once for each commit (answers.py)."""
        return await self.answers.get(self.snapshot, key, lambda: self.ask(answer))

    def check(self) -> str:
        """For readiness: how far the first index is while there is none to answer from."""
        if self._serving:
            return "ok"
        progress = self._state.progress
        if self._state.waits:
            return f"waiting, {self._state.waits}"
        return "waiting for search-worker" if progress is None else f"building, {progress:.0%}"

    @property
    def group(self) -> str:
        return GROUP

    @property
    def consumers(self) -> Sequence[Reading]:
        return ()

    async def lag(self) -> dict[TopicPartition, int]:
        """Records that the commit at hand does not hold yet, by partition; empty before there is one."""
        if self._serving is None:
            return {}
        offsets = self._serving.snapshot.position.offsets
        prefix = self.bus.settings.prefix
        ends = await self.bus.end_offsets(*self.topics)
        read = {each: offsets.get(f"{each.topic.removeprefix(prefix)}/{each.partition}", 0) for each in ends}
        return {each: max(0, end - read[each]) for each, end in ends.items()}

    async def locate(self) -> None:
        """Answers at once from what is in the folder, if the indexing process has left something."""
        await self._look()

    async def start(self) -> None:
        """Nothing more: it reads no topic."""
        await self.locate()

    async def run(self) -> None:
        """Follows the folder, until cancelled."""
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            await self._look()

    async def stop(self) -> None:
        """Closes the index."""
        self._serving = None

    @property
    def pointer(self) -> Pointer:
        return pointer_of(self.pointers)

    async def rebuild(self, attempt: Attempt, *, force: bool = False) -> tuple[ReadModelView, bool]:
        """Wants a new generation, on every machine. While this one is still on its way to the wanted one, that goes on.

        With `force` it takes over once it is complete, whatever it holds. With the index as it is now comes whether the
        attempt had been made before; then nothing more is wanted.
        """
        replayed = await self.pointer.change(partial(self._next_wanted, force=force), attempt)
        return await self.describe(), replayed

    async def read_again(self, _: Sequence[Event]) -> None:
        """Replays what the index could not take: a new generation reads it from the log, on every machine.

        Whether that can take it shows later; if not, it is parked again, and that opens the letter again.
        """
        await self.pointer.change(self._next_wanted)

    def _next_wanted(self, pointer: Document, *, force: bool = False) -> Document:
        wanted = pointer["generation"] + (self._generation == pointer["generation"])
        return {"generation": wanted, **({"forced": wanted} if force else {})}

    async def describe(self) -> ReadModelView:
        """The view for operators, of this machine. Its cost does not depend on the size of the index."""
        wanted = int((await self.pointer.read())["generation"])
        serving, state = self._serving, self._state
        return ReadModelView(
            name=NAME,
            documents=serving.snapshot.searcher.num_docs - 1 if serving else 0,
            as_of=serving.snapshot.position.as_of if serving else None,
            rebuilding=state.building is not None or self._generation != wanted,
            progress=state.progress,
            generation=number_of(serving.path.name) if serving else None,
            waits=state.waits,
        )

    @property
    def _generation(self) -> int | None:
        """The generation that answers, unless it is one of another tokenizer, which is being replaced."""
        serving = self._serving
        return number_of(serving.path.name) if serving and is_current(serving.path.name) else None

    async def _look(self) -> None:
        stamp = self.folder.stamp()
        serving = self._serving
        if stamp != self._stamp:
            self._state, self._stamp = await asyncio.to_thread(self.folder.state), stamp
        name = self._state.serving
        if name and name != self._unreadable and (serving is None or serving.path.name != name):
            opened = await asyncio.to_thread(_opened, self.folder.path / name)
            self._serving, self._unreadable = opened or serving, None if opened else name
        elif serving and stamp_of(serving.path / "meta.json") not in (serving.commit, None):
            await asyncio.to_thread(_reload, serving)


def pointer_of(pointers: Collection) -> Pointer:
    """`generation` is the one that every machine is to have; `forced` the one that takes over whatever it holds."""
    return Pointer(pointers, NAME, {"generation": 1})


def _opened(path: Path) -> _Opened | None:
    """The generation in this folder; None for one of other fields, which only code of its own version can read."""
    commit = stamp_of(path / "meta.json")
    if commit is None:  # tantivy would make an empty index there
        return None
    try:
        index = tantivy.Index(SCHEMA, path=str(path))
    except (ValueError, OSError) as error:
        log.warning("index.unreadable", folder=path.name, error=repr(error)[:300])
        return None
    index.config_reader("manual")
    index.reload()
    snapshot = _snapshot(index)
    return _Opened(path, index, commit, snapshot) if snapshot.position.complete else None


def _reload(opened: _Opened) -> None:
    """Goes to the newest commit. A generation that was removed meanwhile, or is built anew in its place, goes on
    answering as it was until what stands there is complete."""
    opened.commit = stamp_of(opened.path / "meta.json")
    try:
        opened.index.reload()
    except (ValueError, OSError) as error:
        log.warning("index.not_reloaded", folder=opened.path.name, error=repr(error)[:300])
        return
    snapshot = _snapshot(opened.index)
    if snapshot.position.complete:
        opened.snapshot = snapshot


def _snapshot(index: tantivy.Index) -> Snapshot:
    searcher = index.searcher()
    return Snapshot(searcher, position_in(searcher))
