"""Open value sets: what is known is a member with a Chinese name, what is not known is kept as its text."""

import copy
import pickle
from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, ValidationError

from shared.values.kinds import Kind
from shared.values.labels import VALUE_SETS
from shared.values.open_sets import Open, OpenSet, chinese_name, labels


class Thing(BaseModel):
    model_config = ConfigDict(strict=True)

    kind: Annotated[Kind | str, Open(Kind)]


class Asked(BaseModel):
    model_config = ConfigDict(strict=True)

    kind: Kind


@given(st.sampled_from(Kind) | st.text())
def test_any_text_is_read_and_written_as_it_was(kind: str) -> None:
    thing = Thing.model_validate_json(Thing(kind=kind).model_dump_json())
    assert thing.kind == kind
    assert isinstance(thing.kind, Kind) == (kind in labels(Kind))


def test_a_request_takes_known_values_alone() -> None:
    assert Asked.model_validate_json('{"kind": "service"}').kind is Kind.SERVICE
    with pytest.raises(ValidationError):
        Asked.model_validate_json('{"kind": "from-tomorrow"}')


@pytest.mark.parametrize("known", VALUE_SETS.values(), ids=VALUE_SETS)
def test_every_value_has_a_chinese_name_of_its_own(known: type[OpenSet]) -> None:
    names = list(labels(known).values())
    assert all(names)
    assert len(set(names)) == len(names)


def test_a_value_that_this_code_does_not_know_is_named_by_itself() -> None:
    assert (chinese_name(Kind, "service"), chinese_name(Kind, "from-tomorrow")) == ("服务机构", "from-tomorrow")


def test_members_survive_copies() -> None:
    assert copy.deepcopy(Kind.EVENT) is pickle.loads(pickle.dumps(Kind.EVENT)) is Kind.EVENT
    assert Kind.EVENT.chinese == "活动"
