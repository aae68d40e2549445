from services.sync.intake.agent import Agent, remove
from services.sync.tests.builders import AT, LATER


def test_a_removed_agent_stays_removed_at_its_first_time() -> None:
    agent = Agent(id="1", key_id="k", jurisdiction="suzhou", name="n", public_key="p", registered_by="u", created_at=AT)
    removed = remove(agent, "operator-1", LATER)
    assert removed
    assert removed.state.removed_at == LATER
    assert remove(removed.state, "operator-1", AT) is None
