"""What a process counts of itself, and the lines in which Prometheus reads it. No id and nothing personal is ever a label."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from typing import NamedTuple

BOUNDS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
ROUTES_MAX = 2_000  # different routes and statuses; a table of routes has fewer
Labels = tuple[tuple[str, str], ...]


class Sample(NamedTuple):
    """One number of one moment. `labels` in the order of their names."""

    name: str
    labels: Labels
    value: float


class Requests:
    """How many requests there were and how long they took until they were answered, by method, route and status."""

    def __init__(self) -> None:
        self.running = 0
        self.refused_sign_ins = 0
        self._rows: dict[tuple[str, str, int], list[float]] = {}

    def took(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one. Units: seconds."""
        row = self._rows.get((method, route, status))
        if row is None:
            if len(self._rows) >= ROUTES_MAX:
                return
            row = self._rows[method, route, status] = [0.0] * (len(BOUNDS_S) + 2)
        row[bisect_left(BOUNDS_S, seconds)] += 1.0
        row[-1] += seconds

    def answered(self) -> dict[tuple[str, str], int]:
        """How many were answered, by method and route; those that were refused or broke are left out."""
        found: dict[tuple[str, str], int] = {}
        for (method, route, status), row in list(self._rows.items()):
            if status < 400:
                found[method, route] = found.get((method, route), 0) + int(sum(row[:-1]))
        return found

    def samples(self) -> Iterable[Sample]:
        """Buckets that grow, their sum and their count, as a histogram has them."""
        for (method, route, status), row in list(self._rows.items()):
            labels = (("method", method), ("route", route), ("status", str(status)))
            count = 0.0
            for bound, some in zip((*BOUNDS_S, float("inf")), row, strict=False):
                count += some
                yield Sample("cityloop_request_seconds_bucket", (("le", number(bound)), *labels), count)
            yield Sample("cityloop_request_seconds_sum", labels, row[-1])
            yield Sample("cityloop_request_seconds_count", labels, count)
        yield Sample("cityloop_requests_running", (), self.running)
        yield Sample("cityloop_sign_ins_refused_total", (), self.refused_sign_ins)


def number(value: float) -> str:
    """A number as Prometheus writes it.

    >>> number(1.0), number(0.25), number(float("inf"))
    ('1', '0.25', '+Inf')
    """
    if value == float("inf"):
        return "+Inf"
    return str(int(value)) if value == int(value) else repr(value)


def written(value: str) -> str:
    """A label's value between its quotes."""
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def line_of(sample: Sample) -> str:
    """One line.

    >>> line_of(Sample("held", (("handler", "filing"),), 2.0))
    'held{handler="filing"} 2'
    """
    said = ",".join(f'{name}="{written(value)}"' for name, value in sample.labels)
    return f"{sample.name}{{{said}}} {number(sample.value)}" if said else f"{sample.name} {number(sample.value)}"


def text_of(samples: Iterable[Sample], families: Mapping[str, tuple[str, str]]) -> str:
    """All lines, each family under what it is: `families` has its kind and its help.

    Source: Prometheus text exposition format 0.0.4.
    """
    by_family: dict[str, list[str]] = {}
    for each in samples:
        by_family.setdefault(family_of(each.name), []).append(line_of(each))
    out = []
    for name, lines in by_family.items():
        kind, told = families[name]
        out += [f"# HELP {name} {told}", f"# TYPE {name} {kind}", *lines]
    return "\n".join(out) + "\n"


def family_of(name: str) -> str:
    """The family of a sample.

    >>> family_of("cityloop_request_seconds_bucket"), family_of("cityloop_held")
    ('cityloop_request_seconds', 'cityloop_held')
    """
    if name.startswith("cityloop_request_seconds"):
        return "cityloop_request_seconds"
    return name
