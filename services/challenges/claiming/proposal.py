"""The sealed content of a claim. The request model with its limits is `content.py`.

No repr shows what is in it.
"""

from collections.abc import Sequence
from typing import Any, Literal

from shared.aggregates.stored_state import Kept


class Hidden(Kept):
    """A part of a proposal. Its repr keeps the values to itself."""

    def __repr_args__(self) -> Sequence[tuple[str | None, Any]]:
        return ()


class Lead(Hidden):
    """The person who answers for the claim."""

    name: str
    title: str


class Member(Hidden):
    """Somebody of the team."""

    name: str
    title: str
    qualification: str = ""


class Step(Hidden):
    """A step of the schedule."""

    name: str
    months: int


class Promise(Hidden):
    """The value that the claimant promises for one of the challenge's indicators."""

    indicator: str
    value: str


class ConsortiumMember(Hidden):
    """An organisation of the consortium and its share of cost and of intellectual property, in percent."""

    organization_id: str
    role: Literal["lead", "partner"]
    cost_share: int
    ip_share: int


class Proposal(Hidden):
    """The content of a claim."""

    lead: Lead
    members: tuple[Member, ...] = ()
    approach: str
    schedule: tuple[Step, ...]
    budget_fen: int
    promises: tuple[Promise, ...]
    consortium: tuple[ConsortiumMember, ...] = ()
    commitment_accepted: bool
    attachment_ids: tuple[str, ...] = ()

    @property
    def partner_ids(self) -> tuple[str, ...]:
        return tuple(each.organization_id for each in self.consortium if each.role == "partner")
