"""The process that writes: builds the generation that is wanted beside the one that serves, and lets it take over.

Which generation is wanted stands in MongoDB, so that a rebuild that one machine was asked for is done by all. An index of
another tokenizer or dictionary goes on serving, and being fed, until the new one is complete, and as large as is to be expected
(shared/projections/takeover.py).
"""

import asyncio
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import structlog
from aiokafka import TopicPartition

from services.search.domain.items import TOPICS
from services.search.indexing.feed import Feed
from services.search.indexing.folder import Folder, FolderState, is_current, number_of
from services.search.indexing.item_index import ItemIndex
from services.search.indexing.replica import NAME, pointer_of
from shared.messaging.faults import is_infrastructure
from shared.messaging.kafka import Bus
from shared.messaging.parking import Parking
from shared.mongo import Collection
from shared.projections.read_models import Reading
from shared.projections.takeover import Waits, Whole, is_far_smaller
from shared.telemetry import READ_MODEL_WAITS

log = structlog.get_logger(__name__)

_FOLLOW_SECONDS = 0.3


@dataclass
class _Generation:
    path: Path
    index: ItemIndex
    feed: Feed
    task: asyncio.Task[None]
    whole_up_to: Mapping[TopicPartition, int] | None = None
    """Where the log ended when its owners had published everything to it."""

    @property
    def number(self) -> int:
        return number_of(self.path.name)


@dataclass
class Indexer:
    """Keeps the folder of this machine. One process at a time: a second one waits until the first has ended."""

    bus: Bus
    parking: Parking
    pointers: Collection
    folder: Folder
    whole: Whole
    _serving: _Generation | None = None
    _building: _Generation | None = None
    _said: FolderState | None = field(default=None)
    _waits: Waits | None = None

    @property
    def consumers(self) -> Sequence[Reading]:
        return [each.feed for each in (self._serving or self._building,) if each]

    def check(self) -> str:
        """For readiness: how far it is while nothing serves yet."""
        if self._serving:
            return "ok"
        if self._waits:
            return f"waiting, {self._waits.value}"
        return f"building, {self._building.feed.progress:.0%}" if self._building else "waiting for the folder"

    async def run(self) -> None:
        """Builds and feeds what is wanted, until cancelled."""
        while True:
            with self.folder.owned() as ours:
                if ours:
                    await self._work()
            await asyncio.sleep(_FOLLOW_SECONDS)

    async def _work(self) -> None:
        try:
            await self._take_up()
            while True:
                try:
                    await self._replace_broken()
                    await self._follow()
                except Exception as error:
                    if not is_infrastructure(error):
                        raise
                    log.warning("index.waiting", error=repr(error)[:300])
                self._say()
                await asyncio.sleep(_FOLLOW_SECONDS)
        finally:
            for each in (self._serving, self._building):
                if each:
                    await _ended(each)
            self._serving = self._building = None

    async def _take_up(self) -> None:
        """Serves what served last, or else the best complete generation in the folder: one that waits is complete too."""
        state = await asyncio.to_thread(self.folder.state)
        kept = await asyncio.to_thread(self.folder.kept)
        for path in sorted(kept, key=lambda each: each.name != state.serving):
            index = await asyncio.to_thread(_opened, path)
            if index and index.position.complete:
                self._serving = self._fed(index)
                self._say()
                break

    async def _follow(self) -> None:
        pointer = await pointer_of(self.pointers).read()
        wanted = self.folder.generation(int(pointer["generation"]))
        if self._building and self._building.path != wanted:
            await _ended(self._building)
            self._building = None
        if self._building is None and (self._serving is None or self._serving.path != wanted):
            self._building = self._fed(await asyncio.to_thread(_opened_or_made, wanted))
        if self._building and self._building.feed.complete:
            waits = await self._why_it_waits(self._building, forced=pointer.get("forced") == pointer["generation"])
            self._note(waits)
            if waits is None:
                await self._swap(self._building)
        else:
            self._note(None)

    async def _why_it_waits(self, built: _Generation, *, forced: bool) -> Waits | None:
        if forced:
            return None
        if built.whole_up_to is None and await self.whole(TOPICS):
            built.whole_up_to = await self.bus.end_offsets(*TOPICS)
        if built.whole_up_to is None or not built.feed.shows(built.whole_up_to):
            return Waits.LOG_NOT_WHOLE
        serving = self._serving.index.searcher().num_docs if self._serving else 0
        return Waits.FAR_SMALLER if is_far_smaller(built.index.searcher().num_docs, serving) else None

    def _note(self, waits: Waits | None) -> None:
        if waits and waits != self._waits and self._serving:
            log.warning("read_model.waits", read_model=NAME, reason=waits.value)
        self._waits = waits
        for each in Waits:
            READ_MODEL_WAITS.labels(NAME, each.value).set(waits is each)

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
        await asyncio.to_thread(shutil.rmtree, broken.path, ignore_errors=True)
        if broken is self._serving:
            self._serving = None
        self._building = self._fed(await asyncio.to_thread(ItemIndex, self.folder.generation(broken.number)))

    async def _swap(self, built: _Generation) -> None:
        was, self._serving, self._building = self._serving, built, None
        log.info("index.serving", generation=built.number, was=was.number if was else None)
        self._say()
        if was:
            await _ended(was)
        await asyncio.to_thread(self.folder.tidy, built.path)

    def _fed(self, index: ItemIndex) -> _Generation:
        feed = Feed(self.bus, self.parking, index)
        return _Generation(index.folder, index, feed, asyncio.create_task(feed.run()))

    def _say(self) -> None:
        """Tells the answering processes, where there is something new to tell.

        A generation that broke is still named as the one that serves: they go on with what they have of it.
        """
        building = self._building
        state = FolderState(
            serving=self._serving.path.name if self._serving else self._said.serving if self._said else None,
            building=building.number if building else None,
            progress=building.feed.progress if building else None,
            waits=self._waits.value if self._waits else None,
        )
        if state != self._said:
            self.folder.say(state)
            self._said = state


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
        log.warning("index.unreadable", folder=path.name, current=is_current(path.name), error=repr(error)[:300])
        return None


def _opened_or_made(path: Path) -> ItemIndex:
    index = _opened(path)
    if index is None:
        shutil.rmtree(path, ignore_errors=True)
        index = ItemIndex(path)
    return index
