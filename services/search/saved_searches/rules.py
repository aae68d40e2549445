"""Saved searches 订阅 and what fits them. Pure."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidatorFunctionWrapHandler, WrapValidator

from services.search.domain.geo import metres_between
from services.search.domain.items import Item
from services.search.problems import TOO_MANY_SAVED_SEARCHES
from services.search.querying.criteria import Criteria, SavedQuery
from services.search.querying.plan import plan_of
from shared.aggregates.decisions import RESTORE, Decision
from shared.aggregates.stored_state import Kept
from shared.events.envelope import Event
from shared.events.search import HitItem, SavedSearchHit
from shared.events.sync import RecordState
from shared.values.problems import NOT_FOUND, Refusal
from shared.values.readable import LINE

MOST_PER_USER = 100
MOST_OF_ONE_BATCH = 20
"""So many records of one batch a saved search tells of; a first load of a city would else be thousands of messages."""
_CLOCKS_DIFFER = timedelta(minutes=5)
_HITS = uuid.UUID("0b0f5f0e-6a8e-5a35-9d53-9c1c3a5f7f52")

Notify = Literal["at_once", "digest"]
SearchName = Annotated[str, Field(strict=True, min_length=1, max_length=60), LINE]


def _as_stored(value: Any, _: ValidatorFunctionWrapHandler) -> SavedQuery:
    """A query as it was accepted once: it is not checked again by the rules of today."""
    if isinstance(value, SavedQuery):
        return value
    known: Any = {
        name: tuple(each) if isinstance(each, list) else each
        for name, each in value.items()
        if name in SavedQuery.model_fields
    }
    return SavedQuery.model_construct(**known)


StoredQuery = Annotated[SavedQuery, WrapValidator(_as_stored)]


class SavedSearch(Kept):
    """A search that tells its owner what is new."""

    id: str
    user_id: str
    name: str
    query: StoredQuery
    notify: Notify
    created_at: datetime
    asks_since: datetime | None = None
    """When its query was changed; None where it is the one that was saved."""
    removed: bool = False


class SubscriptionChanges(BaseModel):
    """What is to change of a saved search; what is left out, or null, stays."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"name": "双极板（苏州）"}]})

    name: SearchName | None = None
    query: SavedQuery | None = None
    notify: Notify | None = None


def save(saved: SavedSearch, held: int) -> Decision[SavedSearch]:
    """Adds a saved search for a person who holds `held` already. No event is published."""
    if held >= MOST_PER_USER:
        raise Refusal(TOO_MANY_SAVED_SEARCHES, most=MOST_PER_USER)
    return Decision(saved, "save", saved.user_id, None)


def edit(saved: SavedSearch, changes: SubscriptionChanges, at: datetime) -> Decision[SavedSearch]:
    """Changes what is given. Another query is like a new search: what came before it is no news."""
    if saved.removed:
        raise Refusal(NOT_FOUND)
    given: dict[str, Any] = {name: value for name, value in changes if value is not None}
    if changes.query is not None and changes.query.parameters() != saved.query.parameters():
        given["asks_since"] = at
    return Decision(saved.model_copy(update=given), "edit", saved.user_id, None)


def remove(saved: SavedSearch) -> Decision[SavedSearch]:
    """It tells nothing any more and is no longer listed."""
    if saved.removed:
        raise Refusal(NOT_FOUND)
    return Decision(saved.model_copy(update={"removed": True}), "remove", saved.user_id, None)


def fits(saved: SavedSearch, item: Item, tokens: frozenset[str]) -> bool:
    """Whether the item, which has these tokens, has every word and meets every filter."""
    criteria = saved.query
    asked = bool(criteria.q.strip())
    required = plan_of(criteria.q).required
    return (bool(required) or not asked) and tokens.issuperset(required) and _passes(criteria, item)


def is_news(saved: SavedSearch, event: Event) -> bool:
    """Whether the event is younger than what is asked, within the tolerance for clocks. A replay of the past alerts nobody,
    and no more does what an owner published above its log after a restore."""
    return event.action != RESTORE and event.time >= news_since(saved)


def news_since(saved: SavedSearch) -> datetime:
    """The earliest time of an event that is news for this search."""
    return (saved.asks_since or saved.created_at) - _CLOCKS_DIFFER


def hits(met: Iterable[SavedSearch], event: Event, item: Item) -> list[SavedSearchHit]:
    """The hits of a new item, among the searches that it fits: those for which it is news.

    A person with one search that tells at once is told at once by all of their searches: it is one message to them.
    """
    told = [saved for saved in met if is_news(saved, event)]
    at_once = {saved.user_id for saved in told if saved.notify == "at_once"}
    return [_hit(saved, event, item, "at_once" if saved.user_id in at_once else "digest") for saved in told]


def _hit(saved: SavedSearch, event: Event, item: Item, notify: Notify) -> SavedSearchHit:
    """The hit of a saved search and a new item; its id is the same in every replica and at every repetition."""
    return SavedSearchHit(
        id=str(uuid.uuid5(_HITS, f"{saved.id}\n{event.id}")),
        subscription_id=saved.id,
        subscription_name=saved.name,
        user_id=saved.user_id,
        item=HitItem(
            id=item.id,
            type=item.type,
            kind=item.kind,
            title=item.title,
            jurisdiction=item.jurisdiction,
            reward_fen=item.reward_fen,
            deadline=item.deadline,
        ),
        cause=event.id,
        occurred_at=event.time,
        notify=notify,
        batch_id=event.data.batch_id if isinstance(event.data, RecordState) else None,
    )


def _passes(criteria: Criteria, item: Item) -> bool:
    chosen = (
        (criteria.type, item.type),
        (criteria.jurisdiction, item.jurisdiction.value),
        (criteria.status, item.status),
        (criteria.tense, item.tense),
    )
    return (
        all(not allowed or value in allowed for allowed, value in chosen)
        and (criteria.kinds is None or item.kind in criteria.kinds)
        and (not criteria.industry or not set(criteria.industry).isdisjoint(item.industry))
        and _lies_in(criteria, item.location)
    )


def _lies_in(criteria: Criteria, place: tuple[float, float] | None) -> bool:
    if criteria.box and not (place and criteria.box.holds(*place)):
        return False
    if criteria.near and criteria.radius is not None:
        return place is not None and metres_between(criteria.near, place) <= criteria.radius
    return True
