"""How far a follower has read the change feed: one place per list, all of them in one opaque cursor. Pure.

A list that the follower did not know is read as it stood when he joined; after that, everything that was written to it since.
"""

import base64
import binascii
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import orjson
from pydantic import BaseModel, Field, ValidationError

from shared.http.paging import bad_cursor

MOST_CHARACTERS = 8 * 1024
_MOST_BYTES = 64 * 1024
"""Of a cursor as it is after inflating: some hundred lists take 5,000."""
LISTS_IN_A_PAGE = 4
"""A page is shared by so many lists that have news, so that a long batch of one delays no other."""


@dataclass(frozen=True)
class Read:
    """The place up to which a list was read. `joined`: while it is read as it stood there; None after that."""

    position: int
    joined: int | None = None

    def until(self, applied: int) -> int:
        """Where the reading ends for now, with the list applied up to `applied`."""
        return applied if self.joined is None else self.joined


@dataclass(frozen=True)
class Following:
    """The places of all lists that a follower knows, by list. `last` is the list that the last page ended with."""

    lists: Mapping[str, Read] = field(default_factory=dict)
    last: str = ""

    def place_in(self, list_: str, applied: int) -> Read:
        """How far the list was read; it is joined now where it was not known."""
        return self.lists.get(list_) or Read(0, joined=applied)

    def with_news(self, applied: Mapping[str, int]) -> list[str]:
        """The lists that are applied further than they were read, beginning after that of the last page."""
        news = sorted(each for each, end in applied.items() if self.place_in(each, end).position < end)
        return [each for each in news if each > self.last] + [each for each in news if each <= self.last]

    def at(self, list_: str, read: Read) -> "Following":
        """The same, with this list read so far."""
        return Following({**self.lists, list_: read}, last=list_)


class _Kept(BaseModel):
    """What a cursor says: by city and kind the position and, while it is joined, where."""

    last: str = Field(max_length=100)
    lists: dict[str, dict[str, tuple[int] | tuple[int, int]]]


def encoded(following: Following) -> str:
    """The cursor."""
    lists: dict[str, dict[str, list[int]]] = {}
    for name, read in sorted(following.lists.items()):
        city, _, kind = name.partition("/")
        joined = [] if read.joined is None else [read.joined]
        lists.setdefault(city, {})[kind] = [read.position, *joined]
    packed = zlib.compress(orjson.dumps({"last": following.last, "lists": lists}), 9)
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def decoded(cursor: str | None) -> Following:
    """Where the cursor stands; without one, at the beginning of everything. Refused when it is none of ours."""
    if cursor is None:
        return Following()
    try:
        packed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        inflating = zlib.decompressobj()
        kept = _Kept.model_validate_json(inflating.decompress(packed, _MOST_BYTES))
    except (binascii.Error, zlib.error, ValidationError, ValueError) as error:
        raise bad_cursor() from error
    if not inflating.eof:
        raise bad_cursor()
    return Following(dict(_places(kept)), kept.last)


def _places(kept: _Kept) -> Iterator[tuple[str, Read]]:
    for city, kinds in kept.lists.items():
        for kind, (position, *joined) in kinds.items():
            yield f"{city}/{kind}", Read(position, *joined)


def share(left: int, lists: Iterable[str]) -> int:
    """How many changes the next of these lists may add to a page that has room for so many more."""
    return max(1, left // min(LISTS_IN_A_PAGE, sum(1 for _ in lists)))
