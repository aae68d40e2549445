"""Access tokens as stable_token makes them: the same one until five minutes before its end, then a second beside it."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from deploy.local.wechat.clock import Clock

_LIFE = timedelta(seconds=7200)
_ROTATED_EARLY = timedelta(minutes=5)
_FORCED_APART = timedelta(seconds=30)
_FORCED_A_DAY = 20

INVALID, EXPIRED, TOO_OFTEN = 40001, 42001, 45009


@dataclass(frozen=True)
class Issued:
    """A token and when it ends."""

    text: str
    until: datetime


class Tokens:
    """The tokens of the one mini-program. A restart forgets them, which its clients must survive."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._issued: list[Issued] = []
        self._expired: set[str] = set()
        self._forced: list[datetime] = []

    def stable(self) -> tuple[str, int]:
        """Normal mode: the token and its remaining seconds."""
        now = self._clock.now()
        self._sweep(now)
        if not self._issued or self._issued[-1].until - now <= _ROTATED_EARLY:
            self._issued.append(Issued(secrets.token_urlsafe(102), now + _LIFE))
        newest = self._issued[-1]
        return newest.text, int((newest.until - now).total_seconds())

    def forced(self) -> tuple[str, int] | None:
        """Force mode: a new token, and the old ones are dead. None when asked too often."""
        now = self._clock.now()
        today = [moment for moment in self._forced if moment > now - timedelta(days=1)]
        if len(today) >= _FORCED_A_DAY or (today and now - today[-1] < _FORCED_APART):
            return None
        self._forced = [*today, now]
        self._issued.clear()
        return self.stable()

    def refusal(self, text: str) -> int:
        """0 for a good token, else WeChat's error code."""
        self._sweep(self._clock.now())
        if any(secrets.compare_digest(each.text.encode(), text.encode()) for each in self._issued):
            return 0
        return EXPIRED if text in self._expired else INVALID

    def _sweep(self, now: datetime) -> None:
        self._expired |= {each.text for each in self._issued if each.until <= now}
        self._issued = [each for each in self._issued if each.until > now]
