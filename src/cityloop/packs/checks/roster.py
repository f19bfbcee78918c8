"""What is wrong with the roster."""

from collections.abc import Iterator
from datetime import time

from cityloop.packs.columns import POSTS, ROLES, ROSTER
from cityloop.packs.problems import Problem
from cityloop.packs.reading import Pack
from cityloop.packs.settings import WEEKDAYS
from cityloop.packs.values import nearest

DAYS = (*WEEKDAYS, "workday", "daily")


def roster_problems(pack: Pack) -> Iterator[Problem]:
    """Hours of nobody, days that are none, and times that no clock shows."""
    known = {row.values["id"] for table in (POSTS, ROLES) for row in pack.rows(table)}
    for row in pack.rows(ROSTER):
        who = row.values["who"]
        if who not in known:
            yield pack.problem(ROSTER, row, "who", f"{who!r} is neither a post nor a role", nearest(who, tuple(known)))
        for day in row.values["days"]:
            if day not in DAYS:
                yield pack.problem(ROSTER, row, "days", f"day {day!r} is unknown", nearest(day, DAYS))
        for name in ("begins", "ends"):
            if not _is_time(row.values[name]):
                yield pack.problem(ROSTER, row, name, f"{row.values[name]!r} is no time of day", "write HH:MM, as in 08:00")


def _is_time(text: str) -> bool:
    try:
        return len(text) == 5 and time.fromisoformat(text).tzinfo is None
    except ValueError:
        return False
