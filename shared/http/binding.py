"""From a request to the arguments of an endpoint: worked out once per route, from what FastAPI found in its signature.

FastAPI's own solving runs every plain function in a thread and opens several contexts per request; here functions are
called. What is not supported (cookies, headers, forms, generators) is refused when the route is built.
"""

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, get_args, get_origin

from fastapi._compat import ModelField
from fastapi.dependencies.models import Dependant
from starlette.requests import Request
from starlette.responses import Response

from shared.values.validation import refusal_of

Query = Sequence[tuple[str, str]]
"""Names and values as they stand in the address, in their order."""


class Several:
    """Marks a parameter that is a set in one text, separated by commas: naming it again adds to the set."""


SEVERAL = Several()


class Inputs(NamedTuple):
    """What arguments are made from. `body` is the parsed JSON."""

    request: Request
    response: Response
    path: Mapping[str, Any]
    query: Mapping[str, Sequence[str]]
    body: Any


class Binding:
    """The arguments of one function, and of the functions that it depends on."""

    def __init__(self, dependant: Dependant, body: ModelField | None) -> None:
        _refuse_the_unsupported(dependant)
        self._path = [(field.name, field.alias, field) for field in dependant.path_params]
        self._query = [_QueryParameter(field) for field in dependant.query_params]
        self._body = body if dependant.body_params else None
        self._body_name = dependant.body_params[0].name if dependant.body_params else ""
        self._request, self._response = dependant.request_param_name, dependant.response_param_name
        inner = [(each.name or "", each.call, Binding(each, body)) for each in dependant.dependencies]
        self._dependencies = [(name, call, each) for name, call, each in inner if call and not each.asks_only_for]
        self._of_request = [
            (name, call, each.asks_only_for) for name, call, each in inner if call and each.asks_only_for
        ]
        self.query_names: frozenset[str] = frozenset(
            {each.alias for each in self._query}.union(*(each.query_names for _, _, each in inner))
        )

    @property
    def asks_only_for(self) -> str:
        """The name of the request, where the function takes nothing else."""
        others = self._path or self._query or self._body or self._response or self._dependencies or self._of_request
        return "" if others else self._request or ""

    def arguments(self, inputs: Inputs) -> dict[str, Any]:
        """The arguments by name; 422 with everything that is wrong with them."""
        errors: list[Any] = []
        found = self._collect(inputs, errors)
        if errors:
            raise refusal_of(errors)
        return found

    def _collect(self, inputs: Inputs, errors: list[Any]) -> dict[str, Any]:
        found: dict[str, Any] = {name: call(**{asked: inputs.request}) for name, call, asked in self._of_request}
        for name, call, binding in self._dependencies:
            before = len(errors)
            given = binding._collect(inputs, errors)
            if len(errors) == before:
                found[name] = call(**given)
        for name, alias, field in self._path:
            found[name], wrong = field.validate(inputs.path[alias], loc=("path", alias))
            errors += wrong
        for parameter in self._query:
            found[parameter.name], wrong = parameter.value(inputs.query)
            errors += wrong
        if self._body is not None:
            found[self._body_name], wrong = self._body.validate(inputs.body, loc=("body",))
            errors += wrong
        if self._request:
            found[self._request] = inputs.request
        if self._response:
            found[self._response] = inputs.response
        return found


class _QueryParameter:
    """One parameter of the address."""

    def __init__(self, field: ModelField) -> None:
        self.name, self.alias, self._field = field.name, field.alias, field
        self._required = field.field_info.is_required()
        self._is_list = _takes_a_list(field.field_info.annotation)
        self._is_set = any(isinstance(each, Several) for each in field.field_info.metadata)

    def value(self, query: Mapping[str, Sequence[str]]) -> tuple[Any, list[Any]]:
        """The value, and what is wrong with it."""
        given = query.get(self.alias)
        if not given:
            if self._required:
                return None, [{"type": "missing", "loc": ("query", self.alias)}]
            return self._field.get_default(), []
        if self._is_list:
            return self._field.validate(list(given), loc=("query", self.alias))
        if len(given) > 1 and not self._is_set:
            message = "该参数只能出现一次，请只保留一个"
            return None, [{"type": "repeated", "loc": ("query", self.alias), "msg": message}]
        return self._field.validate(",".join(given), loc=("query", self.alias))


def _takes_a_list(annotation: Any) -> bool:
    return get_origin(annotation) in (list, set, tuple) or any(_takes_a_list(each) for each in get_args(annotation))


def _refuse_the_unsupported(dependant: Dependant) -> None:
    call: Callable[..., Any] | None = dependant.call
    if dependant.header_params or dependant.cookie_params or len(dependant.body_params) > 1:
        raise TypeError(f"{call} takes a header, a cookie or two bodies, which the door does not hand on")
    if inspect.isgeneratorfunction(call) or inspect.isasyncgenfunction(call):
        raise TypeError(f"{call} is a generator")
    for each in dependant.dependencies:
        if inspect.iscoroutinefunction(each.call):
            raise TypeError(f"{each.call} is asynchronous: a dependency is a pure function")
