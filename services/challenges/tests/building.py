"""Valid challenges, claims and organisations; a test changes what it is about."""

from datetime import UTC, datetime, timedelta
from typing import Any

from services.challenges.claiming import actions as claim_actions
from services.challenges.claiming.claim import Claim
from services.challenges.claiming.content import ClaimContent
from services.challenges.claiming.examples import CLAIM
from services.challenges.claiming.rules import Setting
from services.challenges.claiming.sealing import Names, seal
from services.challenges.posting import actions
from services.challenges.posting.challenge import Challenge, KeptContact, Poster
from services.challenges.posting.content import ChallengeContent
from services.challenges.posting.examples import CHALLENGE
from shared.events.accounts import OrganizationState
from shared.events.challenges import Reason
from shared.secrets import MasterKey, Pseudonyms
from shared.values.ids import new_id

NOW = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
NAMES = Names(Pseudonyms(b"p" * 32))
SEALER, _ = MasterKey(b"m" * 32).new_data_key("any")


def content(**changes: Any) -> ChallengeContent:
    return ChallengeContent.model_validate({**CHALLENGE, **changes})


def claim_content(**changes: Any) -> ClaimContent:
    return ClaimContent.model_validate({**CLAIM, **changes})


def organization(**changes: Any) -> OrganizationState:
    organization_id = changes.pop("id", new_id())
    facts: dict[str, Any] = {
        "name": f"单位{organization_id[-6:]}",
        "credit_code": f"code-{organization_id}",
        "jurisdiction": "suzhou",
        "kind": "enterprise",
        "status": "verified",
        "reason": None,
        "applicant_id": new_id(),
        "created_at": NOW,
    }
    return OrganizationState(id=organization_id, **{**facts, **changes})


def poster(of: OrganizationState) -> Poster:
    return Poster(id=of.id, name=of.name, credit_code=of.credit_code, jurisdiction=of.jurisdiction)


POSTER = organization()
KEPT = KeptContact(name="联系人", phone_masked="0512-****5678", phone_sealed="…")


def drafted(**changes: Any) -> Challenge:
    written = content(**changes).terms()
    return actions.draft(new_id(), written, KEPT, poster(POSTER), "user-1", NOW).state


def submitted(**changes: Any) -> Challenge:
    return actions.submit(drafted(**changes), "user-1", NOW).state


def returned(**changes: Any) -> Challenge:
    return actions.send_back(submitted(**changes), [Reason(field="problem", message="请补充")], "user-1", NOW).state


def approved(**changes: Any) -> Challenge:
    return actions.approve(submitted(**changes), "user-1", NOW).state


def published(**changes: Any) -> Challenge:
    return actions.publish(approved(**changes), "user-1", NOW).state


def closed(**changes: Any) -> Challenge:
    challenge = published(**changes)
    decision = actions.close(challenge, challenge.deadline + timedelta(milliseconds=1))
    assert decision is not None
    return decision.state


def setting(challenge: Challenge, claimant: OrganizationState, *others: OrganizationState) -> Setting:
    return Setting(challenge, claimant, {each.id: each for each in (claimant, *others)})


def claimed(challenge: Challenge, claimant: OrganizationState, **changes: Any) -> Claim:
    """A drafted claim, sealed."""
    claim_id = new_id()
    content = claim_content(**changes)
    sealed = seal(SEALER, NAMES, challenge.id, claim_id, organization_id=claimant.id, user_id="user-2", content=content)
    pseudonym = NAMES.organization(challenge.id, claimant.id)
    return claim_actions.begin(claim_id, challenge, pseudonym, NAMES.person(claim_id, "user-2"), sealed, [], NOW).state
