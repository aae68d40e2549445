"""A change as a line: of NDJSON for programs, of CSV for people. Coordinates are GCJ-02, as the platform publishes them."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from shared.values.csv_lines import BYTE_ORDER_MARK, csv_line
from shared.values.jurisdictions import SHANGHAI, Jurisdiction
from shared.values.kinds import Kind, Tense
from shared.values.open_sets import member_or_text
from shared.values.row_fields import RowFields

_OPERATIONS = {"upsert": "更新", "delete": "删除"}
_FIELDS: tuple[tuple[RowFields, str], ...] = (
    (RowFields.TITLE, "title"),
    (RowFields.SUMMARY, "summary"),
    (RowFields.TENSE, "tense"),
    (RowFields.INDUSTRY, "industry"),
    (RowFields.ORGANIZATION_NAME, "organization.name"),
    (RowFields.CREDIT_CODE, "organization.credit_code"),
    (RowFields.ADDRESS, "address"),
    (RowFields.LONGITUDE, "longitude"),
    (RowFields.LATITUDE, "latitude"),
    (RowFields.CONTACT_NAME, "contact.name"),
    (RowFields.CONTACT_PHONE, "contact.phone_masked"),
    (RowFields.PORTAL_URL, "portal_url"),
    (RowFields.VALID_FROM, "valid_from"),
    (RowFields.VALID_UNTIL, "valid_until"),
    (RowFields.DETAILS, "details"),
)
"""The columns after those of the change itself, each with its path in the record."""


def ndjson_of(change: Mapping[str, Any]) -> str:
    """The change as the platform tells it."""
    return json.dumps(change, ensure_ascii=False) + "\n"


def csv_header() -> str:
    """The names of the columns, after a mark by which spreadsheets know the encoding."""
    fields = (each.chinese for each, _ in _FIELDS)
    return BYTE_ORDER_MARK + csv_line(["操作", "城市", "类别", RowFields.SOURCE_ID.chinese, "版本", "时间", *fields])


def csv_of(change: Mapping[str, Any]) -> str:
    """The change in words; what starts like a formula is marked as text."""
    city, kind = change["jurisdiction"], member_or_text(Kind, change["kind"])
    cells = [
        _OPERATIONS.get(change["op"], change["op"]),
        Jurisdiction(city).chinese if city in set(Jurisdiction) else city,
        kind.chinese if isinstance(kind, Kind) else kind,
        change["source_id"],
        change["version"],
        datetime.fromisoformat(change["at"]).astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S"),
    ]
    record = change["record"] or {}
    return csv_line([*cells, *(_cell(record, path) for _, path in _FIELDS)])


def _cell(record: Mapping[str, Any], path: str) -> Any:
    value: Any = record
    for step in path.split("."):
        value = value.get(step) if isinstance(value, Mapping) else None
    if path == "tense" and value:
        tense = member_or_text(Tense, value)
        return tense.chinese if isinstance(tense, Tense) else value
    if isinstance(value, list):
        return "、".join(map(str, value))
    if isinstance(value, Mapping):
        return json.dumps(value, ensure_ascii=False) if value else None
    return value
