"""What the routes take."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from services.sync.objections.objection import Outcome
from shared.values.phones import LONGEST, PHONE
from shared.values.readable import LINE, PROSE


class _Written(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Contact(_Written):
    """Whom the city may ask, and how."""

    name: Annotated[str, Field(min_length=1, max_length=50), LINE] | None = None
    phone: Annotated[str, Field(min_length=1, max_length=LONGEST), PHONE] | None = Field(None, repr=False)


class NewObjection(_Written):
    """What is wrong with a record, by its id `jurisdiction/kind/source_id`."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "record_id": "suzhou/platform/P-17",
                    "statement": "该平台已于今年 6 月迁至工业园区，地址有误。",
                    "contact": {"name": "联系人", "phone": "0512-12345678"},
                }
            ]
        }
    )

    record_id: Annotated[str, Field(min_length=1, max_length=300)]
    statement: Annotated[str, Field(min_length=1, max_length=1000), PROSE]
    contact: Contact | None = None


class Answer(_Written):
    """How the city answers; `reason` is for whoever objected, and is needed where nothing is corrected."""

    outcome: Outcome
    reason: Annotated[str, Field(min_length=1, max_length=500), PROSE] | None = None
