"""Events of other services → what this one remembers of them."""

from shared.events.envelope import Event
from shared.projections.read_models import Register


def organization(event: Event) -> Register:
    """An organisation as accounts last published it: whether it is verified, its credit code, name and city."""
    return Register(event.subject, event.data.model_dump())
