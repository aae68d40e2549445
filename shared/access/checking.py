"""Who may do what: the machinery. The rules are one table, `table/`; what it does not allow is refused.

A rule is checked twice: at the door (`admit`), where no allowed role means 401 or 403 before a body is parsed; and where the
resource is known (`check`), where a relation that is missing means 403, or 404 when the caller may not even see it.
"""

from dataclasses import dataclass

from shared.access.rules import Relation, Rule, Who
from shared.access.table import RULES
from shared.events.accounts import Role
from shared.values import problems
from shared.values.jurisdictions import Jurisdiction
from shared.values.problems import Problem, Refusal


@dataclass(frozen=True)
class Caller:
    """Who asks. A visitor has no user id; an agent has a jurisdiction and no user id."""

    user_id: str | None = None
    grants: frozenset[tuple[Role | str, Jurisdiction | None]] = frozenset()
    organization_id: str | None = None
    agent_id: str | None = None
    agent_jurisdiction: Jurisdiction | None = None
    wechat: bool = False
    """WeChat itself, shown by the signature of what it pushed."""
    by_browser: bool = False
    """Whether the token belongs to the session of a browser, and not of the mini-program."""

    @property
    def id(self) -> str:
        """What stands for the caller in idempotency keys and provenance: user id, agent id, or `visitor`."""
        return self.user_id or self.agent_id or "visitor"

    def cities(self, role: Role) -> frozenset[Jurisdiction | None]:
        """The jurisdictions that the caller holds the role for."""
        return frozenset(city for held, city in self.grants if held == role)

    def holds(self, role: Role) -> bool:
        return any(held == role for held, _ in self.grants)


VISITOR = Caller()


@dataclass(frozen=True)
class Facts:
    """What a rule looks at in a resource. `public`: everybody may see it."""

    jurisdiction: Jurisdiction | None = None
    organization_id: str | None = None
    owner_id: str | None = None
    public: bool = False


def rule(action: str) -> Rule:
    """The row of an action. KeyError when the table has none: an action that is not in the table cannot be built."""
    return RULES[action]


def admits(action: str, caller: Caller) -> bool:
    """Whether some role of the caller is named at all, whatever the resource."""
    allow = rule(action).allow
    return "visitor" in allow or any(_is(caller, who) for who in allow)


def allows(action: str, caller: Caller, facts: Facts) -> bool:
    """Whether the rule allows this caller this action on this resource."""
    return any(
        _is(caller, who) and _related(relation, who, caller, facts) for who, relation in rule(action).allow.items()
    )


def cities_listed(action: str, caller: Caller) -> frozenset[Jurisdiction] | None:
    """The cities whose things a list for operators shows to this caller. None: everything, be it a city's or not."""
    mine = {who: relation for who, relation in rule(action).allow.items() if _is(caller, who)}
    if Relation.ANY in mine.values():
        return None
    return frozenset(
        city for who, relation in mine.items() if relation is Relation.OWN_CITY for city in _own(who, caller)
    )


def sees(action: str, caller: Caller, facts: Facts) -> bool:
    """Whether the caller may know that the resource exists."""
    seen_by = rule(action).seen_by
    return facts.public or seen_by is None or allows(seen_by, caller, facts) or allows(action, caller, facts)


def admit(action: str, caller: Caller) -> None:
    """At the door: 401 for a visitor who must log in, 403 for a role that the rule does not name."""
    if admits(action, caller):
        return
    if caller == VISITOR:
        raise Refusal(problems.TOKEN_MISSING)
    raise Refusal(_why_forbidden(action, caller))


def check(action: str, caller: Caller, facts: Facts) -> None:
    """At the resource: 404 for what the caller may not see, 403 for what he may see and not do."""
    if allows(action, caller, facts):
        return
    raise Refusal(_why_forbidden(action, caller) if sees(action, caller, facts) else problems.NOT_FOUND)


def _why_forbidden(action: str, caller: Caller) -> Problem:
    """Where only administrators of organisations may, a person who acts for none is told that they need one."""
    acts_for_none = caller.user_id is not None and caller.organization_id is None
    needs_one = set(rule(action).allow) == {Role.ORG_ADMIN}
    return problems.ORGANIZATION_REQUIRED if acts_for_none and needs_one else problems.FORBIDDEN


def _is(caller: Caller, who: Who) -> bool:
    if who == "visitor":
        return True
    if who == "agent":
        return caller.agent_id is not None
    if who == "wechat":
        return caller.wechat
    if who == Role.MEMBER:
        return caller.user_id is not None
    return caller.holds(who)


def _related(relation: Relation, who: Who, caller: Caller, facts: Facts) -> bool:
    if relation is Relation.ANY:
        return who != "visitor" or facts.public or facts == Facts()
    if relation is Relation.OWN_CITY:
        cities = _own(who, caller)
        return facts.jurisdiction is not None and facts.jurisdiction in cities
    if relation is Relation.OWN_ORGANIZATION:
        return facts.organization_id is not None and facts.organization_id == caller.organization_id
    return facts.owner_id is not None and facts.owner_id == caller.id


def _own(who: Who, caller: Caller) -> set[Jurisdiction]:
    cities = {caller.agent_jurisdiction} if who == "agent" else caller.cities(Role(who))
    return {city for city in cities if city is not None}
