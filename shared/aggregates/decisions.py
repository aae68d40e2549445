"""A decision about an aggregate: pure, made by a domain, written by `aggregates.py`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from pydantic import BaseModel

from shared.events.envelope import Event
from shared.values.problems import Refusal

SYSTEM = "system"
"""The actor of timers, of reactions to events, and of everything else that no person does."""

RESTORE = "restore"
"""The action of what an owner published above its log after a database was restored (adopting.py). It is no news."""

A = TypeVar("A", bound=BaseModel)


@dataclass(frozen=True)
class NotAfter:
    """The last moment at which a decision may be written, by the clock of the database and no other, and the refusal of
    one that comes later."""

    at: datetime
    refusal: Refusal


@dataclass(frozen=True)
class Decision(Generic[A]):
    """The next state, the action that leads to it, who took the action, and the short name of the event.

    `by` is the id of a person or an agent, their pseudonym where the aggregate is sealed, or `SYSTEM` for what no person
    does. `happened` is None for a write that others do not see. `orders` are commands to be published with the event, such as
    `batch.advance`. With `forgets` the document no longer remembers the attempts before this one: they would outlive an erasure.
    """

    state: A
    action: str
    by: str
    happened: str | None
    orders: tuple[Event, ...] = ()
    forgets: bool = False
    not_after: NotAfter | None = None
