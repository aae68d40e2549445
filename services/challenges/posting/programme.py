"""A programme 计划: the limits that its notices set. They come from single cities, so they are defaults only."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Programme:
    """The limits of a challenge of this programme."""

    longest_period_months: int = 36
    """实施周期: at most three years."""
    most_partners: int = 4
    """A consortium is one lead and at most four partners."""
    fewest_race_teams: int = 2
    most_race_teams: int = 3
    """赛马: a race of two or three teams."""


DEFAULT = Programme()
