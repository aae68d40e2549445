"""This replica's index through its generations: one serves, the next is built beside it and takes over when it has caught up.

Which generation is wanted stands in MongoDB, so that a rebuild that one replica was asked for is done by all. Folders are
`<generation>-<schema version>`: after a change of tokenizer, dictionary or schema no folder fits, and a new one is built.
"""

import asyncio
import shutil
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import structlog
import tantivy

from services.search.domain.items import TOPICS
from services.search.indexing.feed import Feed
from services.search.indexing.item_index import ItemIndex
from services.search.indexing.schema import SCHEMA_VERSION
from services.search.problems import INDEX_BUILDING
from shared.aggregates.attempts import Attempt
from shared.events.envelope import Event
from shared.messaging.kafka import Bus
from shared.messaging.parking import Parking
from shared.mongo import Collection, Document, MongoFault
from shared.projections.pointers import Pointer
from shared.projections.read_models import Reading, ReadModelView
from shared.values.problems import Refusal

log = structlog.get_logger(__name__)
T = TypeVar("T")

NAME = "index"
_FOLLOW_SECONDS = 0.3
_ANSWERING_THREADS = 2


@dataclass
class _Generation:
    number: int
    index: ItemIndex
    feed: Feed
    task: asyncio.Task[None]


@dataclass
class ReplicaIndex:
    """What queries are answered from. A read model to operators: listed as `index`, rebuilt like the others."""

    bus: Bus
    parking: Parking
    pointers: Collection
    folder: Path
    topics: tuple[str, ...] = TOPICS
    _serving: _Generation | None = None
    _building: _Generation | None = None
    _answering: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(_ANSWERING_THREADS, thread_name_prefix="answering")
    )

    async def ask(self, answer: Callable[[tantivy.Searcher, datetime | None], T]) -> T:
        """The answer from the index as it is now, found in a thread; 503 `index_building` before the first is complete."""
        if self._serving is None:
            raise Refusal(INDEX_BUILDING)
        index = self._serving.index
        return await asyncio.get_running_loop().run_in_executor(
            self._answering, lambda: answer(index.searcher(), index.position.as_of)
        )

    def check(self) -> str:
        """For readiness."""
        return "ok" if self._serving else "building"

    @property
    def consumers(self) -> Sequence[Reading]:
        return [each.feed for each in (self._serving,) if each]

    async def start(self) -> None:
        """Serves the newest complete generation in the folder at once, if there is one, and continues what is wanted."""
        for number in await asyncio.to_thread(self._kept):
            index = await asyncio.to_thread(_opened, self._path(number))
            if index and index.position.complete:
                self._serving = self._fed(number, index)
                break
        await self._follow()

    async def run(self) -> None:
        """Follows what is wanted, until cancelled."""
        while True:
            await asyncio.sleep(_FOLLOW_SECONDS)
            try:
                await self._replace_broken()
                await self._follow()
            except MongoFault as error:
                log.warning("index.waiting", error=repr(error)[:300])

    async def stop(self) -> None:
        """Ends feeding; the next start goes on from the positions in the indexes."""
        for each in (self._serving, self._building):
            if each:
                await _ended(each)
        self._serving = self._building = None

    @property
    def pointer(self) -> Pointer:
        return Pointer(self.pointers, NAME, {"generation": 1})

    async def rebuild(self, attempt: Attempt) -> tuple[ReadModelView, bool]:
        """Wants a new generation, on every replica. While this one is still on its way to the wanted one, that goes on.

        With the index as it is now comes whether the attempt had been made before; then nothing more is wanted.
        """

        replayed = await self.pointer.change(self._next_wanted, attempt)
        return await self.describe(), replayed

    async def read_again(self, _: Sequence[Event]) -> None:
        """Replays what the index could not take: a new generation reads it from the log, on every replica.

        Whether that can take it shows later; if not, it is parked again, and that opens the letter again.
        """
        await self.pointer.change(self._next_wanted)

    def _next_wanted(self, pointer: Document) -> Document:
        wanted = pointer["generation"]
        return {"generation": wanted + 1} if self._serving and self._serving.number == wanted else {}

    async def describe(self) -> ReadModelView:
        """As operators see it, for this replica."""
        wanted, serving = await self._wanted(), self._serving
        searcher = serving.index.searcher() if serving else None
        return ReadModelView(
            name=NAME,
            documents=searcher.num_docs - 1 if searcher else 0,
            as_of=serving.index.position.as_of if serving else None,
            rebuilding=self._building is not None or serving is None or serving.number != wanted,
            progress=self._building.feed.progress if self._building else None,
            generation=serving.number if serving else None,
        )

    async def _follow(self) -> None:
        wanted = await self._wanted()
        if self._building and self._building.number != wanted:
            await _ended(self._building)
            self._building = None
        if self._building is None and (self._serving is None or self._serving.number != wanted):
            self._building = self._fed(wanted, await asyncio.to_thread(_opened_or_made, self._path(wanted)))
        if self._building and self._building.feed.complete:
            await self._swap(self._building)

    async def _replace_broken(self) -> None:
        """Builds anew what can no longer be written to. Queries go on with what it held."""
        broken = self._building or self._serving
        if broken is None or not broken.task.done():
            return
        error = None if broken.task.cancelled() else broken.task.exception()
        if not isinstance(error, ValueError):
            # Nothing that a new index would mend: the process ends, to be restarted.
            raise RuntimeError("the feed of the index ended") from error
        log.error("index.broken", generation=broken.number, error=repr(error)[:300])
        await _ended(broken)
        await asyncio.to_thread(shutil.rmtree, broken.index.folder, ignore_errors=True)
        self._building = self._fed(broken.number, await asyncio.to_thread(ItemIndex, broken.index.folder))

    async def _swap(self, built: _Generation) -> None:
        was, self._serving, self._building = self._serving, built, None
        log.info("index.serving", generation=built.number, was=was.number if was else None)
        if was:
            await _ended(was)
        await asyncio.to_thread(self._tidy, built.index.folder)

    def _fed(self, number: int, index: ItemIndex) -> _Generation:
        feed = Feed(self.bus, self.parking, index)
        return _Generation(number, index, feed, asyncio.create_task(feed.run()))

    def _path(self, number: int) -> Path:
        return self.folder / f"{number}-{SCHEMA_VERSION}"

    def _kept(self) -> list[int]:
        """The generations in the folder that this version can read, the newest first."""
        found = [each.name.split("-") for each in self.folder.glob(f"*-{SCHEMA_VERSION}")]
        return sorted((int(number) for number, _ in found if number.isdecimal()), reverse=True)

    def _tidy(self, keep: Path) -> None:
        for each in self.folder.iterdir():
            if each != keep:
                shutil.rmtree(each, ignore_errors=True)

    async def _wanted(self) -> int:
        return int((await self.pointer.read())["generation"])


async def _ended(generation: _Generation) -> None:
    generation.task.cancel()
    await asyncio.gather(generation.task, return_exceptions=True)
    await generation.feed.stop()


def _opened(path: Path) -> ItemIndex | None:
    """The index in the folder; None when there is none that can be read: it is a derived thing and is built anew."""
    if not path.is_dir():
        return None
    try:
        return ItemIndex(path)
    except (ValueError, OSError) as error:
        log.warning("index.unreadable", folder=path.name, error=repr(error)[:300])
        return None


def _opened_or_made(path: Path) -> ItemIndex:
    index = _opened(path)
    if index is None:
        shutil.rmtree(path, ignore_errors=True)
        index = ItemIndex(path)
    return index
