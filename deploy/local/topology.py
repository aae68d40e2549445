"""The processes of the system, listed once: `make up`, `make status`, the tests and compose.yaml's check all read this.

Ports inside follow from the gateway's: kafka +10 and +11, mongodb +12, the services from +13; a second replica is 20
higher than the first.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.local import keys
from deploy.local.kafka import Broker
from deploy.local.mongodb import mongodb
from deploy.local.place import Place
from deploy.local.process import Process

_ROOT = Path(__file__).parents[2]
CADDYFILE = _ROOT / "deploy" / "gateway" / "Caddyfile"


@dataclass(frozen=True)
class Service:
    """One kind of process of ours: its name, and the `huning` command that is it."""

    name: str
    arguments: tuple[str, ...]
    keys: tuple[str, ...]
    behind_gateway: bool = True


SERVICES = (
    Service("accounts", ("accounts", "serve"), ("signing", "session", "personal", "wechat", "audit")),
    Service("challenges", ("challenges", "serve"), ("master", "pseudonym", "personal", "audit")),
    Service("sync", ("sync", "serve"), ("personal", "uploads", "audit")),
    Service("sync-worker", ("sync", "work"), ("audit",), behind_gateway=False),
    Service("search", ("search", "serve"), ("audit",)),
    Service("notifications", ("notifications", "serve"), ("pseudonym", "personal", "wechat", "audit")),
    Service("search-worker", ("search", "work"), ("audit",), behind_gateway=False),
)
KEYS_OF: Mapping[str, tuple[str, ...]] = {**{each.name: each.keys for each in SERVICES}, "wechat": ("wechat",)}
"""Process of ours → the keys that its code reads (keys.py); the last is the stand-in. Neither `make up` nor compose.yaml
gives it any other."""

_KAFKA, _CONTROLLER, _MONGODB, _FIRST_SERVICE = 10, 11, 12, 13
_NEXT_REPLICA = 20


def topology(place: Place, environment: Mapping[str, str], jars: str, durable: bool = True) -> tuple[Process, ...]:
    """Every process of this place. A broker or database that the place borrows is not among them.

    `jars` is Kafka's class path (jars.py); `durable` is explained in mongodb.py.
    """
    return (
        *([] if place.kafka else [broker(place, jars).process()]),
        *([] if place.mongodb else [mongodb(place.data / "mongodb", place.port + _MONGODB, environment, durable)]),
        _wechat(place),
        *(process for row in services(place) for process in row),
        _gateway(place),
    )


def broker(place: Place, jars: str) -> Broker:
    """The broker that stands here unless the place borrows one."""
    return Broker(place.data / "kafka", place.port + _KAFKA, place.port + _CONTROLLER, jars)


def services(place: Place) -> list[list[Process]]:
    """The replicas of each service, in the order of SERVICES."""
    return [
        [_replica(place, service, index, replica) for replica in range(1, place.replicas.get(service.name, 1) + 1)]
        for index, service in enumerate(SERVICES)
    ]


def hand_out_keys(place: Place) -> None:
    """Lets each process of ours see the keys that its code reads, out of those that were made."""
    for name, names in KEYS_OF.items():
        keys.hand_out(place.keys, names, place.keys_of(name))


def shared_environment(place: Place) -> dict[str, str]:
    """What every process is told: servers, folders and limits."""
    return {
        "HUNING_HOME": str(place.home),
        "HUNING_KAFKA": place.kafka or f"127.0.0.1:{place.port + _KAFKA}",
        "HUNING_MONGODB": place.mongodb or f"mongodb://127.0.0.1:{place.port + _MONGODB}",
        "HUNING_PREFIX": place.prefix,
        "HUNING_JWKS_URL": f"http://{services(place)[0][0].address}/api/v1/accounts/jwks",
        "HUNING_WECHAT_URL": place.wechat_url,
        "HUNING_PUBLIC_URL": place.gateway_url,
        # WeChat's codes work once; the stand-in's are names that anybody logs in with again and again.
        "HUNING_LOGINS_PER_CODE": "100000",
        "HUNING_SCAN_URL": f"{place.wechat_url}/login",
    }


def _replica(place: Place, service: Service, index: int, replica: int) -> Process:
    name = service.name if replica == 1 else f"{service.name}-{replica}"
    port = place.port + _FIRST_SERVICE + index + _NEXT_REPLICA * (replica - 1)
    return Process(
        name,
        (_beside_python("huning"), *service.arguments),
        port,
        {
            "HUNING_LISTEN": f"127.0.0.1:{port}",
            "HUNING_REPLICA": str(replica),
            "HUNING_KEYS": str(place.keys_of(service.name)),
        },
        ready_path="/readyz",
    )


def _wechat(place: Place) -> Process:
    return Process(
        "wechat",
        (sys.executable, "-m", "deploy.local.wechat"),
        place.wechat_port,
        {
            "HUNING_KEYS": str(place.keys_of("wechat")),
            "HUNING_WECHAT_PORT": str(place.wechat_port),
            "HUNING_WECHAT_CALLBACK": f"{place.gateway_url}/api/v1/notifications/wechat/callback",
        },
        ready_path="/healthz",
        kind="edge",
    )


def _gateway(place: Place) -> Process:
    upstreams = {
        f"HUNING_UPSTREAM_{service.name.upper()}": " ".join(process.address for process in replicas)
        for service, replicas in zip(SERVICES, services(place), strict=True)
        if service.behind_gateway
    }
    return Process(
        "gateway",
        (_beside_python("caddy"), "run", "--config", str(CADDYFILE), "--adapter", "caddyfile"),
        place.port,
        {
            "HUNING_SITE": f"http://:{place.port}",
            "HUNING_BIND": "127.0.0.1",
            "HUNING_DOCUMENTS": str(_ROOT / "docs"),
            "HUNING_PAGES": str(_ROOT / "web" / "dist"),
            "XDG_DATA_HOME": str(place.data / "gateway"),
            "XDG_CONFIG_HOME": str(place.data / "gateway"),
            **upstreams,
        },
        ready_path="/healthz",
        kind="edge",
    )


def _beside_python(program: str) -> str:
    """A program of this virtual environment."""
    return str(Path(sys.executable).parent / program)
