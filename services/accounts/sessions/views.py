"""The views of a session, and the published keys."""

from typing import Literal

from pydantic import BaseModel

from services.accounts.people.views import UserView
from shared.events.payload import Instant


class BrowserSessionView(BaseModel):
    """The session of a browser: the access token goes with every request; the refresh token is in the cookie."""

    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105
    expires_in: int
    user: UserView


class LoginView(BrowserSessionView):
    """A session of the mini-program: the refresh token buys the next pair."""

    refresh_token: str


class SessionView(BaseModel):
    """One of a person's sessions. `current` is known of browsers alone, whose cookie comes along."""

    kind: Literal["browser", "mini_program"]
    browser: str | None
    last_used_at: Instant
    current: bool


class EndedView(BaseModel):
    """How many sessions a logout ended."""

    sessions_ended: int


class KeyView(BaseModel):
    """A public key that verifies access tokens (RFC 7517, RFC 8037)."""

    kty: Literal["OKP"]
    crv: Literal["Ed25519"]
    x: str
    kid: str
    use: Literal["sig"]
    alg: Literal["EdDSA"]


class KeySet(BaseModel):
    """Every key whose tokens are still good."""

    keys: list[KeyView]
