"""The reactions of accounts to its own events."""

from services.accounts.organizations.store import Organizations
from services.accounts.people import commands
from services.accounts.people.store import People
from shared.events.envelope import Event
from shared.runtime.service import React


def reactions(people: People, organizations: Organizations) -> dict[str, React]:
    """Repairs a process that died between the approval of an organisation and the joining of its applicant."""

    async def join_applicant(event: Event) -> None:
        approved = await organizations.all.get(event.subject)
        await commands.join_applicant(people, approved.state)

    return {"organization.approved": join_applicant}
