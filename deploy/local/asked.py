"""Ctrl-C, `make down` and a closed terminal all ask for the same thing: to stop in order."""

import signal
from types import FrameType


class AskedToStop(BaseException):
    """Somebody wants the stack down; not an error."""


class Asked:
    """Remembers that a stop was asked for, so that it happens between two steps and never in the middle of one."""

    def __init__(self) -> None:
        self._asked = False
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._remember)

    def check(self) -> None:
        """Raises AskedToStop once a stop was asked for."""
        if self._asked:
            raise AskedToStop

    def _remember(self, number: int, frame: FrameType | None) -> None:
        self._asked = True
