"""A city as the rules see it: what a pack says, resolved over its layers, frozen. Filled by `packs/`."""

from datetime import date, time
from enum import StrEnum
from functools import cached_property
from typing import Any, Protocol

from msgspec import Struct

from cityloop.domain.ids import AreaCode, CellCode, ClassKey, ComponentCode, PostId, RuleCode, UnitId

Words = dict[str, str]  # language tag -> words, e.g. {"zh": "暴露垃圾", "en": "Exposed rubbish"}


class Source(Struct, frozen=True, kw_only=True):
    """Where a row of the pack comes from. Every rule row has one."""

    document: str
    clause: str
    date: str  # ISO date, or a year where the document gives no more


class LimitUnit(StrEnum):
    """Units of time limits 处置时限. Source: standards.md 1.9."""

    urgent_hour = "urgent_hour"  # 紧急工作时: continuous
    urgent_day = "urgent_day"  # 紧急工作日: continuous, 24 h each
    work_minute = "work_minute"  # 工作分钟: inside working windows; for the stages' own limits (派遣 15, 核实 30)
    work_hour = "work_hour"  # 工作时: inside working windows
    work_day = "work_day"  # 工作日: two readings, see WorkDayReading
    natural_day = "natural_day"  # 自然日: to the end of the n-th calendar day after


class WorkDayReading(StrEnum):
    """What a city means by one working day."""

    working_hours = "working_hours"  # the length of a full working day, in working minutes
    working_dates = "working_dates"  # the same time of day, n working dates later


class Limit(Struct, frozen=True, kw_only=True):
    """A time limit as the catalogue writes it."""

    value: int
    unit: LimitUnit


class Level(StrEnum):
    """Who commands: the city, a district or a street."""

    city = "city"
    district = "district"
    street = "street"


class Kind(StrEnum):
    """The two halves of the catalogue."""

    component = "component"  # 部件
    event = "event"  # 事件


class ProblemClass(Struct, frozen=True, kw_only=True):
    """A minor class 小类 of the catalogue, or a fine class 细类 that lies in one."""

    key: ClassKey  # "gbt30428_2_2013/event/0102"
    scheme: str
    kind: Kind
    code: str  # 4 digits: major 2 + minor 2; a fine class has two more
    parent: ClassKey | None = None  # the minor class of a fine class
    major_name: Words
    name: Words
    synonyms: tuple[str, ...] = ()  # further words that people use for it
    private_place: bool = False  # facts carry the cell only
    join_radius_m: int = 50  # reports nearer than this may be the same problem
    join_hours: int = 24
    internal: bool = False  # the city's own: neither offered to the public nor shown to them
    source: Source


class Answers(StrEnum):
    """What the answer to an attribute may be. Source: GeoReport v2, service definition."""

    string = "string"  # one line
    number = "number"
    datetime = "datetime"
    text = "text"  # several lines
    singlevaluelist = "singlevaluelist"  # one of its values
    multivaluelist = "multivaluelist"  # one or more of its values


class AttributeValue(Struct, frozen=True, kw_only=True):
    """A value that may be chosen."""

    key: str
    name: Words


class Attribute(Struct, frozen=True, kw_only=True):
    """A question that who reports a class is asked, or a hint that they are shown."""

    class_key: ClassKey
    code: str
    answers: Answers
    required: bool
    is_hint: bool  # only shown; nothing is asked
    order: int
    says: Words
    values: tuple[AttributeValue, ...] = ()
    source: Source


class RuleStage(Struct, frozen=True, kw_only=True):
    """A step of the work with a limit of its own 分段时限, e.g. stop the building, fine the builder, take it down."""

    code: str
    name: Words
    limit: Limit


class Rule(Struct, frozen=True, kw_only=True):
    """A filing rule 立案标准: its condition, its limit. The rule, not the class, carries the limit."""

    code: RuleCode
    class_key: ClassKey
    file_condition: Words
    close_condition: Words
    limit: Limit
    urgency: int = 0  # 0 ordinary, 1 soon, 2 danger
    words: tuple[str, ...] = ()  # words of the condition that tell it from its sisters
    is_default: bool = False  # taken when no words tell the rules of a class apart
    verify: bool = False  # 核实: seen on site before filing when it comes from the public
    auto_file: bool = False  # may be filed by the machine when confidence suffices
    stages: tuple[RuleStage, ...] = ()  # in order; each has its own clock, which begins when the one before is reached
    source: Source


class Area(Struct, frozen=True, kw_only=True):
    """A district (6 digits), street (9) or community (12)."""

    code: AreaCode
    parent: AreaCode | None
    name: Words


class Cell(Struct, frozen=True, kw_only=True):
    """A unit cell 单元网格: 15 digits and a closed polygon."""

    code: CellCode
    duty_grid: str
    ring: tuple[tuple[float, float], ...]  # lon, lat (WGS 84); first point repeated at the end
    provisional: bool = False  # stands for a whole street, or a part of one, until its cells are surveyed


class Component(Struct, frozen=True, kw_only=True):
    """A registered thing of the city 部件 with its owner and maintainer."""

    code: ComponentCode
    class_key: ClassKey
    cell: CellCode
    lon: float
    lat: float
    owner: UnitId
    maintainer: UnitId
    state: str  # intact, damaged, lost, abandoned


class Unit(Struct, frozen=True, kw_only=True):
    """An organisation that can be answerable: a bureau, a street office, a contractor."""

    id: UnitId
    name: Words
    kind: str  # what the duty table asks for: sanitation, roads, lighting ...
    level: Level
    area: AreaCode | None  # the area it serves; None is the whole city
    parent: UnitId | None = None


class Axis(StrEnum):
    """Supervision and command are apart 监督与指挥分离. No post holds permissions of both."""

    supervision = "supervision"
    command = "command"
    handling = "handling"
    leadership = "leadership"
    system = "system"


class Role(Struct, frozen=True, kw_only=True):
    """What a kind of post may do."""

    id: str
    axis: Axis
    name: Words
    permissions: tuple[str, ...]


class Post(Struct, frozen=True, kw_only=True):
    """A chair: role x unit x area. People sit in it by an account."""

    id: PostId
    role: str
    unit: UnitId
    area: AreaCode | None  # None is the whole city
    duty_grid: str | None = None
    name: Words


class DayKind(StrEnum):
    """How a date differs from its weekday."""

    holiday = "holiday"  # 法定节假日
    workday = "workday"  # 调休工作日


class CalendarDay(Struct, frozen=True, kw_only=True):
    date: date
    kind: DayKind
    name: str


class WorkWeek(Struct, frozen=True, kw_only=True):
    """Working windows by weekday (0 = Monday), and the city's zone."""

    zone: str
    windows: dict[int, tuple[tuple[time, time], ...]]
    day_min: int  # minutes of a full working day; what one work_day costs in working_hours reading
    work_day: WorkDayReading
    days: tuple[CalendarDay, ...] = ()


class DecisionTable(Protocol):
    """A GoRules JDM decision that is ready to run."""

    def decide(self, given: dict[str, Any]) -> list[dict[str, Any]]:
        """The matching rows in the table's order, each with its outputs, `row` and `source`."""


class Appeal(StrEnum):
    """What a caller wants of the hotline 诉求类型. Source: standards.md 3.1."""

    consult = "consult"  # 咨询
    help = "help"  # 求助
    complain = "complain"  # 投诉
    accuse = "accuse"  # 举报
    suggest = "suggest"  # 建议


class HotlineLimit(Struct, frozen=True, kw_only=True):
    """How long a hotline's work order may take, by what the caller wants."""

    appeal: Appeal
    sign: Limit  # 签收
    send_back: Limit  # 退单
    contact: Limit  # 响应: the caller is spoken to
    reply: Limit  # 答复, where the order names no moment itself
    extension: Limit  # 延期: at most, once it is granted
    extensions_max: int
    source: Source


class HotlineRate(StrEnum):
    """What of the three rates 三率 differs between cities."""

    weight_response = "weight_response"
    weight_solve = "weight_solve"
    weight_satisfy = "weight_satisfy"
    credit_partly_solved = "credit_partly_solved"  # 部分解决 counts so much
    credit_basically_satisfied = "credit_basically_satisfied"  # 基本满意 counts so much


class Settings(Struct, frozen=True, kw_only=True):
    """Single numbers and switches of a city. Confidence in parts per million."""

    languages: tuple[str, ...] = ("zh", "en")
    level_understand_ppm: int  # at or above: the proposal is taken without a person
    level_dispatch_ppm: int
    join_auto_ppm: int
    accept_limit: Limit  # 受理: report to filed or refused
    verify_limit: Limit  # 核实
    dispatch_limit: Limit  # 派遣
    sign_limit: Limit  # 签收
    inspect_limit: Limit  # 核查
    lamp_yellow_ppm: int  # share of the limit used when the lamp turns yellow
    component_near_m: int  # a report of a component class is tied to one this near
    case_number: str  # e.g. "{kind}{class}{date}{seq:04d}"; words: kind, class, date, seq, district
    photo_bytes_max: int
    photo_pixels_max: int
    photos_max: int
    text_chars_max: int
    report_age_days_max: int  # a happened-at older than this is refused
    session_hours: int
    bounds: tuple[float, float, float, float]  # west, south, east, north of the city
    open311_jurisdiction: str = ""  # how the city calls itself towards other systems; empty: its id
    open311_public_text: bool = False  # the words of reporters may be read by anybody
    open311_public_media: bool = False  # and their photos may be seen
    open311_keys_required: bool = False  # a report by Open311 needs the key of a partner


class Policy(Struct, frozen=True, kw_only=True, dict=True):
    """Everything a rule may read about the city. Frozen; named by its digest."""

    digest: str  # sha256 of the resolved pack's bytes, hex
    name: Words
    layers: tuple[str, ...]  # e.g. ("base", "sample_limits", "demo")
    simulated: bool  # the city is fictional; every screen and export says so
    settings: Settings
    week: WorkWeek
    classes: tuple[ProblemClass, ...]
    rules: tuple[Rule, ...]
    areas: tuple[Area, ...]
    cells: tuple[Cell, ...]
    components: tuple[Component, ...]
    units: tuple[Unit, ...]
    roles: tuple[Role, ...]
    posts: tuple[Post, ...]
    duties: DecisionTable
    words: dict[str, Words]  # the city's own words, over the product's
    hotline: tuple[HotlineLimit, ...] = ()  # none: the city takes no work orders
    hotline_rates: dict[HotlineRate, int] = {}  # parts per million
    attributes: tuple[Attribute, ...] = ()

    @cached_property
    def class_by_key(self) -> dict[ClassKey, ProblemClass]:
        return {each.key: each for each in self.classes}

    @cached_property
    def hotline_limit(self) -> dict[Appeal, HotlineLimit]:
        return {each.appeal: each for each in self.hotline}

    @cached_property
    def rule_by_code(self) -> dict[RuleCode, Rule]:
        return {each.code: each for each in self.rules}

    @cached_property
    def rules_of_class(self) -> dict[ClassKey, tuple[Rule, ...]]:
        found: dict[ClassKey, list[Rule]] = {}
        for each in self.rules:
            found.setdefault(each.class_key, []).append(each)
        return {key: tuple(rules) for key, rules in found.items()}

    @cached_property
    def attributes_of_class(self) -> dict[ClassKey, tuple[Attribute, ...]]:
        """The attributes of each class that has any, in the order in which they are shown."""
        found: dict[ClassKey, list[Attribute]] = {}
        for each in sorted(self.attributes, key=lambda each: each.order):
            found.setdefault(each.class_key, []).append(each)
        return {key: tuple(attributes) for key, attributes in found.items()}

    @cached_property
    def area_by_code(self) -> dict[AreaCode, Area]:
        return {each.code: each for each in self.areas}

    @cached_property
    def unit_by_id(self) -> dict[UnitId, Unit]:
        return {each.id: each for each in self.units}

    @cached_property
    def role_by_id(self) -> dict[str, Role]:
        return {each.id: each for each in self.roles}

    @cached_property
    def post_by_id(self) -> dict[PostId, Post]:
        return {each.id: each for each in self.posts}

    @cached_property
    def component_by_code(self) -> dict[ComponentCode, Component]:
        return {each.code: each for each in self.components}

    @cached_property
    def cell_by_code(self) -> dict[CellCode, Cell]:
        return {each.code: each for each in self.cells}
