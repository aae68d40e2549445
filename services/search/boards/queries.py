"""What the home page is answered from: the index alone."""

from services.search.boards.home import home as home_page
from services.search.boards.views import HomeView
from services.search.indexing.replica import ReplicaIndex


async def home(index: ReplicaIndex) -> HomeView:
    """The home page."""
    return HomeView.model_validate(await index.ask(home_page))
