"""A city as the rules see it: what a pack says, resolved over its layers, frozen. Filled by `packs/`."""

from functools import cached_property

from msgspec import Struct

from cityloop.domain.ids import AreaCode, CellCode, ClassKey, ComponentCode, PostId, RuleCode, UnitId
from cityloop.domain.policy.addresses import Door, Landmark, LandmarkKind, Road
from cityloop.domain.policy.learning import AlgorithmSays, Promote, RegisterField
from cityloop.domain.policy.outside import Contract, Contractor, Frontage
from cityloop.domain.policy.platform import Measure, PlatformRisk, RiskArea
from cityloop.domain.policy.rows import (
    AdviceStep,
    Answers,
    ApprovalKind,
    ApprovalRow,
    Area,
    Attribute,
    AttributeValue,
    Axis,
    CalendarDay,
    CallbackRule,
    Cell,
    Component,
    DayKind,
    DecisionTable,
    DueReading,
    HotlineLimit,
    HotlineRate,
    Kind,
    Lapse,
    Level,
    Limit,
    LimitUnit,
    OutsideSystem,
    Post,
    ProblemClass,
    RequestKind,
    RequestWord,
    Role,
    RosterRow,
    Rule,
    RuleStage,
    Source,
    Unit,
    Words,
    WorkDayReading,
    WorkWeek,
)
from cityloop.domain.policy.scoring import Scoring
from cityloop.domain.policy.seeing import MenuDeed, MenuRow, MenuTakes, SeenBy, SeenLabel
from cityloop.domain.policy.survey import SurveyForm, SurveyIndicator, SurveyTool
from cityloop.domain.sensing import DeviceKind, ObservedProperty, SenseRule

__all__ = [
    "AdviceStep",
    "AlgorithmSays",
    "Answers",
    "ApprovalKind",
    "ApprovalRow",
    "Area",
    "Attribute",
    "AttributeValue",
    "Axis",
    "CalendarDay",
    "CallbackRule",
    "Cell",
    "Component",
    "DayKind",
    "DecisionTable",
    "Door",
    "HotlineLimit",
    "HotlineRate",
    "Kind",
    "Landmark",
    "LandmarkKind",
    "Lapse",
    "Level",
    "Limit",
    "LimitUnit",
    "Measure",
    "MenuDeed",
    "MenuRow",
    "MenuTakes",
    "OutsideSystem",
    "PlatformRisk",
    "Policy",
    "Post",
    "ProblemClass",
    "Promote",
    "RegisterField",
    "RequestKind",
    "RequestWord",
    "RiskArea",
    "Road",
    "Role",
    "RosterRow",
    "Rule",
    "RuleStage",
    "Scoring",
    "SeenBy",
    "SeenLabel",
    "Settings",
    "Source",
    "SurveyForm",
    "SurveyIndicator",
    "SurveyTool",
    "Unit",
    "Words",
    "WorkDayReading",
    "WorkWeek",
]


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
    words_off_m: int = 500  # a point further than this from the place that the words name: a person looks
    component_near_m: int  # a report of a component class is tied to one this near
    case_number: str  # e.g. "{kind}{class}{date}{seq:04d}"; words: kind, class, date, seq, district
    photo_bytes_max: int
    photo_pixels_max: int
    photos_max: int
    text_chars_max: int
    report_age_days_max: int  # a happened-at older than this is refused
    session_hours: int
    session_idle_min: int = 0  # unused for so long, a session ends; 0: never
    sessions_max: int = 10  # of one account at once
    failures_max: int = 5  # wrong passwords or codes that lock a name
    lock_min: int = 15
    password_chars_min: int = 8
    password_kinds_min: int = 0  # 0: three kinds, or ten characters
    password_past: int = 0  # of the last so many none is taken again
    password_days: int = 0  # then it must be changed; 0: never
    second_factor_roles: tuple[str, ...] = ()  # whose people must have a second factor
    standing_roles: tuple[str, ...] = ()  # of screens that nobody touches: their sessions do not end for want of use
    step_up_min: int = 0  # how old a proof may be for exports, reveals and rights; 0: none is asked for
    bounds: tuple[float, float, float, float]  # west, south, east, north of the city
    assist_with_lead: bool  # 协办: whom the duty table names gets a task when the lead signs; else by hand
    transfer_limit: Limit  # 转办: by when another system answers
    self_inspect_ppm: int  # 自行处置: the share that is inspected; the rest is closed by rule
    appeal_days: int  # 申诉: how long after it was counted, in calendar days
    whistle_limit: Limit  # 吹哨报到: by when who was called reports in
    supervise_number: str  # 督办 number; words: year, date, seq
    supervise_ordinary_limit: Limit  # by when a supervision is answered
    supervise_important_limit: Limit  # by when a supervision is answered
    supervise_urgent_limit: Limit  # by when a supervision is answered
    self_handle: tuple[str, ...] = ()  # 自行处置: classes that a collector may clear on the spot
    open311_jurisdiction: str = ""  # how the city calls itself towards other systems; empty: its id
    open311_public_text: bool = False  # the words of reporters may be read by anybody
    open311_public_media: bool = False  # and their photos may be seen
    open311_keys_required: bool = False  # a report by Open311 needs the key of a partner
    reopening_days: int = 0  # natural days after closing in which a verdict counts and the case may be done again
    redo_max: int = 0  # how often one case is done again 重办
    redo_auto: bool = False  # "not solved" takes the case up again by itself; else the duty leader decides
    redo_to: str = "unit"  # to whom it goes: the same unit, or the dispatcher
    callback_tries_max: int = 3  # calls without an answer, after which nobody calls any more
    verdict_changes_max: int = 5  # how often a reporter may change their verdict
    partly_ppm: int = 0  # what 部分解决 counts in 解决率
    mostly_ppm: int = 0  # what 基本满意 counts in 满意率
    public_photos: bool = False  # who holds the tracking code sees photos of the work
    reply_needs: tuple[str, ...] = ()  # what a reply to a reporter may not lack; else the check only tells
    side_by_side: tuple[str, ...] = ()  # 双语对照: pairs of languages that pages show together, e.g. "zh+en"
    public_url: str = ""  # where residents find the city's pages; messages need it
    service_phone: str = ""  # the number that residents call
    track_days: int = 30  # how long the track of a shift is kept
    track_every_s: int = 30  # how often a phone on duty notes where it is
    outside_min: int = 15  # 越界: told after so many minutes outside the day's grid
    shift_hours_max: int = 14  # who forgets to sign off is signed off
    clock_ahead_max_s: int = 300  # an observation from further ahead of our clock goes aside
    sms_provider: str = ""  # which port sends messages; empty: none are sent
    basemap_urls: tuple[str, ...] = ()  # raster tiles of others, laid one over the other beneath our own; none: ours alone
    basemap_attribution: str = ""  # whom the map names for them
    basemap_approval: str = ""  # 审图号
    basemap_datum: str = "wgs84"  # in which their tiles are drawn: wgs84, cgcs2000, gcj02
    basemap_zoom_max: int = 18
    telemetry_hourly_after_days: int = 0  # observations that are older are thinned to hours; 0: never
    telemetry_keep_days: int = 0  # what is older is erased; 0: never
    keep_words_days: int = 0  # what people wrote is erased after so many days; 0: after the term of its kind
    keep_contact_days: int = 0  # names and numbers of who reported
    keep_photo_days: int = 0  # photos, as sent and as shown
    audit_days: int = 365  # records of what was sent, beside the journal, which is kept for ever
    learn_every: int = 0  # a model is made after so many new decisions of people; 0: when somebody asks
    learn_meaning: str = ""  # the encoder whose vectors are learned from beside the texts' pairs of characters; empty: none
    learn_promote: Promote = Promote.person  # who puts a better model in force
    learn_shown_ppm: int = 950_000  # how surely lessons must show a level before a model decides alone by it
    city_kind: str = ""  # what kind of city it is, where schemes have weights for kinds
    learn_check_ppm: int = 50_000  # of what a model would decide alone, the share that a person sees all the same


class FigureReadings(Struct, frozen=True, kw_only=True):
    """How a city reads its figures, where sources differ."""

    due_window: DueReading = DueReading.settled


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
    systems: tuple[OutsideSystem, ...] = ()
    figures: FigureReadings = FigureReadings()
    attributes: tuple[Attribute, ...] = ()
    approvals: tuple[ApprovalRow, ...] = ()  # none: nothing needs one, and what only an approval gives is not had
    hotline: tuple[HotlineLimit, ...] = ()  # none: the city takes no work orders
    hotline_rates: dict[HotlineRate, int] = {}  # parts per million
    callbacks: tuple[CallbackRule, ...] = ()
    request_words: tuple[RequestWord, ...] = ()  # none: nobody is told what kind of request it is
    advice: tuple[AdviceStep, ...] = ()  # none: nobody is told how such cases are usually handled
    rosters: tuple[RosterRow, ...] = ()  # none: everybody signs on when they come
    roads: tuple[Road, ...] = ()  # none: places are known by areas alone
    landmarks: tuple[Landmark, ...] = ()
    doors: tuple[Door, ...] = ()
    observed_properties: tuple[ObservedProperty, ...] = ()
    device_kinds: tuple[DeviceKind, ...] = ()  # none: no device is seen to be ill
    sense_rules: tuple[SenseRule, ...] = ()  # none: what is observed raises no alarm
    platform_risks: tuple[PlatformRisk, ...] = ()  # none: the platform raises nothing of itself
    algorithms: tuple[AlgorithmSays, ...] = ()  # none: the register names what decides, and says no more
    seen_labels: tuple[SeenLabel, ...] = ()  # none: what cameras see keeps their words, and has no class
    menus: tuple[MenuRow, ...] = ()  # none: lines of text have no menu
    scoring: Scoring = Scoring()  # none: nobody is scored
    survey_indicators: tuple[SurveyIndicator, ...] = ()
    surveys: tuple[SurveyForm, ...] = ()  # none: there are no evaluation tasks
    contractors: tuple[Contractor, ...] = ()
    contracts: tuple[Contract, ...] = ()
    frontages: tuple[Frontage, ...] = ()  # none: no event has a registered thing

    @cached_property
    def survey_by_code(self) -> dict[str, SurveyForm]:
        return {each.code: each for each in self.surveys}

    @cached_property
    def survey_indicator(self) -> dict[str, SurveyIndicator]:
        return {each.code: each for each in self.survey_indicators}

    @cached_property
    def callback_of_channel(self) -> dict[str, CallbackRule]:
        return {each.channel: each for each in self.callbacks}

    @cached_property
    def label_of(self) -> dict[tuple[str, str], SeenLabel]:
        """What a source's label is to the city, by source and label."""
        return {(each.source.value, each.label): each for each in self.seen_labels}

    @cached_property
    def class_of_label(self) -> dict[str, ClassKey]:
        """The class of the catalogue that a word of the city's stands for."""
        return {each.word: each.class_key for each in self.seen_labels if each.class_key}

    @cached_property
    def menu_by_node(self) -> dict[str, dict[str, MenuRow]]:
        found: dict[str, dict[str, MenuRow]] = {}
        for each in self.menus:
            found.setdefault(each.node, {})[each.key] = each
        return found

    @cached_property
    def property_by_code(self) -> dict[str, ObservedProperty]:
        return {each.code: each for each in self.observed_properties}

    @cached_property
    def device_kind(self) -> dict[str, DeviceKind]:
        return {each.kind: each for each in self.device_kinds}

    @cached_property
    def sense_rule_by_code(self) -> dict[str, SenseRule]:
        return {each.code: each for each in self.sense_rules}

    @cached_property
    def platform_risk_by_code(self) -> dict[str, PlatformRisk]:
        return {each.code: each for each in self.platform_risks}

    @cached_property
    def algorithm_says(self) -> dict[str, dict[str, Words]]:
        found: dict[str, dict[str, Words]] = {}
        for each in self.algorithms:
            found.setdefault(each.algorithm.value, {})[each.field.value] = each.says
        return found

    @cached_property
    def class_by_key(self) -> dict[ClassKey, ProblemClass]:
        return {each.key: each for each in self.classes}

    @cached_property
    def hotline_limit(self) -> dict[RequestKind, HotlineLimit]:
        return {each.request_kind: each for each in self.hotline}

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
    def advice_of(self) -> dict[tuple[ClassKey, int], tuple[AdviceStep, ...]]:
        """The steps by class and number of the rule, in their order."""
        found: dict[tuple[ClassKey, int], list[AdviceStep]] = {}
        for each in sorted(self.advice, key=lambda each: each.step):
            found.setdefault((each.class_key, each.no), []).append(each)
        return {key: tuple(steps) for key, steps in found.items()}

    @cached_property
    def attributes_of_class(self) -> dict[ClassKey, tuple[Attribute, ...]]:
        """The attributes of each class that has any, in the order in which they are shown; a fine class asks what its
        minor class asks, then what is its own.
        """
        own: dict[ClassKey, list[Attribute]] = {}
        for each in sorted(self.attributes, key=lambda each: each.order):
            own.setdefault(each.class_key, []).append(each)
        found: dict[ClassKey, tuple[Attribute, ...]] = {}
        for kind in self.classes:
            above = own.get(kind.parent, []) if kind.parent else []
            codes = {each.code for each in own.get(kind.key, [])}
            if both := [each for each in above if each.code not in codes] + own.get(kind.key, []):
                found[kind.key] = tuple(both)
        return found

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
    def contractor_by_id(self) -> dict[str, Contractor]:
        return {each.id: each for each in self.contractors}

    @cached_property
    def frontage_of(self) -> dict[ClassKey, Frontage]:
        """At whose door an event of a class may be."""
        return {each.class_key: each for each in self.frontages}

    @cached_property
    def trades_of(self) -> dict[ClassKey, frozenset[ClassKey]]:
        """The minor classes of things that have doors, shops, each with its trades."""
        return {
            thing: frozenset(each.key for each in self.classes if thing in (each.key, each.parent))
            for thing in {each.thing for each in self.frontages}
        }

    @cached_property
    def road_by_code(self) -> dict[str, Road]:
        return {each.code: each for each in self.roads}

    @cached_property
    def landmark_by_code(self) -> dict[str, Landmark]:
        return {each.code: each for each in self.landmarks}

    @cached_property
    def cell_by_code(self) -> dict[CellCode, Cell]:
        return {each.code: each for each in self.cells}
