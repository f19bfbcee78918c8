"""A pack that was read, as the policy that rules may ask."""

from collections.abc import Collection, Iterator
from datetime import time
from typing import Any

from msgspec import convert

from cityloop.domain.codes import minor_of
from cityloop.domain.policy import (
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
    FigureReadings,
    HotlineLimit,
    HotlineRate,
    Kind,
    Lapse,
    Level,
    Limit,
    LimitUnit,
    OutsideSystem,
    Policy,
    Post,
    ProblemClass,
    RequestKind,
    RequestWord,
    Role,
    RosterRow,
    Rule,
    RuleStage,
    Settings,
    Unit,
    WorkDayReading,
    WorkWeek,
)
from cityloop.packs import build_places, build_register, build_seeing, build_survey, outside
from cityloop.packs.build_scoring import scoring_of
from cityloop.packs.columns import (
    ADVICE,
    ALGORITHMS,
    APPROVALS,
    AREAS,
    ATTRIBUTE_VALUES,
    ATTRIBUTES,
    CALENDAR,
    CALLBACKS,
    CLASSES,
    COMPONENTS,
    DETECTIONS,
    DEVICE_KINDS,
    DEVICE_STREAMS,
    DOORS,
    HOTLINE_LIMITS,
    HOTLINE_RATES,
    LANDMARKS,
    MENUS,
    OBSERVED_PROPERTIES,
    POSTS,
    REQUEST_WORDS,
    ROADS,
    ROLES,
    ROSTER,
    RULES,
    SENSE_RULES,
    STAGES,
    SYSTEMS,
    UNITS,
)
from cityloop.packs.declared import source_of
from cityloop.packs.devices import device_kinds, observed_property
from cityloop.packs.outside import CONTRACTORS, CONTRACTS, FRONTAGES
from cityloop.packs.platform import PLATFORM_RISKS, platform_risk
from cityloop.packs.reading import Pack
from cityloop.packs.sense_rules import sense_rule
from cityloop.packs.survey import SURVEY_INDICATORS, SURVEY_TABLES
from cityloop.packs.tables import Row


def build_policy(pack: Pack, digest: str) -> Policy:
    """The policy of a city's pack that has no problems."""
    head = pack.head
    assert head.city, "only a city's pack makes a policy"
    assert pack.duties is not None, "load has asked for it"
    private = {row.values["class"] for row in pack.rows(CLASSES) if row.values.get("private_place")}
    internal = {row.values["class"] for row in pack.rows(CLASSES) if row.values.get("internal")}
    classes = tuple(_class(row, private, internal) for row in pack.rows(CLASSES) if _in_force(pack, row))
    in_force = {each.key for each in classes}
    stages = _stages(pack)
    return Policy(
        digest=digest,
        name=head.top["name"].value,
        layers=tuple(each.id for each in pack.layers),
        simulated="simulated" in head.top and head.top["simulated"].value,
        settings=Settings(languages=head.languages, **{key: said.value for key, said in head.settings.items()}),
        week=_week(pack),
        classes=classes,
        rules=tuple(_rule(row, stages) for row in pack.rows(RULES) if row.values["class"] in in_force),
        areas=tuple(Area(code=v["code"], parent=v["parent"] or None, name=v["name"]) for v in _values(pack, AREAS)),
        cells=tuple(
            Cell(code=c.code, duty_grid=c.duty_grid, ring=c.ring, provisional=c.provisional)  # type: ignore[arg-type]
            for c in pack.cells.values()
        ),
        components=tuple(_component(row) for row in pack.rows(COMPONENTS)),
        units=tuple(_unit(v) for v in _values(pack, UNITS)),
        roles=tuple(
            Role(id=v["id"], axis=Axis(v["axis"]), name=v["name"], permissions=v["permissions"])
            for v in _values(pack, ROLES)
        ),
        posts=tuple(_post(v) for v in _values(pack, POSTS)),
        duties=pack.duties.table,
        words=pack.words,
        systems=tuple(
            OutsideSystem(id=v["id"], kind=v["kind"], name=v["name"], source=source_of(v)) for v in _values(pack, SYSTEMS)
        ),
        figures=convert({key: said.value for key, said in head.figures.items()}, FigureReadings),
        attributes=tuple(_attributes(pack, in_force)),
        approvals=tuple(_approval(row.values) for row in pack.rows(APPROVALS)),
        hotline=tuple(_hotline(v) for v in _values(pack, HOTLINE_LIMITS)),
        hotline_rates={HotlineRate(v["name"]): v["ppm"] for v in _values(pack, HOTLINE_RATES)},
        request_words=tuple(_request_word(v) for v in _values(pack, REQUEST_WORDS)),
        advice=tuple(
            AdviceStep(class_key=v["class"], no=v["no"], step=v["step"], says=v["says"], source=source_of(v))
            for v in _values(pack, ADVICE)
            if v["class"] in in_force
        ),
        algorithms=tuple(build_register.says(v) for v in _values(pack, ALGORITHMS)),
        callbacks=tuple(_callback(v) for v in _values(pack, CALLBACKS)),
        rosters=tuple(_roster(v) for v in _values(pack, ROSTER)),
        **_sensing(pack, in_force),
        **_beside(pack, in_force),
        roads=tuple(build_places.road(v) for v in _values(pack, ROADS)),
        landmarks=tuple(build_places.landmark(v) for v in _values(pack, LANDMARKS)),
        doors=tuple(build_places.door(v) for v in _values(pack, DOORS)),
        scoring=scoring_of(pack),
        sense_rules=tuple(sense_rule(v, in_force) for v in _values(pack, SENSE_RULES)),
        survey_indicators=tuple(build_survey.indicator(v) for v in _values(pack, SURVEY_INDICATORS)),
        surveys=tuple(build_survey.forms(*(_values(pack, table) for table in SURVEY_TABLES[1:]))),
    )


def _sensing(pack: Pack, in_force: Collection[str]) -> dict[str, Any]:
    """What observes the city, and the platform: properties, kinds of devices, what cameras see, lines of text, risks."""
    properties = {each.code: each for each in map(observed_property, _values(pack, OBSERVED_PROPERTIES))}
    kinds = device_kinds(_values(pack, DEVICE_KINDS), _values(pack, DEVICE_STREAMS), properties, in_force)
    return {
        "observed_properties": tuple(properties.values()),
        "device_kinds": kinds,
        "seen_labels": tuple(build_seeing.label(v) for v in _values(pack, DETECTIONS)),
        "platform_risks": tuple(platform_risk(v, in_force) for v in _values(pack, PLATFORM_RISKS)),
        "menus": tuple(build_seeing.menu_row(v) for v in _values(pack, MENUS)),
    }


def _beside(pack: Pack, in_force: Collection[str]) -> dict[str, Any]:
    """Who answers beside the units: companies, their contracts, and what is looked at with a shop."""
    return {
        "contractors": tuple(outside.contractor(v) for v in _values(pack, CONTRACTORS)),
        "contracts": tuple(outside.contract(v) for v in _values(pack, CONTRACTS)),
        "frontages": outside.frontages(_values(pack, FRONTAGES), in_force),
    }


def _values(pack: Pack, table: Any) -> list[dict[str, Any]]:
    return [row.values for row in pack.rows(table)]


def _in_force(pack: Pack, row: Row) -> bool:
    schemes = pack.head.top.get("schemes")
    return schemes is None or row.values["class"].split("/")[0] in schemes.value


def _class(row: Row, private: set[str], internal: set[str]) -> ProblemClass:
    """A class; a fine class of a private or internal minor class is so too."""
    v = row.values
    scheme, kind, code = v["class"].split("/")
    minor = minor_of(v["class"])
    return ProblemClass(
        key=v["class"],
        scheme=scheme,
        kind=Kind(kind),
        code=code,
        major_name=v["major_name"],
        name=v["name"],
        synonyms=v.get("synonyms", ()),
        parent=None if minor == v["class"] else minor,
        private_place=v.get("private_place", False) or minor in private,
        join_radius_m=v.get("join_radius_m", 50),
        join_hours=v.get("join_hours", 24),
        internal=v.get("internal", False) or minor in internal,
        source=source_of(v),
    )


def _stages(pack: Pack) -> dict[tuple[str, int], tuple[RuleStage, ...]]:
    """The stages of each rule that has some, in their order."""
    found: dict[tuple[str, int], dict[int, RuleStage]] = {}
    for v in _values(pack, STAGES):
        limit = Limit(value=v["limit_value"], unit=LimitUnit(v["limit_unit"]))
        found.setdefault((v["class"], v["no"]), {})[v["stage"]] = RuleStage(code=v["code"], name=v["name"], limit=limit)
    return {key: tuple(stage for _, stage in sorted(stages.items())) for key, stages in found.items()}


def _attributes(pack: Pack, in_force: Collection[str]) -> Iterator[Attribute]:
    """The attributes of classes in force, each with the values that may be chosen."""
    values: dict[tuple[str, str], list[AttributeValue]] = {}
    for v in _values(pack, ATTRIBUTE_VALUES):
        values.setdefault((v["class"], v["attribute"]), []).append(AttributeValue(key=v["key"], name=v["name"]))
    for v in _values(pack, ATTRIBUTES):
        if v["class"] in in_force:
            yield Attribute(
                class_key=v["class"],
                code=v["code"],
                answers=Answers(v["datatype"]),
                required=v.get("required", False),
                is_hint=v.get("hint", False),
                order=v["order"],
                says=v["description"],
                values=tuple(values.get((v["class"], v["code"]), ())),
                source=source_of(v),
            )


def _rule(row: Row, stages: dict[tuple[str, int], tuple[RuleStage, ...]]) -> Rule:
    v = row.values
    return Rule(
        code=f"{v['class']}/{v['no']}",  # type: ignore[arg-type]
        class_key=v["class"],
        file_condition=v["file_condition"],
        close_condition=v["close_condition"],
        limit=Limit(value=v["limit_value"], unit=LimitUnit(v["limit_unit"])),
        urgency=v.get("urgency", 0),
        words=v.get("words", ()),
        is_default=v.get("is_default", False),
        verify=v.get("verify", False),
        auto_file=v.get("auto_file", False),
        stages=stages.get((v["class"], v["no"]), ()),
        source=source_of(v),
    )


def _component(row: Row) -> Component:
    v = row.values
    return Component(
        code=v["code"],
        class_key=v["class"],
        cell=v["cell"],
        lon=v["lon"],
        lat=v["lat"],
        owner=v["owner"],
        maintainer=v["maintainer"],
        state=v["state"],
        name=v.get("name", ""),
    )


def _unit(v: dict[str, Any]) -> Unit:
    return Unit(
        id=v["id"],
        name=v["name"],
        kind=v["kind"],
        level=Level(v["level"]),
        area=v.get("area") or None,
        parent=v.get("parent") or None,
    )


def _post(v: dict[str, Any]) -> Post:
    return Post(
        id=v["id"],
        role=v["role"],
        unit=v["unit"],
        area=v.get("area") or None,
        duty_grid=v.get("duty_grid") or None,
        name=v["name"],
    )


def _approval(v: dict[str, Any]) -> ApprovalRow:
    longest, most = v.get("up_to_value", 0), v.get("count_to", 0)
    return ApprovalRow(
        kind=ApprovalKind(v["kind"]),
        count_from=v["count_from"],
        count_to=most or None,
        up_to=Limit(value=longest, unit=LimitUnit(v.get("up_to_unit", "work_day"))) if longest else None,
        steps=v["approvers"],
        form=v.get("form", "none"),
        attachment=v.get("attachment", False),
        decide_limit=Limit(value=v["decide_value"], unit=LimitUnit(v["decide_unit"])),
        lapse=Lapse(v.get("lapse", "refused")),
        before_due=v.get("before_due", False),
        clock_stands=v.get("clock_stands", False),
        counts_as_due=v.get("counts_as_due", False),
        source=source_of(v),
    )


def _request_word(v: dict[str, Any]) -> RequestWord:
    kind = RequestKind(v["request_kind"])
    return RequestWord(request_kind=kind, word=v["word"], weight=v["weight"], source=source_of(v))


def _hotline(v: dict[str, Any]) -> HotlineLimit:
    limits = {
        name: Limit(value=v[f"{name}_value"], unit=LimitUnit(v[f"{name}_unit"]))
        for name in ("sign", "send_back", "contact", "reply", "extension")
    }
    return HotlineLimit(
        request_kind=RequestKind(v["request_kind"]), extensions_max=v["extensions_max"], source=source_of(v), **limits
    )  # fmt: skip


def _callback(v: dict[str, Any]) -> CallbackRule:
    return CallbackRule(
        channel=v["channel"],
        share_ppm=v["share_ppm"],
        ways=v["ways"],
        limit=Limit(value=v["limit_value"], unit=LimitUnit(v["limit_unit"])),
        retry=Limit(value=v["retry_value"], unit=LimitUnit(v["retry_unit"])),
        source=source_of(v),
    )


def _roster(v: dict[str, Any]) -> RosterRow:
    begins, ends = time.fromisoformat(v["begins"]), time.fromisoformat(v["ends"])
    return RosterRow(who=v["who"], days=v["days"], begins=begins, ends=ends)


def _week(pack: Pack) -> WorkWeek:
    said = {key: each.value for key, each in pack.head.week.items()}
    windows: dict[int, tuple[tuple[time, time], ...]] = said["windows"]
    days = [CalendarDay(date=v["date"], kind=DayKind(v["kind"]), name=v["name"]) for v in _values(pack, CALENDAR)]
    return WorkWeek(
        zone=said["zone"],
        windows=windows,
        day_min=said["day_min"],
        work_day=WorkDayReading(said["work_day"]),
        days=tuple(sorted(days, key=lambda each: each.date)),
    )
