"""What a claimant writes 揭榜. It will be sealed, so no repr and no error message shows it."""

import hashlib
import json
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from services.challenges.posting.content import Count, Fen, Flag, Line, Percent, Text, Written
from shared.values.readable import PROSE


class Secret(Written):
    """A part of a claim. Its repr and its validation errors keep the values to themselves."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    def __repr_args__(self) -> Sequence[tuple[str | None, Any]]:
        return ()


class Lead(Secret):
    """The person who answers for the claim."""

    name: Line
    title: Line


class Member(Secret):
    """Somebody of the team."""

    name: Line
    title: Line
    qualification: Annotated[str, Field(max_length=2_000), PROSE] = ""


class Step(Secret):
    """A step of the schedule."""

    name: Line
    months: Count


class Promise(Secret):
    """The value that the claimant promises for one of the challenge's indicators."""

    indicator: Line
    value: Line


class ConsortiumMember(Secret):
    """An organisation of the consortium and its share of cost and of intellectual property, in percent."""

    organization_id: Line
    role: Literal["lead", "partner"]
    cost_share: Percent
    ip_share: Percent


class ClaimContent(Secret):
    """A claim as its claimant writes it."""

    lead: Lead
    members: Annotated[tuple[Member, ...], Field(max_length=100)] = ()
    approach: Text
    schedule: Annotated[tuple[Step, ...], Field(max_length=100)]
    budget_fen: Fen
    promises: Annotated[tuple[Promise, ...], Field(max_length=50)]
    consortium: Annotated[tuple[ConsortiumMember, ...], Field(max_length=20)] = ()
    commitment_accepted: Flag
    attachment_ids: Annotated[tuple[Line, ...], Field(max_length=50)] = ()

    @property
    def partner_ids(self) -> tuple[str, ...]:
        return tuple(each.organization_id for each in self.consortium if each.role == "partner")


def canonical(content: ClaimContent) -> bytes:
    """The content as JSON in UTF-8 with sorted keys and no blanks, every field present: what is hashed."""
    fields = content.model_dump(mode="json")
    return json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def sha256_of(content: ClaimContent) -> str:
    """The hash on the receipt, 64 hex digits."""
    return hashlib.sha256(canonical(content)).hexdigest()
