"""Answers of the search routes."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from services.search.domain.items import ItemType
from services.search.domain.saved_search import Notify, SavedSearch
from shared.events.payload import Instant
from shared.values.jurisdictions import Jurisdiction


class PlaceView(BaseModel):
    """GCJ-02 degrees."""

    longitude: float
    latitude: float


class OrganizationRef(BaseModel):
    """Whose it is; the id is of an organisation of the platform, null for one that only a city names."""

    id: str | None
    name: str


class ItemView(BaseModel):
    """A published challenge or a city record."""

    id: str
    type: ItemType
    kind: str | None
    title: str
    summary: str | None
    jurisdiction: Jurisdiction
    organization: OrganizationRef | None
    status: str | None
    tense: str | None
    industry: list[str]
    deadline: Instant | None
    reward_fen: int | None
    location: PlaceView | None
    portal_url: str | None
    updated_at: Instant


class FoundView(ItemView):
    """An item as a search found it. `highlight` is safe HTML with `<em>`; `score` only when sorted by relevance."""

    highlight: str | None
    distance_m: int | None
    score: float | None


class CountView(BaseModel):
    """How many have this value."""

    value: str
    count: int


class FacetsView(BaseModel):
    """Over everything that fits, the most frequent values first."""

    jurisdiction: list[CountView]
    kind: list[CountView]
    industry: list[CountView]
    status: list[CountView]


class SearchView(BaseModel):
    """A page of what fits."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "items": [],
                    "total": 0,
                    "facets": {
                        "jurisdiction": [{"value": "suzhou", "count": 40}],
                        "kind": [],
                        "industry": [],
                        "status": [],
                    },
                    "next_cursor": None,
                    "as_of": "2026-12-31T15:59:59.999Z",
                }
            ]
        }
    )

    items: list[FoundView]
    total: int
    facets: FacetsView
    next_cursor: str | None
    as_of: Instant | None


class SuggestionView(BaseModel):
    """A title that somebody may be about to type."""

    text: str
    type: ItemType
    id: str


class SuggestionsView(BaseModel):
    """The best first."""

    items: list[SuggestionView]


class JurisdictionCountView(BaseModel):
    """What a jurisdiction has; `portal_url` is the city's own platform where it is known."""

    jurisdiction: Jurisdiction
    name: str
    count: int
    portal_url: str | None


class ClusterView(BaseModel):
    """Points that stand too close together to be shown one by one; `bbox` is west, south, east, north. There are none yet."""

    longitude: float
    latitude: float
    count: int
    jurisdiction: Jurisdiction
    bbox: tuple[float, float, float, float]


class MapView(BaseModel):
    """What lies in a box: the newest as points, and a plain count per jurisdiction. `clusters` stays empty for now."""

    clusters: list[ClusterView]
    items: list[ItemView]
    by_jurisdiction: list[JurisdictionCountView]


class BoardView(BaseModel):
    """One of the six boards 六大板块 with its newest."""

    board: Literal["policy", "resource", "matching", "finance", "talent", "achievement"]
    name: str
    count: int
    latest: list[ItemView]


class OpenChallengesView(BaseModel):
    """Challenges that can be claimed now, and what they pay together."""

    open: int
    reward_fen: int
    latest: list[ItemView]


class HomeView(BaseModel):
    """The home page."""

    boards: list[BoardView]
    challenges: OpenChallengesView
    jurisdictions: list[JurisdictionCountView]
    as_of: Instant | None


class DetailView(ItemView):
    """One item with the whole public state that its owner told: a challenge or a record, and its version."""

    version: int
    challenge: dict[str, Any] | None
    record: dict[str, Any] | None


class SubscriptionView(BaseModel):
    """A saved search."""

    id: str
    name: str
    query: dict[str, Any]
    notify: Notify
    created_at: Instant

    @classmethod
    def of(cls, saved: SavedSearch) -> "SubscriptionView":
        return cls(
            id=saved.id,
            name=saved.name,
            query=saved.query.parameters(),
            notify=saved.notify,
            created_at=saved.created_at,
        )
