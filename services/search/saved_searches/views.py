"""Answers of the routes of saved searches."""

from typing import Any

from pydantic import BaseModel

from services.search.saved_searches.rules import Notify, SavedSearch
from shared.aggregates.aggregates import Stored
from shared.events.payload import Instant


class SubscriptionView(BaseModel):
    """A saved search."""

    id: str
    name: str
    query: dict[str, Any]
    notify: Notify
    created_at: Instant
    version: int

    @classmethod
    def of(cls, stored: Stored[SavedSearch]) -> "SubscriptionView":
        saved = stored.state
        return cls(
            id=saved.id,
            version=stored.revision,
            name=saved.name,
            query=saved.query.parameters(),
            notify=saved.notify,
            created_at=saved.created_at,
        )
