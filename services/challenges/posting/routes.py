"""HTTP for challenges: parse → call → status code."""

from typing import Annotated

from fastapi import Body, Query, Response

from services.challenges.posting import commands, examples, queries
from services.challenges.posting.bodies import ChallengeChanges, Return
from services.challenges.posting.challenge import Challenge
from services.challenges.posting.content import ChallengeContent
from services.challenges.posting.store import Store
from services.challenges.posting.views import ChallengeView
from shared.access.checking import Caller
from shared.aggregates.aggregates import Stored
from shared.events.challenges import ChallengeStatus
from shared.http.paging import Cursor, Limit, Page
from shared.http.routes import AttemptOf, CallerOf, Empty, Router, with_version
from shared.values.jurisdictions import Jurisdiction

Posting = Annotated[ChallengeContent, Body(openapi_examples={"challenge": {"value": examples.CHALLENGE}})]


def challenge_routes(store: Store) -> Router:
    """Everything about a challenge; claims have their own routes."""
    router = Router()

    async def answered(response: Response, caller: Caller, stored: Stored[Challenge]) -> ChallengeView:
        with_version(response, stored)
        return await queries.seen(store, caller, stored)

    @router.action("challenges.draft", status_code=201, response_model=ChallengeView, response_model_exclude_unset=True)
    async def draft(response: Response, caller: CallerOf, attempt: AttemptOf, content: Posting) -> ChallengeView:
        """Drafts a challenge 榜单 for the caller's organisation."""
        stored = await commands.draft(store, caller, content, attempt)
        response.headers["Location"] = f"/api/v1/challenges/{stored.state.id}"
        return await answered(response, caller, stored)

    @router.action("challenges.list", response_model=Page[ChallengeView], response_model_exclude_unset=True)
    async def list_challenges(
        caller: CallerOf,
        jurisdiction: Annotated[Jurisdiction | None, Query()] = None,
        status: Annotated[ChallengeStatus | None, Query()] = None,
        mine: Annotated[bool, Query(description="only those of one's own organisation or city")] = False,
        limit: Limit = 20,
        cursor: Cursor = None,
    ) -> Page[ChallengeView]:
        """Lists challenges that the caller may see, newest first."""
        return await queries.challenges(
            store, caller, jurisdiction=jurisdiction, status=status, mine=mine, limit=limit, cursor=cursor
        )

    @router.action("challenges.show", response_model=ChallengeView, response_model_exclude_unset=True)
    async def show(response: Response, caller: CallerOf, challenge_id: str) -> ChallengeView:
        """Shows a challenge with what this caller may see of it and do with it."""
        return await answered(response, caller, await queries.challenge(store, caller, challenge_id))

    @router.action("challenges.revise", response_model=ChallengeView, response_model_exclude_unset=True)
    async def revise(
        response: Response, caller: CallerOf, attempt: AttemptOf, challenge_id: str, changes: ChallengeChanges
    ) -> ChallengeView:
        """Changes a challenge; what is left out stays."""
        stored = await commands.revise(store, caller, challenge_id, changes, attempt)
        return await answered(response, caller, stored)

    @router.action("challenges.submit", response_model=ChallengeView, response_model_exclude_unset=True)
    async def submit(
        response: Response, caller: CallerOf, attempt: AttemptOf, challenge_id: str, _: Empty
    ) -> ChallengeView:
        """Submits a draft for the city's review."""
        return await answered(response, caller, await commands.submit(store, caller, challenge_id, attempt))

    @router.action("challenges.return", response_model=ChallengeView, response_model_exclude_unset=True)
    async def send_back(
        response: Response, caller: CallerOf, attempt: AttemptOf, challenge_id: str, body: Return
    ) -> ChallengeView:
        """Returns a submitted challenge to its company, with reasons by field."""
        stored = await commands.send_back(store, caller, challenge_id, body.published, attempt)
        return await answered(response, caller, stored)

    @router.action("challenges.approve", response_model=ChallengeView, response_model_exclude_unset=True)
    async def approve(
        response: Response, caller: CallerOf, attempt: AttemptOf, challenge_id: str, _: Empty
    ) -> ChallengeView:
        """Approves a submitted challenge."""
        return await answered(response, caller, await commands.approve(store, caller, challenge_id, attempt))

    @router.action("challenges.publish", response_model=ChallengeView, response_model_exclude_unset=True)
    async def publish(
        response: Response, caller: CallerOf, attempt: AttemptOf, challenge_id: str, _: Empty
    ) -> ChallengeView:
        """Publishes an approved challenge: everybody sees it, and claims may be made until its deadline."""
        return await answered(response, caller, await commands.publish(store, caller, challenge_id, attempt))

    return router
