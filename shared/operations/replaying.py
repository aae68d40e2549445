"""Several dead letters are handled again in the order in which their messages came, each key for itself.

When one of a key fails again, those behind it are held back: handled before it they would be out of order.
"""

from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel

from shared.aggregates.attempts import Attempt
from shared.mongo import Document
from shared.operations.dead_letters import NOT_OPEN, DeadLetters
from shared.values import problems
from shared.values.problems import Refusal

Outcome = Literal["replayed", "failed", "held_back", "settled", "not_found"]


class ReplayView(BaseModel):
    """What became of one letter; `code` and `detail` say why it failed or was settled before."""

    id: str
    outcome: Outcome
    code: str | None = None
    detail: str | None = None


class ReplaysView(BaseModel):
    """In the order in which they were asked for."""

    items: list[ReplayView]


async def replay_in_order(
    letters: DeadLetters, ids: Sequence[str], reason: str, attempt: Attempt
) -> tuple[ReplaysView, bool]:
    """What became of each, and whether the attempt had been made before and changed nothing now.

    Refused with 503 while the surroundings are away: the same request again goes on where this one stopped."""
    found = await letters.collection.find({"_id": {"$in": list(ids)}}).to_list(len(ids))
    outcomes: dict[str, ReplayView] = {}
    failed: set[tuple[str, str]] = set()
    made_before: set[bool] = set()
    for letter in sorted(found, key=lambda each: (each["topic"], each["partition"], each["offset"])):
        key = _key_of(letter)
        if key in failed:
            outcomes[letter["_id"]] = ReplayView(id=letter["_id"], outcome="held_back")
            continue
        outcome, made = await _replayed(letters, letter["_id"], reason, attempt)
        outcomes[letter["_id"]] = outcome
        if outcome.outcome == "failed":
            failed.add(key)
        if outcome.outcome == "replayed":
            made_before.add(made)
    items = [outcomes.get(each, ReplayView(id=each, outcome="not_found")) for each in ids]
    return ReplaysView(items=items), made_before == {True}


async def _replayed(letters: DeadLetters, letter_id: str, reason: str, attempt: Attempt) -> tuple[ReplayView, bool]:
    try:
        _, made = await letters.replay(letter_id, reason, attempt)
    except Refusal as refusal:
        if refusal.problem.status == problems.UNAVAILABLE.status or refusal.problem == problems.IDEMPOTENCY_KEY_REUSED:
            raise
        outcome: Outcome = "settled" if refusal.problem == NOT_OPEN else "failed"
        return ReplayView(id=letter_id, outcome=outcome, code=refusal.problem.code, detail=refusal.detail), False
    return ReplayView(id=letter_id, outcome="replayed"), made


def _key_of(letter: Document) -> tuple[str, str]:
    """What has an order: the topic's key; of a message without one, its partition."""
    key = letter["key"]
    return letter["topic"], f"partition {letter['partition']}" if key is None else f"key {key}"
