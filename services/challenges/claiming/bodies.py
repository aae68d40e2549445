"""The smaller bodies of requests about claims."""

from typing import Annotated

from pydantic import ConfigDict, Field

from services.challenges.claiming import examples
from services.challenges.claiming.content import ClaimContent, Secret
from services.challenges.posting.content import Written


class Verification(Secret):
    """A content that somebody holds a receipt for."""

    content: ClaimContent
    salt: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None


class ConsentToContent(Written):
    """The content that a partner saw and consents to, by the hash on the claim's receipt."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"sha256": examples.CLAIM_SEEN["receipt"]["sha256"]}]})

    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
