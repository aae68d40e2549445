"""What stops the agent, in words for the clerk who sits in front of it."""

from collections.abc import Iterable

from shared.values.jurisdictions import Jurisdiction
from shared.values.open_sets import OpenSet


class AgentError(Exception):
    """Nothing can go on. The message is Chinese and says what to do; the command ends with 1."""


def to_be_typed(choices: Iterable[OpenSet | Jurisdiction]) -> str:
    """The values of an option, each with its Chinese name."""
    return "、".join(f"{each}（{each.chinese}）" for each in choices)
