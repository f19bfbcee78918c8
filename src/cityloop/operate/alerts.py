"""The alerts of deploy/alerts.yml, judged by the server itself: a small bureau has no Prometheus."""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from cityloop.operate.meter import Sample
from cityloop.operate.reckoning import Moment, Value, names_in, value_of

KEEP_S = 11 * 60  # the longest span that a rule looks back, and a little


class Rule(Struct, frozen=True, kw_only=True):
    """An alert: what must hold, for how long, how bad it is, in words, and the page that says what to do."""

    name: str
    expr: str
    for_s: int
    severity: str
    zh: str
    en: str
    runbook: str
    outside: bool = False  # only somebody else can see it, e.g. that we are gone


class Firing(Struct, frozen=True, kw_only=True):
    """An alert that holds. `waits`: it does not hold for long enough yet. `since` in seconds since 1970."""

    name: str
    since: float
    value: float
    waits: bool = False


def file_of_alerts() -> Path:
    """Where the rules lie, in a wheel or in a checkout."""
    here = Path(__file__).resolve()
    inside = here.parent / "alerts.yml"
    return inside if inside.is_file() else here.parents[3] / "deploy" / "alerts.yml"


@lru_cache(1)
def rules() -> tuple[Rule, ...]:
    """The rules of the file, in its order."""
    return rules_in(file_of_alerts().read_bytes())


def rules_in(text: bytes) -> tuple[Rule, ...]:
    """The rules in a file of rules."""
    said: Mapping[str, Any] = msgspec.yaml.decode(text)
    return tuple(_rule(each) for group in said["groups"] for each in group["rules"])


def _rule(said: Mapping[str, Any]) -> Rule:
    labels, told = said["labels"], said["annotations"]
    for_s = int(said["for"][:-1]) * {"s": 1, "m": 60, "h": 3600}[said["for"][-1]]
    return Rule(
        name=said["alert"], expr=str(said["expr"]), for_s=for_s, severity=labels["severity"], outside=labels.get("outside") == "true",
        zh=told["summary_zh"], en=told["summary_en"], runbook=told["runbook"],
    )  # fmt: skip


class Judge:
    """Which alerts hold. It keeps some minutes of what they, and `also` other expressions, ask for."""

    def __init__(self, those: Sequence[Rule] | None = None, also: Iterable[str] = ()):
        self._rules = [each for each in (rules() if those is None else those) if not each.outside]
        self._asked = set().union(*[names_in(each) for each in (*[rule.expr for rule in self._rules], *also)])
        self._past: deque[Moment] = deque()
        self._since: dict[str, float] = {}

    def look(self, at: float, samples: Sequence[Sample]) -> list[Firing]:
        """What holds now, the worst first. Units: `at` in seconds since 1970."""
        self._past.append(Moment(at, [each for each in samples if each.name in self._asked]))
        while self._past[0].at < at - KEEP_S:
            self._past.popleft()
        found = []
        for rule in self._rules:
            value = self.value_of(rule.expr)
            if value == {}:
                self._since.pop(rule.name, None)
                continue
            since = self._since.setdefault(rule.name, at)
            worst = max(value.values()) if isinstance(value, dict) else value
            found.append(Firing(name=rule.name, since=since, value=worst, waits=at - since < rule.for_s))
        return found

    def value_of(self, expr: str) -> Value:
        """What an expression comes to now."""
        return value_of(expr, list(self._past))
