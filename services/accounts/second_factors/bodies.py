"""The request bodies of second factors."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Code = Annotated[str, Field(pattern="^[0-9]{6}$")]


class Confirmation(BaseModel):
    """The code that the app shows now."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    totp: Code
