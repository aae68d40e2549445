"""Options that several commands have, as groups: a command asks for a group, and typer sees its options one by one."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass, is_dataclass
from functools import wraps
from pathlib import Path
from typing import Any, get_type_hints

from services.sync.agent import settings
from services.sync.agent.client import Client, Patience
from services.sync.agent.options import (
    City,
    Coordinates,
    Encoding,
    Key,
    KeyId,
    KindName,
    MappingFile,
    Server,
    Snapshot,
    State,
    given,
    one_of,
    say,
)
from services.sync.agent.sheets import Sheets
from services.sync.agent.signing import Signature, load_key
from shared.values.jurisdictions import Jurisdiction
from shared.values.states import BatchModes


@dataclass(frozen=True)
class Connection:
    """Which platform, and by which key."""

    server: Server = None
    key: Key = None
    key_id: KeyId = None

    def client(self, patience: float) -> Client:
        """A client that tries again for so many seconds. AgentError where something is missing."""
        signature = Signature(load_key(given(self.key, "--key")), given(self.key_id, "--key-id"))
        return Client(given(self.server, "--server"), signature, Patience(patience, say))


@dataclass(frozen=True)
class Reading:
    """How files are read."""

    kind: KindName = None
    mapping: MappingFile = None
    coordinates: Coordinates = None
    encoding: Encoding = None

    def sheets(self) -> Sheets:
        """AgentError where an option cannot be meant."""
        return Sheets.of(self.kind, self.mapping, self.coordinates, self.encoding, say)


@dataclass(frozen=True)
class Target:
    """Whose list files become, and how they are taken."""

    jurisdiction: City = None
    snapshot: Snapshot = False
    state: State = None

    @property
    def city(self) -> Jurisdiction:
        return one_of(Jurisdiction, self.jurisdiction, "--jurisdiction")

    @property
    def mode(self) -> BatchModes:
        return BatchModes.SNAPSHOT if self.snapshot else BatchModes.DELTA

    @property
    def journals(self) -> Path:
        """Where unfinished pushes are remembered."""
        return self.state or settings.folder()


def with_groups(command: Callable[..., None]) -> Callable[..., None]:
    """The command as typer is to see it: the fields of each group in the place of the group."""
    hints, parameters = get_type_hints(command, include_extras=True), inspect.signature(command).parameters
    groups = {name: hints[name] for name in parameters if is_dataclass(hints[name])}
    options = {name: inspect.signature(group).parameters for name, group in groups.items()}
    shown: dict[str, inspect.Parameter] = {}
    for name, parameter in parameters.items():
        shown |= options.get(name, {name: parameter})

    @wraps(command)
    def called(**chosen: Any) -> None:
        made = {name: groups[name](**{each: chosen.pop(each) for each in options[name]}) for name in groups}
        command(**made, **chosen)

    fields = {
        name: hint for group in groups.values() for name, hint in get_type_hints(group, include_extras=True).items()
    }
    called.__annotations__ = {name: fields.get(name, hints.get(name)) for name in shown}
    ordered = sorted(shown.values(), key=lambda each: each.default is not inspect.Parameter.empty)
    called.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [each.replace(annotation=called.__annotations__[each.name]) for each in ordered]
    )
    return called
