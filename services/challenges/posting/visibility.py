"""Who sees which challenge and which fields of it."""

from typing import Literal

from services.challenges.posting.challenge import Challenge
from shared.access.checking import Caller, Facts, allows, check
from shared.values import problems
from shared.values.problems import Refusal

Place = Literal["everybody", "city", "poster"]


def facts_of(challenge: Challenge) -> Facts:
    """The facts by which the access table decides. A draft belongs to its organisation alone: its city does not see it yet."""
    return Facts(
        jurisdiction=None if challenge.state == "draft" else challenge.jurisdiction,
        organization_id=challenge.organization.id,
        public=challenge.is_public,
    )


def show(challenge: Challenge, caller: Caller) -> None:
    """Refuses callers who may not see it, as if it did not exist. Only its own organisation sees a draft."""
    check("challenges.show", caller, facts_of(challenge))
    if challenge.state == "draft" and place_of(caller, challenge) != "poster":
        raise Refusal(problems.NOT_FOUND)


def place_of(caller: Caller, challenge: Challenge) -> Place:
    """The caller's relation to a challenge that they may see."""
    facts = facts_of(challenge)
    if allows("challenges.revise", caller, facts):
        return "poster"
    return "city" if allows("challenges.approve", caller, facts) else "everybody"


FIELDS: dict[str, Place | Literal["everybody if it is disclosed in full"]] = {
    "id": "everybody",
    "version": "everybody",
    "state": "everybody",
    "organization": "everybody",
    "title": "everybody",
    "problem": "everybody if it is disclosed in full",
    "public_summary": "everybody",
    "jurisdiction": "everybody",
    "industry": "everybody",
    "indicators": "everybody if it is disclosed in full",
    "deadline": "everybody",
    "period_months": "everybody",
    "mode": "everybody",
    "race": "everybody",
    "reward": "everybody",
    "funding": "everybody",
    "ip_terms": "everybody",
    "requirements": "everybody",
    "consortium": "everybody",
    "disclosure": "everybody",
    "classified": "city",
    "contact": "everybody",
    "attachment_ids": "city",
    "claims_count": "everybody",
    "return_reasons": "city",
    "submitted_at": "city",
    "published_at": "everybody",
    "closed_at": "everybody",
    "created_at": "everybody",
    "updated_at": "everybody",
    "relisted_from": "everybody",
    "relisted_as": "everybody",
    "actions": "everybody",
}
"""Every field of an answer and who may see it at least; the poster and its city see all."""


def fields_for(place: Place, challenge: Challenge) -> set[str]:
    """The fields that an answer to somebody in this place has."""
    if place != "everybody":
        return set(FIELDS)
    shown = {"everybody", "everybody if it is disclosed in full"} if challenge.is_disclosed_in_full else {"everybody"}
    return {field for field, least in FIELDS.items() if least in shown}
