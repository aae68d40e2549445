"""What is shown of organisations. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Literal

from pydantic import BaseModel

from services.sync.organizations.joined import JoinedCode, root_of
from shared.events.payload import Instant
from shared.values.jurisdictions import Jurisdiction


class NameView(BaseModel):
    """What cities call it, the most frequent first."""

    name: str
    records: int


class CodeView(BaseModel):
    """A code of it; `into` is the code that it was joined into."""

    credit_code: str
    records: int
    into: str | None


class InCityView(BaseModel):
    """A city with its records."""

    jurisdiction: Jurisdiction
    records: int


class OfKindView(BaseModel):
    """A kind with its records."""

    kind: str
    records: int


class JoinActView(BaseModel):
    """A merge, or its undoing; who did it is for operators."""

    credit_code: str
    action: Literal["merge", "unmerge"]
    into: str
    at: Instant
    reason: str
    by: str | None


class SharedOrganizationView(BaseModel):
    """An organisation across cities: the records that name one of its codes. `credit_code` and `name` are those that it goes by;
    `history` is empty for whoever is no operator."""

    credit_code: str
    name: str
    records: int
    names: list[NameView]
    codes: list[CodeView]
    jurisdictions: list[InCityView]
    kinds: list[OfKindView]
    history: list[JoinActView]


class MergeView(BaseModel):
    """A code that is joined into another."""

    credit_code: str
    into: str
    at: Instant
    reason: str


def organization_view(
    code: str, around: Sequence[JoinedCode], named: Iterable[tuple[str, str, str, str]], *, operator: bool
) -> SharedOrganizationView:
    """From the merges around a code and what records say."""
    rows = list(named)
    ways = {each.id: each.into for each in around if each.into}
    root = root_of(code, ways)
    per_code = Counter(row[0] for row in rows)
    of_root = Counter(row[1] for row in rows if row[0] == root)
    names = Counter(row[1] for row in rows)
    codes = sorted(codes_of(code, around), key=lambda each: (each != root, each))
    return SharedOrganizationView(
        credit_code=root,
        name=_most(of_root or names)[0][0],
        records=len(rows),
        names=[NameView(name=name, records=count) for name, count in _most(names)],
        codes=[CodeView(credit_code=each, records=per_code[each], into=ways.get(each)) for each in codes],
        jurisdictions=[
            InCityView(jurisdiction=each, records=count)
            for each, count in ((city, sum(row[2] == city for row in rows)) for city in Jurisdiction)
            if count
        ],
        kinds=[OfKindView(kind=kind, records=count) for kind, count in _most(Counter(row[3] for row in rows))],
        history=_history(around) if operator else [],
    )


def codes_of(code: str, around: Sequence[JoinedCode]) -> set[str]:
    """The codes that are one organisation with this one, now."""
    linked = [(each.id, each.into) for each in around if each.into]
    found = {code}
    while more := {end for pair in linked if found & set(pair) for end in pair} - found:
        found |= more
    return found


def _most(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda each: (-each[1], each[0]))


def _history(around: Sequence[JoinedCode]) -> list[JoinActView]:
    acts = [JoinActView(credit_code=code.id, **act.model_dump()) for code in around for act in code.acts]
    return sorted(acts, key=lambda each: each.at, reverse=True)
