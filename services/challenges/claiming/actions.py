"""The life of a claim 揭榜 as a table: the actions, their states, and what each makes of a claim."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from dataclasses import replace as with_changes
from datetime import datetime
from typing import Literal

from services.challenges import problems
from services.challenges.claiming.claim import CHINESE_STATES, Claim, ClaimStatus, Consent, Version
from services.challenges.claiming.proposal import Proposal
from services.challenges.claiming.rules import Setting, faults_of, is_the_poster
from services.challenges.posting.actions import Offer, in_shanghai, offer
from services.challenges.posting.challenge import Challenge
from shared.aggregates.decisions import SYSTEM, Decision, NotAfter
from shared.values.problems import NOT_FOUND, Refusal
from shared.values.validation import invalid

Guard = Callable[[Version], Refusal | None]


def commitment_is_accepted(content: Version) -> Refusal | None:
    return None if content.commitment_accepted else Refusal(problems.COMMITMENT_MISSING)


def partners_consent(content: Version) -> Refusal | None:
    missing = content.consents_missing
    return Refusal(problems.CONSENTS_MISSING, count=missing) if missing else None


@dataclass(frozen=True)
class ClaimAction:
    """One row; all of them are possible only until the deadline. An `event` of None publishes nothing.

    Guards look at the content that is not submitted yet. An action with `unsubmitted` needs one: a draft, or what is
    pending beside a submitted claim.
    """

    name: str
    chinese: str
    who: Literal["claimant", "partner"]
    sources: tuple[ClaimStatus, ...]
    target: ClaimStatus | None
    event: str | None
    guards: tuple[Guard, ...] = ()
    unsubmitted: bool = False

    def refusal(self, claim: Claim, challenge: Challenge, at: datetime) -> Refusal | None:
        """Why it cannot be done to this claim now, or None."""
        if refusal := closed_to_claims(challenge, at):
            return refusal
        content = claim.unsubmitted
        if claim.state not in self.sources or (self.unsubmitted and content is None):
            state = CHINESE_STATES[claim.state]
            return Refusal(problems.WRONG_STATE, what="揭榜申请", state=state, action=self.chinese)
        return next((refusal for guard in self.guards if content and (refusal := guard(content))), None)


_LIVE: tuple[ClaimStatus, ...] = ("draft", "submitted")
CLAIM_ACTIONS: dict[str, ClaimAction] = {
    row.name: row
    for row in (
        ClaimAction("replace", "修改", "claimant", _LIVE, None, "claim.replaced"),
        ClaimAction(
            "submit",
            "提交",
            "claimant",
            _LIVE,
            "submitted",
            "claim.submitted",
            (commitment_is_accepted, partners_consent),
            unsubmitted=True,
        ),
        ClaimAction("withdraw", "撤回", "claimant", _LIVE, "withdrawn", "claim.withdrawn"),
        ClaimAction("consent", "同意参加", "partner", _LIVE, None, "claim.consented", unsubmitted=True),
        ClaimAction("refuse", "谢绝参加", "partner", _LIVE, None, None, unsubmitted=True),
    )
}


def offers(claim: Claim, challenge: Challenge, who: Literal["claimant", "partner"], at: datetime) -> list[Offer]:
    """Every action of a claimant, or of a partner, on this claim: allowed, or why not."""
    rows = (row for row in CLAIM_ACTIONS.values() if row.who == who)
    return [offer(row.name, row.refusal(claim, challenge, at)) for row in rows]


def closed_to_claims(challenge: Challenge, at: datetime) -> Refusal | None:
    """Why nobody can claim this challenge now, or None. The deadline's own millisecond is still in time."""
    if challenge.is_claimable and at <= challenge.deadline:
        return None
    if challenge.is_public:
        return _passed(challenge)
    return Refusal(problems.NOT_PUBLISHED)


def _passed(challenge: Challenge) -> Refusal:
    return Refusal(problems.DEADLINE_PASSED, deadline=in_shanghai(challenge.deadline))


def fence(claim: Claim, at: datetime) -> Decision[Claim] | None:
    """Fences a claim after the close of its challenge; None where that is done.

    A draft lapses, and what is pending beside a submitted claim is dropped; what was submitted stands. A submitted claim
    is written once in any case: a command that read it before finds that it was written since, decides again, and is
    refused.
    """
    if claim.state == "draft":
        lapsed = claim.model_copy(update={"state": "lapsed", "fenced": True, "updated_at": at})
        return Decision(lapsed, "lapse", SYSTEM, "claim.lapsed")
    if claim.state == "submitted" and not claim.fenced:
        return Decision(claim.model_copy(update={"fenced": True, "pending": None}), "fence", SYSTEM, None)
    return None


def admit(setting: Setting, at: datetime) -> None:
    """Refuses organisations that may not claim this challenge: its poster, the unverified, and all after the deadline."""
    if setting.claimant.status != "verified":
        raise Refusal(problems.ORGANIZATION_NOT_VERIFIED)
    if is_the_poster(setting.challenge, setting.claimant):
        raise Refusal(problems.OWN_CHALLENGE)
    if refusal := closed_to_claims(setting.challenge, at):
        raise refusal


def check_content(proposal: Proposal, setting: Setting) -> None:
    """Refuses content that makes no sense for its challenge, with a fault at every field."""
    if faults := faults_of(proposal, setting):
        raise invalid(*faults)


def begin(
    claim_id: str,
    challenge: Challenge,
    claimant: str,
    person: str,
    content: Version,
    earlier: Sequence[Claim],
    at: datetime,
) -> Decision[Claim]:
    """A new claim, sealed. Refused while one of the claimant's earlier claims on this challenge is live."""
    if any(each.state != "withdrawn" for each in earlier):
        raise Refusal(problems.CLAIM_EXISTS)
    claim = Claim(
        id=claim_id,
        challenge_id=challenge.id,
        state="draft",
        claimant=claimant,
        people=(person,),
        slot=f"{claimant}/{len(earlier)}",
        sealed=content.sealed,
        sha256=content.sha256,
        partners=content.partners,
        commitment_accepted=content.commitment_accepted,
        created_at=at,
        updated_at=at,
    )
    return Decision(claim, "draft", person, "claim.drafted")


def replace(claim: Claim, challenge: Challenge, content: Version, person: str, at: datetime) -> Decision[Claim]:
    """Another content. `content` is the one that the claim has already where nothing in it differs.

    Beside a submitted claim, what partners must consent to is pending: the claim stays submitted as they consented to it.
    To put back what is submitted takes back what is pending.
    """
    decision = _take("replace", claim, challenge, person, at)
    newest = claim.unsubmitted or claim.standing
    if newest is not None and content.sha256 == newest.sha256:
        return with_changes(decision, state=claim, happened=None)
    if claim.state == "draft":
        return with_changes(decision, state=decision.state.holding(content))
    if refusal := commitment_is_accepted(content):
        raise refusal
    if content.sha256 == claim.sha256:
        return _unseen(decision, pending=None)
    if content.partners:
        return _unseen(decision, pending=content)
    return with_changes(decision, state=decision.state.holding(content).model_copy(update={"submitted_at": at}))


def submit(claim: Claim, challenge: Challenge, person: str, at: datetime) -> Decision[Claim]:
    """Submits; from here on there is a receipt, and it goes to who submitted as well as to who began.

    What is pending takes the place of what was submitted before; it is still one claim.
    """
    people = claim.people if person in claim.people else (*claim.people, person)
    decision = _take("submit", claim, challenge, person, at, submitted_at=at, people=people)
    if claim.pending is None:
        return decision
    return with_changes(decision, state=decision.state.holding(claim.pending), happened=CLAIM_ACTIONS["replace"].event)


def withdraw(claim: Claim, challenge: Challenge, person: str, at: datetime) -> Decision[Claim]:
    """Withdraws and erases what was sealed, the salt with it, and what is remembered of earlier attempts."""
    decision = _take("withdraw", claim, challenge, person, at, sealed=None, pending=None, submitted_at=None)
    return with_changes(decision, forgets=True)


def consent(
    claim: Claim, challenge: Challenge, partner: str, sha256: str, person: str, at: datetime
) -> Decision[Claim]:
    """A partner consents to the content that it saw. The last consent is published, so that the claimant is told."""
    decision, asked = _answer("consent", claim, challenge, partner, "given", person, at)
    if sha256 != asked.sha256:
        raise Refusal(problems.CONTENT_CHANGED)
    answered = decision.state.unsubmitted
    was_last = asked.consents_missing and answered is not None and not answered.consents_missing
    return decision if was_last else with_changes(decision, happened=None)


def refuse(claim: Claim, challenge: Challenge, partner: str, person: str, at: datetime) -> Decision[Claim]:
    """A partner refuses, whatever the content. What is submitted with its consent stays submitted."""
    return _answer("refuse", claim, challenge, partner, "refused", person, at)[0]


def _answer(
    name: str, claim: Claim, challenge: Challenge, partner: str, answer: Consent, person: str, at: datetime
) -> tuple[Decision[Claim], Version]:
    """The decision with the answer in it, and the content that was asked about as it was before.

    Somebody who was left out meanwhile has nothing to answer to.
    """
    decision = _take(name, claim.seen_by(partner), challenge, person, at)
    asked = claim.unsubmitted
    if asked is None or not asked.names(partner):
        raise Refusal(NOT_FOUND)
    partners = tuple(
        each.model_copy(update={"consent": answer}) if each.organization == partner else each for each in asked.partners
    )
    return with_changes(decision, state=decision.state.answered(partners)), asked


def _unseen(decision: Decision[Claim], **changes: object) -> Decision[Claim]:
    """The same with changes that nobody but the claim's own people may see: they have no event."""
    return with_changes(decision, state=decision.state.model_copy(update=changes), happened=None)


def _take(name: str, claim: Claim, challenge: Challenge, by: str, at: datetime, **changes: object) -> Decision[Claim]:
    action = CLAIM_ACTIONS[name]
    if refusal := action.refusal(claim, challenge, at):
        raise refusal
    state = action.target or claim.state
    changed = claim.model_copy(update={"state": state, "updated_at": at, **changes})
    return Decision(changed, name, by, action.event, not_after=NotAfter(challenge.deadline, _passed(challenge)))
