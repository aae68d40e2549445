"""The routes of accounts: people, organisations and roles."""

from shared.access.rules import Relation, Who, rule
from shared.access.table.groups import (
    ALLIANCE,
    ALLIANCE_ONLY,
    ANY,
    CITY,
    CITY_AND_ALLIANCE,
    CITY_STAFF,
    EVERYBODY,
    LOGGED_IN,
    MEMBER,
    ORG_ADMIN,
    OWN_CITY,
    OWN_ORGANIZATION,
    SELF,
)

_SHOW_ORGANIZATION: dict[Who, Relation] = {MEMBER: SELF, ORG_ADMIN: OWN_ORGANIZATION, CITY: OWN_CITY, ALLIANCE: ANY}

ACCOUNTS = [
    rule("accounts.log-in", "POST accounts/wechat-login", EVERYBODY, takes_token=False),
    rule("accounts.refresh", "POST accounts/refresh", EVERYBODY, takes_token=False, takes_cookie=True),
    rule("accounts.act-as", "POST accounts/act-as", EVERYBODY, takes_token=False, takes_cookie=True),
    rule("accounts.log-out", "POST accounts/logout", EVERYBODY, takes_token=False, takes_cookie=True),
    rule("accounts.ask-device-login", "POST accounts/device-logins", EVERYBODY, takes_token=False),
    rule(
        "accounts.collect-device-login",
        "POST accounts/device-logins/token",
        EVERYBODY,
        takes_token=False,
        takes_cookie=True,
    ),
    rule("accounts.show-device-login", "GET accounts/device-logins/{user_code}", LOGGED_IN),
    rule("accounts.approve-device-login", "POST accounts/device-logins/{user_code}/approve", LOGGED_IN),
    rule("accounts.deny-device-login", "POST accounts/device-logins/{user_code}/deny", LOGGED_IN),
    rule("accounts.enrol-device-login", "POST accounts/device-logins/totp", EVERYBODY, takes_token=False),
    rule("accounts.show-totp", "GET accounts/totp", LOGGED_IN),
    rule("accounts.enrol-totp", "POST accounts/totp", LOGGED_IN, recorded=True),
    rule("accounts.confirm-totp", "POST accounts/totp/confirm", LOGGED_IN, recorded=True),
    rule(
        "accounts.remove-totp",
        "DELETE accounts/users/{user_id}/totp",
        CITY_AND_ALLIANCE,
        "accounts.remove-totp",
        recorded=True,
    ),
    rule("accounts.list-sessions", "GET accounts/sessions", LOGGED_IN),
    rule("accounts.log-out-everywhere", "POST accounts/logout-all", LOGGED_IN),
    rule("accounts.show-keys", "GET accounts/jwks", EVERYBODY, fresh_seconds=30),
    rule("accounts.show-me", "GET accounts/me", LOGGED_IN),
    rule("accounts.change-me", "PATCH accounts/me", LOGGED_IN),
    rule("accounts.register-organization", "POST accounts/organizations", LOGGED_IN),
    rule("accounts.list-organizations", "GET accounts/organizations", CITY_AND_ALLIANCE),
    rule(
        "accounts.show-organization",
        "GET accounts/organizations/{organization_id}",
        _SHOW_ORGANIZATION,
        "accounts.show-organization",
    ),
    rule(
        "accounts.approve-organization",
        "POST accounts/organizations/{organization_id}/approve",
        CITY_STAFF,
        "accounts.show-organization",
    ),
    rule(
        "accounts.reject-organization",
        "POST accounts/organizations/{organization_id}/reject",
        CITY_STAFF,
        "accounts.show-organization",
    ),
    rule("accounts.list-users", "GET accounts/users", CITY_AND_ALLIANCE),
    rule("accounts.grant-role", "POST accounts/users/{user_id}/roles", ALLIANCE_ONLY),
    rule("accounts.revoke-role", "DELETE accounts/users/{user_id}/roles/{role}", ALLIANCE_ONLY),
]
