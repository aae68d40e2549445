"""A credit code that is joined into another: pure.

Each code says by itself into which other it is joined, so that a merge and its undoing are one write. Codes that lead to each
other are one organisation, whatever the way; it goes by the code that is joined into none. Two merges at the same time may close
a ring: that is one organisation as well, and goes by the least of its codes, until one of the two is undone.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from services.sync import problems as ours
from shared.aggregates.decisions import Decision
from shared.aggregates.stored_state import Kept
from shared.values.problems import Refusal

_KEPT = 100
"""So many acts of a code are kept."""


class JoinAct(Kept):
    """A merge into another code, or the undoing of one, with its reason."""

    action: Literal["merge", "unmerge"]
    into: str
    by: str
    at: datetime
    reason: str


class JoinedCode(Kept):
    """`id` is the credit code; `into` null: none, or no longer."""

    id: str
    into: str | None = None
    acts: tuple[JoinAct, ...] = ()


def merge(code: JoinedCode, into: str, by: str, at: datetime, reason: str) -> Decision[JoinedCode]:
    """From now on the code's organisation is that of the other."""
    if code.into is not None:
        raise Refusal(ours.CODE_JOINED, into=code.into)
    return _acted(code, into, JoinAct(action="merge", into=into, by=by, at=at, reason=reason))


def unmerge(code: JoinedCode, by: str, at: datetime, reason: str) -> Decision[JoinedCode]:
    """From now on the code is an organisation of its own again, with those that are joined into it."""
    if code.into is None:
        raise Refusal(ours.CODE_NOT_JOINED)
    return _acted(code, None, JoinAct(action="unmerge", into=code.into, by=by, at=at, reason=reason))


def _acted(code: JoinedCode, into: str | None, act: JoinAct) -> Decision[JoinedCode]:
    after = code.model_copy(update={"into": into, "acts": (*code.acts, act)[-_KEPT:]})
    return Decision(after, act.action, act.by, None)


def root_of(code: str, into: Mapping[str, str]) -> str:
    """The code by which the organisation goes, from the merges that stand among its codes."""
    way = [code]
    while (following := into.get(way[-1])) is not None:
        if following in way:
            return min(way[way.index(following) :])
        way.append(following)
    return way[-1]
