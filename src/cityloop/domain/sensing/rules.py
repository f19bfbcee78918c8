"""A rule over observations, as a row of the pack says it."""

from enum import StrEnum

from msgspec import Struct

from cityloop.domain.ids import ClassKey


class Colour(StrEnum):
    """Levels of an alarm 告警等级, the gravest first."""

    red = "red"  # 红
    orange = "orange"  # 橙
    yellow = "yellow"  # 黄
    blue = "blue"  # 蓝


class RuleKind(StrEnum):
    """What a rule looks for."""

    above = "above"  # at or above `limit`, until below `release`
    below = "below"  # at or below `limit`, until above `release`
    rise = "rise"  # by `limit` or more within `window_s`
    fall = "fall"
    missing = "missing"  # nothing for `window_s`
    frozen = "frozen"  # the same for `window_s`, to within `release`
    beyond = "beyond"  # outside what the sensor can say at all
    unusual = "unusual"  # against its own season: `limit` is the share of false alarms that is borne
    together = "together"  # `limit` or more sensors of one site hold the rule named in `of`
    disagree = "disagree"  # from the median of its neighbours within `radius_m` by `limit` or more
    seen = "seen"  # a detection with confidence `limit` or more, of one track for `for_s`
    count = "count"  # `limit` or more tracks at once, or values within `window_s`


class SenseRule(Struct, frozen=True, kw_only=True):
    """A row of the pack's sense_rules.csv. Which streams it watches: those of all that is not empty below."""

    code: str
    kind: RuleKind
    colour: Colour
    # which streams
    property: str = ""
    device_kind: str = ""
    thing_key: str = ""  # one device; a row for it goes before a row for its kind
    zone: str = ""  # of detections
    label: str = ""  # what was detected, a word of the pack
    # what it looks for
    limit: float | None = None
    release: float | None = None  # hysteresis: the alarm ends only beyond this; empty: the limit
    for_s: float = 0  # how long it must hold
    window_s: float = 0
    radius_m: float = 0
    of: str = ""  # of `together`: the rule that must hold
    quiet_from: str = ""  # 22:00: between these, by the city's clock, nothing is raised
    quiet_until: str = ""
    # what follows
    class_key: ClassKey | None = None  # what is reported; empty: of a detection the class of its label; else a person looks, and nothing is
    is_health: bool = False  # it is the device that is ill: a maintenance case, and its state changes
    ends: str = "person"  # who says that the cause has gone: `person` or `rule`
    words: dict[str, str] = {}  # language -> what it says
    source: str = ""
