"""The commands on organisations: load → decide → save, one function each."""

from collections.abc import Awaitable, Callable

from services.accounts import problems
from services.accounts.organizations import domain
from services.accounts.organizations.bodies import Application, credit_code_of
from services.accounts.organizations.domain import Contact, Organization
from services.accounts.organizations.store import Organizations, phone_context
from services.accounts.organizations.visibility import facts_of
from shared.access.checking import Caller, check
from shared.aggregates.aggregates import Stored
from shared.aggregates.attempts import Attempt
from shared.mongo import DuplicateKeyError
from shared.values.clock import now
from shared.values.ids import new_id
from shared.values.masking import masked_phone
from shared.values.problems import Refusal

MAX_OPEN = 5
"""How many applications of one person may wait at once, about: it keeps out floods, and is not exact between replicas."""
Join = Callable[[Organization], Awaitable[None]]
"""Makes the applicant of a verified organisation its administrator; the room `people` hands it in."""


async def register(
    organizations: Organizations, caller: Caller, application: Application, attempt: Attempt
) -> Stored[Organization]:
    """Registers an organisation, to be verified by its city."""
    credit_code = credit_code_of(application.credit_code)
    if earlier := await organizations.all.created_by(attempt):
        return earlier
    applicant_id = caller.user_id or ""
    if await organizations.open_applications(applicant_id, MAX_OPEN) >= MAX_OPEN:
        raise Refusal(problems.TOO_MANY_APPLICATIONS, limit=MAX_OPEN)
    wanted = _organization(organizations, application, credit_code, applicant_id)
    known = await organizations.under(credit_code)
    try:
        if known is None:
            return await organizations.all.create(domain.register(wanted), attempt=attempt)
        return await organizations.all.change(
            known.state.id, lambda rejected: domain.register_again(rejected, wanted), attempt=attempt
        )
    except DuplicateKeyError as error:
        raise Refusal(problems.ORGANIZATION_EXISTS) from error  # somebody registered the code at the same moment


async def approve(
    organizations: Organizations, join: Join, caller: Caller, organization_id: str, attempt: Attempt
) -> Stored[Organization]:
    """The city verifies an organisation; its applicant becomes its administrator.

    The applicant joins here, so that it is seen at once, and again when the event comes back (people/consumers.py),
    because a process may die between the two writes.
    """
    await _check_city(organizations, caller, "accounts.approve-organization", organization_id)
    at = now()
    approved = await organizations.all.change(
        organization_id, lambda organization: domain.approve(organization, caller.id, at), attempt=attempt
    )
    await join(approved.state)
    return approved


async def reject(
    organizations: Organizations, caller: Caller, organization_id: str, reason: str, attempt: Attempt
) -> Stored[Organization]:
    """The city rejects an application, with the reason."""
    await _check_city(organizations, caller, "accounts.reject-organization", organization_id)
    at = now()
    return await organizations.all.change(
        organization_id, lambda organization: domain.reject(organization, reason, caller.id, at), attempt=attempt
    )


def _organization(
    organizations: Organizations, application: Application, credit_code: str, applicant_id: str
) -> Organization:
    phone = application.contact.phone
    return Organization(
        id=new_id(),
        name=application.name,
        credit_code=credit_code,
        jurisdiction=application.jurisdiction,
        kind=application.kind,
        contact=Contact(
            name=application.contact.name,
            phone_sealed=organizations.personal.seal(phone, phone_context(credit_code)),
            phone_masked=masked_phone(phone),
        ),
        applicant_id=applicant_id,
        created_at=now(),
    )


async def _check_city(organizations: Organizations, caller: Caller, action: str, organization_id: str) -> None:
    organization = (await organizations.all.get(organization_id)).state
    check(action, caller, facts_of(organization))
