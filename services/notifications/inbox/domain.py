"""An inbox item 消息: what one person is told about one event, once."""

import uuid
from datetime import datetime

from pydantic import BaseModel, ConfigDict

_NAMESPACE = uuid.UUID("b9d5f0a4-52b9-5e60-8f2a-0a4a8c2a9f11")


class Link(BaseModel):
    """What a tap opens."""

    model_config = ConfigDict(frozen=True)

    type: str
    id: str


class InboxItem(BaseModel):
    """One item. `recipient` is a keyed pseudonym (names.py); `message` the row of messages.py that made it."""

    model_config = ConfigDict(frozen=True)

    id: str
    event_id: str
    event: str
    message: str
    recipient: str
    title: str
    body: str
    link: Link
    created_at: datetime
    read_at: datetime | None = None

    @property
    def position(self) -> str:
        """Where it stands in its inbox: by time, then by id."""
        return f"{self.created_at.isoformat()}/{self.id}"


def item_id(event_id: str, recipient: str) -> str:
    """The same event and recipient are the same item, whatever roles and saved searches led to it."""
    return str(uuid.uuid5(_NAMESPACE, f"{event_id}\n{recipient}"))
