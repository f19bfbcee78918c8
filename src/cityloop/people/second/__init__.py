"""A second factor: a code that changes each half minute, and ten codes on paper for the day the phone is gone."""

from cityloop.people.second.service import confirm, draw_recovery, enrol, remove, use_code
from cityloop.people.second.store import SecondFactor, recovery_count, second_get

__all__ = [
    "SecondFactor",
    "confirm",
    "draw_recovery",
    "enrol",
    "recovery_count",
    "remove",
    "second_get",
    "use_code",
]
