"""The routes of challenges: challenges and claims."""

from shared.access.rules import Relation, Who, rule
from shared.access.table.groups import (
    ANY,
    CITY,
    CITY_STAFF,
    EVERYBODY,
    LOGGED_IN,
    ORG_ADMIN,
    OWN_CITY,
    OWN_ORGANIZATION,
    OWN_POSTS,
    SELF,
)

_SHOW_CHALLENGE: dict[Who, Relation] = {"visitor": ANY, ORG_ADMIN: OWN_ORGANIZATION, CITY: OWN_CITY}

CHALLENGES = [
    rule("challenges.draft", "POST challenges", OWN_POSTS),
    rule("challenges.list", "GET challenges", EVERYBODY),
    rule("challenges.show", "GET challenges/{challenge_id}", _SHOW_CHALLENGE, "challenges.show", fresh_seconds=0),
    rule("challenges.revise", "PATCH challenges/{challenge_id}", OWN_POSTS, "challenges.show"),
    rule("challenges.submit", "POST challenges/{challenge_id}/submit", OWN_POSTS, "challenges.show"),
    rule("challenges.return", "POST challenges/{challenge_id}/return", CITY_STAFF, "challenges.show"),
    rule("challenges.approve", "POST challenges/{challenge_id}/approve", CITY_STAFF, "challenges.show"),
    rule("challenges.publish", "POST challenges/{challenge_id}/publish", CITY_STAFF, "challenges.show"),
    rule("challenges.draft-claim", "POST challenges/{challenge_id}/claims", {ORG_ADMIN: ANY}, "challenges.show"),
    rule("challenges.list-claims", "GET challenges/{challenge_id}/claims", LOGGED_IN, "challenges.show"),
    rule("challenges.list-own-claims", "GET claims", LOGGED_IN),
    rule("challenges.show-claim", "GET claims/{claim_id}", OWN_POSTS, "challenges.show-claim"),
    rule("challenges.replace-claim", "PUT claims/{claim_id}", OWN_POSTS, "challenges.show-claim"),
    rule("challenges.submit-claim", "POST claims/{claim_id}/submit", OWN_POSTS, "challenges.show-claim"),
    rule("challenges.withdraw-claim", "POST claims/{claim_id}/withdraw", OWN_POSTS, "challenges.show-claim"),
    rule("challenges.consent-to-claim", "POST claims/{claim_id}/consent", {ORG_ADMIN: SELF}, "challenges.show-claim"),
    rule("challenges.refuse-claim", "POST claims/{claim_id}/refuse", {ORG_ADMIN: SELF}, "challenges.show-claim"),
    rule("challenges.verify-claim", "POST claims/{claim_id}/verify", OWN_POSTS, "challenges.show-claim"),
]
