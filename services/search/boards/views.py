"""Answers of the home page."""

from typing import Literal

from pydantic import BaseModel

from services.search.querying.views import ItemView, JurisdictionCountView
from shared.events.payload import Instant


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
