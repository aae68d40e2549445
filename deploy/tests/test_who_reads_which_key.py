"""One table says who reads which key (deploy/local/topology.py). The code, compose.yaml and `make up` are held against it."""

import re
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.local import keys
from deploy.local.place import Place
from deploy.local.topology import KEYS_OF, SERVICES, Service, hand_out_keys, topology
from shared.runtime.service import Service as Built
from shared.settings import Settings

_DEPLOY = Path(__file__).parents[1]
_BUILDERS = {"serve": "build", "work": "build_worker"}
_READ_WHEN_BUILT = [(service, key) for service in SERVICES for key in service.keys if key not in ("wechat", "audit")]


def _containers(file: str = "compose.yaml") -> dict[str, dict[str, Any]]:
    return yaml.safe_load((_DEPLOY / file).read_text())["services"]  # type: ignore[no-any-return]


def _mounts(container: dict[str, Any]) -> set[str]:
    return {volume for volume in container.get("volumes", []) if "/keys" in volume}


def _built(service: Service, given: Path) -> Built:
    """The process, composed by its own code and started nowhere, with these keys."""
    name, kind = service.arguments
    return getattr(import_module(f"services.{name}.app"), _BUILDERS[kind])(  # type: ignore[no-any-return]
        Settings(keys=given, home=given)
    )


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A place whose keys are made."""
    made = Place(home=tmp_path)
    keys.make(made.keys)
    return made


@pytest.mark.parametrize("service", SERVICES, ids=lambda each: each.name)
async def test_with_the_keys_of_its_row_a_process_can_be_built(service: Service, place: Place, tmp_path: Path) -> None:
    keys.hand_out(place.keys, service.keys, tmp_path / "given")
    _built(service, tmp_path / "given").client.close()


@pytest.mark.parametrize(("service", "key"), _READ_WHEN_BUILT, ids=lambda each: getattr(each, "name", each))
async def test_without_any_one_of_them_it_cannot(service: Service, key: str, place: Place, tmp_path: Path) -> None:
    keys.hand_out(place.keys, set(service.keys) - {key}, tmp_path / "given")
    with pytest.raises(FileNotFoundError, match=keys.FILES[key]):
        _built(service, tmp_path / "given")


@pytest.mark.parametrize("service", SERVICES, ids=lambda each: each.name)
async def test_every_process_signs_the_heads_of_its_audit_trail(service: Service, place: Place, tmp_path: Path) -> None:
    keys.hand_out(place.keys, set(service.keys) - {"audit"}, tmp_path / "given")
    built = _built(service, tmp_path / "given")
    with pytest.raises(FileNotFoundError, match=keys.FILES["audit"]):
        await built.audit.log_head()
    built.client.close()
    assert "audit" in service.keys


@pytest.mark.parametrize("service", SERVICES, ids=lambda each: each.name)
def test_wechats_credentials_are_for_those_whose_code_names_them(service: Service) -> None:
    folder = _DEPLOY.parent / "services" / service.arguments[0]
    code = "".join(file.read_text() for file in folder.rglob("*.py") if "tests" not in file.parts)
    assert ("settings.wechat_" in code) is ("wechat" in service.keys)


def test_a_container_sees_the_keys_of_its_row_and_no_others_and_only_the_job_that_makes_them_writes_them() -> None:
    seen = {name: _mounts(each) for name, each in _containers().items() if _mounts(each)}
    assert seen == {
        "keys": {"keys:/keys", *(f"{key}-key:/keys/{key}" for key in keys.FILES)},
        **{each.name: {f"{key}-key:/keys/{key}:ro" for key in each.keys} for each in SERVICES},
    }


def test_the_stand_in_of_the_demo_sees_wechats_credentials_alone() -> None:
    seen = {name: _mounts(each) for name, each in _containers("compose.demo.yaml").items() if _mounts(each)}
    assert seen == {
        "wechat-credentials": {"keys:/keys", "wechat-key:/keys/wechat"},
        "wechat": {f"{key}-key:/keys/{key}:ro" for key in KEYS_OF["wechat"]},
    }


def test_the_volume_of_a_key_begins_as_a_folder_of_the_image_that_is_the_services_alone() -> None:
    """Docker gives a new volume the owner and the mode of the folder that it covers."""
    made = re.search(r"cd /keys && install -d -o huning -g huning -m 0700 (.*)", (_DEPLOY / "Dockerfile").read_text())
    assert made
    assert set(made[1].split()) == set(keys.FILES)


def test_make_up_gives_each_process_what_its_container_sees(place: Place) -> None:
    hand_out_keys(place)
    given = {each.name: each.environment.get("HUNING_KEYS") for each in topology(place, {"PATH": ""}, jars="")}
    seen = {name: {key.name for key in Path(folder).iterdir()} for name, folder in given.items() if folder}
    assert seen == {name: set(names) for name, names in KEYS_OF.items()}
    for name, names in KEYS_OF.items():
        for key in names:
            assert (place.keys_of(name) / key / keys.FILES[key]).samefile(place.keys / key / keys.FILES[key])


def test_a_key_that_a_process_no_longer_reads_is_taken_from_it_at_the_next_start(place: Place) -> None:
    keys.hand_out(place.keys, ("master", "audit"), place.keys_of("search"))
    hand_out_keys(place)
    assert [key.name for key in place.keys_of("search").iterdir()] == ["audit"]
