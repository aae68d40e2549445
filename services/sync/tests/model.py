"""What a list is to hold, as a dictionary: the few lines that everything else has to agree with."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from services.sync.intake.batch import Mode
from shared.events.sync import Verdict

Row = tuple[str, str | None]
"""A source_id with its text; None deletes it, and an empty text is refused."""


@dataclass
class Model:
    """A list: the text of what stands there, and the place of the batch that wrote each record last."""

    standing: dict[str, str] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)

    def lacks(self, rows: Sequence[Row]) -> list[str]:
        """What stands there and is not named in these rows."""
        return sorted(self.standing.keys() - {name for name, _ in rows})

    def must_ask(self, rows: Sequence[Row], bound: int | None) -> bool:
        """Whether a snapshot of these rows has to wait for a person, who has agreed to `bound` withdrawals before."""
        missing = len(self.lacks(rows))
        if bound is not None:
            return missing > bound
        return missing > 20 or 5 * missing > len(self.standing)

    def apply(self, place: int, rows: Sequence[Row], mode: Mode) -> tuple[list[Verdict], int]:
        """The verdict on each row, and how many records were withdrawn."""
        gone = self.lacks(rows) if mode == "snapshot" else []
        last = {name: number for number, (name, _) in enumerate(rows)}
        verdicts: list[Verdict] = []
        for number, (name, text) in enumerate(rows):
            verdicts.append("duplicate" if last[name] != number else self._row(place, name, text))
        for name in gone:
            self._write(place, name, None)
        return verdicts, len(gone)

    def _row(self, place: int, name: str, text: str | None) -> Verdict:
        if text == "":
            return "rejected"
        old = self.standing.get(name)
        if old == text:
            return "unchanged"
        self._write(place, name, text)
        return "deleted" if text is None else "added" if old is None else "changed"

    def _write(self, place: int, name: str, text: str | None) -> None:
        self.versions[name] = place
        self.standing.pop(name, None)
        if text is not None:
            self.standing[name] = text
