from collections import Counter
from pathlib import Path

from deploy.local.place import Place
from deploy.local.process import Process
from deploy.local.topology import CADDYFILE, SERVICES, shared_environment, topology

_PLACE = Place(home=Path("/srv/huning"), replicas={"search": 3, "sync-worker": 2})


def _processes(place: Place = _PLACE) -> dict[str, Process]:
    return {process.name: process for process in topology(place, {"PATH": ""}, jars="")}


def test_every_part_is_there_by_the_name_that_its_log_and_pid_file_have() -> None:
    assert set(_processes(Place(home=Path("/srv/huning")))) == {
        *("kafka", "mongodb", "wechat", "gateway"),
        *("accounts", "challenges", "sync", "sync-worker", "search", "search-worker", "notifications"),
    }


def test_further_replicas_carry_their_number() -> None:
    names = set(_processes())
    assert {"search", "search-2", "search-3", "sync-worker", "sync-worker-2"} <= names
    assert "accounts-2" not in names


def test_no_two_processes_share_a_port() -> None:
    ports = Counter(port for each in _processes().values() for port in (each.port, *each.other_ports))
    assert [port for port, uses in ports.items() if uses > 1] == []


def test_a_replica_is_told_its_own_address_and_number() -> None:
    second = _processes()["search-2"]
    assert second.environment == {
        "HUNING_LISTEN": second.address,
        "HUNING_REPLICA": "2",
        "HUNING_KEYS": "/srv/huning/run/keys/search",
    }


def test_the_gateway_knows_every_replica_of_what_it_routes_to() -> None:
    processes = _processes()
    told = processes["gateway"].environment
    assert told["HUNING_UPSTREAM_SEARCH"].split() == [processes[n].address for n in ("search", "search-2", "search-3")]
    assert "HUNING_UPSTREAM_SYNC-WORKER" not in told


def test_the_caddyfile_reads_exactly_the_upstreams_that_it_is_told() -> None:
    text = CADDYFILE.read_text()
    told = {name for name in _processes()["gateway"].environment if name.startswith("HUNING_UPSTREAM_")}
    assert all(f"{{${name}:" in text for name in told)
    assert text.count("{$HUNING_UPSTREAM_") == len(told) == sum(service.behind_gateway for service in SERVICES)


def test_a_borrowed_broker_or_database_is_not_started_but_told_to_all() -> None:
    place = Place(home=Path("/srv/huning"), kafka="k:9092", mongodb="mongodb://m")
    assert {"kafka", "mongodb"}.isdisjoint(_processes(place))
    told = shared_environment(place)
    assert (told["HUNING_KAFKA"], told["HUNING_MONGODB"]) == ("k:9092", "mongodb://m")


def test_tokens_are_verified_with_keys_from_where_accounts_listens() -> None:
    accounts = _processes()["accounts"]
    assert shared_environment(_PLACE)["HUNING_JWKS_URL"] == f"http://{accounts.address}/api/v1/accounts/jwks"


def test_a_mongod_that_is_named_is_used_instead_of_the_embedded_server() -> None:
    named = {each.name: each for each in topology(_PLACE, {"PATH": "", "HUNING_MONGOD": "/opt/mongod"}, jars="")}
    assert named["mongodb"].command[0] == "/opt/mongod"
    assert _processes()["mongodb"].command[0].endswith("secantusd-rs")


def test_the_embedded_server_writes_through_unless_a_benchmark_says_otherwise() -> None:
    lax = {each.name: each for each in topology(_PLACE, {"PATH": ""}, jars="", durable=False)}
    assert "--sync-on-commit" in _processes()["mongodb"].command
    assert "--sync-on-commit" not in lax["mongodb"].command
