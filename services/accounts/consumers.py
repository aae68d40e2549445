"""What accounts does when it hears of its own decisions again."""

from services.accounts import commands
from services.accounts.store import Store
from shared.events.envelope import Event
from shared.service import React


def reactions(store: Store) -> dict[str, React]:
    """A process that died between approving and welcoming is made good here."""

    async def welcome(event: Event) -> None:
        approved = await store.organizations.get(event.subject)
        await commands.welcome(store, approved.state)

    return {"organization.approved": welcome}
