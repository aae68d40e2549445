"""Lists: `{items, next_cursor}`, with opaque cursors."""

import base64
from collections.abc import Sequence
from typing import Annotated, Any, Generic, TypeVar

import orjson
from fastapi import Query
from pydantic import BaseModel

from shared.values import problems
from shared.values.ids import is_id
from shared.values.problems import FieldError, Refusal

T = TypeVar("T")

Limit = Annotated[int, Query(ge=1, le=100, description="at most so many items")]
Cursor = Annotated[str | None, Query(max_length=1024, description="`next_cursor` of the page before")]


class Page(BaseModel, Generic[T]):
    """One page; `next_cursor` is null on the last."""

    items: list[T]
    next_cursor: str | None = None


def encode(position: Any) -> str:
    """A cursor that a client hands back as it is."""
    return base64.urlsafe_b64encode(orjson.dumps(position)).decode().rstrip("=")


def decode(cursor: str | None) -> Any:
    """The position in a cursor, None without one; refused when it is none of ours."""
    if cursor is None:
        return None
    try:
        return orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError as error:
        raise bad_cursor() from error


def decode_id(cursor: str | None) -> str | None:
    """Like `decode`, for lists in the order of their ids; refused when the position is none."""
    position = decode_text(cursor)
    if position is not None and not is_id(position):
        raise bad_cursor()
    return position


def decode_text(cursor: str | None) -> str | None:
    """Like `decode`, for lists whose position is a text; refused when it is another shape."""
    position = decode(cursor)
    if not isinstance(position, str | None):
        raise bad_cursor()
    return position


def page_of(items: Sequence[T], limit: int, cursor: str | None) -> Page[T]:
    """A page of a list that is there as a whole and keeps its order; the cursor says how many items came before."""
    before = "0" if cursor is None else decode_text(cursor) or ""
    if not (before.isascii() and before.isdecimal()):
        raise bad_cursor()
    end = int(before) + limit
    return Page(items=list(items[int(before) : end]), next_cursor=encode(str(end)) if end < len(items) else None)


def bad_cursor() -> Refusal:
    """The refusal for a cursor that decodes to nothing usable."""
    error = FieldError("cursor", "bad_cursor", "翻页游标无效，请从第一页重新开始")
    return Refusal(problems.INVALID, errors=[error], count=1)
