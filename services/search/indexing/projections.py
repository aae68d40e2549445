"""Events → the read model `items`: what is shown of each item, and the whole public state behind it."""

from services.search.domain.items import Gone, item_of
from shared.events.envelope import Event
from shared.projections.read_models import Register


def item(event: Event) -> Register | None:
    """The item's document, a tombstone for one that is gone, None for what the public may not see."""
    found = item_of(event)
    if found is None:
        return None
    if isinstance(found, Gone):
        return Register(found.id, {}, deleted=True)
    return Register(found.id, {"item": found.shown(), "state": event.data.model_dump(mode="json")})
