"""An inbox item 消息: what one person is told about one event, once."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict


class Link(BaseModel):
    """What a tap opens."""

    model_config = ConfigDict(frozen=True)

    type: str
    id: str


class InboxItem(BaseModel):
    """One item as it is kept for ever; whether it was read is kept with the reader. `message` is its row in subjects/."""

    model_config = ConfigDict(frozen=True)

    event_id: str
    event: str
    message: str
    title: str
    body: str
    link: Link
    created_at: datetime
