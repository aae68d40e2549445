"""Which saved searches fit a new item: the saved searches are the index, and the item is the query. Pure, in memory.

Each is kept under one token that the item must have: the one that keys the fewest others, so that no token leads to many.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime

from services.search.domain.items import Item
from services.search.domain.text import tokens
from services.search.querying.plan import plan_of
from services.search.saved_searches.rules import SavedSearch, fits, news_since


class Percolator:
    """Saved searches, ready to be met."""

    def __init__(self, saved: Iterable[SavedSearch] = ()) -> None:
        self._by_token: dict[str, list[SavedSearch]] = defaultdict(list)
        self._wordless: list[SavedSearch] = []
        self.news_since = datetime.max.replace(tzinfo=UTC)
        """No event of an earlier time is news for any of them."""
        for each in saved:
            self._add(each)

    def met_by(self, item: Item) -> list[SavedSearch]:
        """The saved searches that the item fits."""
        found = frozenset(tokens("\n".join((item.title, *item.texts()))))
        keyed = (each for token in found for each in self._by_token.get(token, ()))
        return [each for each in (*self._wordless, *keyed) if fits(each, item, found)]

    def _add(self, saved: SavedSearch) -> None:
        self.news_since = min(self.news_since, news_since(saved))
        required = plan_of(saved.query.q).required
        if required:
            self._by_token[min(required, key=lambda token: len(self._by_token.get(token, ())))].append(saved)
        elif not saved.query.q.strip():
            self._wordless.append(saved)
