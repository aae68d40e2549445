"""What a rule of the access table is made of."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal

from shared.events.accounts import Role

Who = Role | Literal["visitor", "agent", "wechat"]


class Relation(StrEnum):
    """What must hold between the caller and the resource."""

    ANY = "any"
    OWN_CITY = "own_city"
    """The resource belongs to the jurisdiction that the role was given for."""
    OWN_ORGANIZATION = "own_organization"
    SELF = "self"
    """The resource belongs to the caller in person."""


_API = "/api/v1"
VISITORS_BODY = 4 * 1024
_FRESH_SECONDS = 5


@dataclass(frozen=True)
class Rule:
    """One row: an action, its route, who may under which relation, and the action that shows the resource."""

    action: str
    method: str
    path: str
    allow: dict[Who, Relation]
    seen_by: str | None = None
    """The action whose rule says who may see the resource; others get 404 instead of 403. None: it can be seen."""
    recorded: bool = False
    """Whether it goes into the audit trail as an act, because no event tells of it."""
    body_limit: int = 1024 * 1024
    """The bytes of a body that the route takes."""
    fresh_seconds: int = 0
    """How long a visitor's copy of the answer may be shown again without asking."""
    takes_token: bool = True
    """False: the route hands out or ends sessions, and an access token that comes with it is not looked at."""

    takes_cookie: bool = False
    """Whether the refresh token may come by the browser's cookie, and then with the header X-Requested-With."""

    @property
    def service(self) -> str:
        return self.action.split(".", 1)[0]


def rule(
    action: str,
    route: str,
    allow: dict[Who, Relation],
    seen_by: str | None = None,
    *,
    recorded: bool = False,
    **more: Any,
) -> Rule:
    """A row; `route` is a method and a path below /api/v1, such as `GET accounts/me`.

    A body from somebody who need not show who they are is small, and what everybody may read may be kept for a moment.
    """
    method, path = route.split(" ", 1)
    if "visitor" in allow:
        more = {"body_limit": VISITORS_BODY, "fresh_seconds": _FRESH_SECONDS, **more}
    return Rule(action, method, f"{_API}/{path}", allow, seen_by, recorded, **more)
