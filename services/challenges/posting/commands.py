"""The commands on a challenge, of people and of a timer: load → decide → save, one function each."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial

from services.challenges import problems
from services.challenges.posting import actions
from services.challenges.posting.challenge import Challenge, KeptContact, Poster
from services.challenges.posting.content import ChallengeContent, Contact, Written
from services.challenges.posting.store import Store
from services.challenges.posting.visibility import facts_of
from shared.access.checking import Caller, Facts, check
from shared.aggregates.aggregates import Stored
from shared.aggregates.attempts import Attempt
from shared.aggregates.decisions import Decision
from shared.events.accounts import OrganizationState
from shared.events.challenges import Reason
from shared.values.clock import now
from shared.values.ids import new_id
from shared.values.masking import masked_phone
from shared.values.problems import Refusal

_LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


async def draft(store: Store, caller: Caller, content: ChallengeContent, attempt: Attempt) -> Stored[Challenge]:
    """我要发榜: begins a challenge of the caller's organisation."""
    check("challenges.draft", caller, Facts(organization_id=caller.organization_id))
    if earlier := await store.challenges.created_by(attempt):
        return earlier
    poster = await verified(store, caller)
    challenge_id = new_id()
    contact = _kept(store, challenge_id, content.contact)
    decision = actions.draft(challenge_id, content.terms(), contact, _as_poster(poster), caller.id, now())
    return await store.challenges.create(decision, attempt=attempt)


async def revise(
    store: Store, caller: Caller, challenge_id: str, changes: Written, attempt: Attempt
) -> Stored[Challenge]:
    """Changes the fields that were given, of a draft or of what was returned."""
    given = changes.model_dump(exclude_unset=True)
    contact = given.pop("contact", None)
    kept = _kept(store, challenge_id, Contact(**contact)) if contact else None
    decide = partial(actions.revise, changes=given, contact=kept, by=caller.id, at=now())
    return await _act(store, caller, "revise", challenge_id, decide, attempt)


async def submit(store: Store, caller: Caller, challenge_id: str, attempt: Attempt) -> Stored[Challenge]:
    """Hands it to the city for review."""
    decide = partial(actions.submit, by=caller.id, at=now())
    return await _act(store, caller, "submit", challenge_id, decide, attempt)


async def send_back(
    store: Store, caller: Caller, challenge_id: str, reasons: Sequence[Reason], attempt: Attempt
) -> Stored[Challenge]:
    """退回: the city asks for changes."""
    decide = partial(actions.send_back, reasons=reasons, by=caller.id, at=now())
    return await _act(store, caller, "return", challenge_id, decide, attempt)


async def approve(store: Store, caller: Caller, challenge_id: str, attempt: Attempt) -> Stored[Challenge]:
    """The city finds it fit to be published."""
    decide = partial(actions.approve, by=caller.id, at=now())
    return await _act(store, caller, "approve", challenge_id, decide, attempt)


async def publish(store: Store, caller: Caller, challenge_id: str, attempt: Attempt) -> Stored[Challenge]:
    """From here on everybody sees it and may claim it."""
    decide = partial(actions.publish, by=caller.id, at=now())
    return await _act(store, caller, "publish", challenge_id, decide, attempt)


async def close_due(store: Store) -> None:
    """Closes every published challenge whose deadline has passed. Any replica may run it; one of them wins."""
    at = now()
    due = {"state.state": "published", "state.deadline": {"$gt": _LONG_AGO, "$lt": at}}
    for each in await store.challenges.where(due, limit=100):
        try:
            await store.challenges.change(each.state.id, lambda challenge: actions.close(challenge, at))
        except Refusal:
            continue  # contended, or its outbox is full: the next tick finds it again


async def verified(store: Store, caller: Caller) -> OrganizationState:
    """The organisation that the caller acts for; refused unless its city has verified it."""
    organization_id = caller.organization_id or ""
    organization = (await store.organizations_of([organization_id])).get(organization_id)
    if organization is None or organization.status != "verified":
        raise Refusal(problems.ORGANIZATION_NOT_VERIFIED)
    return organization


async def _act(
    store: Store,
    caller: Caller,
    action: str,
    challenge_id: str,
    decide: Callable[[Challenge], Decision[Challenge] | None],
    attempt: Attempt,
) -> Stored[Challenge]:
    found = await store.challenges.get(challenge_id)
    check(f"challenges.{action}", caller, facts_of(found.state))
    return await store.challenges.change(challenge_id, decide, attempt=attempt)


def _kept(store: Store, challenge_id: str, contact: Contact) -> KeptContact:
    phone = contact.phone
    sealed = store.personal.seal(phone, f"challenge/{challenge_id}")
    return KeptContact(name=contact.name, phone_masked=masked_phone(phone), phone_sealed=sealed)


def _as_poster(organization: OrganizationState) -> Poster:
    return Poster(
        id=organization.id,
        name=organization.name,
        credit_code=organization.credit_code,
        jurisdiction=organization.jurisdiction,
    )
