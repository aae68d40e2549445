"""Valid people and organisations; a test shows only what it is about."""

from datetime import UTC, datetime
from typing import Any

import pytest

from services.accounts.organizations.domain import Contact, Organization
from services.accounts.people.domain import User
from shared.events.accounts import Membership, Role, RoleGrant
from shared.values.jurisdictions import Jurisdiction
from shared.values.problems import Refusal

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
MEMBER = RoleGrant(role=Role.MEMBER)
ORG_ADMIN = RoleGrant(role=Role.ORG_ADMIN)
ALLIANCE = RoleGrant(role=Role.ALLIANCE_OPERATOR)


def city(jurisdiction: Jurisdiction) -> RoleGrant:
    """The role of a city's staff."""
    return RoleGrant(role=Role.CITY_OPERATOR, jurisdiction=jurisdiction)


def membership(organization_id: str) -> Membership:
    """An administrator's membership."""
    return Membership(organization_id=organization_id, role=Role.ORG_ADMIN)


def refused_with(code: str) -> "pytest.RaisesExc[Refusal]":
    """The refusal with this code."""
    return pytest.raises(Refusal, check=lambda refusal: refusal.problem.code == code)


def user(**different: Any) -> User:
    """A member."""
    given = {"id": "user-1", "openid_blind": "b", "openid_sealed": "s", "roles": (MEMBER,), "created_at": NOW}
    return User(**{**given, **different})


def organization(**different: Any) -> Organization:
    """A pending application of user-1 in Suzhou."""
    given = {
        "id": "organization-1",
        "name": "苏州示例科技有限公司",
        "credit_code": "91320500EXAMPLE00X",
        "jurisdiction": Jurisdiction.SUZHOU,
        "kind": "enterprise",
        "contact": Contact(name="示例联系人", phone_sealed="s", phone_masked="0512-****5678"),
        "applicant_id": "user-1",
        "created_at": NOW,
    }
    return Organization(**{**given, **different})
