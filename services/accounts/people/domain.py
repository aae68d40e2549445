"""People 用户: their roles and the organisations that they act for. Pure: no clock, no database, no WeChat.

A person acts for an organisation from the moment its city has verified it. One person may act for several; each token
names the acting one (docs/decisions/0030-acting-organisation.md).
"""

from collections.abc import Callable
from datetime import datetime

from pydantic import computed_field

from services.accounts import problems
from shared.aggregates.adopting import Told
from shared.aggregates.decisions import SYSTEM, Decision
from shared.aggregates.stored_state import Kept
from shared.events.accounts import Membership, Role, RoleGrant, UserState, with_memberships
from shared.values import problems as shared_problems
from shared.values.problems import FieldError, Refusal
from shared.values.validation import invalid

_WITH_DUTY = {Role.CITY_OPERATOR, Role.ALLIANCE_OPERATOR}
_OPERATING = {*_WITH_DUTY, Role.AUDITOR}
_WITH_EMPLOYER = {Role.REVIEWER, Role.TECHNOLOGY_MANAGER}
UPCASTS = (with_memberships,)
"""From each older schema of a stored person to the next."""


class User(Kept):
    """A person 用户. The openid is kept as a blind index and sealed, never as it is."""

    id: str
    openid_blind: str
    openid_sealed: str
    nickname: str | None = None
    phone_sealed: str | None = None
    phone_masked: str | None = None
    roles: tuple[RoleGrant, ...]
    """The roles that an operator granted, and `member`. Administering an organisation is a membership."""
    memberships: tuple[Membership, ...] = ()
    session_generation: int = 0
    """Raised when the person ends all sessions: access tokens of a lower one are refused."""
    left: tuple[str, ...] = ()
    """The organisations whose membership was ended: an approval that comes back later does not bring it back."""
    created_at: datetime

    @computed_field  # type: ignore[prop-decorator]
    @property
    def organization_id(self) -> str | None:
        """The first membership's, kept for the version before memberships, which may come back."""
        return self.memberships[0].organization_id if self.memberships else None

    @property
    def operates(self) -> bool:
        """Whether the person runs the platform, for a city or for the alliance, or reads its trail."""
        return any(each.role in _OPERATING for each in self.roles)

    def membership_in(self, organization_id: str) -> Membership | None:
        """The membership in this organisation, if the person has one."""
        return next((each for each in self.memberships if each.organization_id == organization_id), None)

    def published(self) -> UserState:
        """The state that other services may know."""
        return UserState(
            id=self.id,
            roles=self.roles,
            memberships=self.memberships,
            session_generation=self.session_generation,
            organization_id=self.organization_id,
            openid_sealed=self.openid_sealed,
            created_at=self.created_at,
        )


def register(user_id: str, openid_blind: str, openid_sealed: str, at: datetime) -> Decision[User]:
    """The first login: a member, and nothing more."""
    member = RoleGrant(role=Role.MEMBER)
    user = User(id=user_id, openid_blind=openid_blind, openid_sealed=openid_sealed, roles=(member,), created_at=at)
    return Decision(user, "register", user_id, "user.registered")


def grant(user: User, wanted: RoleGrant, by: str) -> Decision[User] | None:
    """Grants a role, or changes its duty or employer; None where the person holds it so already."""
    _check_grantable(wanted)
    if wanted in user.roles:
        return None
    others = tuple(held for held in user.roles if not _is_same_role(held, wanted))
    return Decision(user.model_copy(update={"roles": (*others, wanted)}), "grant-role", by, "user.roles-changed")


def revoke(user: User, unwanted: RoleGrant, by: str) -> Decision[User]:
    """Revokes a role. Nobody revokes their own alliance role: the last one could never be given back."""
    if unwanted.role is Role.MEMBER:
        raise _wrong_role("member_is_everyone", "普通成员身份随登录取得，不能撤销")
    remaining = tuple(held for held in user.roles if not _is_same_role(held, unwanted))
    if remaining == user.roles:
        raise Refusal(problems.ROLE_NOT_HELD)
    if unwanted.role is Role.ALLIANCE_OPERATOR and user.id == by:
        raise Refusal(problems.OWN_ROLE)
    return Decision(user.model_copy(update={"roles": remaining}), "revoke-role", by, "user.roles-changed")


def join(user: User, organization_id: str) -> Decision[User] | None:
    """The person becomes the organisation's administrator; None where they are or have been."""
    if user.membership_in(organization_id) or organization_id in user.left:
        return None
    joined = _with_membership(user, organization_id)
    return Decision(joined, "join-organization", SYSTEM, "user.joined-organization")


def appoint(user: User, organization_id: str, by: str) -> Decision[User] | None:
    """An operator makes the person an administrator, also where an earlier membership was ended."""
    if user.membership_in(organization_id):
        return None
    return Decision(_with_membership(user, organization_id), "appoint", by, "user.joined-organization")


def dismiss(user: User, organization_id: str | None, by: str) -> Decision[User]:
    """An operator ends a membership. The organisation must be named where the person has several."""
    if organization_id is None and len(user.memberships) > 1:
        raise invalid(FieldError("organization_id", "missing", "该用户代表多个单位，请指明要撤销哪个单位的管理员"))
    ended = [each.organization_id for each in user.memberships if organization_id in (None, each.organization_id)]
    if not ended:
        raise Refusal(problems.ROLE_NOT_HELD)
    remaining = tuple(each for each in user.memberships if each.organization_id not in ended)
    changed = user.model_copy(update={"memberships": remaining, "left": (*user.left, *ended)})
    return Decision(changed, "dismiss", by, "user.roles-changed")


def acting(user: User, organization_id: str | None) -> Membership | None:
    """The membership under which the person wants to act; None: in person. Refused when it has ended."""
    if organization_id is None:
        return None
    membership = user.membership_in(organization_id)
    if membership is None:
        raise Refusal(shared_problems.MEMBERSHIP_ENDED)
    return membership


def end_sessions(user: User) -> Decision[User]:
    """The person ends all sessions: access tokens that were issued before are refused."""
    ended = user.model_copy(update={"session_generation": user.session_generation + 1})
    return Decision(ended, "end-sessions", user.id, "user.signed-out")


def change_profile(user: User, changes: dict[str, str | None]) -> Decision[User] | None:
    """The profile as the person wants it; nobody else is told."""
    changed = user.model_copy(update=changes)
    return None if changed == user else Decision(changed, "change-profile", user.id, None)


def taken_from_log(blind: Callable[[str, str], str], told: Told, user: User | None) -> User | None:
    """The person as the log knows them; profile and telephone number are in no event. `blind` makes the index of a sealed
    openid of this person."""
    state = told.newest.data
    assert isinstance(state, UserState)
    if state.openid_sealed is None:
        return None
    held = {each.organization_id for each in state.memberships}
    known = user or User(
        id=state.id,
        openid_blind=blind(state.openid_sealed, state.id),
        openid_sealed=state.openid_sealed,
        roles=state.roles,
        created_at=state.created_at,
    )
    ended = (each.organization_id for each in known.memberships if each.organization_id not in held)
    changes = {"roles": state.roles, "memberships": state.memberships, "session_generation": state.session_generation}
    left = tuple(each for each in dict.fromkeys((*known.left, *ended)) if each not in held)
    return known.model_copy(update={**changes, "left": left})


def _with_membership(user: User, organization_id: str) -> User:
    joined = Membership(organization_id=organization_id, role=Role.ORG_ADMIN)
    left = tuple(each for each in user.left if each != organization_id)
    return user.model_copy(update={"memberships": (*user.memberships, joined), "left": left})


def _is_same_role(one: RoleGrant, other: RoleGrant) -> bool:
    """A person holds a role once for each city, whatever its duty and employer."""
    return (one.role, one.jurisdiction) == (other.role, other.jurisdiction)


def _check_grantable(wanted: RoleGrant) -> None:
    if wanted.role is Role.MEMBER:
        raise _wrong_role("not_grantable", "普通成员身份随登录取得，不能直接授予")
    if wanted.role is Role.ORG_ADMIN:
        raise _wrong_role("not_grantable", "单位管理员身份随单位认证取得，请指明单位后授予")
    if (wanted.role is Role.CITY_OPERATOR) != (wanted.jurisdiction is not None):
        message = "城市运营人员必须指定地区" if wanted.jurisdiction is None else "只有城市运营人员需要指定地区"
        raise invalid(FieldError("jurisdiction", "jurisdiction_mismatch", message))
    if wanted.duty is not None and wanted.role not in _WITH_DUTY:
        raise invalid(FieldError("duty", "not_allowed", "只有运营人员分业务和监督岗位，请删除此项"))
    if wanted.employer_credit_code is not None and wanted.role not in _WITH_EMPLOYER:
        raise invalid(
            FieldError("employer_credit_code", "not_allowed", "只有评审专家和技术经理人登记任职单位，请删除此项")
        )


def _wrong_role(code: str, message: str) -> Refusal:
    return invalid(FieldError("role", code, message))
