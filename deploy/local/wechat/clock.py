"""The stand-in's clock, which a test may set."""

from datetime import UTC, datetime, timedelta

from shared.values.jurisdictions import SHANGHAI


class Clock:
    """Real time, moved by an offset."""

    def __init__(self) -> None:
        self.offset = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset

    def set(self, moment: datetime) -> None:
        """From now on it is this moment, and time goes on from there."""
        self.offset = moment - datetime.now(UTC)

    def day(self) -> str:
        """The day in Beijing, by which WeChat counts its daily limits."""
        return self.now().astimezone(SHANGHAI).date().isoformat()
