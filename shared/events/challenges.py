"""What challenges tells: the public life of a challenge 榜单, and that a claim 揭榜 exists, never what is in it."""

from typing import Literal

from shared.events.payload import Instant, Payload
from shared.values.jurisdictions import Jurisdiction

ChallengeStatus = Literal["draft", "submitted", "returned", "approved", "published", "closed"]


class PosterRef(Payload):
    """The posting organisation."""

    id: str
    name: str


class Indicator(Payload):
    """核心技术指标: what must be reached and how it is tested."""

    name: str
    target: str
    unit: str
    test_method: str


class Reason(Payload):
    """One reason for a return, at the field it is about."""

    field: str
    message: str


class ChallengeState(Payload):
    """A challenge as the public may see it. `problem` and `indicators` are absent unless the disclosure is `full`."""

    id: str
    state: ChallengeStatus
    title: str
    public_summary: str
    problem: str | None
    indicators: tuple[Indicator, ...]
    jurisdiction: Jurisdiction
    industry: tuple[str, ...]
    organization: PosterRef
    reward_fen: int
    deadline: Instant
    period_months: int
    mode: Literal["single", "race"]
    disclosure: Literal["summary", "nda", "full"]
    return_reasons: tuple[Reason, ...]
    published_at: Instant | None
    closed_at: Instant | None
    created_at: Instant
    updated_at: Instant


class ClaimState(Payload):
    """A sealed claim: its id and its hash. `people` are whom a receipt goes to, by names that hold within this claim alone
    (`Pseudonyms.within`, shared/secrets.py)."""

    id: str
    challenge_id: str
    state: Literal["draft", "submitted", "withdrawn"]
    sha256: str
    submitted_at: Instant | None
    people: tuple[str, ...]
