"""The table: every route of every service, who may use it, and under which relation to the resource. Default deny.

A route that is not here cannot be built (shared/http/routes.py), a row without a route fails a test, and the authorization tests
are generated from these rows for every pair of cities (tests/security).
"""

from shared.access.rules import Rule
from shared.access.table.accounts import ACCOUNTS
from shared.access.table.challenges import CHALLENGES
from shared.access.table.notifications import NOTIFICATIONS
from shared.access.table.operations import operator_rules
from shared.access.table.search import SEARCH
from shared.access.table.sync import SYNC

RULES: dict[str, Rule] = {
    rule.action: rule
    for rules in (
        ACCOUNTS,
        CHALLENGES,
        SYNC,
        SEARCH,
        NOTIFICATIONS,
        *(operator_rules(name) for name in ("accounts", "challenges", "sync", "search", "notifications")),
    )
    for rule in rules
}
