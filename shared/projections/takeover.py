"""Whether a generation that has caught up may take the place of the one that serves: a rebuild looks before it moves.

What is rebuilt is as whole as the log that it is read from. Where the owners have not published everything to that log, or the
new generation has far fewer documents than the one that serves, it waits: the first ends by itself, the second by a person's
word (`force`).
"""

from collections.abc import Awaitable, Callable, Sequence

from shared.values.open_sets import OpenSet

Whole = Callable[[Sequence[str]], Awaitable[bool]]
"""Whether the owners of these topics have published everything to the logs that these are now (publications.py)."""

_SHARE = 0.9
_FEWER = 10
"""Far smaller is: less than nine tenths, and at least ten fewer. Removed documents leave tombstones, so that a sound rebuild
comes to the same number; only a small read model may differ by a few, which are events that came meanwhile."""


class Waits(OpenSet):
    """Why a generation that has caught up does not take over."""

    LOG_NOT_WHOLE = "log_not_whole", "日志尚未重新发布完"
    FAR_SMALLER = "far_smaller", "文档比正在服务的少得多"


def is_far_smaller(built: int, serving: int) -> bool:
    """Whether so many documents may be a loss. Pure."""
    return built < _SHARE * serving and serving - built >= _FEWER
