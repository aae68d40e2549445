"""A decision about an aggregate: pure, made by a domain, written by `aggregates.py`."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import BaseModel

from shared.events.envelope import Event

A = TypeVar("A", bound=BaseModel)


@dataclass(frozen=True)
class Decision(Generic[A]):
    """The next state, and what happened: the short name of an event, or None for a write that others do not see.

    `orders` are commands to be published with it, such as `batch.advance`.
    """

    state: A
    happened: str | None
    orders: tuple[Event, ...] = ()
