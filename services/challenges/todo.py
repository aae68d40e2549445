"""What waits for somebody among challenges and claims."""

from collections.abc import Awaitable, Callable

from services.challenges.claiming import queries as claiming_queries
from services.challenges.claiming import store as claiming
from services.challenges.claiming.views import ListedClaim
from services.challenges.posting import queries, store
from shared.access.checking import Caller
from shared.events.accounts import Role
from shared.events.challenges import ChallengeStatus
from shared.operations.todo import Waiting


def waiting(posting: store.Store, claims: claiming.Store) -> tuple[Waiting, ...]:
    """A city reviews and publishes; an organisation corrects what was returned, and answers consortiums that name it."""

    def of_the_city(status: ChallengeStatus) -> Callable[[Caller, int], Awaitable[int | None]]:
        return lambda caller, limit: queries.waiting_in_cities(posting, caller, status, limit)

    async def returned(caller: Caller, limit: int) -> int | None:
        return await queries.waiting_at_home(posting, caller, "returned", limit)

    async def consents(caller: Caller, limit: int) -> int | None:
        if caller.organization_id is None or not caller.holds(Role.ORG_ADMIN):
            return None
        page = await claiming_queries.own_claims(claims, caller, None, limit, None)
        return sum(_waits(claim) for claim in page.items)

    listed = "challenges?mine=true&status="
    return (
        Waiting("challenges_to_review", "待审核的榜单", f"{listed}submitted", of_the_city("submitted")),
        Waiting("challenges_to_publish", "待发布的榜单", f"{listed}approved", of_the_city("approved")),
        Waiting("challenges_returned", "被退回的榜单", f"{listed}returned", returned),
        Waiting("claims_to_consent", "待本单位同意的联合揭榜", "claims?mine=true", consents),
    )


def _waits(claim: ListedClaim) -> bool:
    """Whether the organisation is asked and has not answered, while it still can."""
    may = any(each.action == "consent" and each.allowed for each in claim.actions)
    return claim.consent == "asked" and may
