"""Organisations from application to verification, on a real database."""

import asyncio

import pytest

from services.accounts import commands, queries
from services.accounts.domain import User
from services.accounts.store import Store
from shared.access.checking import Caller
from shared.events.accounts import Role, RoleGrant
from shared.values.ids import new_id
from shared.values.jurisdictions import Jurisdiction
from shared.values.problems import Refusal
from tests.services.accounts.building import ALLIANCE, NEIGHBOUR, OPERATOR, application, attempt, code, person


async def applied(store: Store, name: str = "openid-1", **different: object) -> tuple[Caller, str]:
    caller = await person(store, name)
    stored = await commands.register_organization(store, caller, application(**different), attempt(caller))
    return caller, stored.state.id


async def user(store: Store, caller: Caller) -> User:
    return (await store.users.get(caller.user_id or "")).state


async def test_approval_makes_the_applicant_org_admin_at_once(store: Store) -> None:
    caller, organization_id = await applied(store)
    assert (await user(store, caller)).organization_id is None
    await commands.approve(store, OPERATOR, organization_id, attempt(OPERATOR))
    joined = await user(store, caller)
    assert joined.organization_id == organization_id
    assert RoleGrant(role=Role.ORG_ADMIN) in joined.roles


async def test_a_death_between_approval_and_joining_is_made_good_when_the_event_comes_back(store: Store) -> None:
    caller, organization_id = await applied(store)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(commands, "join_applicant", dies)
        with pytest.raises(ProcessLookupError):
            await commands.approve(store, OPERATOR, organization_id, attempt(OPERATOR))
    approved = await store.organizations.get(organization_id)
    assert approved.state.status == "verified"
    for _ in range(2):
        await commands.join_applicant(store, approved.state)
    joined = await store.users.get(caller.user_id or "")
    assert joined.state.organization_id == organization_id
    assert joined.version == 2


async def dies(*_: object) -> None:
    raise ProcessLookupError


async def test_one_credit_code_is_one_organisation_whoever_comes_at_once_and_from_wherever(store: Store) -> None:
    callers = [await person(store, f"openid-{number}") for number in range(8)]
    outcomes = await asyncio.gather(
        *(
            commands.register_organization(store, caller, application(jurisdiction=city), attempt(caller))
            for caller, city in zip(callers, Jurisdiction, strict=True)
        ),
        return_exceptions=True,
    )
    refusals = [each.problem.code for each in outcomes if isinstance(each, Refusal)]
    assert refusals == ["organization_exists"] * 7


async def test_a_person_has_one_open_application_however_many_come_at_once(store: Store) -> None:
    caller = await person(store, "openid-1")
    outcomes = await asyncio.gather(
        *(
            commands.register_organization(store, caller, application(credit_code=code(number)), attempt(caller))
            for number in range(5)
        ),
        return_exceptions=True,
    )
    refusals = [each.problem.code for each in outcomes if isinstance(each, Refusal)]
    assert refusals == ["application_pending"] * 4


async def test_the_same_attempt_again_answers_what_exists_also_after_it_was_decided(store: Store) -> None:
    caller = await person(store, "openid-1")
    first = await commands.register_organization(store, caller, application(), attempt(caller, "key"))
    await commands.approve(store, OPERATOR, first.state.id, attempt(OPERATOR))
    again = await commands.register_organization(store, caller, application(), attempt(caller, "key"))
    assert (again.state.id, again.state.status, again.replayed) == (first.state.id, "verified", True)


async def test_a_refused_code_may_be_asked_for_by_somebody_else_and_that_attempt_repeated(store: Store) -> None:
    _, organization_id = await applied(store)
    await commands.reject(store, OPERATOR, organization_id, "证照不清", attempt(OPERATOR))
    other = await person(store, "openid-2")
    again = await commands.register_organization(store, other, application(name="真正的单位"), attempt(other, "key"))
    repeated = await commands.register_organization(store, other, application(name="真正的单位"), attempt(other, "key"))
    assert (again.state.id, again.state.status, again.version) == (organization_id, "pending", 3)
    assert repeated.replayed
    await commands.approve(store, OPERATOR, organization_id, attempt(OPERATOR))
    assert (await user(store, other)).organization_id == organization_id


async def test_who_has_an_open_application_cannot_take_up_a_refused_one(store: Store) -> None:
    _, organization_id = await applied(store)
    await commands.reject(store, OPERATOR, organization_id, "证照不清", attempt(OPERATOR))
    other, _ = await applied(store, "openid-2", credit_code=code(1))
    with pytest.raises(Refusal) as refused:
        await commands.register_organization(store, other, application(), attempt(other))
    assert refused.value.problem.code == "application_pending"


@pytest.mark.parametrize(("caller", "code"), [(NEIGHBOUR, "not_found"), (ALLIANCE, "forbidden")])
async def test_another_citys_application_is_not_there_and_the_alliance_may_only_look(
    store: Store, caller: Caller, code: str
) -> None:
    _, organization_id = await applied(store)
    with pytest.raises(Refusal) as refused:
        await commands.approve(store, caller, organization_id, attempt(caller))
    assert refused.value.problem.code == code
    assert (await store.organizations.get(organization_id)).state.status == "pending"


async def test_an_organisation_is_shown_to_whom_it_concerns_and_the_number_to_whom_it_serves(store: Store) -> None:
    applicant, organization_id = await applied(store)
    member = Caller("member", frozenset({(Role.ORG_ADMIN, None)}), organization_id)
    shown = {}
    for caller in (applicant, member, OPERATOR, ALLIANCE):
        found = await queries.organization(store, caller, organization_id)
        shown[caller.id] = queries.organization_view(store, caller, found).contact.phone
    whole, masked = "051212345678", "051****5678"
    assert shown == {applicant.id: whole, "member": masked, "operator": whole, "alliance": masked}


@pytest.mark.parametrize(
    "caller",
    [
        NEIGHBOUR,
        Caller("somebody"),
        Caller("boss", frozenset({(Role.ORG_ADMIN, None)}), new_id()),
        Caller("without", frozenset({(Role.ORG_ADMIN, None)})),
        Caller("auditor", frozenset({(Role.AUDITOR, None)})),
    ],
    ids=lambda caller: str(caller.id),
)
async def test_to_everybody_else_an_organisation_is_not_there_whatever_became_of_it(
    store: Store, caller: Caller
) -> None:
    _, organization_id = await applied(store)
    await not_there(store, caller, organization_id)
    await commands.approve(store, OPERATOR, organization_id, attempt(OPERATOR))
    await not_there(store, caller, organization_id)


async def not_there(store: Store, caller: Caller, organization_id: str) -> None:
    with pytest.raises(Refusal) as refused:
        await queries.organization(store, caller, organization_id)
    assert refused.value.problem.code == "not_found"


async def test_each_city_lists_its_own_and_the_alliance_all_page_by_page(store: Store) -> None:
    for number, city in enumerate([Jurisdiction.SUZHOU, Jurisdiction.NANJING, Jurisdiction.SUZHOU]):
        await applied(store, f"openid-{number}", jurisdiction=city, credit_code=code(number))
    own = await queries.organizations(store, OPERATOR, "pending", 20, None)
    assert [each.jurisdiction for each in own.items] == [Jurisdiction.SUZHOU, Jurisdiction.SUZHOU]
    assert {each.contact.phone for each in own.items} == {"051212345678"}
    first = await queries.organizations(store, ALLIANCE, None, 2, None)
    second = await queries.organizations(store, ALLIANCE, None, 2, first.next_cursor)
    assert [each.credit_code for each in (*first.items, *second.items)] == [code(0), code(1), code(2)]
    assert {each.contact.phone for each in first.items} == {"051****5678"}
    assert second.next_cursor is None
    assert (await queries.organizations(store, OPERATOR, "verified", 20, None)).items == []


async def test_what_is_wrong_with_a_cursor_is_said(store: Store) -> None:
    for cursor in ("x", "eyIkbmUiOiBudWxsfQ"):
        with pytest.raises(Refusal) as refused:
            await queries.organizations(store, OPERATOR, None, 20, cursor)
        assert refused.value.errors[0].field == "cursor"
