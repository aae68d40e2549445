"""The request model of a claim 揭榜: shapes, sizes and cleaning. The sealed model is `proposal.py`.

It will be sealed, so no repr and no error message shows it.
"""

import hashlib
import json
import secrets
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from services.challenges.claiming.proposal import Proposal
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

    def proposal(self) -> Proposal:
        """The content to seal."""
        return Proposal.model_validate(self.model_dump())


def canonical(content: ClaimContent, salt: str) -> bytes:
    """The bytes under a receipt's hash: JSON in UTF-8 with sorted keys and no blanks, `{"content": …, "salt": …}`.

    A field of the content that has its default is left out, so that a field which is added later with a default changes
    the hash of no content that was written before. A default therefore never changes.
    """
    fields = content.model_dump(mode="json", exclude_defaults=True)
    salted = {"content": fields, "salt": salt}
    return json.dumps(salted, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def sha256_of(content: ClaimContent, salt: str) -> str:
    """The hash on the receipt, 64 hex digits. The salt keeps it from being guessed by somebody who guesses the content."""
    return hashlib.sha256(canonical(content, salt)).hexdigest()


def new_salt() -> str:
    """32 random bytes in hex, for one version of one claim."""
    return secrets.token_hex(32)
