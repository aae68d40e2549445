"""A row as a city sends it (docs/api.md, "A row"): strict, unknown fields refused, values cleaned on the way in."""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from services.sync.rows import cleaning, dates
from services.sync.rows.rejections import refuse
from shared.values.credit_codes import Fault, fault_of
from shared.values.kinds import Tense


def _cleaned(clean: Callable[[str], str]) -> BeforeValidator:
    return BeforeValidator(lambda value: (clean(value) or None) if isinstance(value, str) else value)


def _filled(clean: Callable[[str], str]) -> BeforeValidator:
    return BeforeValidator(lambda value: clean(value) if isinstance(value, str) else value)


def _credit_code(value: object) -> object:
    """Blanks within are closed. A wrong check digit alone is left to the reading, which says so."""
    text = cleaning.identifier(value)
    if not isinstance(text, str):
        return text
    text = "".join(text.split()).upper()
    match fault_of(text) if text else None:
        case None | Fault.CHECK_DIGIT:
            return text or None
        case Fault.PERSON:
            raise refuse("credit_code_of_a_person", value=text[:40])
        case _:
            raise refuse("credit_code_invalid", value=text[:40])


def _url(text: str | None) -> str | None:
    if text is None or (text.startswith(("https://", "http://")) and "." in text and " " not in text):
        return text
    raise refuse("url_not_understood", value=text)


_read_tense = cleaning.member_of(Tense)


def _tense(value: object) -> object:
    nothing = value is None or (isinstance(value, str) and cleaning.is_nothing(value.strip()))
    return Tense.PRESENT.value if nothing else _read_tense(value)


def _distinct(texts: list[str]) -> list[str]:
    return [text for text in dict.fromkeys(texts) if text]


Short = Annotated[str, Field(max_length=100)]
Long = Annotated[str, Field(max_length=300)]
SourceId = Annotated[str, Field(min_length=1, max_length=200), BeforeValidator(cleaning.identifier)]
Title = Annotated[str, Field(min_length=1, max_length=300), _filled(cleaning.line)]
Summary = Annotated[Annotated[str, Field(max_length=5_000)] | None, _cleaned(cleaning.prose)]
Tag = Annotated[str, Field(max_length=50), _filled(cleaning.line)]
Url = Annotated[Annotated[str, Field(max_length=500)] | None, AfterValidator(_url), _cleaned(cleaning.address)]
CreditCode = Annotated[Short | None, BeforeValidator(_credit_code)]
Day = Annotated[str | None, BeforeValidator(dates.day)]
LastDay = Annotated[str | None, BeforeValidator(dates.last_day)]
Degrees = Annotated[float | None, BeforeValidator(cleaning.number)]


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, hide_input_in_errors=True)


class RowOrganization(_Strict):
    """The organisation as the city names it."""

    name: Title
    credit_code: CreditCode = None


class RowContact(_Strict):
    """Whom to ask. The phone number is masked before it is kept anywhere."""

    name: Annotated[Short | None, _cleaned(cleaning.line)] = None
    phone: Annotated[str | None, BeforeValidator(cleaning.phone)] = None


class Row(_Strict):
    """The content of a record."""

    source_id: SourceId
    title: Title
    summary: Summary = None
    tense: Annotated[Literal["past", "present", "future"], BeforeValidator(_tense)] = "present"
    industry: Annotated[
        list[Tag], Field(max_length=20), AfterValidator(_distinct), BeforeValidator(cleaning.items)
    ] = []
    organization: RowOrganization | None = None
    address: Annotated[Long | None, _cleaned(cleaning.line)] = None
    longitude: Degrees = None
    latitude: Degrees = None
    contact: RowContact | None = None
    portal_url: Url = None
    valid_from: Day = None
    valid_until: LastDay = None
    details: Annotated[dict[str, Any], BeforeValidator(lambda value: {} if value is None else value)] = {}


class DeletionRow(_Strict):
    """A row with `"_deleted": true`, which has been taken off it."""

    source_id: SourceId
