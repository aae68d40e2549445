"""The routes of search: search and saved searches."""

from shared.access.rules import rule
from shared.access.table.groups import EVERYBODY, LOGGED_IN, ONESELF

SEARCH = [
    rule("search.search", "GET search", EVERYBODY),
    rule("search.suggest", "GET search/suggest", EVERYBODY),
    rule("search.map", "GET search/map", EVERYBODY),
    rule("search.show-item", "GET search/items/{item_id:path}", EVERYBODY),
    rule("search.home", "GET search/home", EVERYBODY),
    rule("search.list-labels", "GET labels", EVERYBODY, fresh_seconds=3600),
    rule("search.save-search", "POST search/subscriptions", LOGGED_IN),
    rule("search.list-saved-searches", "GET search/subscriptions", LOGGED_IN),
    rule("search.show-saved-search", "GET search/subscriptions/{subscription_id}", ONESELF, "search.show-saved-search"),
    rule(
        "search.edit-saved-search",
        "PATCH search/subscriptions/{subscription_id}",
        ONESELF,
        "search.show-saved-search",
    ),
    rule(
        "search.remove-saved-search",
        "DELETE search/subscriptions/{subscription_id}",
        ONESELF,
        "search.show-saved-search",
    ),
]
