"""The request bodies of device logins."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from services.accounts.second_factors.bodies import Code

DeviceCode = Annotated[str, Field(min_length=1, max_length=128)]


class Collect(BaseModel):
    """The device code that the browser was given. With `cookie` the refresh token comes as a cookie; `totp` is the code of the
    second factor, where one was asked for."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    device_code: DeviceCode
    cookie: bool = False
    totp: Code | None = None


class Enrolment(BaseModel):
    """The device code of a login that was approved."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    device_code: DeviceCode
