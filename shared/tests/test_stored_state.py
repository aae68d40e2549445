"""How an owner reads what another version of itself wrote."""

import traceback
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict, ValidationError

from shared.aggregates.stored_state import Kept, StateSchema

PHONE = "13912345678"


class Today(Kept):
    id: str
    fen: int
    city: str


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")

    id: str


class Talkative(BaseModel):
    id: str


def in_fen(state: dict[str, Any]) -> dict[str, Any]:
    return {**state, "fen": state["yuan"] * 100}


def with_city(state: dict[str, Any]) -> dict[str, Any]:
    return {"city": "suzhou", **state}


SCHEMA = StateSchema(Today, (in_fen, with_city))


@pytest.mark.parametrize(
    "document",
    [
        {"state": {"id": "a", "yuan": 3}},
        {"schema": 1, "state": {"id": "a", "yuan": 3}},
        {"schema": 2, "state": {"id": "a", "fen": 300}},
        {"schema": 3, "state": {"id": "a", "fen": 300, "city": "suzhou"}},
        {"schema": 4, "state": {"id": "a", "fen": 300, "city": "suzhou", "tomorrow": 1}},
    ],
    ids=["without a number", "first", "second", "present", "tomorrow's"],
)
def test_every_schema_leads_to_the_same_state(document: dict[str, Any]) -> None:
    assert SCHEMA.read(document)[0] == Today(id="a", fen=300, city="suzhou")


def test_what_is_written_carries_the_writers_own_schema_and_what_it_did_not_know() -> None:
    state, unknown = SCHEMA.read({"schema": 4, "state": {"id": "a", "fen": 300, "city": "suzhou", "tomorrow": 1}})
    written = SCHEMA.written(state.model_copy(update={"fen": 500}), unknown)
    assert written == {"schema": 3, "state": {"id": "a", "fen": 500, "city": "suzhou", "tomorrow": 1}}


def test_an_upcast_does_not_touch_the_document() -> None:
    document = {"schema": 1, "state": {"id": "a", "yuan": 3}}
    SCHEMA.read(document)
    assert document == {"schema": 1, "state": {"id": "a", "yuan": 3}}


def test_a_model_that_refuses_unknown_fields_is_no_model_of_stored_state() -> None:
    with pytest.raises(TypeError, match="Strict refuses unknown fields"):
        StateSchema(Strict)


@pytest.mark.parametrize("wrong", [{"fen": [PHONE], "city": "suzhou"}, {"phone": PHONE}])
def test_a_document_that_cannot_be_read_is_told_without_its_values(wrong: dict[str, Any]) -> None:
    """As the trace in a dead letter tells it, and the log."""
    with pytest.raises(ValidationError) as error:
        SCHEMA.read({"schema": 3, "state": {"id": PHONE, **wrong}})
    told = "".join(traceback.format_exception(error.value))
    assert "fen" in told
    assert PHONE not in told


def test_a_model_whose_errors_show_values_is_no_model_of_stored_state() -> None:
    with pytest.raises(TypeError, match="Talkative shows values of its documents in errors"):
        StateSchema(Talkative)
