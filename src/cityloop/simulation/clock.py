"""A clock that runs through the simulated days, and is the real one before and after."""

from datetime import UTC, datetime


class PlayClock:
    """Give it to a database as its clock. While `moment` is set, that is the time."""

    def __init__(self, moment: datetime | None = None):
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment or datetime.now(UTC)
