"""A challenge 榜单 as its owner keeps it, and what of it is published."""

from services.challenges.posting.terms import Terms
from shared.aggregates.adopting import Told
from shared.aggregates.stored_state import Kept
from shared.events.challenges import ChallengeState, ChallengeStatus, PosterRef, Reason
from shared.events.payload import Instant
from shared.values.jurisdictions import Jurisdiction

PUBLIC_STATES: frozenset[ChallengeStatus] = frozenset({"published", "closed"})
"""What everybody may see."""
CLAIMABLE_STATES: frozenset[ChallengeStatus] = frozenset({"published"})
"""What takes claims, until its deadline."""

CHINESE_STATES: dict[str, str] = {
    "draft": "草稿",
    "submitted": "待审核",
    "returned": "已退回",
    "approved": "审核通过",
    "published": "揭榜中",
    "closed": "已截止",
}


class Poster(Kept):
    """发榜单位: the organisation as it was verified when the challenge was begun."""

    id: str
    name: str
    credit_code: str
    jurisdiction: Jurisdiction


class KeptContact(Kept):
    """Whom to ask; the phone number is kept sealed and shown masked."""

    name: str
    phone_masked: str
    phone_sealed: str


class Challenge(Terms):
    """The terms, whose they are, and how far they have come."""

    id: str
    state: ChallengeStatus
    organization: Poster
    contact: KeptContact
    drafted_by: str
    return_reasons: tuple[Reason, ...] = ()
    relisted_from: str | None = None
    relisted_as: str | None = None
    submitted_at: Instant | None = None
    published_at: Instant | None = None
    closed_at: Instant | None = None
    claims_fenced_at: Instant | None = None
    """From when on no claim of it changes any more: each was written once after the close."""
    created_at: Instant
    updated_at: Instant

    @property
    def is_public(self) -> bool:
        return self.state in PUBLIC_STATES

    @property
    def is_claimable(self) -> bool:
        return self.state in CLAIMABLE_STATES

    @property
    def is_disclosed_in_full(self) -> bool:
        """Whether everybody may read the problem and its indicators."""
        return self.is_public and self.disclosure == "full"


def published(challenge: Challenge) -> ChallengeState:
    """The payload of a challenge's events. It holds nothing that the public may not read once the challenge is published."""
    return ChallengeState(
        id=challenge.id,
        state=challenge.state,
        public=challenge.is_public,
        claimable=challenge.is_claimable,
        title=challenge.title,
        public_summary=challenge.public_summary,
        problem=challenge.problem if challenge.is_disclosed_in_full else None,
        indicators=tuple(each.published() for each in challenge.indicators) if challenge.is_disclosed_in_full else (),
        jurisdiction=challenge.jurisdiction,
        industry=challenge.industry,
        organization=PosterRef(id=challenge.organization.id, name=challenge.organization.name),
        reward_fen=challenge.reward.amount_fen,
        deadline=challenge.deadline,
        period_months=challenge.period_months,
        mode=challenge.mode,
        disclosure=challenge.disclosure,
        return_reasons=challenge.return_reasons,
        published_at=challenge.published_at,
        closed_at=challenge.closed_at,
        created_at=challenge.created_at,
        updated_at=challenge.updated_at,
    )


_LIFE = ("state", "return_reasons", "published_at", "closed_at", "updated_at")
"""What of a challenge changes when its terms do not."""
_TERMS_CHANGE = {"challenge.drafted", "challenge.revised"}


def taken_from_log(told: Told, challenge: Challenge | None) -> Challenge | None:
    """The challenge as the log knows it: whole where the terms are those that the owner has, since events tell only a part
    of them, and the log still has every event between."""
    state = told.newest.data
    if challenge is None or not isinstance(state, ChallengeState):
        return None
    if not told.whole or any(each.type.short in _TERMS_CHANGE for each in told.events):
        return None
    submitted = [each.time for each in told.events if each.type.short == "challenge.submitted"]
    life = {name: getattr(state, name) for name in _LIFE}
    return challenge.model_copy(update={**life, "submitted_at": submitted[-1] if submitted else challenge.submitted_at})


def gone(told: ChallengeState) -> ChallengeState:
    """What readers are told of a challenge that was lost with the database: it is no longer for the public."""
    return told.model_copy(update={"state": "draft", "public": False, "claimable": False})
