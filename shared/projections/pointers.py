"""The pointer of a read model: the document that says which generation serves, and which one is being built.

Every replica follows it. It is changed only where it still is as it was read: `revision` counts its writes and guards
them; a pointer that was never changed has none.
"""

from collections.abc import Callable
from dataclasses import dataclass

from shared.aggregates.attempts import Attempt, remember
from shared.mongo import Collection, Document, guarded, literal, upsert
from shared.values import problems
from shared.values.problems import Refusal

_TRIES = 20


@dataclass(frozen=True)
class Pointer:
    """The pointer of this name; `first` is what it says before anybody changed it."""

    collection: Collection
    name: str
    first: Document

    async def read(self) -> Document:
        """The pointer as it is stored now."""
        found = await self.collection.find_one({"_id": self.name})
        if found is None:
            document = {"_id": self.name, **self.first}
            absent = {"$eq": [{"$ifNull": ["$generation", None]}, None]}
            await upsert(self.collection, self.name, guarded(absent, literal(document)))
            found = await self.collection.find_one({"_id": self.name}) or document
        return found

    async def write(self, read: Document, changes: Document) -> bool:
        """Makes the changes; false when another process was faster, and nothing was written."""
        revision = read.get("revision", 0)
        unchanged = {"$eq": [{"$ifNull": ["$revision", 0]}, revision]}
        document = literal({**read, **changes, "revision": revision + 1})
        result = await self.collection.update_one({"_id": self.name}, guarded(unchanged, document))
        return bool(result.modified_count)

    async def change(self, decide: Callable[[Document], Document], attempt: Attempt | None = None) -> bool:
        """Makes the changes that `decide` wants, remembering the attempt in the same write; decides again if need be.

        True when the attempt had been made before, and nothing was written now.
        """
        for _ in range(_TRIES):
            read = await self.read()
            made = read.get("attempts", [])
            if attempt and attempt.was_made(made):
                return True
            if await self.write(read, {**decide(read), "attempts": remember(made, attempt)}):
                return False
        raise Refusal(problems.CONFLICT)
