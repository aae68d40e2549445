"""Law 4's one write: a document stands as long as no higher version of it comes.

`{_id, version, …}` replaces what stands there if and only if its version is higher. What is new is inserted, many in one
write, with the unique id as its guard (ten times faster on the embedded server, somewhat on mongod); everything else,
and whatever turns out to stand there after all, is written under the guard of its version.
"""

from collections.abc import Collection as Some
from collections.abc import Sequence

from shared.mongo import BulkWriteError, Collection, Document, UpdateOne, are_duplicates, guarded, literal

_WORTH_LOOKING = 20
"""With fewer documents, finding out which are new costs more than it saves."""


async def write(collection: Collection, documents: Sequence[Document], known: Some[str] | None = None) -> int:
    """Writes each where what stands there is older; how many of them are new. Ids must differ.

    `known`: the ids that stand there, if they were read. What is seen not to be newer is not written at all: a topic that is
    published again costs a look.
    """
    standing = await _standing(collection, documents) if known is None else dict.fromkeys(known, 0)
    new = [each for each in documents if each["_id"] not in standing]
    rest = [each for each in documents if standing.get(each["_id"], each["version"]) < each["version"]]
    taken = await _insert(collection, new)
    rest += taken
    return len(new) - len(taken) + (await _replace(collection, rest) if rest else 0)


def guard(document: Document) -> UpdateOne:
    """The guarded write of one document."""
    older = {"$lt": [{"$ifNull": ["$version", 0]}, document["version"]]}
    return UpdateOne({"_id": document["_id"]}, guarded(older, literal(document)), upsert=True)


async def _standing(collection: Collection, documents: Sequence[Document]) -> dict[str, int]:
    """The versions that stand there, by id; 0 for what was not looked at and may stand there."""
    ids = [each["_id"] for each in documents]
    if len(ids) < _WORTH_LOOKING:
        return dict.fromkeys(ids, 0)
    return {each["_id"]: each["version"] async for each in collection.find({"_id": {"$in": ids}}, {"version": 1})}


async def _insert(collection: Collection, documents: list[Document]) -> list[Document]:
    """The documents that could not be inserted because their id is taken."""
    if not documents:
        return []
    try:
        await collection.insert_many(documents, ordered=False)
    except BulkWriteError as error:
        if not are_duplicates(error):
            raise
        return [documents[failure["index"]] for failure in error.details["writeErrors"]]
    return []


async def _replace(collection: Collection, documents: list[Document]) -> int:
    """The number of documents that were new after all."""
    writes = [guard(each) for each in documents]
    try:
        written = await collection.bulk_write(writes, ordered=False)
    except BulkWriteError as error:
        # Two upserts of one new id at once: the loser finds the document when it tries again.
        if not are_duplicates(error):
            raise
        written = await collection.bulk_write(writes, ordered=False)
    return int(written.upserted_count)
