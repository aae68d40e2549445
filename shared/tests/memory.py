"""A collection in memory, as far as private lists use one."""

import asyncio
from collections.abc import Mapping
from typing import Any

from shared.mongo import Document, DuplicateKeyError


class MemoryCollection:
    """Documents by `_id`. Every call gives way to others; after `crash_after` inserts the next one raises."""

    def __init__(self) -> None:
        self.documents: dict[str, Document] = {}
        self.crash_after: int | None = None
        self.queries = 0

    async def insert_one(self, document: Document) -> None:
        await asyncio.sleep(0)
        if document["_id"] in self.documents:
            raise DuplicateKeyError(document["_id"])
        if self.crash_after is not None:
            if self.crash_after == 0:
                raise ConnectionError
            self.crash_after -= 1
        self.documents[document["_id"]] = document

    async def find_one(self, query: Mapping[str, str]) -> Document | None:
        await asyncio.sleep(0)
        return self.documents.get(query["_id"])

    def find(self, query: Mapping[str, Any], _: Any = None) -> "_Found":
        self.queries += 1
        return _Found([self.documents[each] for each in query["_id"]["$in"] if each in self.documents])


class _Found:
    def __init__(self, documents: list[Document]) -> None:
        self._documents = documents

    async def to_list(self, _: int) -> list[Document]:
        await asyncio.sleep(0)
        return self._documents
