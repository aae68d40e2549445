"""HTTP: parse → call → status code."""

from fastapi import Response
from pydantic import BaseModel, ConfigDict

from services.search.querying.criteria import SavedQuery
from services.search.saved_searches import commands, queries
from services.search.saved_searches.rules import Notify, SearchName, SubscriptionChanges
from services.search.saved_searches.store import Store
from services.search.saved_searches.views import SubscriptionView
from shared.http.paging import Cursor, Limit, Page
from shared.http.routes import AttemptOf, CallerOf, Router, with_version


class Subscription(BaseModel):
    """A search to be saved."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"name": "双极板", "query": {"q": "双极板 涂层"}, "notify": "at_once"}]},
    )

    name: SearchName
    query: SavedQuery
    notify: Notify = "at_once"


def subscription_routes(store: Store) -> Router:
    """One's own saved searches."""
    router = Router()

    @router.action("search.save-search", response_model=SubscriptionView, status_code=201)
    async def save_search(
        caller: CallerOf, attempt: AttemptOf, wanted: Subscription, response: Response
    ) -> SubscriptionView:
        """Saves a search; new items that fit are told to the caller."""
        stored = await commands.save_search(store, caller, wanted.name, wanted.query, wanted.notify, attempt)
        with_version(response, stored)
        response.headers["Location"] = f"/api/v1/search/subscriptions/{stored.state.id}"
        return SubscriptionView.of(stored)

    @router.action("search.list-saved-searches", response_model=Page[SubscriptionView])
    async def list_saved_searches(caller: CallerOf, limit: Limit = 20, cursor: Cursor = None) -> Page[SubscriptionView]:
        """Lists the caller's saved searches."""
        return await queries.saved_searches(store, caller, limit, cursor)

    @router.action("search.show-saved-search", response_model=SubscriptionView)
    async def show_saved_search(caller: CallerOf, subscription_id: str, response: Response) -> SubscriptionView:
        """Shows one of the caller's saved searches."""
        stored = await queries.saved_search(store, caller, subscription_id)
        with_version(response, stored)
        return SubscriptionView.of(stored)

    @router.action("search.edit-saved-search", response_model=SubscriptionView)
    async def edit_saved_search(
        caller: CallerOf, attempt: AttemptOf, subscription_id: str, changes: SubscriptionChanges, response: Response
    ) -> SubscriptionView:
        """Changes one of the caller's saved searches; of another query only what comes from now on is told."""
        stored = await commands.edit_search(store, caller, subscription_id, changes, attempt)
        with_version(response, stored)
        return SubscriptionView.of(stored)

    @router.action("search.remove-saved-search", status_code=204)
    async def remove_saved_search(
        caller: CallerOf, attempt: AttemptOf, subscription_id: str, response: Response
    ) -> None:
        """Removes one of the caller's saved searches."""
        with_version(response, await commands.remove_search(store, caller, subscription_id, attempt))

    return router
