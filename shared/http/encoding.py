"""From what an endpoint returns to the bytes of the answer, in one pass: pydantic writes JSON straight from the model.

What is declared is all that is shown: a field that only a subclass has is left out. What is not the declared model yet is
validated first, as FastAPI does with everything.
"""

from typing import Any

from fastapi._compat import ModelField
from pydantic import BaseModel, TypeAdapter

from shared.http.paging import Page


class Encoder:
    """Writes the answers of one route."""

    def __init__(self, field: ModelField | None, declared: Any, *, exclude_unset: bool, exclude_none: bool) -> None:
        self._field, self._declared = field, declared
        self._options: dict[str, Any] = {"exclude_unset": exclude_unset, "exclude_none": exclude_none}
        is_model = isinstance(declared, type) and issubclass(declared, BaseModel)
        self._write = TypeAdapter(declared).serializer.to_json if is_model else None
        self._is_page = is_model and declared.__pydantic_generic_metadata__["origin"] is Page

    def encode(self, value: Any) -> bytes:
        """The JSON; empty where the route declares no answer."""
        if self._field is None:
            return b""
        if self._write is not None:
            if type(value) is self._declared:
                return self._write(value, by_alias=True, warnings="error", **self._options)
            if self._is_page and type(value) is Page:
                return self._encode_page(value)
        return self._validated(value)

    def _encode_page(self, page: Page[Any]) -> bytes:
        """A `Page` of the right items that was made without naming their type."""
        named = self._declared.model_construct(items=page.items, next_cursor=page.next_cursor)
        if self._write is None or not all(isinstance(each, self._item) for each in page.items):
            return self._validated(page)
        return self._write(named, by_alias=True, warnings="error", **self._options)

    @property
    def _item(self) -> type:
        item: Any = self._declared.__pydantic_generic_metadata__["args"][0]
        return item if isinstance(item, type) else object

    def _validated(self, value: Any) -> bytes:
        assert self._field is not None
        whole, wrong = self._field.validate(value, loc=("response",))
        if wrong:
            raise TypeError(
                f"an answer that is not what its route declares: {len(wrong)} errors, first {wrong[0]['loc']}"
            )
        return self._field.serialize_json(whole, **self._options)
