"""The views of device logins."""

from pydantic import BaseModel

from services.accounts.device_logins.domain import State
from shared.events.payload import Instant


class AskedView(BaseModel):
    """A login that was asked for: what the browser keeps, and what it shows. Times in seconds."""

    device_code: str
    """Nobody but the browser may see it."""
    user_code: str
    scan: str
    """What the browser shows as a QR code, and the mini-program's scanner reads."""
    expires_in: int
    interval: int
    """How long to wait before asking again for the tokens."""


class DeviceLoginView(BaseModel):
    """What somebody approves: where and when a login was asked for."""

    user_code: str
    state: State
    asked_at: Instant
    address_masked: str
    browser: str
    expires_at: Instant
