from pathlib import Path

import pytest

from deploy.local.place import Place


def test_nothing_said_means_the_fixed_points_of_a_developers_machine(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    place = Place.of({})
    assert (place.home, place.port, place.wechat_port) == (tmp_path / ".huning", 8080, 8089)
    assert (place.kafka, place.mongodb, place.prefix) == (None, None, "")


def test_servers_that_are_named_are_borrowed() -> None:
    place = Place.of({"HUNING_KAFKA": "a:9092,b:9092", "HUNING_MONGODB": "mongodb://c"})
    assert (place.kafka, place.mongodb) == ("a:9092,b:9092", "mongodb://c")


def test_an_empty_setting_is_no_setting() -> None:
    place = Place.of({"HUNING_KAFKA": "", "HUNING_PORT": "", "HUNING_HOME": ""})
    assert place.kafka is None
    assert place.port == 8080


@pytest.mark.parametrize("port", ["abc", "0", "65536", "-1", "8080.5", "８０８０"])
def test_a_port_that_is_none_is_refused_by_name(port: str) -> None:
    with pytest.raises(ValueError, match="HUNING_PORT"):
        Place.of({"HUNING_PORT": port})


def test_replicas_are_named_as_the_processes_are() -> None:
    assert Place.of({"HUNING_REPLICAS_SYNC_WORKER": "3"}).replicas == {"sync-worker": 3}


def test_another_terminal_finds_the_stack_without_being_told_its_ports(tmp_path: Path) -> None:
    started = Place(home=tmp_path, port=18080, wechat_port=18089, prefix="p.", replicas={"search": 2})
    started.remember()
    assert Place.remembered(tmp_path) == started
    assert (tmp_path / "run" / "place.json").stat().st_mode & 0o077 == 0


def test_a_folder_where_nothing_was_started_remembers_nothing(tmp_path: Path) -> None:
    assert Place.remembered(tmp_path) is None


def test_a_port_that_is_named_is_meant(tmp_path: Path) -> None:
    Place(home=tmp_path, port=18080).remember()
    home = {"HUNING_HOME": str(tmp_path)}
    assert Place.started(home).port == 18080
    assert Place.started({**home, "HUNING_PORT": "19090"}).port == 19090
