"""The commands on people: load → decide → save, one function each."""

from services.accounts import problems
from services.accounts.organizations.domain import Organization
from services.accounts.organizations.store import Organizations
from services.accounts.people import domain
from services.accounts.people.bodies import Profile
from services.accounts.people.domain import User
from services.accounts.people.store import People
from shared.access.checking import Caller, Facts, check
from shared.aggregates.aggregates import Stored
from shared.aggregates.attempts import Attempt
from shared.events.accounts import Role, RoleGrant
from shared.mongo import DuplicateKeyError
from shared.secrets import openid_context
from shared.values.clock import now
from shared.values.ids import new_id
from shared.values.masking import masked_phone
from shared.values.problems import Refusal

INSTALLER = Caller(user_id="installer", grants=frozenset({(Role.ALLIANCE_OPERATOR, None)}))
"""The person who commands the machine itself: grants the first roles, before there is an operator to do it."""


async def log_in(people: People, openid: str) -> Stored[User]:
    """The person behind an openid; the first login registers them."""
    known = await people.behind(openid)
    return known or await _register(people, openid)


async def change_profile(people: People, caller: Caller, profile: Profile, attempt: Attempt) -> Stored[User]:
    """Changes nickname and phone number, as the person wants them."""
    user_id = caller.user_id or ""
    changes: dict[str, str | None] = {}
    if "nickname" in profile.model_fields_set:
        changes["nickname"] = profile.nickname
    if "phone" in profile.model_fields_set:
        phone = profile.phone
        changes["phone_masked"] = masked_phone(phone) if phone else None
        changes["phone_sealed"] = people.personal.seal(phone, f"user/{user_id}/phone") if phone else None
    return await people.all.change(user_id, lambda user: domain.change_profile(user, changes), attempt=attempt)


async def join_applicant(people: People, organization: Organization) -> None:
    """The applicant joins the organisation if it is verified. Doing it twice is harmless."""
    if organization.status == "verified":
        await people.all.change(organization.applicant_id, lambda user: domain.join(user, organization.id))


async def grant_role(
    people: People, caller: Caller, user_id: str, wanted: RoleGrant, attempt: Attempt | None
) -> Stored[User]:
    """Grants a role."""
    check("accounts.grant-role", caller, Facts())
    return await people.all.change(user_id, lambda user: domain.grant(user, wanted, caller.id), attempt=attempt)


async def appoint(
    people: People, organizations: Organizations, caller: Caller, user_id: str, organization_id: str, attempt: Attempt
) -> Stored[User]:
    """Makes a person an administrator of a verified organisation."""
    check("accounts.grant-role", caller, Facts())
    organization = await organizations.all.find(organization_id)
    if organization is None or organization.state.status != "verified":
        raise Refusal(problems.ORGANIZATION_NOT_VERIFIED)
    return await people.all.change(
        user_id, lambda user: domain.appoint(user, organization_id, caller.id), attempt=attempt
    )


async def revoke_role(
    people: People, caller: Caller, user_id: str, unwanted: RoleGrant, attempt: Attempt
) -> Stored[User]:
    """Revokes a role; tokens that still name it are judged by the new state within seconds."""
    check("accounts.revoke-role", caller, Facts())
    return await people.all.change(user_id, lambda user: domain.revoke(user, unwanted, caller.id), attempt=attempt)


async def dismiss(
    people: People, caller: Caller, user_id: str, organization_id: str | None, attempt: Attempt
) -> Stored[User]:
    """Ends a membership; tokens that act for that organisation are refused within seconds."""
    check("accounts.revoke-role", caller, Facts())
    return await people.all.change(
        user_id, lambda user: domain.dismiss(user, organization_id, caller.id), attempt=attempt
    )


async def _register(people: People, openid: str) -> Stored[User]:
    user_id = new_id()
    sealed = people.personal.seal(openid, openid_context(user_id))
    decision = domain.register(user_id, people.personal.blind(openid), sealed, now())
    try:
        return await people.all.create(decision)
    except DuplicateKeyError:
        known = await people.behind(openid)  # the same person, logging in twice at once
        if known is None:
            raise
        return known
