"""Persons as the log holds them, also from before one person could act for several organisations."""

import pytest

from shared.events.accounts import Membership, Role, RoleGrant, UserState

OF_BEFORE = {
    "id": "019a4e7c-1b2a-7c3d-8e4f-5a6b7c8d9e0f",
    "roles": [{"role": "member", "jurisdiction": None}, {"role": "org_admin", "jurisdiction": None}],
    "organization_id": "019a4e7c-2c3b-7d4e-9f50-6b7c8d9e0f1a",
    "openid_sealed": "bm9uY2VjaXBoZXJ0ZXh0dGFn",
    "created_at": "2026-11-03T02:15:30.120Z",
}
"""The golden example of version 0.1: compacted topics hold such events for ever."""


def test_a_person_of_before_memberships_is_read_with_the_one_that_they_had() -> None:
    state = UserState.model_validate(OF_BEFORE)
    assert state.memberships == (Membership(organization_id=OF_BEFORE["organization_id"], role=Role.ORG_ADMIN),)
    assert state.roles == (RoleGrant(role=Role.MEMBER),)


@pytest.mark.parametrize("lacking", [{"roles": OF_BEFORE["roles"][:1]}, {"organization_id": None}])
def test_somebody_who_administered_no_organisation_acts_for_none(lacking: dict[str, object]) -> None:
    assert UserState.model_validate({**OF_BEFORE, **lacking}).memberships == ()


def test_memberships_that_are_there_are_taken_as_they_are() -> None:
    other = {"organization_id": "019a4e7c-3d4c-7e5f-8a61-7c8d9e0f1a2b", "role": "org_admin"}
    state = UserState.model_validate({**OF_BEFORE, "memberships": [other]})
    assert [each.organization_id for each in state.memberships] == [other["organization_id"]]
