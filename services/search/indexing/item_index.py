"""One tantivy index in one folder: a fold of the log that carries its own position.

`apply` and `commit` belong to one writing thread; `searcher` may be called from any. Applying an event again, or one that is
older than what the index holds, changes nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import orjson
import tantivy
from tantivy import Query

from services.search.domain.items import Gone, Item, item_of
from services.search.indexing.schema import POSITION_ID, SCHEMA, document_of, tombstone_of
from shared.events.envelope import Event
from shared.events.payload import rfc3339

_WRITER_BYTES = 64_000_000


@dataclass(frozen=True)
class Position:
    """The position of an index: the next offset of each partition (`topic/partition`, without prefix) of one log (log_ids.py).

    `complete`: it has reached the end that was noted when its building began, and may serve.
    """

    log: str = ""
    offsets: dict[str, int] = field(default_factory=dict)
    as_of: datetime | None = None
    """The time of the newest public event that it holds."""
    complete: bool = False

    def to_json(self) -> bytes:
        as_of = rfc3339(self.as_of) if self.as_of else None
        return orjson.dumps({"log": self.log, "offsets": self.offsets, "as_of": as_of, "complete": self.complete})

    @classmethod
    def from_json(cls, raw: bytes) -> "Position":
        stored = orjson.loads(raw)
        as_of = datetime.fromisoformat(stored["as_of"]) if stored["as_of"] else None
        return cls(stored.get("log", ""), stored["offsets"], as_of, stored["complete"])


class Unindexable(Exception):
    """No document can be made of this event: a fault of the event or of our code, not of the index."""


class ItemIndex:
    """The index in a folder, which is made when there is none. ValueError or OSError when what is there cannot be read."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._index = tantivy.Index(SCHEMA, path=str(folder))
        self._index.config_reader("manual")
        self._index.reload()
        self._writer: tantivy.IndexWriter | None = None
        self._uncommitted: dict[str, int] = {}
        self.position = position_in(self._index.searcher())
        self._as_of = self.position.as_of

    def searcher(self) -> tantivy.Searcher:
        """The index as of the last commit."""
        return self._index.searcher()

    def apply(self, events: Iterable[Event]) -> int:
        """Takes the events in, to be seen after the next commit; how many of them changed something.

        Unindexable for one that leaves the index as it was; ValueError when the index itself is broken.
        """
        return sum([self._apply(event) for event in events])

    def commit(self, position: Position) -> None:
        """Makes everything applied visible, together with the position up to which it reaches and the time it is as of."""
        position = replace(position, as_of=self._as_of)
        writer = self._writing()
        writer.delete_documents_by_term("id", POSITION_ID)
        stored = {"id": POSITION_ID, "shown": position.to_json()}
        writer.add_document(tantivy.Document.from_dict(stored, SCHEMA))
        writer.commit()
        self._index.reload()
        self._uncommitted.clear()
        self.position = position

    def close(self) -> None:
        """Gives the folder free for another writer; what was not committed is forgotten."""
        self._writer = None
        self._uncommitted.clear()

    def _apply(self, event: Event) -> bool:
        item = item_of(event)
        if item is None:
            return False
        self._as_of = max(event.time, self._as_of or event.time)
        known = self._version(item.id)
        if known >= event.version:
            return False
        document = _document(item, event)
        writer = self._writing()
        if known:  # a deletion costs a look into every segment
            writer.delete_documents_by_term("id", item.id)
        writer.add_document(document)
        self._uncommitted[item.id] = event.version
        return True

    def _version(self, item_id: str) -> int:
        """The version that the index holds of an item; 0 when it holds none."""
        if item_id in self._uncommitted:
            return self._uncommitted[item_id]
        searcher = self._index.searcher()
        address = address_of(searcher, item_id)
        return version_of(searcher, address) if address else 0

    def _writing(self) -> tantivy.IndexWriter:
        if self._writer is None:
            self._writer = self._index.writer(_WRITER_BYTES, 1)
            # A commit cut off by a kill leaves files that the next commit would want to make under the same names.
            self._writer.garbage_collect_files()
        return self._writer


def position_in(searcher: tantivy.Searcher) -> Position:
    """The position of the index at this commit."""
    address = address_of(searcher, POSITION_ID)
    return Position.from_json(shown_of(searcher, address)) if address else Position()


def address_of(searcher: tantivy.Searcher, item_id: str) -> tantivy.DocAddress | None:
    """The address of the document with this id, or None."""
    hits = searcher.search(Query.term_query(SCHEMA, "id", item_id, "basic"), 1, count=False).hits
    return hits[0][1] if hits else None


def shown_of(searcher: tantivy.Searcher, address: tantivy.DocAddress) -> bytes:
    """The stored content of a document, as JSON."""
    stored: Any = searcher.doc(address).get_first("shown")
    return bytes(stored)


def state_of(searcher: tantivy.Searcher, address: tantivy.DocAddress) -> bytes | None:
    """The public state of an item, as JSON; None for a tombstone."""
    stored: Any = searcher.doc(address).get_first("state")
    return None if stored is None else bytes(stored)


def version_of(searcher: tantivy.Searcher, address: tantivy.DocAddress) -> int:
    """The version of the event that a document is made of."""
    return int(searcher.fast_field_values("version", [address])[0] or 0)


def has_ended(searcher: tantivy.Searcher, address: tantivy.DocAddress, today: date) -> bool:
    """Whether the item was valid until an earlier day."""
    last = searcher.fast_field_values("valid_until", [address])[0]
    return last is not None and int(last) < today.toordinal()


def _state_of(event: Event) -> bytes:
    return orjson.dumps(event.data.model_dump(mode="json"))


def _document(item: Item | Gone, event: Event) -> tantivy.Document:
    try:
        return (
            tombstone_of(item.id, event.version)
            if isinstance(item, Gone)
            else document_of(item, event.version, _state_of(event))
        )
    except Exception as error:
        raise Unindexable(event.id) from error
