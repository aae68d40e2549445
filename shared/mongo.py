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
from pymongo.errors import (
    BulkWriteError,
    CollectionInvalid,
    DuplicateKeyError,
    InvalidName,
    InvalidOperation,
    OperationFailure,
    PyMongoError,
)
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
    "clock_ahead",
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

_AWARE: CodecOptions[Document] = CodecOptions(tz_aware=True)


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
    return client.get_database(settings.database(service), codec_options=_AWARE, read_concern=ReadConcern("majority"))


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


async def clock_ahead(client: Client) -> float:
    """Seconds by which this process's clock is certainly ahead of the database's; negative where it is behind.

    The database read its clock at some moment between our question and its answer. Where both clocks may have been equal at
    such a moment it is 0, so that a slow answer accuses nobody. Raises MongoFault.
    """
    asked = time.time()
    answer = await client.admin.command("hello", codec_options=_AWARE)
    answered, there = time.time(), float(answer["localTime"].timestamp())
    return max(0.0, asked - there) + min(0.0, answered - there)


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
    return _codes(error) == {11000}


def is_transient(error: Exception) -> bool:
    """Whether waiting can help: the answer for whatever is not known to be about the document or our own code.

    So a code that nobody here has heard of is waited for, with an alert: the other mistake would lose a good message. What
    one bulk says together is waited for unless something in it will never work.
    """
    if isinstance(error, BulkWriteError):
        return not are_duplicates(error) and OUR_FAULTS.keys().isdisjoint(_codes(error))
    if isinstance(error, OperationFailure):
        return error.code not in OUR_FAULTS and not isinstance(error, DuplicateKeyError)
    return isinstance(error, PyMongoError) and not isinstance(error, _OUR_MISUSES)


def _codes(error: BulkWriteError) -> set[int]:
    """Of everything that went wrong in a bulk."""
    details = error.details or {}
    return {each["code"] for kind in ("writeErrors", "writeConcernErrors") for each in details.get(kind, ())}


_OUR_MISUSES = (InvalidOperation, InvalidName, CollectionInvalid)
"""What the driver refuses before it asks the server."""

OUR_FAULTS = {
    2: "BadValue",
    9: "FailedToParse",
    14: "TypeMismatch",
    15: "Overflow",
    16: "InvalidLength",
    22: "InvalidBSON",
    28: "PathNotViable",
    29: "NonExistentPath",
    30: "InvalidPath",
    34: "CannotBackfillArray",
    40: "ConflictingUpdateOperators",
    52: "DollarPrefixedFieldName",
    53: "InvalidIdField",
    54: "NotSingleValueField",
    55: "InvalidDBRef",
    56: "EmptyFieldName",
    57: "DottedFieldName",
    59: "CommandNotFound",
    66: "ImmutableField",
    67: "CannotCreateIndex",
    72: "InvalidOptions",
    73: "InvalidNamespace",
    85: "IndexOptionsConflict",
    86: "IndexKeySpecsConflict",
    115: "CommandNotSupported",
    116: "DocTooLargeForCapped",
    121: "DocumentValidationFailure",
    159: "DurationOverflow",
    168: "InvalidPipelineOperator",
    171: "CannotIndexParallelArrays",
    197: "InvalidIndexSpecificationOption",
    201: "CannotBuildIndexKeys",
    232: "MaxSubPipelineDepthExceeded",
    238: "NotImplemented",
    241: "ConversionFailure",
    357: "InvalidBSONType",
    378: "NonConformantBSON",
    10334: "BSONObjectTooLarge",
    17280: "KeyTooLong",
    17419: "the resulting document is too large",
    17420: "the replacement is too large",
    16020: "wrong number of arguments of an expression",
    16872: "no valid field path",
    17276: "undefined variable",
    31249: "path collision",
    31325: "unknown expression",
    40324: "unrecognized pipeline stage",
}
"""Codes that say something about the document, the query or an index of ours, so that waiting cannot help: such a message is
parked, such a request is answered 500. Source: MongoDB's error_codes.yml; those without a name there are from its source."""
