"""What is there without ever having been made, and that no event tells of: consents, preferences, a city's own address."""

from collections.abc import Callable
from typing import TypeVar

from pydantic import BaseModel

from shared.aggregates.aggregates import Aggregates, Stored
from shared.aggregates.attempts import Attempt
from shared.aggregates.decisions import SYSTEM, Decision
from shared.mongo import DuplicateKeyError
from shared.values import problems
from shared.values.problems import Refusal

A = TypeVar("A", bound=BaseModel)


async def change_or_begin(
    aggregates: Aggregates[A], fresh: A, decide: Callable[[A], Decision[A] | None], attempt: Attempt | None = None
) -> Stored[A]:
    """Like `Aggregates.change`, for an aggregate that is `fresh` until the first change, with which it is stored."""
    aggregate_id = str(getattr(fresh, "id"))  # noqa: B009  (the bound is a model with an id)
    try:
        return await aggregates.change(aggregate_id, decide, attempt=attempt)
    except Refusal as refusal:
        if refusal.problem is not problems.NOT_FOUND:
            raise
    try:
        return await aggregates.create(decide(fresh) or Decision(fresh, "begin", SYSTEM, None), attempt=attempt)
    except DuplicateKeyError:
        return await aggregates.change(aggregate_id, decide, attempt=attempt)
