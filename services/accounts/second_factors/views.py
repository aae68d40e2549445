"""The views of a second factor."""

from typing import Literal

from pydantic import BaseModel


class FactorView(BaseModel):
    """Whether one has a second factor; `required`: a browser is not let in without."""

    state: Literal["none", "pending", "confirmed"]
    required: bool


class SecretView(BaseModel):
    """What an authenticator app is given, once: `uri` as a QR code, or `secret` to type."""

    secret: str
    uri: str
