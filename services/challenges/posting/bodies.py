"""The smaller bodies of requests about challenges."""

from typing import Annotated, Any, get_type_hints

from pydantic import ConfigDict, Field, create_model

from services.challenges.posting import examples
from services.challenges.posting.content import ChallengeContent, Written
from shared.events.challenges import Reason
from shared.values.readable import LINE, PROSE


class ReasonWritten(Written):
    """One reason, at the field it is about; an empty field means the whole."""

    field: Annotated[str, Field(max_length=200), LINE]
    message: Annotated[str, Field(min_length=1, max_length=500), PROSE]


class Return(Written):
    """Why a challenge goes back."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.REASONS]})

    reasons: Annotated[tuple[ReasonWritten, ...], Field(min_length=1, max_length=50)]

    @property
    def published(self) -> list[Reason]:
        return [Reason(field=each.field, message=each.message) for each in self.reasons]


def _each_optional() -> Any:
    """The fields of a challenge, each of which may be left out; null is refused where a challenge takes none."""
    hints = get_type_hints(ChallengeContent, include_extras=True)
    fields: dict[str, Any] = {name: (hints[name], None) for name in ChallengeContent.model_fields}
    return create_model("Changes", __base__=Written, **fields)


class ChallengeChanges(_each_optional()):  # type: ignore[misc]  # its fields are those of ChallengeContent, at run time
    """The fields to change; the others stay."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.CHANGES]})
