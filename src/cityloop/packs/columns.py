"""The pack's files and columns, declared once: the reader, the check and the reference page are made from this."""

from cityloop.domain.deciders import Algorithm
from cityloop.domain.policy import (
    Answers,
    ApprovalKind,
    Axis,
    DayKind,
    HotlineRate,
    Kind,
    Lapse,
    Level,
    LimitUnit,
    RegisterField,
    RequestKind,
)
from cityloop.packs.addresses import DOORS, LANDMARKS, ROADS
from cityloop.packs.declared import LIST, SOURCE, Column, Table, Takes
from cityloop.packs.declared import column as _column
from cityloop.packs.devices import DEVICE_KINDS, DEVICE_STREAMS, DEVICE_TABLES, OBSERVED_PROPERTIES
from cityloop.packs.outside import OUTSIDE_TABLES
from cityloop.packs.platform import PLATFORM_RISKS
from cityloop.packs.scoring import SCORE_TABLES
from cityloop.packs.seeing import DETECTIONS, MENUS
from cityloop.packs.sense_rules import SENSE_RULES
from cityloop.packs.survey import SURVEY_TABLES

__all__ = [
    "DETECTIONS", "DEVICE_KINDS", "DEVICE_STREAMS", "DOORS", "LANDMARKS", "LIST", "MENUS", "OBSERVED_PROPERTIES", "PLATFORM_RISKS", "ROADS",
    "SENSE_RULES", "SOURCE", "Column", "Table", "Takes",
]  # fmt: skip

CLASS = "class as scheme/kind/code, e.g. gbt30428_2_2013/event/0110"
CHANNELS = ("app", "counter", "hotline", "text", "partner")  # those that have a reporter


SCHEMES = Table(
    file="schemes.csv",
    says="Code schemes of the catalogue. A class code means nothing without its scheme.",
    key=("id",),
    cites=True,
    columns=(
        _column("id", "short name used in every class key; its code format is the one it is named after", Takes.scheme),
        _column("name", "name of the scheme", Takes.words),
    ),
)
CLASSES = Table(
    file="classes.csv",
    says="The catalogue: minor classes 小类 of components 部件 and events 事件. A fine class 细类 has two digits more than "
    "the minor class in which it lies, and rules of its own; a city needs none.",
    key=("class",),
    cites=True,
    columns=(
        _column("class", CLASS, Takes.class_key),
        _column("major_name", "name of the major class 大类", Takes.words),
        _column("name", "name of the minor class 小类, or of the fine class 细类", Takes.words),
        _column("synonyms", f"further words people use for it, in any language, {LIST}", Takes.many, needed=False),
        _column("private_place", "true: facts carry the cell only, never the point", Takes.flag, needed=False),
        _column(
            "join_radius_m",
            "reports nearer than this may be the same problem",
            Takes.whole,
            needed=False,
            default="50",
            least=1,
            most=5000,
        ),
        _column(
            "join_hours",
            "and not further apart in time than this",
            Takes.whole,
            needed=False,
            default="24",
            least=1,
            most=8760,
        ),
        _column("internal", "true: neither offered to the public nor shown to them", Takes.flag, needed=False),
    ),
)
RULES = Table(
    file="rules.csv",
    says="Filing rules 立案标准: when a case is filed, when it may be closed, and how long it may take. "
    "The rule's code is class/no.",
    key=("class", "no"),
    cites=True,
    columns=(
        _column("class", CLASS, Takes.class_key, refers="classes.csv"),
        _column("no", "number of the rule inside its class", Takes.whole, least=1, most=999),
        _column("file_condition", "what must be the case for filing 立案条件", Takes.words),
        _column("close_condition", "what must be the case for closing 结案条件", Takes.words),
        _column("limit_value", "time limit 处置时限, the number", Takes.whole, least=1, most=10000),
        _column("limit_unit", "time limit, the unit", Takes.choice, choices=tuple(LimitUnit)),
        _column("urgency", "0 ordinary, 1 soon, 2 danger", Takes.whole, needed=False, default="0", least=0, most=2),
        _column("words", f"words that tell the rule from its sisters, {LIST}", Takes.many, needed=False),
        _column("is_default", "true: taken when no words tell; exactly one in a class", Takes.flag, needed=False),
        _column("verify", "true: a public report is seen on site before filing 核实", Takes.flag, needed=False),
        _column("auto_file", "true: a machine may file it when confident", Takes.flag, needed=False),
    ),
)
STAGES = Table(
    file="stages.csv",
    says="Steps of a rule's work, each with a limit of its own 分段时限: the next begins when the one before is reached. "
    "A rule without rows here has one limit; the last step's limit is the rule's.",
    key=("class", "no", "stage"),
    cites=True,
    columns=(
        _column("class", CLASS, Takes.class_key, refers="classes.csv"),
        _column("no", "number of the rule inside its class", Takes.whole, least=1, most=999),
        _column("stage", "place of the step, from 1", Takes.whole, least=1, most=9),
        _column("code", "short name of the step, e.g. stop_work"),
        _column("name", "what people call it", Takes.words),
        _column("limit_value", "its limit, the number", Takes.whole, least=1, most=10000),
        _column("limit_unit", "its limit, the unit", Takes.choice, choices=tuple(LimitUnit)),
    ),
)
AREAS = Table(
    file="areas.csv",
    says="Districts, streets and communities.",
    key=("code",),
    columns=(
        _column("code", "6 digits district, 9 street, 12 community", Takes.digits, lengths=(6, 9, 12)),
        _column("parent", "the area it lies in; empty for a district", needed=False, refers="areas.csv"),
        _column("name", "its name", Takes.words),
    ),
)
UNITS = Table(
    file="units.csv",
    says="Organisations that can be answerable.",
    key=("id",),
    columns=(
        _column("id", "short name, never used again for another"),
        _column("kind", "what the duty table asks for, e.g. sanitation"),
        _column("level", "level it stands at", Takes.choice, choices=tuple(Level)),
        _column("area", "area it serves; empty is the whole city", needed=False, refers="areas.csv"),
        _column("parent", "unit above it", needed=False, refers="units.csv"),
        _column("name", "its name", Takes.words),
    ),
)
ROLES = Table(
    file="roles.csv",
    says="What a kind of post may do.",
    key=("id",),
    columns=(
        _column("id", "short name"),
        _column("axis", "supervision and command are apart", Takes.choice, choices=tuple(Axis)),
        _column("name", "its name", Takes.words),
        _column("permissions", f"words of domain/permission.py, {LIST}", Takes.many),
    ),
)
POSTS = Table(
    file="posts.csv",
    says="Chairs: role x unit x area. People sit in them by an account.",
    key=("id",),
    columns=(
        _column("id", "short name"),
        _column("role", "its role", refers="roles.csv"),
        _column("unit", "its unit", refers="units.csv"),
        _column("area", "its area; empty is the whole city", needed=False, refers="areas.csv"),
        _column("duty_grid", "its duty grid, for collectors and grid workers", needed=False),
        _column("name", "its name", Takes.words),
    ),
)
CALENDAR = Table(
    file="calendar.csv",
    says="Dates that differ from their weekday.",
    key=("date",),
    cites=True,
    columns=(
        _column("date", "the date", Takes.day),
        _column("kind", "day off, or a weekend day worked", Takes.choice, choices=tuple(DayKind)),
        _column("name", "the holiday it belongs to"),
    ),
)
COMPONENTS = Table(
    file="components.csv",
    says="Registered things of the city 部件, each with owner and maintainer.",
    key=("code",),
    columns=(
        _column(
            "code",
            "district 6 digits, class and serial by its scheme: 16 digits in the schemes of 2007 and 2013",
            Takes.digits,
            lengths=(16, 18),
        ),
        _column("class", CLASS, Takes.class_key, refers="classes.csv"),
        _column("cell", "the unit cell it stands in", Takes.digits, lengths=(15,), refers="cells.geojson"),
        _column("lon", "longitude, WGS 84", Takes.decimal, least=-180, most=180),
        _column("lat", "latitude, WGS 84", Takes.decimal, least=-180, most=180),
        _column("owner", "unit that owns it 权属; of a shop, which keeps its agreement 门前责任书", refers="units.csv"),
        _column("maintainer", "unit that keeps it 养护", refers="units.csv"),
        _column("state", "its state", Takes.choice, choices=("intact", "damaged", "lost", "abandoned")),
        _column("name", "what it is called, as its sign says: of a shop", needed=False),
    ),
)
SYSTEMS = Table(
    file="systems.csv",
    says="Systems of others that take cases 转办: another authority's, a utility's, a neighbouring city's.",
    key=("id",),
    cites=True,
    columns=(
        _column("id", "short name"),
        _column("kind", "what it is, e.g. hotline, police, utility, city"),
        _column("name", "its name", Takes.words),
    ),
)
ATTRIBUTES = Table(
    file="attributes.csv",
    says="What who reports a class by Open311 is asked besides, or shown.",
    key=("class", "code"),
    cites=True,
    columns=(
        _column("class", CLASS, Takes.class_key, refers="classes.csv"),
        _column("code", "short name inside its class: letters, digits, _ and -"),
        _column("datatype", "what the answer may be", Takes.choice, choices=tuple(Answers)),
        _column("required", "true: no report of the class without it", Takes.flag, needed=False),
        _column("hint", "true: only shown, nothing is asked", Takes.flag, needed=False),
        _column("order", "1 is shown first", Takes.whole, least=1, most=999),
        _column("description", "the question, or the hint", Takes.words),
    ),
)
ATTRIBUTE_VALUES = Table(
    file="attribute_values.csv",
    says="What may be chosen for an attribute whose datatype is a list, in the order of the rows.",
    key=("class", "attribute", "key"),
    columns=(
        _column("class", CLASS, Takes.class_key, refers="classes.csv"),
        _column("attribute", "the code of the attribute"),
        _column("key", "what is sent"),
        _column("name", "what is shown", Takes.words),
    ),
)
APPROVALS = Table(
    file="approvals.csv",
    says="The approval matrix 审批矩阵: who agrees to a return, more time, a suspension, a deferral or the end of a case, by "
    "how often it was asked and how long it is for. A return of a kind without a row needs nobody's word; what has no row "
    "otherwise is not had.",
    key=("kind", "count_from", "up_to_value", "up_to_unit"),
    cites=True,
    columns=(
        _column("kind", "what is asked for", Takes.choice, choices=tuple(ApprovalKind)),
        _column("count_from", "from the n-th request of the kind in a case", Takes.whole, default="1", least=1, most=99),
        _column(
            "count_to", "to the n-th; 0 or empty: every further one", Takes.whole, needed=False, default="0", least=0,
            most=99,
        ),
        _column(
            "up_to_value", "the longest that the row holds for; 0 or empty: any length, or a kind without one",
            Takes.whole, needed=False, default="0", least=0, most=10000,
        ),
        _column(
            "up_to_unit", "its unit", Takes.choice, needed=False, default=LimitUnit.work_day, choices=tuple(LimitUnit)
        ),
        _column("approvers", f"roles that agree, one after the other, {LIST}; those nobody of the unit holds are left out",
                Takes.many),
        _column("form", "none, note, or the code of a form: then a note is asked for too", needed=False, default="none"),
        _column("attachment", "true: something must be attached", Takes.flag, needed=False),
        _column("decide_value", "each step decides within this limit, the number", Takes.whole, least=1, most=10000),
        _column("decide_unit", "each step decides within this limit, the unit", Takes.choice, choices=tuple(LimitUnit)),
        _column(
            "lapse", "what becomes of it when nobody does", Takes.choice, needed=False, default=Lapse.refused,
            choices=tuple(Lapse),
        ),
        _column("before_due", "true: asked and decided before the task is due", Takes.flag, needed=False),
        _column(
            "clock_stands", "true: the clock stands while it is asked; granted, a return or a hold counts from the asking "
            "anyway", Takes.flag, needed=False,
        ),
        _column("counts_as_due", "true: what is put off still counts as due in figures", Takes.flag, needed=False),
    ),
)  # fmt: skip


def _limit_columns(name: str, says: str) -> tuple[Column, ...]:
    return (
        _column(f"{name}_value", f"{says}: the number", Takes.whole, least=1, most=10000),
        _column(f"{name}_unit", f"{says}: the unit", Takes.choice, choices=tuple(LimitUnit)),
    )


HOTLINE_LIMITS = Table(
    file="hotline_limits.csv",
    says="How long a work order of the hotline 工单 may take. A city without these rows takes none.",
    key=("request_kind",),
    cites=True,
    columns=(
        _column("request_kind", "what the caller wants 诉求类型", Takes.choice, choices=tuple(RequestKind)),
        *_limit_columns("sign", "签收: from the hotline's dispatch to our signature"),
        *_limit_columns("send_back", "退单: within which it may be sent back"),
        *_limit_columns("contact", "响应: within which the caller is spoken to"),
        *_limit_columns("reply", "答复: within which the hotline gets an answer"),
        *_limit_columns("extension", "延期: how much more time may be asked for"),
        _column("extensions_max", "how often", Takes.whole, least=0, most=9),
    ),
)
HOTLINE_RATES = Table(
    file="hotline_rates.csv",
    says="What the three rates 三率 are counted with.",
    key=("name",),
    cites=True,
    columns=(
        _column("name", "what is set", Takes.choice, choices=tuple(HotlineRate)),
        _column("ppm", "parts per million", Takes.whole, least=0, most=1_000_000),
    ),
)
REQUEST_WORDS = Table(
    file="request_words.csv",
    says="Words by which the kind of a request 诉求类型 is known: who asks, who complains, who accuses. A city without these rows "
    "is not told it.",
    key=("request_kind", "word"),
    cites=True,
    columns=(
        _column("request_kind", "what the words speak for", Takes.choice, choices=tuple(RequestKind)),
        _column("word", "in any language of the city; compared without width, capitals and traditional forms"),
        _column("weight", "tenths of a logit: 35 makes it some 33 times as likely", Takes.whole, least=1, most=100),
    ),
)
ADVICE = Table(
    file="advice.csv",
    says="How a class, or one rule of it, is usually handled 处置建议, step by step; the source of a row is its legal basis 依据. "
    "`{place}`, `{limit}` and `{unit}` stand for the case's own. A fine class without rows has those of its minor class.",
    key=("class", "no", "step"),
    cites=True,
    columns=(
        _column("class", CLASS, Takes.class_key, refers="classes.csv"),
        _column(
            "no",
            "number of the rule inside its class; 0: whichever has no steps of its own",
            Takes.whole,
            least=0,
            most=999,
        ),
        _column("step", "counts from 1", Takes.whole, least=1, most=20),
        _column("says", "what to do, as one would say it aloud", Takes.words),
    ),
)
ALGORITHMS = Table(
    file="algorithms.csv",
    says="What the public register says of each algorithm that decides or proposes: attributes of the Algorithmic Transparency "
    "Standard 0.3.1, in the city's own words. Live figures stand beside them.",
    key=("algorithm", "field"),
    cites=True,
    columns=(
        _column("algorithm", "which one", Takes.choice, choices=tuple(Algorithm)),
        _column(
            "field",
            "attribute of the standard; contact stands for its three",
            Takes.choice,
            choices=tuple(RegisterField),
        ),
        _column("says", "what the city says", Takes.words),
    ),
)
CALLBACKS = Table(
    file="callbacks.csv",
    says="Who is called back 回访 after a case was closed: by channel, how many, how, and within which limit. A channel "
    "without a row is not called back.",
    key=("channel",),
    cites=True,
    columns=(
        _column("channel", "the channel of the report", Takes.choice, choices=CHANNELS),
        _column("share_ppm", "share of its reports, parts per million", Takes.whole, least=0, most=1_000_000),
        _column("ways", f"link, sms, phone: the first for which there is a contact, {LIST}", Takes.many),
        _column(
            "limit_value", "from closing until the reporter is asked, the number", Takes.whole, least=1, most=10000
        ),
        _column("limit_unit", "the same, the unit", Takes.choice, choices=tuple(LimitUnit)),
        _column(
            "retry_value", "until the next call where nobody answered, the number", Takes.whole, least=1, most=10000
        ),
        _column("retry_unit", "the same, the unit", Takes.choice, choices=tuple(LimitUnit)),
    ),
)
ROSTER = Table(
    file="roster.csv",
    says="Hours 排班 of those who work in the field. A row of a post goes before those of its role; a day that is set in the "
    "city itself goes before both. A city without these rows plans nothing: everybody signs on when they come.",
    key=("who", "begins"),
    columns=(
        _column("who", "a post of posts.csv, or a role of roles.csv: all its posts"),
        _column("days", f"monday to sunday, workday, or daily, {LIST}", Takes.many),
        _column("begins", "local, HH:MM"),
        _column("ends", "local, HH:MM; not later than it begins: on the next day"),
    ),
)
# in the order of reading: what is referred to by class comes first
TABLES = (
    SCHEMES, CLASSES, RULES, STAGES, AREAS, UNITS, ROLES, POSTS, CALENDAR, COMPONENTS, ATTRIBUTES, ATTRIBUTE_VALUES,
    APPROVALS, HOTLINE_LIMITS, HOTLINE_RATES, REQUEST_WORDS, ADVICE, ALGORITHMS, SYSTEMS, CALLBACKS, ROSTER, ROADS, LANDMARKS,
    DOORS, *DEVICE_TABLES, DETECTIONS, MENUS, SENSE_RULES, PLATFORM_RISKS, *OUTSIDE_TABLES, *SCORE_TABLES, *SURVEY_TABLES,
)  # fmt: skip

PACK_FILE = "pack.toml"
WORDS_FILE = "words.toml"
CELLS_FILE = "cells.geojson"
DUTIES_FILE = "duties.jdm.json"
FILES = (PACK_FILE, *(table.file for table in TABLES), WORDS_FILE, CELLS_FILE, DUTIES_FILE)

KINDS = tuple(Kind)
