"""An inbox item 消息: what one person is told about one event, once."""

from datetime import datetime

from shared.aggregates.stored_state import Kept


class Link(Kept):
    """What a tap opens."""

    type: str
    id: str


class InboxItem(Kept):
    """One item as it is kept; whether it was read is kept with the reader. `message` is its row in subjects/."""

    event_id: str
    event: str
    message: str
    title: str
    body: str
    link: Link
    created_at: datetime
