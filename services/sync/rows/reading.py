"""What a line of NDJSON says: the content of a record, a deletion, or a rejection. Never an exception."""

import json
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from services.sync.rows import cleaning
from services.sync.rows.coordinates import to_gcj02, within_china
from services.sync.rows.details import read_details
from services.sync.rows.rejections import TRUE_OR_FALSE, Rejection, rejected, rejected_by
from services.sync.rows.row import DeletionRow, Row
from services.sync.wire import CoordinateSystem
from shared.events.sync import Kind
from shared.values.masking import masked_phone

MAX_ROW_BYTES = 64 * 1024
_INT64_DIGITS = 19


@dataclass(frozen=True)
class Content:
    """What a row says about a record, as it is published: cleaned, phone masked, GCJ-02."""

    source_id: str
    fields: dict[str, Any]


@dataclass(frozen=True)
class Deletion:
    """The city takes the record back."""

    source_id: str


Reading = Content | Deletion | Rejection


def read_row(text: bytes, kind: Kind, system: CoordinateSystem | None) -> Reading:
    """What the line says. Whatever is wrong with it is its rejection."""
    if len(text) > MAX_ROW_BYTES:
        return rejected(source_id_of(text), "row_too_large", size=len(text), limit=MAX_ROW_BYTES)
    values = _object(text)
    if values is None:
        return rejected(None, "bad_json")
    source_id = _clean_source_id(values.get("source_id"))
    deleted = values.pop("_deleted", False)
    try:
        if deleted is False:
            return _content(Row.model_validate(values), kind, system)
        if deleted is True:
            return _deletion(values)
    except ValidationError as error:
        return rejected_by(source_id, error)
    return rejected(source_id, "wrong_type", "_deleted", expected=TRUE_OR_FALSE)


def source_id_of(text: bytes) -> str | None:
    """The row's id as it is kept, read without the rest; None where there is none."""
    values = _object(text)
    return None if values is None else _clean_source_id(values.get("source_id"))


def _object(text: bytes) -> dict[str, Any] | None:
    """The JSON object that the line is; None for everything else, as RFC 8259 has it: no NaN, no half of a surrogate pair."""
    try:
        values = json.loads(text.decode(), parse_int=_integer, parse_constant=_no_number)
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


def _clean_source_id(value: object) -> str | None:
    return (cleaning.code(value) or None) if isinstance(value, str) else None


def _deletion(values: dict[str, Any]) -> Deletion | Rejection:
    row = DeletionRow.model_validate({"source_id": values.pop("source_id", None)})
    if values:
        return rejected(row.source_id, "deletion_with_fields", next(iter(values)))
    return Deletion(row.source_id)


def _content(row: Row, kind: Kind, system: CoordinateSystem | None) -> Content | Rejection:
    if row.valid_from and row.valid_until and row.valid_until < row.valid_from:
        return rejected(row.source_id, "dates_reversed", "valid_until", since=row.valid_from, until=row.valid_until)
    try:
        details = read_details(kind, row.details)
    except ValidationError as error:
        return rejected_by(row.source_id, error, within="details")
    point = _point(row, system)
    return point if isinstance(point, Rejection) else Content(row.source_id, _published(row, *point, details))


def _point(row: Row, system: CoordinateSystem | None) -> tuple[float | None, float | None] | Rejection:
    """(longitude, latitude) in GCJ-02."""
    longitude, latitude = row.longitude, row.latitude
    if longitude is None and latitude is None:
        return None, None
    if longitude is None or latitude is None:
        return rejected(row.source_id, "coordinates_incomplete", "longitude" if longitude is None else "latitude")
    if system is None:
        return rejected(row.source_id, "coordinates_undeclared", "longitude")
    if within_china(longitude, latitude):
        return to_gcj02(system, longitude, latitude)
    code = "coordinates_swapped" if within_china(latitude, longitude) else "coordinates_outside_china"
    return rejected(row.source_id, code, "longitude", longitude=longitude, latitude=latitude)


def _published(row: Row, longitude: float | None, latitude: float | None, details: dict[str, Any]) -> dict[str, Any]:
    """The fields of RecordState (shared/events/sync.py) that come from the row."""
    organization, contact = row.organization, row.contact
    return {
        "source_id": row.source_id,
        "title": row.title,
        "summary": row.summary,
        "tense": row.tense,
        "industry": row.industry,
        "organization": organization and {"name": organization.name, "credit_code": organization.credit_code},
        "address": row.address,
        "longitude": longitude,
        "latitude": latitude,
        "contact": contact and {"name": contact.name, "phone_masked": contact.phone and masked_phone(contact.phone)},
        "portal_url": row.portal_url,
        "valid_from": row.valid_from,
        "valid_until": row.valid_until,
        "details": details,
    }
