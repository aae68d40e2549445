"""MongoDB through motor. Nothing else imports motor: swapping it for PyMongo's own asyncio client is a change to this file.

Bounded waits everywhere: a database that hangs becomes `UNREACHABLE` within seconds, never a hung request.
"""

import asyncio
import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import bson
from bson.codec_options import CodecOptions
from motor.motor_asyncio import AsyncIOMotorClient, AsyncIOMotorCollection, AsyncIOMotorDatabase
from pymongo import IndexModel, UpdateOne
from pymongo.errors import BulkWriteError, DuplicateKeyError, OperationFailure, PyMongoError
from pymongo.read_concern import ReadConcern
from pymongo.results import UpdateResult

from shared.settings import Settings

Document = dict[str, Any]
if TYPE_CHECKING:
    Client = AsyncIOMotorClient[Document]
    Database = AsyncIOMotorDatabase[Document]
    Collection = AsyncIOMotorCollection[Document]
else:  # motor's classes take no type arguments at run time
    Client, Database, Collection = AsyncIOMotorClient, AsyncIOMotorDatabase, AsyncIOMotorCollection

__all__ = [
    "BulkWriteError",
    "Client",
    "Collection",
    "Database",
    "Document",
    "DuplicateKeyError",
    "IndexModel",
    "MongoFault",
    "UpdateOne",
    "are_duplicates",
    "close",
    "connect",
    "database",
    "guarded",
    "is_up",
    "literal",
    "size_of",
    "upsert",
    "wait_for",
]

MongoFault = PyMongoError
"""Any failure of the database; while it lasts, commands answer 503 and consumers wait."""


def connect(settings: Settings) -> Client:
    """A client whose every operation ends: 5 s to find a server, 10 s for an answer."""
    return AsyncIOMotorClient(
        settings.mongodb,
        tz_aware=True,
        maxPoolSize=settings.pool_size,
        serverSelectionTimeoutMS=5_000,
        connectTimeoutMS=3_000,
        socketTimeoutMS=10_000,
        waitQueueTimeoutMS=5_000,
        retryWrites=False,
    )


async def close(client: Client) -> None:
    """Ends its connections. A coroutine, because PyMongo's own asyncio client has one here."""
    client.close()


def database(client: Client, settings: Settings, service: str) -> Database:
    """The service's own database; reads are of what a majority has, so that a failover takes nothing back."""
    options: CodecOptions[Document] = CodecOptions(tz_aware=True)
    return client.get_database(settings.database(service), codec_options=options, read_concern=ReadConcern("majority"))


def size_of(document: Document) -> int:
    """Bytes that it takes in the database; a whole document may have 16 MiB."""
    return len(bson.encode(document))


async def is_up(client: Client) -> bool:
    """Whether the database answers a ping."""
    try:
        await client.admin.command("ping")
    except PyMongoError:
        return False
    return True


async def wait_for(client: Client, seconds: float) -> None:
    """Returns once the database answers; raises its last fault when it does not in time."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            await client.admin.command("ping")
        except PyMongoError:
            if time.monotonic() > deadline:
                raise
            await asyncio.sleep(0.5)
        else:
            return


def literal(value: object) -> Document:
    """The value as itself inside a pipeline: without this, a title of "$v" would be read as a path and lost."""
    return {"$literal": value}


def guarded(condition: Mapping[str, Any], document: Mapping[str, Any]) -> list[Document]:
    """A pipeline update: the document becomes `document` where the condition holds, else it stays as it is."""
    return [{"$replaceWith": {"$cond": [condition, document, "$$ROOT"]}}]


async def upsert(collection: Collection, document_id: str, pipeline: Sequence[Document]) -> UpdateResult:
    """A guarded write of a document that may not be there yet. The loser of two simultaneous first ones tries again."""
    try:
        return await collection.update_one({"_id": document_id}, pipeline, upsert=True)
    except DuplicateKeyError:
        return await collection.update_one({"_id": document_id}, pipeline, upsert=True)


def are_duplicates(error: BulkWriteError) -> bool:
    """Whether all that went wrong in a bulk is that somebody else inserted the same ids meanwhile."""
    return {each["code"] for each in (error.details or {}).get("writeErrors", [])} == {11000}


def is_transient(error: Exception) -> bool:
    """Whether waiting can help: the connection broke, or the server is starting, stepping down or read-only."""
    if isinstance(error, DuplicateKeyError):
        return False
    if isinstance(error, BulkWriteError):
        codes = {each["code"] for each in (error.details or {}).get("writeErrors", [])}
        return bool(codes) and codes <= _TRANSIENT_CODES
    if isinstance(error, OperationFailure):
        return error.code in _TRANSIENT_CODES or error.has_error_label("RetryableWriteError")
    return isinstance(error, PyMongoError)


# NotWritablePrimary, InterruptedAtShutdown, PrimarySteppedDown, shutdown, WriteConflict, time limits, disk full.
# Source: MongoDB's error_codes.yml.
_TRANSIENT_CODES = {6, 7, 50, 89, 91, 112, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436, 14031}
