"""What portraits speak of: whose, each number beside those of peers, how it went; and how they say no."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from cityloop.domain.errors import NotFound
from cityloop.domain.policy import Words
from cityloop.stages.evaluate.model import By, Measure, Span


class PortraitUnknown(NotFound):
    """Nothing of that name, or nobody whom the caller may see."""

    code = "evaluate.portrait_unknown"


class Of(StrEnum):
    """Whose portrait. Words: `portrait.of.*`."""

    person = "person"
    team = "team"  # those who answer for a duty grid 责任网格
    unit = "unit"  # a bureau, a street office
    street = "street"
    problem_class = "class"
    contractor = "contractor"  # a company, by the units whose work it did, on the days of its contracts
    shop = "shop"  # a registered thing at whose door things happen 门前责任


BY: Mapping[Of, By] = {
    Of.person: By.person, Of.team: By.grid, Of.unit: By.unit, Of.street: By.street, Of.problem_class: By.minor_class,
    Of.contractor: By.unit, Of.shop: By.component,
}  # fmt: skip


class Standing(StrEnum):
    """Where a number stands among those of peers. Words: `portrait.standing.*`."""

    strong = "strong"
    middle = "middle"
    weak = "weak"
    few = "few"  # too few cases to be placed
    alone = "alone"  # too few peers with like work


class PortraitMark(Struct, frozen=True, kw_only=True):
    """One number of an object: a share of 1, or a count, which has nothing below the line. `low`, `high`: its interval of
    95 %; `middle`, `least`, `most`: of its peers.

    `percentile`: of 100, the share of peers that do worse; None where it is of few cases or there are few peers.
    """

    metric: str
    measure: Measure
    numerator: int
    denominator: int | None
    value: float
    low: float
    high: float
    is_less_better: bool
    middle: float | None
    least: float | None
    most: float | None
    percentile: float | None
    standing: Standing
    peers: tuple[str, ...]


class Course(Struct, frozen=True, kw_only=True):
    """How a number went: a share of 1 or a count for each week; None where nothing stood below its line."""

    metric: str
    measure: Measure
    weeks: tuple[str, ...]
    values: tuple[float | None, ...]


class PortraitObject(Struct, frozen=True, kw_only=True):
    """Whom one may ask for. Of a person an account, without a name."""

    object: str
    name: Words | None


class Portrait(Struct, frozen=True, kw_only=True):
    """An object beside its peers, over some days. Of a person the peers are counted, not named."""

    of: Of
    object: str
    name: Words | None
    span: Span
    marks: tuple[PortraitMark, ...]
    courses: tuple[Course, ...]
    names: dict[str, Words]  # of the peers
    metrics: dict[str, Words]
    as_of: datetime
    seq: int
    pack: str
    simulated: bool
