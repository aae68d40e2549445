"""What a line of NDJSON says: the content of a record, a deletion, or a rejection. Never an exception.

A field that a record can do without never costs the row: where it cannot be read it is left out, and that is said.
"""

import json
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from services.sync.rows import alterations, cleaning
from services.sync.rows.alterations import CHECK_DIGIT, Alteration, left_out
from services.sync.rows.coordinates import may_be_of, to_gcj02, within_china
from services.sync.rows.details import read_details
from services.sync.rows.places import MARK, At, read_at
from services.sync.rows.rejections import TRUE_OR_FALSE, Rejection, noted, rejected, rejections_of
from services.sync.rows.row import DeletionRow, Row
from services.sync.rows.totals import is_total
from services.sync.wire import CoordinateSystem
from shared.events.sync import Kind
from shared.values.credit_codes import Fault, fault_of
from shared.values.jurisdictions import Jurisdiction
from shared.values.masking import masked_phone
from shared.values.row_fields import RowFields

MAX_ROW_BYTES = 64 * 1024
_INT64_DIGITS = 19
_REQUIRED = {"source_id", "title"}
_CANNOT_BE_READ = {
    "phone_not_understood",
    "url_not_understood",
    "date_not_understood",
    "dates_reversed",
    "instant_not_understood",
    "number_not_understood",
    "amount_not_understood",
    "amount_without_unit",
    "out_of_range",
    "too_long",
    "error_cell",
    "text_damaged",
    "coordinates_incomplete",
    "coordinates_swapped",
    "coordinates_outside_china",
    "coordinates_outside_jurisdiction",
}
"""What is wrong with the value of one field. Wrong names and types are wrong in the program that wrote all rows, and digits
that a spreadsheet took away are gone from the whole column: those rows are rejected."""


@dataclass(frozen=True)
class Content:
    """What a row says about a record, as it is published: cleaned, phone masked, GCJ-02."""

    source_id: str
    fields: dict[str, Any]
    altered: tuple[Alteration, ...] = ()
    at: At | None = None


@dataclass(frozen=True)
class Deletion:
    """The city takes the record back."""

    source_id: str
    at: At | None = None


Reading = Content | Deletion | Rejection


_MOST_ROUNDS = len(RowFields) + 1
"""Each takes at least one field off the row; one that takes none would never end."""


class _Rejected(Exception):
    """Ends the reading of a row."""

    def __init__(self, rejection: Rejection) -> None:
        super().__init__(rejection.code)
        self.rejection = rejection


@dataclass(frozen=True)
class Pushed:
    """What a batch says of all its rows. Without a jurisdiction a point may be anywhere in China."""

    kind: Kind
    system: CoordinateSystem | None = None
    jurisdiction: Jurisdiction | None = None


def read_row(text: bytes, pushed: Pushed) -> Reading:
    """What the line says. Whatever is wrong with it is its rejection."""
    if len(text) > MAX_ROW_BYTES:
        return rejected(source_id_of(text), "row_too_large", size=len(text), limit=MAX_ROW_BYTES)
    try:
        values = _object(text)
    except _RepeatedFieldError:
        return rejected(None, "repeated_field")
    if values is None:
        return rejected(None, "bad_json")
    at = read_at(values.pop(MARK, None))
    try:
        reading = _read(values, pushed)
    except _Rejected as ended:
        reading = ended.rejection
    return reading if at is None else replace(reading, at=at)


def _read(values: dict[str, Any], pushed: Pushed) -> Reading:
    source_id = _clean_source_id(values.get("source_id"))
    deleted = values.pop("_deleted", False)
    if deleted is True:
        return _deletion(source_id, values)
    if deleted is not False:
        return rejected(source_id, "wrong_type", "_deleted", expected=TRUE_OR_FALSE)
    return _content(source_id, values, pushed)


def doubted_codes(reading: Reading) -> list[str]:
    """The credit codes of the row that were kept although they look wrong."""
    altered = reading.altered if isinstance(reading, Content) else ()
    return [each.before for each in altered if each.rule == CHECK_DIGIT and each.before]


def without_doubt(reading: Reading, confirmed: Set[str]) -> Reading:
    """The same reading, without warnings about codes that were confirmed."""
    if not isinstance(reading, Content) or not any(each in confirmed for each in doubted_codes(reading)):
        return reading
    kept = (each for each in reading.altered if each.rule != CHECK_DIGIT or each.before not in confirmed)
    return replace(reading, altered=tuple(kept))


def source_id_of(text: bytes) -> str | None:
    """The row's id as it is kept, read without the rest; None where there is none."""
    try:
        values = _object(text)
    except _RepeatedFieldError:
        return None
    return None if values is None else _clean_source_id(values.get("source_id"))


def place_of(text: bytes) -> At | None:
    """Where the row says that it stands, read without the rest."""
    try:
        values = _object(text)
    except _RepeatedFieldError:
        return None
    return None if values is None else read_at(values.get(MARK))


class _RepeatedFieldError(Exception):
    """Which of the two is meant?"""


def _object(text: bytes) -> dict[str, Any] | None:
    """The JSON object that the line is; None for everything else, as RFC 8259 has it: no NaN, no half of a surrogate pair."""
    try:
        values = _DECODER.decode(text.decode())
        if b"\\u" in text:
            json.dumps(values, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return None
    return values if isinstance(values, dict) else None


def _integer(digits: str) -> int | float:
    """What does not fit into 64 bits is no number of ours; as a float it is refused by its field, and costs nothing."""
    return int(digits) if len(digits) < _INT64_DIGITS else float(digits)


def _no_number(name: str) -> float:
    raise ValueError(name)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        raise _RepeatedFieldError
    return values


_DECODER = json.JSONDecoder(parse_int=_integer, parse_constant=_no_number, object_pairs_hook=_once)


def _clean_source_id(value: object) -> str | None:
    """None for an id that may have lost digits as well: rows that share what is left of it are not one."""
    try:
        text = cleaning.identifier(value)
    except PydanticCustomError:
        return None
    return text or None if isinstance(text, str) else None


def _deletion(source_id: str | None, values: dict[str, Any]) -> Deletion | Rejection:
    try:
        row = DeletionRow.model_validate({"source_id": values.pop("source_id", None)})
    except ValidationError as error:
        return rejections_of(source_id, error)[0]
    if values:
        return rejected(row.source_id, "deletion_with_fields", next(iter(values)))
    return Deletion(row.source_id)


def _content(source_id: str | None, values: dict[str, Any], pushed: Pushed) -> Content:
    altered: list[Alteration] = []
    row = _row(source_id, values, altered)
    if is_total(row.source_id) or is_total(row.title):
        raise _Rejected(rejected(row.source_id, "total_row", "title"))
    longitude, latitude = _point(row, pushed, altered)
    since, until = _validity(row, altered)
    details = _details(row, pushed.kind, altered)
    altered += alterations.alterations(values, row)
    if row.organization and (code := row.organization.credit_code) and fault_of(code) is Fault.CHECK_DIGIT:
        message = noted("credit_code_check_digit", value=code)
        altered.append(
            Alteration("organization.credit_code", code, code, CHECK_DIGIT, "credit_code_check_digit", message)
        )
    fields = _published(row, details)
    fields |= {"longitude": longitude, "latitude": latitude, "valid_from": since, "valid_until": until}
    return Content(row.source_id, fields, tuple(altered))


def _row(source_id: str | None, values: dict[str, Any], altered: list[Alteration]) -> Row:
    """The row without those of its optional fields that cannot be read; these are taken off the values, too."""
    for _ in range(_MOST_ROUNDS):
        try:
            return Row.model_validate(values)
        except ValidationError as error:
            faults = rejections_of(source_id, error)
        _refuse_first(faults)
        for fault in faults:
            altered.append(left_out(fault, _taken_off(values, fault.field or "")))
    raise _Rejected(faults[0])


def _refuse_first(faults: Sequence[Rejection]) -> None:
    """Ends the reading where one of these cannot be done without, and tells of all others with it."""
    if refused := next((each for each in faults if not _can_do_without(each)), None):
        also = tuple(each for each in faults if each is not refused)
        raise _Rejected(replace(refused, also=also))


def _can_do_without(fault: Rejection) -> bool:
    field = fault.field or ""
    if field == "organization.name":
        return fault.code in _CANNOT_BE_READ | {"missing"}
    return fault.code in _CANNOT_BE_READ and field not in _REQUIRED and "[" not in field


def _taken_off(values: dict[str, Any], field: str) -> Any:
    """The value at this path, which the values do not hold any longer. An organisation is nothing without its name."""
    outer, _, inner = field.partition(".")
    if field == "organization.name":
        organization = values.pop(outer, None)
        return organization.get("credit_code") if isinstance(organization, dict) else None
    return values[outer].pop(inner, None) if inner and outer in values else values.pop(outer, None)


def _details(row: Row, kind: Kind, altered: list[Alteration]) -> dict[str, Any]:
    values = dict(row.details)
    for _ in range(_MOST_ROUNDS):
        try:
            read = read_details(kind, values)
            altered += alterations.of_details(values, read)
            return read
        except ValidationError as error:
            faults = rejections_of(row.source_id, error, within="details")
        _refuse_first(faults)
        for fault in faults:
            altered.append(left_out(fault, values.pop((fault.field or "").partition(".")[2], None)))
    raise _Rejected(faults[0])


def _validity(row: Row, altered: list[Alteration]) -> tuple[str | None, str | None]:
    """(valid_from, valid_until): none of them where they contradict each other."""
    since, until = row.valid_from, row.valid_until
    if since and until and until < since:
        fault = rejected(row.source_id, "dates_reversed", "valid_until", since=since, until=until)
        altered += [left_out(replace(fault, field="valid_from"), since), left_out(fault, until)]
        return None, None
    return since, until


def _point(row: Row, pushed: Pushed, altered: list[Alteration]) -> tuple[float | None, float | None]:
    """(longitude, latitude) in GCJ-02; none of them where they are no place of the city."""
    longitude, latitude = row.longitude, row.latitude
    if longitude is None and latitude is None:
        return None, None
    if longitude is None or latitude is None:
        there, degrees = ("latitude", latitude) if longitude is None else ("longitude", longitude)
        altered.append(left_out(rejected(row.source_id, "coordinates_incomplete", there), degrees))
        return None, None
    if pushed.system is None:
        raise _Rejected(rejected(row.source_id, "coordinates_undeclared", "longitude"))
    city = pushed.jurisdiction
    if within_china(longitude, latitude):
        point = to_gcj02(pushed.system, longitude, latitude)
        if city is None or may_be_of(city, pushed.kind, *point):
            return point
        code = "coordinates_outside_jurisdiction"
    else:
        code = "coordinates_swapped" if within_china(latitude, longitude) else "coordinates_outside_china"
    stated = {"longitude": longitude, "latitude": latitude, "city": city and city.chinese}
    fault = rejected(row.source_id, code, "longitude", **stated)
    altered.append(left_out(fault, f"{longitude}, {latitude}"))
    return None, None


def _published(row: Row, details: dict[str, Any]) -> dict[str, Any]:
    """The fields of RecordState (shared/events/sync.py) that come from the row as they are."""
    organization, contact = row.organization, row.contact
    return {
        "source_id": row.source_id,
        "title": row.title,
        "summary": row.summary,
        "tense": row.tense,
        "industry": row.industry,
        "organization": organization and {"name": organization.name, "credit_code": organization.credit_code},
        "address": row.address,
        "contact": contact and {"name": contact.name, "phone_masked": contact.phone and masked_phone(contact.phone)},
        "portal_url": row.portal_url,
        "details": details,
    }
