"""The fields of the index, and the document that an item becomes.

Terms carry no frequencies, lengths or positions: ranking.py weighs them with numbers that do not depend on how a replica's
index happens to be cut into segments, which is what makes two replicas answer alike.
"""

import hashlib
from datetime import UTC, datetime
from typing import Any

import orjson
import tantivy

from services.search.domain.items import Item
from services.search.domain.text import TOKENIZER_VERSION, openings, pinyin_bigrams, squeezed, tokens

SCHEMA_VERSION = hashlib.sha256(f"6 {TOKENIZER_VERSION}".encode()).hexdigest()[:12]
"""An index of another version is replaced by one of this; until that is complete it serves, if its fields are the same."""

POSITION_ID = "position"
"""The id of the reserved document; no item has it, since theirs are UUIDs or have slashes."""

ITEM = "item"
"""A value of `type` that every item has beside its own."""

CLAIMABLE = "yes"
"""The value of `claimable` where an item takes claims; every other item has none."""

FACETS = ("jurisdiction", "kind", "industry", "status")

_TIE_BITS = 62
_MOMENT_BITS, _SHORT_TIE_BITS = 42, 19
_LATEST_MS = (1 << _MOMENT_BITS) - 1
_EPOCH_MS = int(datetime(2024, 1, 1, tzinfo=UTC).timestamp() * 1000)
_MONTH_MS = 30 * 24 * 60 * 60 * 1000


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_bytes_field("shown", stored=True)
    builder.add_bytes_field("state", stored=True)
    for name in ("type", "tense", "exact", "claimable"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in FACETS:
        builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    for name in ("anywhere", "title", "pinyin", "opening", "inside"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="basic")
    for name in ("version", "newest", "due", "reward_fen", "valid_until"):
        builder.add_integer_field(name, fast=True)
    builder.add_integer_field("tie", fast=True, indexed=True)
    for name in ("longitude", "latitude", "prior"):
        builder.add_float_field(name, fast=True)
    return builder.build()


SCHEMA = _schema()


def tie_of(item_id: str) -> int:
    """A number that is the item's alone, the same on every replica: it decides between what is otherwise equal."""
    return int.from_bytes(hashlib.blake2b(item_id.encode(), digest_size=8).digest()) >> (64 - _TIE_BITS)


def document_of(item: Item, version: int, state: bytes) -> tantivy.Document:
    """The document of an item. Everything that an answer shows is stored, so that answering needs nothing else.

    `state` is the public state from the event, as JSON, for the page of the item.
    """
    tie, titled = tie_of(item.id), tokens(item.title)
    fields: dict[str, Any] = {
        "id": item.id,
        "version": version,
        "shown": orjson.dumps({"item": item.shown(), "body": item.body}),
        "state": state,
        "type": [item.type, ITEM],
        "jurisdiction": item.jurisdiction.value,
        "exact": squeezed(item.title),
        "anywhere": " ".join(titled | tokens("\n".join(item.texts()))),
        "title": " ".join(titled),
        "pinyin": " ".join(pinyin_bigrams(item.title)),
        "industry": list(dict.fromkeys(item.industry)),
        "newest": _moment(item.updated_at) << _SHORT_TIE_BITS | tie & _mask(_SHORT_TIE_BITS),
        "due": _due(item, tie),
        "tie": tie,
        "prior": _prior(item.updated_at, tie),
    }
    if item.valid_until:
        fields["valid_until"] = item.valid_until.toordinal()
    if item.claimable:
        fields["claimable"] = CLAIMABLE
    begun = openings(item.title)
    fields["opening"], fields["inside"] = " ".join(begun[:3]), " ".join(begun[3:])
    optional = {"kind": item.kind, "status": item.status, "tense": item.tense, "reward_fen": item.reward_fen}
    fields |= {name: value for name, value in optional.items() if value is not None}
    if item.location:
        fields["longitude"], fields["latitude"] = map(float, item.location)
    return tantivy.Document.from_dict(fields, SCHEMA)


def tombstone_of(item_id: str, version: int) -> tantivy.Document:
    """The tombstone of an item that is gone: no query finds it, and no older event replaces it."""
    return tantivy.Document.from_dict({"id": item_id, "version": version}, SCHEMA)


def _mask(bits: int) -> int:
    return (1 << bits) - 1


def _moment(at: datetime) -> int:
    return min(_LATEST_MS, max(0, int(at.timestamp() * 1000)))


def _due(item: Item, tie: int) -> int:
    """Ascending: what can still be claimed by its deadline, then what cannot, then what has no deadline."""
    rank = 2 if item.deadline is None else 0 if item.claimable else 1
    moment = _moment(item.deadline) if item.deadline else 0
    return rank << (_MOMENT_BITS + _SHORT_TIE_BITS) | moment << _SHORT_TIE_BITS | tie & _mask(_SHORT_TIE_BITS)


def _prior(updated_at: datetime, tie: int) -> float:
    """0 to 0.02: lifts an item by at most 1.5 %, the younger (by months) the more, and parts equals by their tie."""
    month = min(255, max(0, (_moment(updated_at) - _EPOCH_MS) // _MONTH_MS))
    return (month << 9 | tie & _mask(9)) / (1 << 17) * 0.02
