"""Where a local stack stands: its folder, its ports and the servers it borrows, told by HUNING_* from outside."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Place:
    """All that is fixed before anything starts. Ports of the parts inside follow from `port`."""

    home: Path
    """Absolute. `data/`, `logs/<name>.log` and `run/<name>.pid` lie under it."""
    port: int = 8080
    """The gateway's; the parts behind it use `port + 10` and up."""
    wechat_port: int = 8089
    kafka: str | None = None
    """Bootstrap servers of an existing cluster; None: a broker is started."""
    mongodb: str | None = None
    """URI of an existing database; None: one is started."""
    prefix: str = ""
    replicas: Mapping[str, int] = field(default_factory=dict)
    """How many of a service run; 1 where it is not named."""

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "Place":
        """What the environment says. ValueError names a setting that cannot be read."""
        home = Path(environment.get("HUNING_HOME") or ".huning").absolute()
        return cls(
            home=home,
            port=_number(environment, "HUNING_PORT", 8080),
            wechat_port=_number(environment, "HUNING_WECHAT_PORT", 8089),
            kafka=environment.get("HUNING_KAFKA") or None,
            mongodb=environment.get("HUNING_MONGODB") or None,
            prefix=environment.get("HUNING_PREFIX", ""),
            replicas={
                name.removeprefix("HUNING_REPLICAS_").lower().replace("_", "-"): _number(environment, name, 1)
                for name in environment
                if name.startswith("HUNING_REPLICAS_")
            },
        )

    @classmethod
    def started(cls, environment: Mapping[str, str]) -> "Place":
        """The place of the stack that was started in this folder, unless the environment names another gateway port."""
        asked = cls.of(environment)
        found = cls.remembered(asked.home)
        return found if found and environment.get("HUNING_PORT") in (None, "", str(found.port)) else asked

    @classmethod
    def remembered(cls, home: Path) -> "Place | None":
        """The place of the stack that was last started in this folder, so that other terminals need no settings."""
        file = home / "run" / "place.json"
        if not file.exists():
            return None
        return cls(**{**json.loads(file.read_text()), "home": home})

    def make_folders(self) -> None:
        """Makes what is missing of the folders; nobody but their owner may enter, even those of an earlier version."""
        for folder in (self.home, self.data, self.logs, self.run, self.data / "mongodb"):
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o700)

    def remember(self) -> None:
        """For `started`. Readable by its owner only: a database's URI may hold a password."""
        self.run.mkdir(parents=True, exist_ok=True)
        file = self.run / "place.json"
        file.touch(mode=0o600)
        file.write_text(json.dumps({**asdict(self), "home": str(self.home)}))

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def logs(self) -> Path:
        return self.home / "logs"

    @property
    def run(self) -> Path:
        return self.home / "run"

    @property
    def keys(self) -> Path:
        """All of them."""
        return self.data / "keys"

    def keys_of(self, process: str) -> Path:
        """Those that one process is given, as links."""
        return self.run / "keys" / process

    @property
    def gateway_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def wechat_url(self) -> str:
        return f"http://127.0.0.1:{self.wechat_port}"


def _number(environment: Mapping[str, str], name: str, default: int) -> int:
    text = environment.get(name) or str(default)
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise ValueError(f"{name}={text} 不是有效的数字，请改正后重试")
    return int(text)
