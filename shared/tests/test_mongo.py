from types import SimpleNamespace
from typing import Any, cast

import pytest
from bson.errors import InvalidDocument
from pymongo.errors import (
    AutoReconnect,
    BulkWriteError,
    ConfigurationError,
    CursorNotFound,
    DuplicateKeyError,
    ExecutionTimeout,
    InvalidName,
    InvalidOperation,
    NetworkTimeout,
    NotPrimaryError,
    OperationFailure,
    ServerSelectionTimeoutError,
    WaitQueueTimeoutError,
    WriteError,
    WTimeoutError,
)

from shared import mongo
from shared.messaging.faults import is_infrastructure


def _client(failures: int) -> Any:
    """Answers pings after so many failures."""
    left = [failures]

    async def command(_: str) -> dict[str, Any]:
        if left[0]:
            left[0] -= 1
            raise ServerSelectionTimeoutError("no server")
        return {"ok": 1}

    return cast(Any, SimpleNamespace(admin=SimpleNamespace(command=command)))


async def test_a_database_that_is_only_just_starting_is_waited_for() -> None:
    await mongo.wait_for(_client(failures=2), seconds=30)


async def test_one_that_does_not_come_is_said_to_be_away() -> None:
    with pytest.raises(mongo.MongoFault):
        await mongo.wait_for(_client(failures=1_000), seconds=0)


WAITED_FOR = {
    1: "InternalError (a full disk, of the embedded server)",
    6: "HostUnreachable",
    7: "HostNotFound",
    8: "UnknownError",
    11: "UserNotFound",
    13: "Unauthorized",
    18: "AuthenticationFailed",
    24: "LockTimeout",
    26: "NamespaceNotFound",
    39: "FileStreamFailed",
    43: "CursorNotFound",
    46: "LockBusy",
    50: "MaxTimeMSExpired",
    64: "WriteConcernTimeout",
    89: "NetworkTimeout",
    91: "ShutdownInProgress",
    96: "OperationFailed",
    100: "UnsatisfiableWriteConcern",
    112: "WriteConflict",
    125: "CommandFailed",
    133: "FailedToSatisfyReadPreference",
    134: "ReadConcernMajorityNotAvailableYet",
    136: "CappedPositionLost",
    146: "ExceededMemoryLimit",
    175: "QueryPlanKilled",
    189: "PrimarySteppedDown",
    202: "NetworkInterfaceExceededTimeLimit",
    237: "CursorKilled",
    246: "SnapshotUnavailable",
    262: "ExceededTimeLimit",
    264: "TooManyFilesOpen",
    276: "IndexBuildAborted",
    279: "ClientDisconnect",
    314: "ObjectIsBusy",
    355: "InterruptedDueToStorageChange",
    365: "TemporarilyUnavailable",
    371: "UserWritesBlocked",
    402: "ResourceExhausted",
    449: "RateLimitExceeded",
    9001: "SocketException",
    10107: "NotWritablePrimary",
    11600: "InterruptedAtShutdown",
    11602: "InterruptedDueToReplStateChange",
    13435: "NotPrimaryNoSecondaryOk",
    13436: "NotPrimaryOrSecondary",
    14031: "OutOfDiskSpace",
    99_999: "a code that nobody here has heard of",
}


def _bulk(*codes: int, concerns: tuple[int, ...] = ()) -> BulkWriteError:
    failures = [{"index": n, "code": code, "errmsg": ""} for n, code in enumerate(codes)]
    return BulkWriteError({"writeErrors": failures, "writeConcernErrors": [{"code": code} for code in concerns]})


@pytest.mark.parametrize("code", WAITED_FOR)
def test_what_is_not_known_to_be_our_own_fault_is_waited_for(code: int) -> None:
    for error in (OperationFailure("", code), WriteError("", code), _bulk(code), _bulk(concerns=(code,))):
        assert is_infrastructure(error)


@pytest.mark.parametrize("code", [11000, *mongo.OUR_FAULTS])
def test_validation_duplicates_and_bugs_of_ours_are_not_waited_for(code: int) -> None:
    one = DuplicateKeyError("", code) if code == 11000 else OperationFailure("", code)
    assert not is_infrastructure(one)
    assert not is_infrastructure(_bulk(code))


@pytest.mark.parametrize(
    ("error", "waited_for"),
    [
        (OperationFailure("no code at all"), True),
        (CursorNotFound("", 43), True),
        (ExecutionTimeout("", 50), True),
        (WTimeoutError("", 64), True),
        (AutoReconnect(), True),
        (NetworkTimeout(), True),
        (NotPrimaryError(), True),
        (WaitQueueTimeoutError(), True),
        (ConfigurationError("another wire version"), True),
        (_bulk(), True),
        (_bulk(11000, 112), True),
        (_bulk(112, concerns=(64,)), True),
        (_bulk(112, 121), False),
        (_bulk(11000, 10334), False),
        (DuplicateKeyError("without a code"), False),
        (InvalidOperation("No operations to execute"), False),
        (InvalidName(), False),
        (InvalidDocument("too large"), False),
    ],
)
def test_whatever_else_the_driver_raises_is_told_apart_too(error: Exception, waited_for: bool) -> None:
    assert is_infrastructure(error) is waited_for
