"""The table: every route of every service, who may use it, and under which relation to the resource. Default deny.

A route that is not here cannot be built (shared/http.py), a row without a route fails a test, and the authorization tests
are generated from these rows for every pair of cities (tests/security).
"""

from shared.access_rules import Relation, Rule, Who
from shared.events.accounts import Role

ANY, OWN_CITY, OWN_ORGANIZATION, SELF = Relation.ANY, Relation.OWN_CITY, Relation.OWN_ORGANIZATION, Relation.SELF
MEMBER, ORG_ADMIN = Role.MEMBER, Role.ORG_ADMIN
CITY, ALLIANCE, AUDITOR = Role.CITY_OPERATOR, Role.ALLIANCE_OPERATOR, Role.AUDITOR

EVERYBODY: dict[Who, Relation] = {"visitor": ANY}
LOGGED_IN: dict[Who, Relation] = {MEMBER: ANY}
ONESELF: dict[Who, Relation] = {MEMBER: SELF}
OWN_POSTS: dict[Who, Relation] = {ORG_ADMIN: OWN_ORGANIZATION}
CITY_STAFF: dict[Who, Relation] = {CITY: OWN_CITY}
CITY_AND_ALLIANCE: dict[Who, Relation] = {CITY: OWN_CITY, ALLIANCE: ANY}
PUSHERS: dict[Who, Relation] = {"agent": OWN_CITY, CITY: OWN_CITY}
ALLIANCE_ONLY: dict[Who, Relation] = {ALLIANCE: ANY}

_API = "/api/v1"


def _rule(action: str, route: str, allow: dict[Who, Relation], seen_by: str | None = None) -> Rule:
    method, path = route.split(" ", 1)
    return Rule(action, method, f"{_API}/{path}", allow, seen_by)


def _operator_rules(service: str) -> list[Rule]:
    """What every service answers to operators about itself."""
    ops = f"ops/{service}"
    return [
        _rule(f"{service}.list-dead-letters", f"GET {ops}/dead-letters", CITY_AND_ALLIANCE),
        _rule(f"{service}.replay-dead-letter", f"POST {ops}/dead-letters/{{letter_id}}/replay", ALLIANCE_ONLY),
        _rule(f"{service}.discard-dead-letter", f"POST {ops}/dead-letters/{{letter_id}}/discard", ALLIANCE_ONLY),
        _rule(f"{service}.show-lag", f"GET {ops}/lag", ALLIANCE_ONLY),
        _rule(f"{service}.list-read-models", f"GET {ops}/read-models", ALLIANCE_ONLY),
        _rule(f"{service}.rebuild-read-model", f"POST {ops}/read-models/{{name}}/rebuild", ALLIANCE_ONLY),
    ]


_SHOW_ORGANIZATION: dict[Who, Relation] = {MEMBER: SELF, ORG_ADMIN: OWN_ORGANIZATION, CITY: OWN_CITY, ALLIANCE: ANY}

_ACCOUNTS = [
    _rule("accounts.log-in", "POST accounts/wechat-login", EVERYBODY),
    _rule("accounts.refresh", "POST accounts/refresh", EVERYBODY),
    _rule("accounts.show-keys", "GET accounts/jwks", EVERYBODY),
    _rule("accounts.show-me", "GET accounts/me", LOGGED_IN),
    _rule("accounts.change-me", "PATCH accounts/me", LOGGED_IN),
    _rule("accounts.register-organization", "POST accounts/organizations", LOGGED_IN),
    _rule("accounts.list-organizations", "GET accounts/organizations", CITY_AND_ALLIANCE),
    _rule(
        "accounts.show-organization",
        "GET accounts/organizations/{organization_id}",
        _SHOW_ORGANIZATION,
        "accounts.show-organization",
    ),
    _rule(
        "accounts.approve-organization",
        "POST accounts/organizations/{organization_id}/approve",
        CITY_STAFF,
        "accounts.show-organization",
    ),
    _rule(
        "accounts.reject-organization",
        "POST accounts/organizations/{organization_id}/reject",
        CITY_STAFF,
        "accounts.show-organization",
    ),
    _rule("accounts.grant-role", "POST accounts/users/{user_id}/roles", ALLIANCE_ONLY),
    _rule("accounts.revoke-role", "DELETE accounts/users/{user_id}/roles/{role}", ALLIANCE_ONLY),
]

_SHOW_CHALLENGE: dict[Who, Relation] = {"visitor": ANY, ORG_ADMIN: OWN_ORGANIZATION, CITY: OWN_CITY}

_CHALLENGES = [
    _rule("challenges.draft", "POST challenges", OWN_POSTS),
    _rule("challenges.list", "GET challenges", EVERYBODY),
    _rule("challenges.show", "GET challenges/{challenge_id}", _SHOW_CHALLENGE, "challenges.show"),
    _rule("challenges.revise", "PATCH challenges/{challenge_id}", OWN_POSTS, "challenges.show"),
    _rule("challenges.submit", "POST challenges/{challenge_id}/submit", OWN_POSTS, "challenges.show"),
    _rule("challenges.return", "POST challenges/{challenge_id}/return", CITY_STAFF, "challenges.show"),
    _rule("challenges.approve", "POST challenges/{challenge_id}/approve", CITY_STAFF, "challenges.show"),
    _rule("challenges.publish", "POST challenges/{challenge_id}/publish", CITY_STAFF, "challenges.show"),
    _rule("challenges.draft-claim", "POST challenges/{challenge_id}/claims", {ORG_ADMIN: ANY}, "challenges.show"),
    _rule("challenges.list-claims", "GET challenges/{challenge_id}/claims", LOGGED_IN, "challenges.show"),
    _rule("challenges.show-claim", "GET claims/{claim_id}", OWN_POSTS, "challenges.show-claim"),
    _rule("challenges.replace-claim", "PUT claims/{claim_id}", OWN_POSTS, "challenges.show-claim"),
    _rule("challenges.submit-claim", "POST claims/{claim_id}/submit", OWN_POSTS, "challenges.show-claim"),
    _rule("challenges.withdraw-claim", "POST claims/{claim_id}/withdraw", OWN_POSTS, "challenges.show-claim"),
    _rule("challenges.consent-to-claim", "POST claims/{claim_id}/consent", {ORG_ADMIN: SELF}, "challenges.show-claim"),
    _rule("challenges.refuse-claim", "POST claims/{claim_id}/refuse", {ORG_ADMIN: SELF}, "challenges.show-claim"),
    _rule("challenges.verify-claim", "POST claims/{claim_id}/verify", OWN_POSTS, "challenges.show-claim"),
]

_SYNC = [
    _rule("sync.register-agent", "POST sync/agents", CITY_STAFF),
    _rule("sync.list-agents", "GET sync/agents", CITY_STAFF),
    _rule("sync.show-agent", "GET sync/agents/{agent_id}", CITY_STAFF, "sync.show-agent"),
    _rule("sync.remove-agent", "DELETE sync/agents/{agent_id}", CITY_STAFF, "sync.show-agent"),
    _rule("sync.open-batch", "POST sync/batches", PUSHERS),
    _rule("sync.list-batches", "GET sync/batches", PUSHERS),
    _rule("sync.show-batch", "GET sync/batches/{batch_id}", PUSHERS, "sync.show-batch"),
    _rule("sync.put-part", "PUT sync/batches/{batch_id}/parts/{number}", PUSHERS, "sync.show-batch"),
    _rule("sync.commit-batch", "POST sync/batches/{batch_id}/commit", PUSHERS, "sync.show-batch"),
    _rule("sync.list-rows", "GET sync/batches/{batch_id}/rows", PUSHERS, "sync.show-batch"),
    _rule("sync.show-record", "GET sync/records/{jurisdiction}/{kind}/{source_id:path}", EVERYBODY),
    _rule("sync.list-jurisdictions", "GET sync/jurisdictions", EVERYBODY),
]

_SEARCH = [
    _rule("search.search", "GET search", EVERYBODY),
    _rule("search.suggest", "GET search/suggest", EVERYBODY),
    _rule("search.map", "GET search/map", EVERYBODY),
    _rule("search.show-item", "GET search/items/{item_id:path}", EVERYBODY),
    _rule("search.home", "GET search/home", EVERYBODY),
    _rule("search.save-search", "POST search/subscriptions", LOGGED_IN),
    _rule("search.list-saved-searches", "GET search/subscriptions", LOGGED_IN),
    _rule(
        "search.show-saved-search", "GET search/subscriptions/{subscription_id}", ONESELF, "search.show-saved-search"
    ),
    _rule(
        "search.remove-saved-search",
        "DELETE search/subscriptions/{subscription_id}",
        ONESELF,
        "search.show-saved-search",
    ),
]

_NOTIFICATIONS = [
    _rule("notifications.list-inbox", "GET notifications/inbox", LOGGED_IN),
    _rule("notifications.read", "POST notifications/{item_id}/read", ONESELF, "notifications.read"),
    _rule("notifications.read-all", "POST notifications/read-all", LOGGED_IN),
    _rule("notifications.show-preferences", "GET notifications/preferences", LOGGED_IN),
    _rule("notifications.set-preferences", "PUT notifications/preferences", LOGGED_IN),
    _rule("notifications.list-templates", "GET notifications/templates", EVERYBODY),
    _rule("notifications.report-consents", "POST notifications/consents", LOGGED_IN),
    _rule("notifications.greet-wechat", "GET notifications/wechat/callback", {"wechat": ANY}),
    _rule("notifications.take-wechat-event", "POST notifications/wechat/callback", {"wechat": ANY}),
    _rule("notifications.list-deliveries", "GET notifications/deliveries", CITY_AND_ALLIANCE),
]

RULES: dict[str, Rule] = {
    rule.action: rule
    for rules in (
        _ACCOUNTS,
        _CHALLENGES,
        _SYNC,
        _SEARCH,
        _NOTIFICATIONS,
        *(_operator_rules(name) for name in ("accounts", "challenges", "sync", "search", "notifications")),
    )
    for rule in rules
}
