"""HTTP: parse → call → status code."""

from services.search.boards import queries
from services.search.boards.views import HomeView
from services.search.indexing.replica import ReplicaIndex
from shared.http.routes import CallerOf, Router


def board_routes(index: ReplicaIndex) -> Router:
    """The home page: what everybody may ask."""
    router = Router()

    @router.action("search.home", response_model=HomeView)
    async def home(_: CallerOf) -> HomeView:
        """Shows the start page: boards, figures and what is new."""
        return await queries.home(index)

    return router
