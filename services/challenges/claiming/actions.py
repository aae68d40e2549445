"""The life of a claim 揭榜 as a table: the actions, their states, and what each makes of a claim."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from dataclasses import replace as with_changes
from datetime import datetime
from typing import Literal

from services.challenges import problems
from services.challenges.claiming.claim import CHINESE_STATES, Claim, ClaimStatus, Consent, Partner, Sealed
from services.challenges.claiming.proposal import Proposal
from services.challenges.claiming.rules import Setting, faults_of, is_the_poster
from services.challenges.posting.actions import Offer, in_shanghai, offer
from services.challenges.posting.challenge import Challenge
from shared.aggregates.decisions import SYSTEM, Decision, NotAfter
from shared.values.problems import NOT_FOUND, Refusal
from shared.values.validation import invalid

Guard = Callable[[Claim], Refusal | None]


def commitment_is_accepted(claim: Claim) -> Refusal | None:
    return None if claim.commitment_accepted else Refusal(problems.COMMITMENT_MISSING)


def partners_consent(claim: Claim) -> Refusal | None:
    missing = claim.consents_missing
    return Refusal(problems.CONSENTS_MISSING, count=missing) if missing else None


@dataclass(frozen=True)
class ClaimAction:
    """One row; all of them are possible only until the deadline. An `event` of None publishes nothing."""

    name: str
    chinese: str
    who: Literal["claimant", "partner"]
    sources: tuple[ClaimStatus, ...]
    target: ClaimStatus | None
    event: str | None
    guards: tuple[Guard, ...] = ()

    def refusal(self, claim: Claim, challenge: Challenge, at: datetime) -> Refusal | None:
        """Why it cannot be done to this claim now, or None."""
        if refusal := closed_to_claims(challenge, at):
            return refusal
        if claim.state not in self.sources:
            state = CHINESE_STATES[claim.state]
            return Refusal(problems.WRONG_STATE, what="揭榜申请", state=state, action=self.chinese)
        return next((refusal for guard in self.guards if (refusal := guard(claim))), None)


CLAIM_ACTIONS: dict[str, ClaimAction] = {
    row.name: row
    for row in (
        ClaimAction("replace", "修改", "claimant", ("draft", "submitted"), None, "claim.replaced"),
        ClaimAction(
            "submit",
            "提交",
            "claimant",
            ("draft",),
            "submitted",
            "claim.submitted",
            (commitment_is_accepted, partners_consent),
        ),
        ClaimAction("withdraw", "撤回", "claimant", ("draft", "submitted"), "withdrawn", "claim.withdrawn"),
        ClaimAction("consent", "同意参加", "partner", ("draft",), None, None),
        ClaimAction("refuse", "谢绝参加", "partner", ("draft",), None, None),
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

    A draft lapses. A submitted claim is written once, unchanged but for the mark: a command that read it before finds
    that it was written since, decides again, and is refused.
    """
    if claim.state == "draft":
        lapsed = claim.model_copy(update={"state": "lapsed", "fenced": True, "updated_at": at})
        return Decision(lapsed, "lapse", SYSTEM, "claim.lapsed")
    if claim.state == "submitted" and not claim.fenced:
        return Decision(claim.model_copy(update={"fenced": True}), "fence", SYSTEM, None)
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
    sealed: Sealed,
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
        sealed=sealed.content,
        sha256=sealed.sha256,
        agreement=sealed.agreement,
        partners=tuple(Partner(organization=each) for each in sealed.partners),
        commitment_accepted=sealed.commitment_accepted,
        created_at=at,
        updated_at=at,
    )
    return Decision(claim, "draft", person, "claim.drafted")


def replace(claim: Claim, challenge: Challenge, sealed: Sealed, person: str, at: datetime) -> Decision[Claim]:
    """Other content. Consents stay while consortium and budget stay; a submitted claim that lacks one is a draft again."""
    same = sealed.agreement == claim.agreement
    decision = _take(
        "replace",
        claim,
        challenge,
        person,
        at,
        sealed=sealed.content,
        sha256=sealed.sha256,
        agreement=sealed.agreement,
        partners=claim.partners if same else tuple(Partner(organization=each) for each in sealed.partners),
        commitment_accepted=sealed.commitment_accepted,
    )
    replaced = decision.state
    if replaced.state != "submitted":
        return decision
    if refusal := commitment_is_accepted(replaced):
        raise refusal
    receipt = {"submitted_at": at} if not replaced.consents_missing else {"state": "draft", "submitted_at": None}
    return with_changes(decision, state=replaced.model_copy(update=receipt))


def submit(claim: Claim, challenge: Challenge, person: str, at: datetime) -> Decision[Claim]:
    """Submits; from here on there is a receipt, and it goes to who submitted as well as to who began."""
    people = claim.people if person in claim.people else (*claim.people, person)
    return _take("submit", claim, challenge, person, at, submitted_at=at, people=people)


def withdraw(claim: Claim, challenge: Challenge, person: str, at: datetime) -> Decision[Claim]:
    """Withdraws and erases what was sealed, the salt with it, and what is remembered of earlier attempts."""
    decision = _take("withdraw", claim, challenge, person, at, sealed=None, submitted_at=None)
    return with_changes(decision, forgets=True)


def consent(
    claim: Claim, challenge: Challenge, partner: str, sha256: str, person: str, at: datetime
) -> Decision[Claim]:
    """A partner consents to the content that it saw, until the claim is submitted."""
    partners = _answered(claim, partner, "given")
    decision = _take("consent", claim, challenge, person, at, partners=partners)
    if sha256 != claim.sha256:
        raise Refusal(problems.CONTENT_CHANGED)
    return decision


def refuse(claim: Claim, challenge: Challenge, partner: str, person: str, at: datetime) -> Decision[Claim]:
    """A partner refuses, whatever the content, until the claim is submitted."""
    return _take("refuse", claim, challenge, person, at, partners=_answered(claim, partner, "refused"))


def _answered(claim: Claim, partner: str, answer: Consent) -> tuple[Partner, ...]:
    """The partners with the answer of one of them. Somebody who was left out meanwhile has nothing to answer to."""
    if all(each.organization != partner for each in claim.partners):
        raise Refusal(NOT_FOUND)
    return tuple(
        each.model_copy(update={"consent": answer}) if each.organization == partner else each for each in claim.partners
    )


def _take(name: str, claim: Claim, challenge: Challenge, by: str, at: datetime, **changes: object) -> Decision[Claim]:
    action = CLAIM_ACTIONS[name]
    if refusal := action.refusal(claim, challenge, at):
        raise refusal
    state = action.target or claim.state
    changed = claim.model_copy(update={"state": state, "updated_at": at, **changes})
    return Decision(changed, name, by, action.event, not_after=NotAfter(challenge.deadline, _passed(challenge)))
