"""The criteria of a search, parsed from an address or from a saved search and checked once."""

import math
from collections.abc import Iterable
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import PydanticCustomError

from services.search.domain.boards import BOARDS, LISTS
from services.search.domain.geo import Box
from services.search.domain.items import ItemType
from shared.events.sync import Kind
from shared.values.jurisdictions import Jurisdiction
from shared.values.problems import FieldError
from shared.values.states import ChallengeStates
from shared.values.validation import invalid, not_one_of, refusal_of

LONGEST_QUERY = 300
FARTHEST_M = 500_000
Sort = Literal["relevance", "newest", "deadline", "distance"]


def _listed(value: Any) -> Any:
    """`a,b` as it stands in an address; an array as it stands in JSON."""
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return tuple(value) if isinstance(value, list) else value


def _numbers(value: Any) -> Any:
    if isinstance(value, str):
        try:
            return tuple(float(part) for part in value.split(","))
        except ValueError as error:
            raise PydanticCustomError("bad_numbers", "应为用英文逗号分隔的数字") from error
    return tuple(value) if isinstance(value, list) else value


def _one_of(allowed: Iterable[str]) -> AfterValidator:
    names = tuple(allowed)

    def check(value: str) -> str:
        if value not in names:
            raise not_one_of(names)
        return value

    return AfterValidator(check)


def _on_earth(value: tuple[float, ...]) -> tuple[float, ...]:
    bounds = (180.0, 90.0) * (len(value) // 2)
    if not all(math.isfinite(each) and abs(each) <= bound for each, bound in zip(value, bounds, strict=True)):
        raise PydanticCustomError("off_the_map", "经度应在 ±180 之间，纬度应在 ±90 之间")
    return value


def _in_order(value: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    if value[0] > value[2] or value[1] > value[3]:
        raise PydanticCustomError("box_reversed", "应依次为西、南、东、北四个边界的经纬度，以逗号分隔")
    return value


_Several = [BeforeValidator(_listed), Field(max_length=30)]
_Numbers = [BeforeValidator(_numbers), AfterValidator(_on_earth)]

_Degrees = Annotated[float, Field(allow_inf_nan=True)]


class Criteria(BaseModel):
    """All criteria must hold; an empty one always holds. Within a list one matching value is enough."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    q: Annotated[str, Field(strict=True, max_length=LONGEST_QUERY)] = ""
    type: Annotated[tuple[Annotated[str, _one_of(get_args(ItemType))], ...], *_Several] = ()
    jurisdiction: Annotated[tuple[Annotated[str, _one_of(each.value for each in Jurisdiction)], ...], *_Several] = ()
    kind: Annotated[tuple[Annotated[str, _one_of(each.value for each in Kind)], ...], *_Several] = ()
    board: Annotated[tuple[Annotated[str, _one_of(BOARDS)], ...], *_Several] = ()
    list: Annotated[tuple[Annotated[str, _one_of(LISTS)], ...], *_Several] = ()
    industry: Annotated[tuple[Annotated[str, Field(max_length=60)], ...], *_Several] = ()
    status: Annotated[tuple[Annotated[str, _one_of(each.value for each in ChallengeStates)], ...], *_Several] = ()
    tense: Annotated[tuple[Annotated[str, _one_of(("past", "present", "future"))], ...], *_Several] = ()
    bbox: Annotated[tuple[_Degrees, _Degrees, _Degrees, _Degrees], *_Numbers, AfterValidator(_in_order)] | None = None
    near: Annotated[tuple[_Degrees, _Degrees], *_Numbers] | None = None
    radius: Annotated[float, Field(gt=0, le=FARTHEST_M, allow_inf_nan=False)] | None = None

    @property
    def box(self) -> Box | None:
        return Box(*self.bbox) if self.bbox else None

    @property
    def kinds(self) -> frozenset[str] | None:
        """The kinds that kind, board and list leave; None when none of them is asked for."""
        asked = [
            frozenset(self.kind) if self.kind else None,
            frozenset(kind.value for board in self.board for kind in BOARDS[board][1]) if self.board else None,
            frozenset(kind.value for each in self.list for kind in LISTS[each][1]) if self.list else None,
        ]
        given = [each for each in asked if each is not None]
        return frozenset.intersection(*given) if given else None


class SavedQuery(Criteria):
    """The parameters of a search as they are saved: its criteria, and how its page was shown."""

    sort: Sort | None = None
    limit: Annotated[int, Field(ge=1, le=100)] | None = None

    def parameters(self) -> dict[str, Any]:
        """The parameters as they stand in an address."""
        given = self.model_dump(exclude_defaults=True)
        return {name: _written(value) for name, value in given.items()}


def _written(value: Any) -> Any:
    if isinstance(value, tuple):
        return ",".join(f"{each:.10g}" if isinstance(each, float) else each for each in value)
    return value


def criteria_of(values: dict[str, Any]) -> Criteria:
    """The criteria in these parameters; refused with each field that is wrong."""
    try:
        criteria = Criteria.model_validate({name: value for name, value in values.items() if value is not None})
    except ValidationError as error:
        raise refusal_of(error.errors()) from error
    check_circle(criteria)
    return criteria


def check_circle(criteria: Criteria, within: str = "") -> None:
    """Refuses a radius without a centre. `within` is what the path of the field begins with."""
    if criteria.radius is not None and criteria.near is None:
        raise invalid(FieldError(f"{within}near", "missing", "给出半径时须同时给出中心点的经纬度"))


def check_sort(sort: Sort | None, criteria: Criteria, within: str = "") -> None:
    """Refuses a sorting that lacks what it sorts by."""
    if sort == "distance" and criteria.near is None:
        raise invalid(FieldError(f"{within}near", "missing", "按距离排序时须给出中心点的经纬度"))
