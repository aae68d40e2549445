"""What search tells: that something new fits a saved search."""

from typing import Literal

from shared.events.payload import Instant, Payload
from shared.values.jurisdictions import Jurisdiction


class MatchedItem(Payload):
    """The thing that fits, in the words a message needs."""

    id: str
    type: Literal["challenge", "record"]
    title: str
    jurisdiction: Jurisdiction
    reward_fen: int | None
    deadline: Instant | None


class MatchState(Payload):
    """A saved search and one item that fits it. `cause` is the id of the event that brought the item, `occurred_at` its time.

    `notify` is how the owner wants to hear of this item: at once as soon as one of his searches that it fits says so.
    """

    id: str
    subscription_id: str
    subscription_name: str
    user_id: str
    item: MatchedItem
    cause: str
    occurred_at: Instant
    notify: Literal["at_once", "digest"] = "at_once"
