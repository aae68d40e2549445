"""Commands of search: save a search, edit it, remove it."""

from services.search.querying.criteria import SavedQuery, check_circle, check_sort
from services.search.saved_searches import rules
from services.search.saved_searches.rules import Notify, SavedSearch, SubscriptionChanges
from services.search.saved_searches.store import Store
from shared.access.checking import Caller, Facts, check
from shared.aggregates.aggregates import Stored
from shared.aggregates.attempts import Attempt
from shared.aggregates.decisions import Decision
from shared.values.clock import now
from shared.values.ids import new_id


async def save_search(
    store: Store, caller: Caller, name: str, query: SavedQuery, notify: Notify, attempt: Attempt
) -> Stored[SavedSearch]:
    """Saves a search for the caller. Everything that fits and is published after the answer raises an alert."""
    check_circle(query, within="query.")
    check_sort(query.sort, query, within="query.")
    user_id = caller.user_id or ""
    saved = SavedSearch(id=new_id(), user_id=user_id, name=name, query=query, notify=notify, created_at=now())
    stored = await store.saved_searches.created_by(attempt)
    if stored is None:
        held = await store.of_user(user_id)
        stored = await store.saved_searches.create(rules.save(saved, len(held)), attempt=attempt)
    await store.changed()
    return stored


async def edit_search(
    store: Store, caller: Caller, search_id: str, changes: SubscriptionChanges, attempt: Attempt
) -> Stored[SavedSearch]:
    """Changes one of the caller's own."""
    if changes.query is not None:
        check_circle(changes.query, within="query.")
        check_sort(changes.query.sort, changes.query, within="query.")

    def decide(saved: SavedSearch) -> Decision[SavedSearch]:
        check("search.edit-saved-search", caller, Facts(owner_id=saved.user_id))
        return rules.edit(saved, changes, now())

    stored = await store.saved_searches.change(search_id, decide, attempt=attempt)
    await store.changed()
    return stored


async def remove_search(store: Store, caller: Caller, search_id: str, attempt: Attempt) -> Stored[SavedSearch]:
    """Removes one of the caller's own."""

    def decide(saved: SavedSearch) -> Decision[SavedSearch]:
        check("search.remove-saved-search", caller, Facts(owner_id=saved.user_id))
        return rules.remove(saved)

    stored = await store.saved_searches.change(search_id, decide, attempt=attempt)
    await store.changed()
    return stored
