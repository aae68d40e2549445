"""The life of a challenge 榜单 as a table: what can be done, from which states, by whom, under which conditions.

Commands decide by these rows, and the `actions` that a caller is shown come from them too. A review by the alliance, for
challenges that cross cities, will stand between `approve` and `publish`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel

from services.challenges import problems
from services.challenges.posting.challenge import CHINESE_STATES, Challenge, KeptContact, Poster
from services.challenges.posting.classified import classified_faults
from services.challenges.posting.programme import DEFAULT
from services.challenges.posting.rules import faults_of
from services.challenges.posting.terms import Terms
from shared.aggregates.decisions import SYSTEM, Decision
from shared.events.challenges import ChallengeStatus, Reason
from shared.values.jurisdictions import SHANGHAI
from shared.values.open_sets import Open
from shared.values.problems import FieldError, Problem, Refusal
from shared.values.terms import ChallengeActions
from shared.values.validation import invalid

Guard = Callable[[Challenge, datetime], Refusal | None]


def is_not_classified(challenge: Challenge, at: datetime) -> Refusal | None:
    faults = classified_faults(challenge)
    return Refusal(problems.CLASSIFIED_MATTER, faults) if faults else None


def makes_sense(challenge: Challenge, at: datetime) -> Refusal | None:
    faults = faults_of(challenge, DEFAULT, at)
    return invalid(*faults) if faults else None


def is_before_its_deadline(challenge: Challenge, at: datetime) -> Refusal | None:
    if at < challenge.deadline:
        return None
    return Refusal(problems.DEADLINE_IN_THE_PAST, deadline=in_shanghai(challenge.deadline))


def is_past_its_deadline(challenge: Challenge, at: datetime) -> Refusal | None:
    if at > challenge.deadline:
        return None
    return Refusal(problems.NOT_DUE, deadline=in_shanghai(challenge.deadline))


@dataclass(frozen=True)
class Action:
    """One row. `who` names its rule in the access table, or time itself; no `target` leaves the state as it is."""

    name: str
    chinese: str
    who: Literal["poster", "city", "time"]
    sources: tuple[ChallengeStatus, ...]
    target: ChallengeStatus | None
    event: str
    guards: tuple[Guard, ...] = ()

    def refusal(self, challenge: Challenge, at: datetime) -> Refusal | None:
        """Why it cannot be done to this challenge now, or None."""
        if challenge.state not in self.sources:
            state = CHINESE_STATES[challenge.state]
            return Refusal(problems.WRONG_STATE, what="榜单", state=state, action=self.chinese)
        return next((refusal for guard in self.guards if (refusal := guard(challenge, at))), None)


ACTIONS: dict[str, Action] = {
    row.name: row
    for row in (
        Action("revise", "修改", "poster", ("draft", "returned"), None, "challenge.revised"),
        Action(
            "submit",
            "提交",
            "poster",
            ("draft", "returned"),
            "submitted",
            "challenge.submitted",
            (is_not_classified, makes_sense),
        ),
        # From `approved` too: otherwise a challenge whose deadline passed before its publication could go nowhere.
        Action("return", "退回", "city", ("submitted", "approved"), "returned", "challenge.returned"),
        Action(
            "approve", "审核通过", "city", ("submitted",), "approved", "challenge.approved", (is_before_its_deadline,)
        ),
        Action("publish", "发布", "city", ("approved",), "published", "challenge.published", (is_before_its_deadline,)),
        Action("close", "截止", "time", ("published",), "closed", "challenge.closed", (is_past_its_deadline,)),
    )
}


class Offer(BaseModel):
    """An action as its caller sees it: allowed, or why not."""

    action: Annotated[ChallengeActions | str, Open(ChallengeActions)]
    allowed: bool
    reason_code: str | None
    reason: str | None


def offers(challenge: Challenge, may: Callable[[str], Problem | None], at: datetime) -> list[Offer]:
    """Every action that people take. `may` answers why this caller's relation forbids an action, or None."""
    return [_offer(row, challenge, may(row.name), at) for row in ACTIONS.values() if row.who != "time"]


def _offer(row: Action, challenge: Challenge, barred: Problem | None, at: datetime) -> Offer:
    if barred:
        return Offer(action=row.name, allowed=False, reason_code=barred.code, reason=barred.detail)
    return offer(row.name, row.refusal(challenge, at))


def offer(action: str, refusal: Refusal | None) -> Offer:
    """The action as allowed, or with why it is refused."""
    if refusal is None:
        return Offer(action=action, allowed=True, reason_code=None, reason=None)
    return Offer(action=action, allowed=False, reason_code=refusal.problem.code, reason=_in_full(refusal))


def _in_full(refusal: Refusal) -> str:
    """The refusal as one text: an offer has no list of fields to look at."""
    faults = "；".join(dict.fromkeys(fault.message for fault in refusal.errors))
    return f"{refusal.detail}{faults}。" if faults else refusal.detail


def draft(
    challenge_id: str,
    terms: Terms,
    contact: KeptContact,
    poster: Poster,
    by: str,
    at: datetime,
) -> Decision[Challenge]:
    """A new challenge of this organisation. Refused with a fault at every field that makes no sense."""
    challenge = Challenge(
        **_written(terms),
        id=challenge_id,
        state="draft",
        organization=poster,
        contact=contact,
        drafted_by=by,
        created_at=at,
        updated_at=at,
    )
    _refuse_faults(challenge, at)
    return Decision(challenge, "draft", by, "challenge.drafted")


def revise(
    challenge: Challenge, changes: dict[str, object], contact: KeptContact | None, by: str, at: datetime
) -> Decision[Challenge] | None:
    """The same challenge with these terms changed; None when nothing differs."""
    revised = Terms.model_validate({**_written(challenge), **changes})
    decision = _take("revise", challenge, by, at, **_written(revised), contact=contact or challenge.contact)
    _refuse_faults(decision.state, at)
    changed = contact is not None or _written(decision.state) != _written(challenge)
    return decision if changed else None


def submit(challenge: Challenge, by: str, at: datetime) -> Decision[Challenge]:
    return _take("submit", challenge, by, at, submitted_at=at, return_reasons=())


def send_back(challenge: Challenge, reasons: Sequence[Reason], by: str, at: datetime) -> Decision[Challenge]:
    """退回, with reasons that the poster can act on."""
    return _take("return", challenge, by, at, return_reasons=tuple(reasons))


def approve(challenge: Challenge, by: str, at: datetime) -> Decision[Challenge]:
    return _take("approve", challenge, by, at)


def publish(challenge: Challenge, by: str, at: datetime) -> Decision[Challenge]:
    return _take("publish", challenge, by, at, published_at=at)


def close(challenge: Challenge, at: datetime) -> Decision[Challenge] | None:
    """Closes it after its deadline; None when another replica was faster, or the deadline has moved."""
    return None if ACTIONS["close"].refusal(challenge, at) else _take("close", challenge, SYSTEM, at, closed_at=at)


def fence(challenge: Challenge, at: datetime) -> Decision[Challenge] | None:
    """Every claim of it has been fenced; None where that is known already."""
    if challenge.state != "closed" or challenge.claims_fenced_at:
        return None
    return Decision(challenge.model_copy(update={"claims_fenced_at": at}), "fence", SYSTEM, None)


def in_shanghai(moment: datetime) -> str:
    """An instant as people here read it: 2026-12-31 23:59:59."""
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"


def _take(name: str, challenge: Challenge, by: str, at: datetime, **changes: object) -> Decision[Challenge]:
    action = ACTIONS[name]
    if refusal := action.refusal(challenge, at):
        raise refusal
    state = action.target or challenge.state
    taken = challenge.model_copy(update={"state": state, "updated_at": at, **changes})
    return Decision(taken, name, by, action.event)


def _refuse_faults(challenge: Challenge, at: datetime) -> None:
    faults = faults_of(challenge, DEFAULT, at)
    if challenge.jurisdiction != challenge.organization.jurisdiction:
        faults.append(FieldError("jurisdiction", "other_jurisdiction", "只能在本单位所在地区发榜，请改为单位所在地区"))
    if faults:
        raise invalid(*faults)


def _written(terms: Terms) -> dict[str, object]:
    return {name: getattr(terms, name) for name in Terms.model_fields}
