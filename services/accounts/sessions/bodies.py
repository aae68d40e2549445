"""The request bodies of sessions."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Token = Annotated[str, Field(min_length=1, max_length=512)]
OrganizationId = Annotated[str, Field(min_length=1, max_length=64)]


class _Written(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Login(_Written):
    """The code that `wx.login` gave the mini-program."""

    code: Token


class Refresh(_Written):
    """The refresh token of the last answer, and the organisation to act for from here; null: in person.

    Without `refresh_token` it is that of the browser's cookie. Without `organization_id` the person acts as when they logged in.
    """

    refresh_token: Token | None = None
    organization_id: OrganizationId | None = None


class ActAs(_Written):
    """The refresh token of the last answer, else of the cookie, and the organisation to act for from here; null: in person."""

    refresh_token: Token | None = None
    organization_id: OrganizationId | None


class Logout(_Written):
    """The refresh token of the session that ends, else that of the cookie."""

    refresh_token: Token | None = None
