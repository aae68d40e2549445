"""The views of a session, and the published keys."""

from typing import Literal

from pydantic import BaseModel

from services.accounts.people.views import UserView


class LoginView(BaseModel):
    """A session: the access token goes with every request, the refresh token buys the next pair."""

    access_token: str
    refresh_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105
    expires_in: int
    user: UserView


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
