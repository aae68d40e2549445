"""The stored terms of a challenge: its demands and its offer. The request model with its limits is `content.py`."""

from typing import Literal

from shared.aggregates.stored_state import Kept
from shared.events.challenges import Indicator as PublishedIndicator
from shared.events.payload import Instant
from shared.values.jurisdictions import Jurisdiction


class Indicator(Kept):
    """核心技术指标: what must be reached and how it is tested."""

    name: str
    target: str
    unit: str
    test_method: str

    def published(self) -> PublishedIndicator:
        return PublishedIndicator(name=self.name, target=self.target, unit=self.unit, test_method=self.test_method)


class Stage(Kept):
    """A part of the reward, due when this stage is reached."""

    name: str
    percent: int


class Reward(Kept):
    """榜金, in fen."""

    amount_fen: int
    stages: tuple[Stage, ...]


class Funding(Kept):
    """What one jurisdiction puts into the pool 资金池, in fen."""

    jurisdiction: Jurisdiction
    amount_fen: int


class Gate(Kept):
    """A gate of a race: how many teams are kept when it is due."""

    name: str
    due: Instant
    keep: int


class Race(Kept):
    """赛马: several teams run, and gates thin them out."""

    teams: int
    gates: tuple[Gate, ...]


class IpTerms(Kept):
    """产权归属: one of the templates, or the poster's own text."""

    template: str
    text: str | None = None


class ConsortiumTerms(Kept):
    """Whether several organisations may claim together."""

    allowed: bool
    max_partners: int


class Terms(Kept):
    """Everything that a poster writes except whom to call."""

    title: str
    problem: str
    public_summary: str
    jurisdiction: Jurisdiction
    industry: tuple[str, ...]
    indicators: tuple[Indicator, ...]
    deadline: Instant
    period_months: int
    mode: Literal["single", "race"]
    race: Race | None = None
    reward: Reward
    funding: tuple[Funding, ...] = ()
    ip_terms: IpTerms
    requirements: tuple[str, ...] = ()
    consortium: ConsortiumTerms
    disclosure: Literal["summary", "nda", "full"]
    classified: bool
    attachment_ids: tuple[str, ...] = ()
