"""Which route answers a path and a method: the routes of the access table, looked up by path first."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from fastapi.routing import iter_route_contexts
from starlette.routing import BaseRoute

from shared.http.routes import Route


class Found(NamedTuple):
    """A route, with the parameters of its path."""

    route: Route
    parameters: Mapping[str, Any]


class Paths:
    """The routes of an application. `described` are its other paths (health, OpenAPI), which FastAPI answers itself."""

    def __init__(self, routes: Iterable[BaseRoute]) -> None:
        self.described: set[str] = set()
        self._fixed: dict[str, dict[str, Route]] = {}
        self._patterns: dict[str, dict[str, Route]] = {}
        for context in iter_route_contexts(list(routes)):
            route = context.original_route
            if isinstance(route, Route):
                rows = self._patterns if route.param_convertors else self._fixed
                rows.setdefault(route.path, {})[route.rule.method] = route
            else:
                self.described.add(context.path or "")

    def find(self, path: str, method: str) -> Found | None:
        """The route; None where the path has none for this method."""
        if (fixed := self._fixed.get(path)) and method in fixed:
            return Found(fixed[method], {})
        for by_method in self._patterns.values():
            if (route := by_method.get(method)) and (match := route.path_regex.match(path)):
                convertors = route.param_convertors
                return Found(route, {name: convertors[name].convert(text) for name, text in match.groupdict().items()})
        return None

    def methods(self, path: str) -> set[str]:
        """Every method that the path takes; HEAD wherever it takes GET. Empty for a path that is none."""
        found = set(self._fixed.get(path, ()))
        for by_method in self._patterns.values():
            if next(iter(by_method.values())).path_regex.match(path):
                found |= set(by_method)
        return found | ({"HEAD"} if "GET" in found else set())
