"""Events of search: something new fits a saved search."""

from typing import Annotated, Literal

from shared.events.payload import Instant, Payload
from shared.values.jurisdictions import Jurisdiction
from shared.values.kinds import ItemType, Kind
from shared.values.open_sets import Open


class HitItem(Payload):
    """The item that fits, in the words that a message needs. `kind` is a record's kind; challenges have none."""

    id: str
    type: Annotated[ItemType | str, Open(ItemType)]
    kind: Annotated[Kind | str, Open(Kind)] | None = None
    title: str
    jurisdiction: Jurisdiction
    reward_fen: int | None
    deadline: Instant | None


class SavedSearchHit(Payload):
    """A saved search and one item that fits it. `cause` is the id of the event that brought the item, `occurred_at` its time.

    `notify` is how the owner wants to hear of this item: at once if one of their searches that it fits says so.
    `batch_id` is the city's batch that brought a record.
    """

    id: str
    subscription_id: str
    subscription_name: str
    user_id: str
    item: HitItem
    cause: str
    occurred_at: Instant
    notify: Literal["at_once", "digest"] = "at_once"
    batch_id: str | None = None
