"""Builds the answer of `GET labels` once per process, since it changes only with the code.

The problems of the other services are found by the entry points `huning.problems`, so that no service knows another.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points

from pydantic import BaseModel

from services.search.domain.boards import BOARDS, LISTS
from services.search.labels.views import JurisdictionView, KindView, LabelsView, LabelView, ProblemView
from shared.values import problems
from shared.values.jurisdictions import Jurisdiction
from shared.values.kinds import Kind
from shared.values.labels import VALUE_SETS
from shared.values.open_sets import labels
from shared.values.problems import Problem


@dataclass(frozen=True)
class Labels:
    """The answer and its ETag, which is of the content: two versions of the code that say the same have the same one."""

    view: BaseModel
    etag: str


@cache
def all_labels() -> Labels:
    """Every value set with its names."""
    view = LabelsView(
        **{
            **{name: _named(labels(known)) for name, known in VALUE_SETS.items()},
            "kinds": [_kind(each) for each in Kind],
            "boards": _named({board: name for board, (name, _) in BOARDS.items()}),
            "lists": _named({each: name for each, (name, _) in LISTS.items()}),
            "jurisdictions": [JurisdictionView(value=j, label=j.chinese, code=j.code) for j in Jurisdiction],
            "problems": [ProblemView(code=code, title=title) for code, title in sorted(_problems().items())],
        }
    )
    digest = hashlib.sha256(view.model_dump_json().encode()).hexdigest()
    return Labels(view, f'"{digest[:16]}"')


def _named(names: Mapping[str, str]) -> list[LabelView]:
    return [LabelView(value=value, label=label) for value, label in names.items()]


def _kind(kind: Kind) -> KindView:
    (board,) = [name for name, (_, kinds) in BOARDS.items() if kind in kinds]
    (of_list,) = [name for name, (_, kinds) in LISTS.items() if kind in kinds]
    return KindView(value=kind, label=kind.chinese, board=board, list=of_list)


def _problems() -> dict[str, str]:
    return {
        each.code: each.title for module in _tables() for each in vars(module).values() if isinstance(each, Problem)
    }


def _tables() -> Iterator[object]:
    yield problems
    for each in entry_points(group="huning.problems"):
        yield import_module(each.value)
