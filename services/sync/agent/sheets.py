"""A clerk's file, read into what is sent."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from services.sync.agent.options import one_of
from services.sync.agent.parts import Prepared, prepare
from services.sync.rows.headers import Headers
from services.sync.rows.mapping import Mapping as Table
from services.sync.rows.mapping import load_mapping
from services.sync.wire import CoordinateSystem
from shared.events.sync import Kind


@dataclass(frozen=True)
class Sheets:
    """How files are to be read: of which kind, by which mapping. `system` is None where no coordinates are expected."""

    kind: Kind
    table: Table
    system: CoordinateSystem | None
    encoding: str | None
    note: Callable[[str], None]

    @classmethod
    def of(
        cls,
        kind: str | None,
        mapping: Path | None,
        coordinates: str | None,
        encoding: str | None,
        note: Callable[[str], None],
    ) -> "Sheets":
        """By the options; what they leave out may stand in the mapping."""
        table = load_mapping(mapping) if mapping else Table()
        system = coordinates or table.coordinates
        return cls(
            one_of(Kind, kind or table.kind, "--kind"),
            table,
            one_of(CoordinateSystem, system, "--coordinates") if system else None,
            encoding,
            note,
        )

    def read(self, file: Path) -> tuple[Prepared, Mapping[str, str]]:
        """What is sent, and what the file calls the fields. UnreadableError where a file cannot be taken as it is."""
        headers = Headers(self.kind, self.table, self.note)
        return prepare(headers.of_file(file, self.encoding)), headers.columns
