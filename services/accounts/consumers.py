"""What accounts does when it hears of its own decisions again."""

from services.accounts import commands
from services.accounts.store import Store
from shared.events.envelope import Event
from shared.runtime.service import React


def reactions(store: Store) -> dict[str, React]:
    """A process that died between the approval and the joining is made good here."""

    async def join_applicant(event: Event) -> None:
        approved = await store.organizations.get(event.subject)
        await commands.join_applicant(store, approved.state)

    return {"organization.approved": join_applicant}
