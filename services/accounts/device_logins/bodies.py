"""The request bodies of device logins."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

DeviceCode = Annotated[str, Field(min_length=1, max_length=128)]


class Collect(BaseModel):
    """The device code that the browser was given. With `cookie` the refresh token comes as a cookie."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    device_code: DeviceCode
    cookie: bool = False
