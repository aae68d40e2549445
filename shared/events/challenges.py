"""Events of challenges: the public life of a challenge 榜单, and that a claim 揭榜 exists, never its content."""

from typing import Annotated, Literal

from shared.events.payload import Instant, Payload
from shared.values.jurisdictions import Jurisdiction
from shared.values.open_sets import Open
from shared.values.states import ChallengeStates, ClaimStates
from shared.values.terms import Disclosures, Modes

ChallengeStatus = Literal["draft", "submitted", "returned", "approved", "published", "closed"]
"""The states that challenges itself writes; readers take any (`ChallengeState`)."""


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
    """A challenge as the public may see it. `problem` and `indicators` are absent unless the disclosure is `full`.

    `public` says whether everybody may see it and `claimable` whether it takes claims: readers go by these alone and never
    by a list of states. An owner that does not say so has said no.
    """

    id: str
    state: Annotated[ChallengeStates | str, Open(ChallengeStates)]
    public: bool = False
    claimable: bool = False
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
    mode: Annotated[Modes | str, Open(Modes)]
    disclosure: Annotated[Disclosures | str, Open(Disclosures)]
    return_reasons: tuple[Reason, ...]
    published_at: Instant | None
    closed_at: Instant | None
    created_at: Instant
    updated_at: Instant


class ClaimState(Payload):
    """A sealed claim: its id and its hash. `people` get the receipt; their names hold within this claim alone
    (`Pseudonyms.within`, shared/secrets.py)."""

    id: str
    challenge_id: str
    state: Annotated[ClaimStates | str, Open(ClaimStates)]
    sha256: str
    submitted_at: Instant | None
    people: tuple[str, ...]
