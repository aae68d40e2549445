"""`huning <service> republish`, `adopt` and `rebuild` as a person runs them, on a real broker and a real database."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import pymongo
import pytest

from deploy.local import keys
from shared.aggregates.runs import COLLECTION
from tests import log
from tests.security.messages import record
from tests.stack import Servers, huning

_PREFIX = "cli"


@pytest.fixture
def environment(servers: Servers, tmp_path: Path) -> Iterator[Mapping[str, str]]:
    """sync with three records in its database and none in its log; nobody else has its names."""
    keys.make(tmp_path)
    prefix = f"{_PREFIX}{os.getpid()}."
    told = {"HUNING_KAFKA": servers.kafka, "HUNING_MONGODB": servers.mongodb, "HUNING_PREFIX": prefix}
    made = {**os.environ, **told, "HUNING_KEYS": str(tmp_path), "HUNING_HOME": str(tmp_path)}
    code, said = huning(made, "topics", "apply")
    assert code == 0, said
    with pymongo.MongoClient[dict[str, object]](servers.mongodb) as client:
        database = client[f"{prefix}huning_sync".replace(".", "_")]
        for n in range(3):
            state = record(f"{n}").data.model_dump()
            kept = {"verdict": "added", "digest": "d", "before": None, "state": state}
            database["records"].insert_one({"_id": f"taizhou/equipment/{n}", "version": 1, **kept})
        yield made
        for service in ("sync", "notifications"):
            client.drop_database(f"{prefix}huning_{service}".replace(".", "_"))


def kept(environment: Mapping[str, str], service: str, collection: str) -> dict[str, dict[str, object]]:
    """What the service's database holds there, by id."""
    with pymongo.MongoClient[dict[str, object]](environment["HUNING_MONGODB"]) as client:
        database = client[f"{environment['HUNING_PREFIX']}huning_{service}".replace(".", "_")]
        return {str(each["_id"]): each for each in database[collection].find()}


@pytest.mark.slow
def test_republishing_fills_an_empty_log_and_what_a_restored_database_lacks_is_taken_back(
    environment: Mapping[str, str],
) -> None:
    code, said = huning(environment, "sync", "republish")
    assert (code, "huning.records（sync）：已全部重新发布，共 3 个" in said) == (0, True), said
    logged = log.newest(environment["HUNING_KAFKA"], f"{environment['HUNING_PREFIX']}huning.records")
    assert len(logged) == 3
    with pymongo.MongoClient[dict[str, object]](environment["HUNING_MONGODB"]) as client:
        records = client[f"{environment['HUNING_PREFIX']}huning_sync".replace(".", "_")]["records"]
        records.delete_one({"_id": "taizhou/equipment/1"})
        code, said = huning(environment, "log", "compare", "--topic", "huning.records")
        assert (code, "huning SERVICE adopt" in said) == (1, True), said
        code, said = huning(environment, "log", "compare", "--topic", "huning.records", "--output", "-")
        assert (code, '"kind": "not_with_owner"' in said) == (1, True), said
        code, said = huning(environment, "log", "compare", "--topic", "huning.records", "--output", "/nowhere/rows")
        assert (code, "不能写入 /nowhere/rows" in said) == (3, True), said
        code, said = huning(environment, "sync", "adopt")
        assert (code, "huning.records：已从日志取回 1 个" in said) == (0, True), said
        assert records.count_documents({}) == 3
        places = records.database["place_counters"].find_one({"_id": "taizhou"})
        assert places is not None
        assert places["seq"] == 1
    asked = kept(environment, "sync", COLLECTION)["huning.records"]
    assert (asked["reason"], asked["done"] == asked["number"]) == ("adopted", False)
    assert huning(environment, "log", "compare", "--topic", "huning.records")[0] == 0


def test_a_rebuild_at_the_console_takes_over_by_force_only_by_a_word_that_is_audited(
    environment: Mapping[str, str],
) -> None:
    code, said = huning(environment, "notifications", "rebuild", "users")
    assert (code, "users：第 1 份在服务，0 个文档，正在重建" in said) == (0, True), said
    assert "forced" not in kept(environment, "notifications", "read_models")["users"]
    code, said = huning(environment, "notifications", "rebuild", "users", "--force")
    assert code == 0, said
    pointer = kept(environment, "notifications", "read_models")["users"]
    assert (pointer["building"], pointer["forced"]) == (2, 2)
    entries = list(kept(environment, "notifications", "audit").values())
    assert [each["action"] for each in entries] == [
        "notifications.rebuild-read-model",
        "notifications.force-read-model",
        "notifications.rebuild-read-model",
    ]
    assert {each["actor"] for each in entries} == {"installer"}
    assert entries[1]["subject"] == "ops/notifications/read-models/users"


def test_a_rebuild_without_a_name_lists_what_there_is_and_says_what_waits(environment: Mapping[str, str]) -> None:
    huning(environment, "notifications", "rebuild", "users")
    with pymongo.MongoClient[dict[str, object]](environment["HUNING_MONGODB"]) as client:
        database = client[f"{environment['HUNING_PREFIX']}huning_notifications".replace(".", "_")]
        database["read_models"].update_one({"_id": "users"}, {"$set": {"waits": "far_smaller"}})
    code, said = huning(environment, "notifications", "rebuild")
    assert (code, "users：" in said, "等待：文档比正在服务的少得多（far_smaller）" in said) == (0, True, True), said
    code, said = huning(environment, "notifications", "rebuild", "nothing")
    assert (code, "users" in said) == (2, True), said
