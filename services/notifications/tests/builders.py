"""Valid things; a test changes what it is about."""

from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from uuid import NAMESPACE_URL, uuid5

from services.notifications.sending.delivery import Delivery
from shared.events.accounts import OrganizationState, Role, RoleGrant, UserState
from shared.events.challenges import ChallengeState, ClaimState, PosterRef, Reason
from shared.events.envelope import Event, event
from shared.events.search import HitItem, SavedSearchHit
from shared.events.sync import BatchState, RecordState, VerdictCounts
from shared.values.jurisdictions import Jurisdiction

NOON = datetime(2026, 11, 25, 4, 0, tzinfo=UTC)
"""12:00 in Shanghai."""


def at_shanghai(hour: int, minute: int = 0) -> datetime:
    """A time of day in Shanghai on 25 November 2026."""
    return NOON + timedelta(hours=hour - 12, minutes=minute)


def user(
    user_id: str,
    *,
    organization: str | None = None,
    admin: bool = True,
    operates: Jurisdiction | None = None,
    at: datetime = NOON,
    openid: str | None = "sealed",
) -> Event:
    roles = [RoleGrant(role=Role.MEMBER), *([RoleGrant(role=Role.ORG_ADMIN)] if organization and admin else [])]
    if operates:
        roles.append(RoleGrant(role=Role.CITY_OPERATOR, jurisdiction=operates))
    state = UserState(id=user_id, roles=tuple(roles), organization_id=organization, openid_sealed=openid, created_at=at)
    return event("user.registered", user_id, 1, at, state)


def batch(short: str = "batch.waiting", *, at: datetime = NOON) -> Event:
    """Of Suzhou's institutions."""
    state = BatchState(
        id="batch-1",
        jurisdiction=Jurisdiction.SUZHOU,
        kind="institution",
        mode="snapshot",
        dry_run=False,
        seq=None,
        state="awaiting_approval",
        rows=70,
        counts=VerdictCounts(),
        withdrawn=37,
        pushed_by="agent-1",
        committed_at=at,
        finished_at=None,
    )
    return event(short, state.id, 2, at, state)


def organization(
    short: str = "organization.approved", *, applicant: str = "user-1", reason: str | None = None
) -> Event:
    state = OrganizationState(
        id="org-1",
        name="苏州某某新材料有限公司",
        credit_code="91320500MA1MTEST0X",
        jurisdiction=Jurisdiction.SUZHOU,
        kind="enterprise",
        status="verified",
        reason=reason,
        applicant_id=applicant,
        created_at=NOON,
    )
    return event(short, state.id, 2, NOON, state)


def challenge(short: str = "challenge.published", *, at: datetime = NOON, version: int = 4, **changes: Any) -> Event:
    fields: dict[str, Any] = {
        "id": "challenge-1",
        "state": short.removeprefix("challenge."),
        "title": "氢燃料电池双极板涂层寿命提升",
        "public_summary": "双极板涂层寿命",
        "problem": None,
        "indicators": (),
        "jurisdiction": Jurisdiction.SUZHOU,
        "industry": ("氢能",),
        "organization": PosterRef(id="org-1", name="苏州某某新材料有限公司"),
        "reward_fen": 300_000_000,
        "deadline": at + timedelta(days=60),
        "period_months": 24,
        "mode": "single",
        "disclosure": "summary",
        "return_reasons": (Reason(field="problem", message="请写明现有涂层"),) if short.endswith("returned") else (),
        "published_at": at,
        "closed_at": None,
        "created_at": at,
        "updated_at": at,
        **changes,
    }
    state = ChallengeState(**fields)
    return event(short, state.id, version, at, state)


def claim(
    claim_id: str = "claim-1",
    short: str = "claim.submitted",
    *,
    state: str = "submitted",
    version: int = 2,
    people: tuple[str, ...] = (),
    at: datetime = NOON,
) -> Event:
    submitted_at = at if state == "submitted" else None
    claimed = ClaimState(
        id=claim_id,
        challenge_id="challenge-1",
        state=state,
        sha256="ab" * 32,
        submitted_at=submitted_at,
        people=people,
    )
    return event(short, claim_id, version, at, claimed)


def hit(
    user_id: str,
    found: Event,
    *,
    search: str = "氢能",
    hit_id: str = "hit-1",
    notify: Literal["at_once", "digest"] = "at_once",
) -> Event:
    made = SavedSearchHit(
        id=hit_id,
        subscription_id="subscription-1",
        subscription_name=search,
        user_id=user_id,
        item=_item(found),
        cause=found.id,
        occurred_at=found.time,
        notify=notify,
    )
    return event("saved-search.hit", made.id, 1, found.time, made)


def _item(found: Event) -> HitItem:
    state = found.data
    if isinstance(state, RecordState):
        return HitItem(
            id=found.subject,
            type="record",
            kind=state.kind,
            title=state.title,
            jurisdiction=state.jurisdiction,
            reward_fen=None,
            deadline=None,
        )
    assert isinstance(state, ChallengeState)
    return HitItem(
        id=state.id,
        type="challenge",
        title=state.title,
        jurisdiction=state.jurisdiction,
        reward_fen=state.reward_fen,
        deadline=state.deadline,
    )


def record(*, at: datetime = NOON, title: str = "某某燃料电池中试平台") -> Event:
    """A record of Zhenjiang that is new."""
    state = RecordState(
        jurisdiction="zhenjiang", kind="platform", source_id="1", title=title, batch_id="batch-1", updated_at=at
    )
    return event("record.added", "zhenjiang/platform/1", 1, at, state, jurisdiction="zhenjiang")


def delivery(**changes: Any) -> Delivery:
    fields: dict[str, Any] = {
        "event_id": "challenge-1/4",
        "event": "challenge.published",
        "recipient": "pseudonym-1",
        "group": "challenge",
        "template": "challenge_progress",
        "data": {"thing1": "涂层", "phrase2": "已发布", "thing3": "无", "time4": "2026年11月25日 12:00:00"},
        "page": "pages/challenge/show?id=challenge-1",
        "jurisdiction": Jurisdiction.SUZHOU,
        "sealed": False,
        "due_at": NOON,
        "created_at": NOON,
        **changes,
    }
    row_id = str(uuid5(NAMESPACE_URL, f"{fields['event_id']}/{fields['recipient']}/{fields['template']}"))
    return Delivery(**{"id": row_id, **fields})
