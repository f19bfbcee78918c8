"""A sentence's places: names put together to crossings, numbers and buildings, and told apart by the areas named."""

import re
from collections.abc import Iterator

from cityloop.domain.doors import NUMBER, number_of
from cityloop.domain.policy import LandmarkKind, Policy
from cityloop.places.locate import locate
from cityloop.places.words.found import Heard, PlaceKind
from cityloop.places.words.grounds import area_middle, landmark_reach_m
from cityloop.places.words.names import Entry, Span, folded, names_of
from cityloop.places.words.roads import Roads, roads_of

AND = re.compile(r"\s*(?:(?:与|和|跟|同|及|、|/|-|—|~|&|＆|·|and|at|x|×|\+)\s*)?")
MEETS = re.compile(
    r"\s*(?:的|之间的|两路)?\s*(?:东北|西北|东南|西南|东|西|南|北)?(?:大)?(?:十字|丁字|三岔|三叉|t字|红绿灯)?"
    r"(?:路口|道口|街口|交叉|交汇|交会|交界|相交|汇合|口|红绿灯|转角|拐角|角|十字|转盘|环岛)"
)
MEETS_BEFORE = re.compile(r"(?:\b(?:corner|crossing|intersection|junction) of|\bat)\s*$")
MEETS_AFTER = re.compile(r"\s*(?:intersection|crossing|junction|corner)\b")
GOES_ON = re.compile(r"\s*(?:到|至|往|方向|—|-|~)")
ON_ROAD = re.compile(rf"\s*(?:东段|西段|南段|北段|中段|东侧|西侧|南侧|北侧|路[东西南北])?\s*(?:门牌|第|no\.?\s?|#)?\s*({NUMBER.pattern})\s*(?:号|弄)(?!楼(?!下)|线|杆|桥|公交|车|灯|井|台|院落|门(?!口|前|面|店|牌|市|头))")
AFTER_ROAD = re.compile(r",?\s+(?:no\.?\s?)?(\d{1,5})\b(?!\s*(?:m|km|metre|meter|am|pm|o'clock|people|day|hour|min|time))")
BEFORE_ROAD = re.compile(r"(?:^|(?<=[^\w.]))(?:no\.?\s?)?(\d{1,5}(?:-\d{1,3})?),?\s+$")
BUILDING = re.compile(
    r"\s*(?:内|里|里面|的|南区|北区|东区|西区|一期|二期|三期)?\s*第?([a-z]?\d{1,3}|[a-z]|[一二三四五六七八九十百]{1,4})\s*(?:号楼|栋|幢|座|#楼?|号(?=[\d一二三四五六七八九十]+单元))"
)
BUILDING_BEFORE = re.compile(r"(?:building|block|no\.?)\s?([a-z]?\d{1,3}),?\s+(?:of |in )?$")
LONGER = re.compile(r"(?:小学|中学|学校|社区|街道|派出所|医院|卫生|菜市场|市场|公园|支行|大桥|立交|广场|小区|花园|家园|新村|商场|站|桥|苑|大厦)")
HOUSED = frozenset({LandmarkKind.estate, LandmarkKind.building, LandmarkKind.mall, LandmarkKind.office, LandmarkKind.school, LandmarkKind.hospital, LandmarkKind.market, LandmarkKind.other})  # fmt: skip
CODE = re.compile(r"(?<![\da-z])\d{10,20}(?![\da-z])")
CROSSING_M, THING_M = 40.0, 5.0
DOUBT = 0.55  # a road that is but the beginning of a longer name
FINE = {PlaceKind.component: 0, PlaceKind.address: 1, PlaceKind.crossing: 1, PlaceKind.landmark: 2, PlaceKind.cell: 2, PlaceKind.road: 3}


def places_in(policy: Policy, text: str) -> list[Heard]:
    """The places that a sentence names, in its order; several with one span where it does not tell which."""
    said = folded(text)
    reading = _Reading(policy, said)
    found = [*reading.codes(), *reading.named(names_of(policy).spans(said))]
    return sorted(found, key=lambda each: (each.start, -each.end, -each.score, each.code))


def best_of(heard: list[Heard]) -> list[Heard]:
    """The most precise place of a sentence; several where it does not tell which, none where it names none."""
    if not heard:
        return []

    sums: dict[tuple[int, int], float] = {}  # a name that several bear is as sure as one that one bears
    for each in heard:
        sums[each.start, each.end] = sums.get((each.start, each.end), 0.0) + each.score

    def rank(each: Heard) -> tuple[bool, int, float]:
        coarse = FINE.get(each.kind, 4) if each.kind is not PlaceKind.area else 4 + (12 - len(each.code)) // 3
        return sums[each.start, each.end] < DOUBT, coarse, each.reach_m if each.kind is PlaceKind.address else 0.0

    finest = min(heard, key=lambda each: (*rank(each), -each.score, each.start))
    return [each for each in heard if each.kind is finest.kind and (each.start, each.end) == (finest.start, finest.end)]


class _Reading:
    """One sentence being read."""

    def __init__(self, policy: Policy, said: str):
        self.policy = policy
        self.said = said
        self.roads: Roads = roads_of(policy)

    def codes(self) -> Iterator[Heard]:
        """Codes of things and of cells."""
        for match in CODE.finditer(self.said):
            code = match[0]
            thing = self.policy.component_by_code.get(code)  # type: ignore[call-overload]
            kind = thing and self.policy.class_by_key.get(thing.class_key)
            if thing and kind and not (kind.internal or kind.private_place):
                yield self._heard(PlaceKind.component, code, match.span(), (thing.lon, thing.lat, THING_M), 0.99)
            elif code in self.policy.cell_by_code:
                lon, lat, reach_m = area_middle(self.policy, code)
                yield self._heard(PlaceKind.cell, code, match.span(), (lon, lat, reach_m), 0.95)

    def named(self, spans: list[Span]) -> Iterator[Heard]:
        """Names, each with what stands around it."""
        sure = [each.entries[0].code for each in spans if len(each.entries) == 1 and each.entries[0].kind is PlaceKind.area]
        at = 0
        while at < len(spans):
            span = spans[at]
            later = spans[at + 1] if at + 1 < len(spans) else None
            crossing = self._crossing(span, later, spans[at + 2] if at + 2 < len(spans) else None) if later else []
            if crossing:
                yield from crossing
                at += 2
                continue
            yield from self._alone(span, sure)
            at += 1

    def _crossing(self, one: Span, other: Span, third: Span | None) -> list[Heard]:
        """The crossings of two roads that stand beside each other and are said to meet."""
        between = self.said[one.end : other.start]
        if not AND.fullmatch(between) or not (_has_road(one) and _has_road(other)):
            return []
        after = MEETS.match(self.said, other.end) or MEETS_AFTER.match(self.said, other.end)
        before = MEETS_BEFORE.search(self.said[: one.start])
        joined = between.strip() in ("", "/", "-", "x", "×", "&", "＆", "at", "and" if before else "at")
        goes_on = GOES_ON.match(self.said, other.end) or (third and AND.fullmatch(self.said[other.end : third.start]))
        if not (after or before) and (not joined or goes_on):
            return []
        start, end = before.start() if before else one.start, after.end() if after else other.end
        found = []
        for a in one.entries:
            for b in other.entries:
                if a.kind is b.kind is PlaceKind.road and a.code != b.code:
                    found += [(sorted((a.code, b.code)), place) for place in self.roads.crossings_of(a.code, b.code)]
        score = (0.97 if after or before else 0.75) / max(1, len(found))
        return [
            self._heard(PlaceKind.crossing, "+".join(codes), (start, end), (*place, CROSSING_M), score)
            for codes, place in found
        ]

    def _alone(self, span: Span, sure: list[str]) -> Iterator[Heard]:
        entries, factor = self._told_apart(span, sure)
        for each in entries:
            score = factor * (0.6 if each.weak else 0.95) / len(entries)
            if each.kind is PlaceKind.area:
                lon, lat, reach_m = area_middle(self.policy, each.code)
                yield self._heard(each.kind, each.code, (span.start, span.end), (lon, lat, reach_m), score)
            elif each.kind is PlaceKind.road:
                yield self._on_road(each.code, span, score)
            else:
                yield self._at_landmark(each.code, span, score)

    def _on_road(self, code: str, span: Span, score: float) -> Heard:
        road = self.policy.road_by_code[code]
        match, start, end = self._number(span)
        number = number_of(match) if match else None
        if match and number:
            spot = self.roads.number_at(road, number)
            written = f"{number[0]}-{number[1]}" if number[1] else str(number[0])
            sure = 1.0 if spot.known else 0.85 if spot.reach_m < self.roads.middle_of(road).reach_m else 0.6
            return self._heard(PlaceKind.address, f"{code}/{written}", (start, end), spot[:3], score * sure)
        spot = self.roads.middle_of(road)
        part_of_longer = LONGER.match(self.said, span.end)
        return self._heard(PlaceKind.road, code, (span.start, span.end), spot[:3], score * (0.55 if part_of_longer else 1))

    def _number(self, span: Span) -> tuple[str, int, int]:
        """The number on the road, and the piece of the text that says both."""
        if match := ON_ROAD.match(self.said, span.end):
            return match[1], span.start, match.end()
        if self.said[span.end - 1].isascii():
            if match := BEFORE_ROAD.search(self.said[: span.start]):
                return match[1], match.start(1), span.end
            if match := AFTER_ROAD.match(self.said, span.end):
                return match[1], span.start, match.end(1)
        return "", 0, 0

    def _at_landmark(self, code: str, span: Span, score: float) -> Heard:
        landmark = self.policy.landmark_by_code[code]
        place = (landmark.lon, landmark.lat, landmark_reach_m(landmark))
        if landmark.kind in HOUSED:
            if match := BUILDING.match(self.said, span.end):
                return self._heard(PlaceKind.address, f"{code}/{_building(match[1])}", (span.start, match.end()), place, score)
            if match := BUILDING_BEFORE.search(self.said[: span.start]):
                return self._heard(PlaceKind.address, f"{code}/{_building(match[1])}", (match.start(), span.end), place, score)
        return self._heard(PlaceKind.landmark, code, (span.start, span.end), place, score)

    def _told_apart(self, span: Span, sure: list[str]) -> tuple[tuple[Entry, ...], float]:
        """Those who bear the name and lie in an area that the sentence names; all, and less sure, where none does."""
        areas = [code for code in sure if code not in {each.code for each in span.entries}]
        if not areas or all(each.kind is PlaceKind.area for each in span.entries):
            return span.entries, 1.0
        inside = tuple([
            each for each in span.entries if any(self._lies_in(each, area) for area in areas)
        ])  # fmt: skip
        return (inside, 1.0) if inside else (span.entries, 0.7)

    def _lies_in(self, entry: Entry, area: str) -> bool:
        if entry.kind is PlaceKind.area:
            return entry.code.startswith(area) or area.startswith(entry.code)
        return any(code.startswith(area) for code in communities_of(self.policy, entry))

    def _heard(
        self, kind: PlaceKind, code: str, span: tuple[int, int], place: tuple[float, float, float], score: float
    ) -> Heard:
        lon, lat, reach_m = place
        return Heard(
            kind=kind, code=code, start=span[0], end=span[1], lon=lon, lat=lat, reach_m=round(reach_m, 1),
            score=round(score, 3),
        )  # fmt: skip


def communities_of(policy: Policy, entry: Entry) -> frozenset[str]:
    """The communities through which a road runs, or in which a landmark lies; kept with the policy."""
    kept = policy.__dict__.setdefault("_communities_of", {})
    found = kept.get(entry)
    if found is None:
        if entry.kind is PlaceKind.road:
            points = [point for line in policy.road_by_code[entry.code].lines for point in line]
        else:
            landmark = policy.landmark_by_code[entry.code]
            points = [(landmark.lon, landmark.lat), *landmark.ring]
        found = kept[entry] = frozenset(cell[:12] for cell in (locate(policy, *point).cell for point in points) if cell)
    return found


def areas_of(policy: Policy, heard: Heard) -> frozenset[str]:
    """The codes of the communities in which a place may lie; of an area its own."""
    if heard.kind is PlaceKind.area:
        return frozenset([heard.code])
    owner, _, number = heard.code.partition("/")
    road = policy.road_by_code.get(owner)
    if heard.kind is PlaceKind.road or (road and number and heard.reach_m >= roads_of(policy).middle_of(road).reach_m):
        return communities_of(policy, Entry(PlaceKind.road, owner))
    if heard.kind is PlaceKind.landmark or (number and not road):
        return communities_of(policy, Entry(PlaceKind.landmark, owner))
    community = locate(policy, heard.lon, heard.lat).community
    return frozenset([community] if community else [])


def _has_road(span: Span) -> bool:
    return any(each.kind is PlaceKind.road for each in span.entries)


def _building(said: str) -> str:
    number = number_of(said)
    return str(number[0]) if number else said
