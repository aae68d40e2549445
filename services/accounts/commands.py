"""What a person can do here: load → decide → save, one function each."""

from services.accounts import domain, problems
from services.accounts.bodies import Application, Profile, credit_code_of, phone_of
from services.accounts.domain import Contact, Organization, User
from services.accounts.store import Store, phone_context
from services.accounts.visibility import facts_of
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
"""Whoever commands the machine itself: gives the first roles, before there is an operator to do it."""


async def log_in(store: Store, openid: str) -> Stored[User]:
    """The person behind an openid; on the first login he becomes one."""
    known = await store.user_of(openid)
    return known or await _register_user(store, openid)


async def change_profile(store: Store, caller: Caller, profile: Profile, attempt: Attempt) -> Stored[User]:
    """Nickname and phone number, as the person wants them."""
    user_id = caller.user_id or ""
    changes: dict[str, str | None] = {}
    if "nickname" in profile.model_fields_set:
        changes["nickname"] = profile.nickname
    if "phone" in profile.model_fields_set:
        phone = phone_of(profile.phone, "phone") if profile.phone else None
        changes["phone_masked"] = masked_phone(phone) if phone else None
        changes["phone_sealed"] = store.personal.seal(phone, f"user/{user_id}/phone") if phone else None
    return await store.users.change(user_id, lambda user: domain.change_profile(user, changes), attempt=attempt)


async def register_organization(
    store: Store, caller: Caller, application: Application, attempt: Attempt
) -> Stored[Organization]:
    """Registers an organisation, to be verified by its city."""
    credit_code = credit_code_of(application.credit_code)
    if earlier := await store.organizations.created_by(attempt):
        return earlier
    applicant = (await store.users.get(caller.user_id or "")).state
    wanted = _organization(store, application, credit_code, applicant)
    known = await store.organization_under(credit_code)
    try:
        if known is None:
            return await store.organizations.create(domain.register_organization(applicant, wanted), attempt=attempt)
        return await store.organizations.change(
            known.state.id, lambda refused: domain.register_again(refused, applicant, wanted), attempt=attempt
        )
    except DuplicateKeyError as error:
        taken = known is None and await store.organization_under(credit_code)
        raise Refusal(problems.ORGANIZATION_EXISTS if taken else problems.APPLICATION_PENDING) from error


async def approve(store: Store, caller: Caller, organization_id: str, attempt: Attempt) -> Stored[Organization]:
    """The city verifies it; its applicant becomes its org_admin."""
    await _check_city(store, caller, "accounts.approve-organization", organization_id)
    at = now()
    approved = await store.organizations.change(
        organization_id, lambda organization: domain.approve(organization, caller.id, at), attempt=attempt
    )
    await join_applicant(store, approved.state)
    return approved


async def reject(
    store: Store, caller: Caller, organization_id: str, reason: str, attempt: Attempt
) -> Stored[Organization]:
    """The city refuses it, with the reason."""
    await _check_city(store, caller, "accounts.reject-organization", organization_id)
    at = now()
    return await store.organizations.change(
        organization_id, lambda organization: domain.reject(organization, reason, caller.id, at), attempt=attempt
    )


async def join_applicant(store: Store, organization: Organization) -> None:
    """The applicant joins the verified organisation.

    Done with the approval, so that it is seen at once, and again when its event comes back, because a process may die
    between the two writes. Doing it twice is harmless.
    """
    await store.users.change(organization.applicant_id, lambda user: domain.join(user, organization))


async def grant_role(
    store: Store, caller: Caller, user_id: str, wanted: RoleGrant, attempt: Attempt | None
) -> Stored[User]:
    """One role more."""
    check("accounts.grant-role", caller, Facts())
    return await store.users.change(user_id, lambda user: domain.grant(user, wanted, caller.id), attempt=attempt)


async def revoke_role(
    store: Store, caller: Caller, user_id: str, unwanted: RoleGrant, attempt: Attempt
) -> Stored[User]:
    """One role less; tokens that still name it are judged by the new state within seconds."""
    check("accounts.revoke-role", caller, Facts())
    return await store.users.change(user_id, lambda user: domain.revoke(user, unwanted, caller.id), attempt=attempt)


async def _register_user(store: Store, openid: str) -> Stored[User]:
    user_id = new_id()
    sealed = store.personal.seal(openid, openid_context(user_id))
    decision = domain.register_user(user_id, store.personal.blind(openid), sealed, now())
    try:
        return await store.users.create(decision)
    except DuplicateKeyError:
        known = await store.user_of(openid)  # the same person, logging in twice at once
        if known is None:
            raise
        return known


def _organization(store: Store, application: Application, credit_code: str, applicant: User) -> Organization:
    phone = phone_of(application.contact.phone, "contact.phone")
    return Organization(
        id=new_id(),
        name=application.name,
        credit_code=credit_code,
        jurisdiction=application.jurisdiction,
        kind=application.kind,
        contact=Contact(
            name=application.contact.name,
            phone_sealed=store.personal.seal(phone, phone_context(credit_code)),
            phone_masked=masked_phone(phone),
        ),
        applicant_id=applicant.id,
        created_at=now(),
    )


async def _check_city(store: Store, caller: Caller, action: str, organization_id: str) -> None:
    organization = (await store.organizations.get(organization_id)).state
    check(action, caller, facts_of(organization))
