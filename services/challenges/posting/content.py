"""The request model of a challenge 发榜: shapes, sizes and cleaning. The stored model is `terms.py`.

Whether it makes sense is decided in `rules.py`, which looks at the terms.
"""

import re
from datetime import UTC, date, datetime, time
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from services.challenges.posting.terms import Terms
from shared.events.payload import Instant
from shared.values.jurisdictions import SHANGHAI, Jurisdiction
from shared.values.phones import LONGEST, PHONE
from shared.values.readable import LINE, PROSE

_LAST_MOMENT = time(23, 59, 59, 999_000, SHANGHAI)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_BEYOND = datetime(2100, 1, 1, tzinfo=SHANGHAI)
"""A later deadline is a slip of the pen; and at the end of year 9999 there is no Shanghai time to tell people."""

Line = Annotated[str, Field(min_length=1, max_length=200), LINE]
Text = Annotated[str, Field(min_length=1, max_length=20_000), PROSE]
Paragraph = Annotated[str, Field(min_length=1, max_length=2_000), PROSE]
Fen = Annotated[int, Field(strict=True, ge=1, le=999_999_999_999)]
"""Money in fen, below ten billion yuan: WeChat shows ten digits (amount.DATA)."""
Percent = Annotated[int, Field(strict=True, ge=0, le=100)]
Count = Annotated[int, Field(strict=True, ge=0, le=1_000)]
Flag = Annotated[bool, Field(strict=True)]


def deadline_of(value: object) -> object:
    """A deadline as written: an instant with an offset, or a bare date: that day's last millisecond in Shanghai."""
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str):
        raise PydanticCustomError("wrong_type", "应为日期或带时区的时间")
    try:
        moment = _moment(value)
        if not moment.astimezone(UTC) < _BEYOND:
            raise ValueError("too late")
        return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    except (ValueError, OverflowError) as error:
        raise PydanticCustomError(
            "not_an_instant", "应为日期（如 2027-01-31）或带时区的时间（如 2027-01-31T18:00:00+08:00），且早于 2100 年"
        ) from error


def _moment(written: str) -> datetime:
    """ValueError for what is neither a day nor an instant with its offset."""
    if _DAY.fullmatch(written):
        return datetime.combine(date.fromisoformat(written), _LAST_MOMENT)
    moment = datetime.fromisoformat(written)
    if moment.tzinfo is None:
        raise ValueError("no offset")
    return moment


_DEADLINE_SCHEMA = {
    "type": "string",
    "description": "An RFC 3339 time, or a bare date, which means 23:59:59.999+08:00 of that day.",
    "examples": ["2027-01-31", "2027-01-31T10:00:00Z"],
}
Deadline = Annotated[Instant, BeforeValidator(deadline_of), WithJsonSchema(_DEADLINE_SCHEMA, mode="validation")]


class Written(BaseModel):
    """Something a person wrote: frozen, and without fields that nobody knows."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class IndicatorWritten(Written):
    """核心技术指标: what must be reached and how it is tested."""

    name: Line
    target: Line
    unit: Annotated[str, Field(max_length=50), LINE]
    test_method: Line


class StageWritten(Written):
    """A part of the reward, due when this stage is reached."""

    name: Line
    percent: Percent


class RewardWritten(Written):
    """榜金."""

    amount_fen: Fen
    stages: Annotated[tuple[StageWritten, ...], Field(max_length=20)]


class FundingWritten(Written):
    """What one jurisdiction puts into the pool 资金池."""

    jurisdiction: Jurisdiction
    amount_fen: Fen


class GateWritten(Written):
    """A gate of a race: how many teams are kept when it is due."""

    name: Line
    due: Deadline
    keep: Count


class RaceWritten(Written):
    """赛马: several teams run, and gates thin them out."""

    teams: Count
    gates: Annotated[tuple[GateWritten, ...], Field(max_length=20)]


class IpTermsWritten(Written):
    """产权归属: one of the templates, or the poster's own text."""

    template: Literal["poster", "claimant", "joint", "custom"]
    text: Text | None = None


class ConsortiumTermsWritten(Written):
    """Whether several organisations may claim together."""

    allowed: Flag
    max_partners: Count


class Contact(Written):
    """Whom to ask. The phone number is personal: masked for everybody outside the posting organisation and its city."""

    name: Line
    phone: Annotated[str, Field(min_length=1, max_length=LONGEST), PHONE] = Field(repr=False)


class ChallengeContent(Written):
    """A challenge as its poster writes it."""

    title: Annotated[str, Field(min_length=1, max_length=100), LINE]
    problem: Text
    public_summary: Paragraph
    jurisdiction: Jurisdiction
    industry: Annotated[tuple[Line, ...], Field(max_length=20)]
    indicators: Annotated[tuple[IndicatorWritten, ...], Field(max_length=50)]
    deadline: Deadline
    period_months: Count
    mode: Literal["single", "race"]
    race: RaceWritten | None = None
    reward: RewardWritten
    funding: Annotated[tuple[FundingWritten, ...], Field(max_length=8)] = ()
    ip_terms: IpTermsWritten
    requirements: Annotated[tuple[Paragraph, ...], Field(max_length=50)] = ()
    consortium: ConsortiumTermsWritten
    disclosure: Literal["summary", "nda", "full"]
    classified: Flag
    attachment_ids: Annotated[tuple[Line, ...], Field(max_length=50)] = ()
    contact: Contact

    def terms(self) -> Terms:
        """The terms to store. The contact is stored apart, with its phone number sealed."""
        return Terms.model_validate(self.model_dump(exclude={"contact"}))
