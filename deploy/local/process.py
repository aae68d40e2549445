"""One process of the local stack, as a row."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Process:
    """What is needed to start a process, to know when it is ready, and to stop it in time."""

    name: str
    """Also of its log and pid file: `logs/<name>.log`, `run/<name>.pid`."""
    command: tuple[str, ...]
    port: int
    """Where it answers, on 127.0.0.1."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """On top of what `make up` itself was given."""
    ready_path: str | None = None
    """A GET of it answers 200 once the process can work; None: an open port is all there is to see."""
    other_ports: tuple[int, ...] = ()
    kind: str = "service"
    """`store` (broker, database), `edge` (gateway, WeChat stand-in) or `service`: stores stop last."""

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"http://{self.address}"
