"""The rows of a city: limits, classes, rules, places, units, posts, and what its tables say."""

from datetime import date, time
from enum import StrEnum
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
    name: str = ""  # as its sign says: of a shop


class Unit(Struct, frozen=True, kw_only=True):
    """An organisation that can be answerable: a bureau, a street office, a contractor."""

    id: UnitId
    name: Words
    kind: str  # what the duty table asks for: sanitation, roads, lighting ...
    level: Level
    area: AreaCode | None  # the area it serves; None is the whole city
    parent: UnitId | None = None


class OutsideSystem(Struct, frozen=True, kw_only=True):
    """A system of others that takes cases 转办: another authority's, a utility's, a neighbouring city's."""

    id: str
    kind: str
    name: Words
    source: Source


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


class ApprovalKind(StrEnum):
    """What is done only when somebody has agreed. A city has it when its pack has a row of the kind."""

    return_ = "return"  # 回退: cannot be done, or not so
    misdispatch = "misdispatch"  # 回退, wrongly sent: free where the pack has no row
    extension = "extension"  # 延期: more time
    suspension = "suspension"  # 挂账: conditions are absent; into the problem store
    deferral = "deferral"  # 缓办: put off to a date
    void = "void"  # 作废: it should not have been filed


class Lapse(StrEnum):
    """What becomes of a request that nobody decides in time."""

    refused = "refused"
    granted = "granted"


class ApprovalRow(Struct, frozen=True, kw_only=True):
    """A row of the approval matrix 审批矩阵: kind x count x length -> who, form, attachment, by when, and what it does."""

    kind: ApprovalKind
    count_from: int  # the n-th request of the kind for a case
    count_to: int | None = None  # None: every further one
    up_to: Limit | None = None  # the longest that it holds for; None: any length, or a kind without one
    steps: tuple[str, ...]  # roles, one after the other
    form: str = "none"  # none, note, or the code of a form: then a note is asked for too
    attachment: bool = False
    decide_limit: Limit  # for each step
    lapse: Lapse = Lapse.refused
    before_due: bool = True  # to be asked before the task is due
    clock_stands: bool = False  # while it is asked; granted, a clock stands from the asking anyway
    counts_as_due: bool = False  # for figures: whether what is put off is still owed
    source: Source


class CallbackRule(Struct, frozen=True, kw_only=True):
    """How reporters of one channel are called back 回访. A channel without a rule is not."""

    channel: str
    share_ppm: int  # of its reports
    ways: tuple[str, ...]  # link, sms, phone: the first for which there is a contact
    limit: Limit  # from closing until the reporter is asked
    retry: Limit  # until the next call, where nobody answered
    source: Source


class DecisionTable(Protocol):
    """A GoRules JDM decision that is ready to run."""

    def decide(self, given: dict[str, Any]) -> list[dict[str, Any]]:
        """The matching rows in the table's order, each with its outputs, `row` and `source`."""


class RequestKind(StrEnum):
    """What a caller wants of the hotline 诉求类型. Source: standards.md 3.1."""

    consult = "consult"  # 咨询
    help = "help"  # 求助
    complain = "complain"  # 投诉
    accuse = "accuse"  # 举报
    suggest = "suggest"  # 建议
    praise = "praise"  # 表扬


class RequestWord(Struct, frozen=True, kw_only=True):
    """A word by which a request is known to be of a kind. Units: `weight` in tenths of a logit."""

    request_kind: RequestKind
    word: str
    weight: int
    source: Source


class AdviceStep(Struct, frozen=True, kw_only=True):
    """A step of the usual way to handle a class, or one rule of it. Its source is the legal basis 依据."""

    class_key: ClassKey
    no: int  # of the rule; 0: whichever
    step: int
    says: Words
    source: Source


class HotlineLimit(Struct, frozen=True, kw_only=True):
    """How long a hotline's work order may take, by what the caller wants."""

    request_kind: RequestKind
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


class DueReading(StrEnum):
    """What puts a thing that is owed into a period 应处置、应结案. Source: standards.md 1.11; sources differ."""

    settled = "settled"  # once: on the day it was done, if in time; else on its deadline
    deadline = "deadline"  # on its deadline, whenever it was done
    either = "either"  # on its deadline, and on the day it was done early: perhaps in two periods
    begun = "begun"  # when it was given or filed


class RosterRow(Struct, frozen=True, kw_only=True):
    """Hours 排班 of a post, or of every post of a role, on some days."""

    who: str  # a post or a role
    days: tuple[str, ...]  # monday … sunday, workday, or daily
    begins: time
    ends: time  # not later than it begins: on the next day
