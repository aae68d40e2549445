"""What a kind of record needs beyond the fields that all have: one schema per kind; the other kinds take no details."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from services.sync.rows import amounts, cleaning, dates
from shared.events.sync import Kind
from shared.values.currencies import Currency

Text = Annotated[
    str,
    Field(max_length=200),
    BeforeValidator(lambda value: cleaning.line(value) if isinstance(value, str) else value),
]
Code = Annotated[
    str,
    Field(max_length=200),
    BeforeValidator(
        lambda value: cleaning.line(found) if isinstance(found := cleaning.identifier(value), str) else found
    ),
]
"""A number that names something: digits alone become text."""
Instant = Annotated[str, BeforeValidator(dates.instant)]
Fen = Annotated[Annotated[int, Field(ge=0, le=10**15)] | None, BeforeValidator(amounts.fen)]
"""Whole hundredths of the currency; text such as 5000万元 is read."""
Items = Annotated[list[Text], Field(max_length=20), BeforeValidator(cleaning.items)]
"""A list, or a cell that holds one."""


class Details(BaseModel):
    """No fields of its own."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, hide_input_in_errors=True)


class FinanceDetails(Details):
    """基金与金融产品. `fund_size_currency` is the ISO 4217 code of another currency than yuan."""

    fund_size_fen: Fen = None
    fund_size_currency: Annotated[
        Literal["CNY", "USD", "EUR", "HKD", "JPY", "GBP"] | None, BeforeValidator(cleaning.member_of(Currency))
    ] = None
    stage: Text | None = None
    sectors: Items = []

    @model_validator(mode="before")
    @classmethod
    def _currency_in_the_amount(cls, values: dict[str, Any]) -> dict[str, Any]:
        """1000万美元 says its currency itself."""
        code = amounts.currency_of(values.get("fund_size_fen"))
        return values | {"fund_size_currency": code} if code and not values.get("fund_size_currency") else values


class EventDetails(Details):
    """路演、直通车、对接会."""

    starts_at: Instant | None = None
    ends_at: Instant | None = None
    place: Text | None = None


class EquipmentDetails(Details):
    """仪器设备."""

    model: Code | None = None


class PolicyDetails(Details):
    """政策文件."""

    document_number: Code | None = None


SCHEMAS: dict[Kind, type[Details]] = {
    Kind.FINANCE: FinanceDetails,
    Kind.EVENT: EventDetails,
    Kind.EQUIPMENT: EquipmentDetails,
    Kind.POLICY: PolicyDetails,
}


def read_details(kind: Kind, details: dict[str, Any]) -> dict[str, Any]:
    """The details as they are published, absent ones left out. pydantic.ValidationError where they do not fit."""
    if not details:
        return {}
    return SCHEMAS.get(kind, Details).model_validate(details).model_dump(exclude_defaults=True)
