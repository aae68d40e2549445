"""Setting and showing one's preferences."""

from collections.abc import Callable
from dataclasses import dataclass

from services.notifications.names import Names
from services.notifications.preferences.domain import DEFAULT, Preferences
from shared.access.checking import Caller
from shared.aggregates.aggregates import Aggregates, Stored
from shared.aggregates.attempts import Attempt
from shared.aggregates.beginning import change_or_begin
from shared.aggregates.decisions import Decision


@dataclass(frozen=True)
class PreferenceCommands:
    """Everything that a person does with their preferences."""

    preferences: Aggregates[Preferences]
    names: Names

    async def show(self, caller: Caller) -> Stored[Preferences]:
        """One's own, or what holds for everybody who has set none."""
        return await self.preferences.find(self.names.everyday(caller.id)) or Stored(DEFAULT, version=0, revision=0)

    async def set(
        self, wanted: Callable[[Preferences], Preferences], caller: Caller, attempt: Attempt
    ) -> Stored[Preferences]:
        """Makes one's preferences into what is wanted of them."""
        mine = {"id": self.names.everyday(caller.id)}

        def decide(before: Preferences) -> Decision[Preferences]:
            return Decision(wanted(before).model_copy(update=mine), "set-preferences", mine["id"], None)

        fresh = DEFAULT.model_copy(update=mine)
        return await change_or_begin(self.preferences, fresh, decide, attempt.by(fresh.id))
