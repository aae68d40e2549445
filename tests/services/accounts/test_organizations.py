"""Organisations from application to verification, on a real database."""

import asyncio
from functools import partial

import pytest

from services.accounts.organizations import commands, queries
from services.accounts.people.commands import join_applicant
from services.accounts.people.domain import User
from services.accounts.stores import Stores
from shared.access.checking import Caller
from shared.aggregates.attempts import Attempt
from shared.events.accounts import Role
from shared.values.ids import new_id
from shared.values.jurisdictions import Jurisdiction
from shared.values.problems import Refusal
from tests.services.accounts.building import ALLIANCE, NEIGHBOUR, OPERATOR, application, attempt, code, person


async def applied(stores: Stores, name: str = "openid-1", **different: object) -> tuple[Caller, str]:
    caller = await person(stores, name)
    stored = await commands.register(stores.organizations, caller, application(**different), attempt(caller))
    return caller, stored.state.id


async def approve(stores: Stores, caller: Caller, organization_id: str, under: Attempt) -> None:
    join = partial(join_applicant, stores.people)
    await commands.approve(stores.organizations, join, caller, organization_id, under)


async def user(stores: Stores, caller: Caller) -> User:
    return (await stores.people.all.get(caller.user_id or "")).state


async def test_approval_makes_the_applicant_org_admin_at_once(stores: Stores) -> None:
    caller, organization_id = await applied(stores)
    assert (await user(stores, caller)).memberships == ()
    await approve(stores, OPERATOR, organization_id, attempt(OPERATOR))
    (membership,) = (await user(stores, caller)).memberships
    assert (membership.organization_id, membership.role) == (organization_id, Role.ORG_ADMIN)


async def test_a_person_registers_a_second_organisation_and_may_act_for_both(stores: Stores) -> None:
    caller, first = await applied(stores)
    await approve(stores, OPERATOR, first, attempt(OPERATOR))
    _, second = await applied(stores, credit_code=code(1))
    await approve(stores, OPERATOR, second, attempt(OPERATOR))
    assert [each.organization_id for each in (await user(stores, caller)).memberships] == [first, second]


async def test_a_death_between_approval_and_joining_is_made_good_when_the_event_comes_back(stores: Stores) -> None:
    caller, organization_id = await applied(stores)
    with pytest.raises(ProcessLookupError):
        await commands.approve(stores.organizations, dies, OPERATOR, organization_id, attempt(OPERATOR))
    approved = await stores.organizations.all.get(organization_id)
    assert approved.state.status == "verified"
    for _ in range(2):
        await join_applicant(stores.people, approved.state)
    joined = await stores.people.all.get(caller.user_id or "")
    assert [each.organization_id for each in joined.state.memberships] == [organization_id]
    assert joined.version == 2


async def test_nobody_joins_an_organisation_that_is_not_verified(stores: Stores) -> None:
    caller, organization_id = await applied(stores)
    await join_applicant(stores.people, (await stores.organizations.all.get(organization_id)).state)
    assert (await user(stores, caller)).memberships == ()


async def dies(*_: object) -> None:
    raise ProcessLookupError


async def test_one_credit_code_is_one_organisation_whoever_comes_at_once_and_from_wherever(stores: Stores) -> None:
    callers = [await person(stores, f"openid-{number}") for number in range(8)]
    outcomes = await asyncio.gather(
        *(
            commands.register(stores.organizations, caller, application(jurisdiction=city), attempt(caller))
            for caller, city in zip(callers, Jurisdiction, strict=True)
        ),
        return_exceptions=True,
    )
    refusals = [each.problem.code for each in outcomes if isinstance(each, Refusal)]
    assert refusals == ["organization_exists"] * 7


async def test_a_person_floods_no_city_with_applications(stores: Stores) -> None:
    for number in range(commands.MAX_OPEN):
        await applied(stores, credit_code=code(number))
    with pytest.raises(Refusal, match="too_many_applications"):
        await applied(stores, credit_code=code(commands.MAX_OPEN))


async def test_the_same_attempt_again_answers_what_exists_also_after_it_was_decided(stores: Stores) -> None:
    caller = await person(stores, "openid-1")
    first = await commands.register(stores.organizations, caller, application(), attempt(caller, "key"))
    await approve(stores, OPERATOR, first.state.id, attempt(OPERATOR))
    again = await commands.register(stores.organizations, caller, application(), attempt(caller, "key"))
    assert (again.state.id, again.state.status, again.replayed) == (first.state.id, "verified", True)


async def test_a_refused_code_may_be_asked_for_by_somebody_else_and_that_attempt_repeated(stores: Stores) -> None:
    _, organization_id = await applied(stores)
    await commands.reject(stores.organizations, OPERATOR, organization_id, "证照不清", attempt(OPERATOR))
    other = await person(stores, "openid-2")
    again = await commands.register(stores.organizations, other, application(name="真正的单位"), attempt(other, "key"))
    repeated = await commands.register(
        stores.organizations, other, application(name="真正的单位"), attempt(other, "key")
    )
    assert (again.state.id, again.state.status, again.version) == (organization_id, "pending", 3)
    assert repeated.replayed
    await approve(stores, OPERATOR, organization_id, attempt(OPERATOR))
    assert [each.organization_id for each in (await user(stores, other)).memberships] == [organization_id]


@pytest.mark.parametrize(("caller", "code"), [(NEIGHBOUR, "not_found"), (ALLIANCE, "forbidden")])
async def test_another_citys_application_is_not_there_and_the_alliance_may_only_look(
    stores: Stores, caller: Caller, code: str
) -> None:
    _, organization_id = await applied(stores)
    with pytest.raises(Refusal) as refused:
        await approve(stores, caller, organization_id, attempt(caller))
    assert refused.value.problem.code == code
    assert (await stores.organizations.all.get(organization_id)).state.status == "pending"


async def test_an_organisation_is_shown_to_whom_it_concerns_and_the_number_to_whom_it_serves(stores: Stores) -> None:
    applicant, organization_id = await applied(stores)
    member = Caller("member", frozenset({(Role.ORG_ADMIN, None)}), organization_id)
    shown = {}
    for caller in (applicant, member, OPERATOR, ALLIANCE):
        found = await queries.organization(stores.organizations, caller, organization_id)
        shown[caller.id] = queries.organization_view(stores.organizations, caller, found).contact.phone
    whole, masked = "0512-12345678", "0512-****5678"
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
    stores: Stores, caller: Caller
) -> None:
    _, organization_id = await applied(stores)
    await not_there(stores, caller, organization_id)
    await approve(stores, OPERATOR, organization_id, attempt(OPERATOR))
    await not_there(stores, caller, organization_id)


async def not_there(stores: Stores, caller: Caller, organization_id: str) -> None:
    with pytest.raises(Refusal) as refused:
        await queries.organization(stores.organizations, caller, organization_id)
    assert refused.value.problem.code == "not_found"


async def test_each_city_lists_its_own_and_the_alliance_all_page_by_page(stores: Stores) -> None:
    for number, city in enumerate([Jurisdiction.SUZHOU, Jurisdiction.NANJING, Jurisdiction.SUZHOU]):
        await applied(stores, f"openid-{number}", jurisdiction=city, credit_code=code(number))
    own = await queries.organizations_listed(stores.organizations, OPERATOR, "pending", 20, None)
    assert [each.jurisdiction for each in own.items] == [Jurisdiction.SUZHOU, Jurisdiction.SUZHOU]
    assert {each.contact.phone for each in own.items} == {"0512-12345678"}
    first = await queries.organizations_listed(stores.organizations, ALLIANCE, None, 2, None)
    second = await queries.organizations_listed(stores.organizations, ALLIANCE, None, 2, first.next_cursor)
    assert [each.credit_code for each in (*first.items, *second.items)] == [code(0), code(1), code(2)]
    assert {each.contact.phone for each in first.items} == {"0512-****5678"}
    assert second.next_cursor is None
    assert (await queries.organizations_listed(stores.organizations, OPERATOR, "verified", 20, None)).items == []


async def test_what_is_wrong_with_a_cursor_is_said(stores: Stores) -> None:
    for cursor in ("x", "eyIkbmUiOiBudWxsfQ"):
        with pytest.raises(Refusal) as refused:
            await queries.organizations_listed(stores.organizations, OPERATOR, None, 20, cursor)
        assert refused.value.errors[0].field == "cursor"
