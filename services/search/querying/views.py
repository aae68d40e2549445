"""Answers of the routes of search, map and items."""

from typing import Any

from pydantic import BaseModel, ConfigDict

from services.search.domain.items import ItemType
from shared.events.payload import Instant
from shared.values.jurisdictions import Jurisdiction


class PlaceView(BaseModel):
    """GCJ-02 degrees."""

    longitude: float
    latitude: float


class OrganizationRef(BaseModel):
    """The organisation of an item; `id` is null for an organisation that only a city names."""

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
    """The number of items with this value."""

    value: str
    count: int


class FacetsView(BaseModel):
    """For each field over what the other criteria leave, so that several values can be chosen; the most frequent first."""

    jurisdiction: list[CountView]
    kind: list[CountView]
    industry: list[CountView]
    status: list[CountView]


class SearchView(BaseModel):
    """One page of results."""

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
    """A title that a person may be about to type."""

    text: str
    type: ItemType
    id: str


class SuggestionsView(BaseModel):
    """The best first."""

    items: list[SuggestionView]


class JurisdictionCountView(BaseModel):
    """The number of items of a jurisdiction; `portal_url` is the city's own platform where it is known."""

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
    """The items in a box: the newest as points, and a count per jurisdiction. `clusters` stays empty for now."""

    clusters: list[ClusterView]
    items: list[ItemView]
    by_jurisdiction: list[JurisdictionCountView]


class DetailView(ItemView):
    """One item with the whole public state that its owner told: a challenge or a record, and its version."""

    version: int
    challenge: dict[str, Any] | None
    record: dict[str, Any] | None
