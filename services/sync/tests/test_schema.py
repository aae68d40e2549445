"""The schema of a kind promises nothing that the reading of its rows refuses."""

import json
from typing import Any

import pytest

from services.sync.rows.files import Found
from services.sync.rows.headers import Headers
from services.sync.rows.mapping import Mapping
from services.sync.rows.reading import Content, Pushed, read_row
from services.sync.rows.schema import table_schema
from services.sync.wire import CoordinateSystem
from shared.events.sync import Kind


def read(kind: Kind, values: dict[str, Any]) -> Content:
    """A list of one row with these columns, as the agent sends and the platform reads it."""
    headers = Headers(kind, Mapping(), lambda _: None)
    (row,) = headers.rows_of([Found(values, None)])
    reading = read_row(json.dumps(row).encode(), Pushed(kind, CoordinateSystem.GCJ02))
    assert isinstance(reading, Content), reading
    return reading


@pytest.mark.parametrize("kind", list(Kind))
def test_a_row_of_the_examples_is_taken_as_it_is(kind: Kind) -> None:
    fields = table_schema(kind)["fields"]
    row = {each["name"]: each["example"] for each in fields if "example" in each}
    assert not [each for each in read(kind, row).altered if each.warns]


@pytest.mark.parametrize("kind", list(Kind))
def test_every_synonym_and_title_names_its_field(kind: Kind) -> None:
    fields = table_schema(kind)["fields"]
    required = {each["name"]: "A-1" for each in fields if each.get("constraints", {}).get("required")}
    for each in fields:
        if each["name"] == "_deleted":
            continue
        others = {name: value for name, value in required.items() if name != each["name"]}
        for name in {each["title"], *each["synonyms"]}:
            read(kind, {**others, name: each.get("example", "1")})


def test_what_a_kind_alone_has_is_in_its_schema_alone() -> None:
    names = {kind: [each["name"] for each in table_schema(kind)["fields"]] for kind in Kind}
    assert "details.fund_size_fen" in names[Kind.FINANCE]
    assert "details.fund_size_fen" not in names[Kind.POLICY]
    assert all(each[:2] == ["source_id", "title"] for each in names.values())
