"""The answer of `GET labels`."""

from typing import Any

from pydantic import BaseModel, create_model

from shared.values.labels import VALUE_SETS


class LabelView(BaseModel):
    """A value as it stands in requests and answers, and what people are shown for it."""

    value: str
    label: str


class KindView(LabelView):
    """A kind of record, the board that shows it and the list that it belongs to."""

    board: str
    list: str


class JurisdictionView(LabelView):
    """A member of the alliance with its GB/T 2260 code."""

    code: str


class ProblemView(BaseModel):
    """The code of a problem and its title."""

    code: str
    title: str


_SETS: dict[str, Any] = dict.fromkeys(VALUE_SETS, (list[LabelView], ...))

LabelsView: type[BaseModel] = create_model(
    "LabelsView",
    __doc__="Every value set by its name. Sets grow: a client shows a value that it finds nowhere as it is.",
    **{
        **_SETS,
        "kinds": (list[KindView], ...),
        "boards": (list[LabelView], ...),
        "lists": (list[LabelView], ...),
        "jurisdictions": (list[JurisdictionView], ...),
        "problems": (list[ProblemView], ...),
    },
)
