"""What sync answers about agents."""

from services.sync.intake import views
from services.sync.intake.agent import Agent
from services.sync.intake.store import Intake
from shared.access.checking import Caller, Facts, check
from shared.aggregates.aggregates import Stored
from shared.events.accounts import Role
from shared.http.paging import Page, page_of
from shared.values.jurisdictions import Jurisdiction


async def list_agents(
    intake: Intake, caller: Caller, jurisdiction: Jurisdiction | None, limit: int, cursor: str | None
) -> Page[views.AgentView]:
    """A city's agents, those that were removed included."""
    city = city_of(caller, jurisdiction)
    check("sync.list-agents", caller, Facts(jurisdiction=city))
    found = await intake.agents.where({"state.jurisdiction": city}, sort=[("_id", 1)])
    return page_of([views.agent_view(each.state) for each in found], limit, cursor)


async def show_agent(intake: Intake, caller: Caller, agent_id: str) -> Stored[Agent]:
    """An agent, removed or not; 404 for other cities."""
    stored = await intake.agents.get(agent_id)
    check("sync.show-agent", caller, Facts(jurisdiction=stored.state.jurisdiction))
    return stored


async def agent_with_key(intake: Intake, key_id: str) -> Agent | None:
    """The agent that may sign with this key."""
    found = await intake.agents.where({"state.key_id": key_id})
    return next((each.state for each in found if each.state.removed_at is None), None)


async def to_approve(intake: Intake, caller: Caller, limit: int) -> int | None:
    """How many snapshots wait for somebody of the caller's cities, up to a limit; None for whoever is of none."""
    cities = caller.cities(Role.CITY_OPERATOR)
    if not cities:
        return None
    query = {"state.state": "awaiting_approval", "state.jurisdiction": {"$in": list(cities)}}
    return int(await intake.batches.collection.count_documents(query, limit=limit))


def city_of(caller: Caller, asked: Jurisdiction | None) -> Jurisdiction | None:
    """The jurisdiction that is meant: the one asked for, else the caller's own when it is a single one."""
    own = caller.cities(Role.CITY_OPERATOR) | ({caller.agent_jurisdiction} if caller.agent_jurisdiction else set())
    return asked or (next(iter(own)) if len(own) == 1 else None)
