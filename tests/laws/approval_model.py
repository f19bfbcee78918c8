"""A clerk's model of what is asked and put off: by hand, minute by minute; of the code it uses nothing."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct
from tests.laws.moments import plain_due_after, plain_due_natural

from cityloop.domain.clock import Pause

LIMIT_MIN = 240  # of rubbish: four working hours
DAYS = timedelta(days=1)
ASKS = {
    "ask_return": ("return", "no_means"), "ask_extension": ("extension", "weather"),
    "ask_suspension": ("suspension", "no_permit"), "ask_deferral": ("deferral", "event"),
    "ask_void": ("void", "never_there"),
}  # fmt: skip
WALKED: dict[tuple, datetime] = {}  # one week serves all walks here


def walked(start: datetime, minutes: int, week: Any, pauses: tuple[Pause, ...] = ()) -> datetime:
    """The slow walk, done once for the same question: a model asks it at every step."""
    key = (start, minutes, pauses)
    if key not in WALKED:
        WALKED[key] = plain_due_after(start, minutes, week, pauses)
    return WALKED[key]


class Asked(Struct):
    kind: str
    at: datetime
    by: str
    roles: list[str]
    due: datetime
    stands: bool
    until: datetime | None
    agreed: list[str]


class Model(Struct):
    """What a careful clerk would write down."""

    now: datetime
    week: Any
    state: str = "to_sign"
    unit: str = "cleaning"
    start: datetime | None = None
    limit_min: int = LIMIT_MIN
    pauses: list = []
    stands_since: datetime | None = None
    asked: Asked | None = None
    hold: list | None = None  # kind, until, expired
    counts: Counter = Counter()
    back: tuple | None = None  # unit, start, limit, pauses, since when it stood

    def due(self) -> datetime:
        return walked(self.start, self.limit_min, self.week, tuple(self.pauses))

    def later(self, minutes: int) -> datetime:
        return walked(self.now, minutes, self.week)

    def stand(self, since: datetime) -> None:
        if self.stands_since is None:
            self.stands_since = max([since, self.start, *(each.until for each in self.pauses)])

    def go(self) -> None:
        if self.stands_since is not None:
            self.pauses = [*self.pauses, Pause(since=self.stands_since, until=self.now)]
            self.stands_since = None

    # what happens

    def ask(self, name: str) -> bool:
        kind = ASKS[name][0]
        of_work = kind != "void"
        able = {"return": {"to_sign", "handling"}, "extension": {"handling"}, "suspension": {"handling", "suspended"},
                "deferral": {"handling"}, "void": {"to_dispatch", "to_sign", "handling", "handled", "suspended", "deferred"}}  # fmt: skip
        nth = self.counts[kind] + 1
        if self.state not in able[kind] or self.asked:
            return False
        if nth > 1 and kind in ("extension", "suspension", "deferral"):  # once; the second suspension needs a form
            return False
        stands = self.stands_since is not None
        before_due = kind in ("extension", "suspension", "deferral")
        if before_due and not stands and self.now > self.due():
            return False
        until = {"suspension": plain_due_natural(self.now, 3, self.week) if kind == "suspension" else None,
                 "deferral": self.now + 5 * DAYS}.get(kind)  # fmt: skip
        dues = [self.later({"return": 120, "void": 480}.get(kind, 240))] + ([until] if until else [])
        if kind in ("extension", "deferral") and not stands:
            dues.append(self.due())
        roles = {"return": ["unit_manager", "dispatcher"] + (["leader"] if nth > 1 else []), "extension": ["dispatcher"],
                 "suspension": ["dispatcher"], "deferral": ["unit_manager", "leader"], "void": ["duty_leader"]}[kind]  # fmt: skip
        if self.unit != "cleaning" and of_work and roles[0] == "unit_manager":
            roles = roles[1:]  # the covers office has no head
        self.asked = Asked(
            kind=kind, at=self.now, by=f"handler-{self.unit}" if of_work else "acceptor", roles=roles, due=min(dues),
            stands=kind == "suspension" and not stands, until=until, agreed=[],
        )  # fmt: skip
        self.counts[kind] += 1
        if self.asked.stands:
            self.stand(self.now)
        return True

    def granted(self) -> None:
        asked, self.asked = self.asked, None
        if asked.kind == "return":
            self.stand(asked.at)
            self.sent_back()
        elif asked.kind == "extension":
            self.limit_min += 120
        elif asked.kind == "void":
            self.state, self.hold = "void", None
        else:
            self.stand(asked.at)
            self.hold = [asked.kind, asked.until, False]
            self.state = {"suspension": "suspended", "deferral": "deferred"}[asked.kind]

    def refused(self) -> None:
        asked, self.asked = self.asked, None
        if asked.stands:
            self.go()

    def withdrawn(self) -> None:
        asked, self.asked = self.asked, None
        if asked.kind != "void":
            self.counts.subtract([asked.kind])
        else:
            self.counts.subtract(["void"])
        if asked.stands:
            self.stands_since = None

    def overtaken(self) -> None:
        """The unit goes its way: what it asked for is taken back."""
        if self.asked and self.asked.kind != "void":
            self.withdrawn()

    def sent_back(self) -> None:
        self.back = (self.unit, self.start, self.limit_min, self.pauses, self.stands_since or self.now)
        self.state, self.stands_since = "to_dispatch", None

    def dispatched(self, unit: str) -> None:
        self.state, self.unit = "to_sign", unit
        self.start, self.limit_min, self.pauses = self.now, LIMIT_MIN, []
        if self.back and self.back[0] == unit:
            _, self.start, self.limit_min, self.pauses, since = self.back
            self.pauses = [*self.pauses, Pause(since=since, until=self.now)]

    def resumed(self) -> None:
        self.overtaken()
        self.go()
        self.state, self.hold = "handling", None

    def awake(self) -> None:
        """What is due is done."""
        if self.asked and self.now >= self.asked.due:
            lapses = self.asked.kind == "return" and self.counts["return"] > 1
            self.granted() if lapses else self.refused()
        if self.hold and self.now >= self.hold[1] and not self.hold[2]:
            if self.hold[0] == "deferral":
                self.resumed()
            else:
                self.hold[2] = True
