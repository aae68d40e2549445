"""Events of notifications: the outcome of each WeChat message. Recipients are keyed pseudonyms, always."""

from typing import Annotated, Literal

from shared.events.payload import Instant, Payload
from shared.values.open_sets import Open
from shared.values.states import DeliveryStates

DeliveryStatus = Literal["pending", "sending", "sent", "failed", "unknown", "skipped"]
"""The states that notifications itself writes; readers take any (`DeliveryState`)."""


class DeliveryState(Payload):
    """One row of the effects ledger (law 5)."""

    id: str
    event_id: str
    recipient: str
    channel: Literal["wechat"]
    template_id: str
    status: Annotated[DeliveryStates | str, Open(DeliveryStates)]
    reason: str | None
    attempts: int
    created_at: Instant
    settled_at: Instant | None
