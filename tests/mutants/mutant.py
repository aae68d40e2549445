"""One row of the tables of guards."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Mutant:
    """A guard: where it stands, its exact text, what stands there instead, and the test that must fail."""

    guard: str
    file: str
    text: str
    instead: str
    test: str
    seconds: int = 120
    """How long the test may take, with what it stands on."""

    @property
    def test_file(self) -> str:
        """The file of the test."""
        return self.test.partition("::")[0]
