"""What follows from a closing by the city's numbers alone: how long it may still be judged."""

from datetime import datetime

from cityloop.domain.calendar import calendar_in
from cityloop.domain.policy import Limit, LimitUnit, Policy
from cityloop.domain.time import due_at


def window_end(closed_at: datetime, policy: Policy) -> datetime:
    """Up to when a verdict counts and the case may be taken up again: closing itself where the city gives no days."""
    days = policy.settings.reopening_days
    if not days:
        return closed_at
    return due_at(closed_at, Limit(value=days, unit=LimitUnit.natural_day), calendar_in(policy))
