"""Stored state outlives the code that wrote it: how an owner reads what another version of itself wrote.

A document names the `schema` that its state was written with; documents from before there was a number have schema 1. The
model of a stored state is never the model of a request: it ignores fields that it does not know, cleans nothing and knows no
lengths, so that a rule about new input never makes an old document unreadable.

Each upcast turns a state of one schema into the next. A field never changes its meaning; a field that is replaced stays
until the version before can no longer come back. A rollback then reads what the newer version wrote, and what it does not
know of a state it writes back as it was, next to what it changed (docs/decisions/0023).
"""

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict

Document = dict[str, Any]
A = TypeVar("A", bound=BaseModel)

Upcast = Callable[[Document], Document]
"""The state of one schema, as a state of the next. Pure; leaves alone what is there already."""


class Kept(BaseModel):
    """A stored state, or a part of one. What is wrong with a document is told without its values: the text goes into logs
    and dead letters, which more people read than the documents."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


@dataclass(frozen=True)
class StateSchema(Generic[A]):
    """The model of a stored state and the way to it from every older schema. TypeError for a model that is not fit for it."""

    model: type[A]
    upcasts: Sequence[Upcast] = ()

    def __post_init__(self) -> None:
        if self.model.model_config.get("extra") == "forbid":
            raise TypeError(f"{self.model.__name__} refuses unknown fields: a rollback could not read its documents")
        if not self.model.model_config.get("hide_input_in_errors"):
            raise TypeError(f"{self.model.__name__} shows values of its documents in errors: derive it from Kept")

    @property
    def number(self) -> int:
        """The schema that is written."""
        return len(self.upcasts) + 1

    def read(self, document: Document) -> tuple[A, Document]:
        """The state of a document, and the fields of it that this version does not know."""
        state: Document = document["state"]
        for upcast in self.upcasts[document.get("schema", 1) - 1 :]:
            state = upcast(dict(state))
        unknown = {name: value for name, value in state.items() if name not in self._known}
        return self.model.model_validate(state), unknown

    def written(self, state: A, unknown: Document) -> Document:
        """The part of a document that holds it."""
        return {"schema": self.number, "state": {**unknown, **state.model_dump()}}

    @cached_property
    def _known(self) -> Set[str]:
        """Found once: a document is read for every request, and asking a model for its fields costs more than reading it."""
        return {*self.model.model_fields, *self.model.model_computed_fields}
