"""Places in words, for all sentences: the fast ways agree with slow plain ones, and what was put into a sentence is found."""

from functools import lru_cache

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from cityloop.domain.doors import number_of, spoken
from cityloop.packs import load
from cityloop.places import Heard, PlaceKind, apart_m, places_in, places_named
from cityloop.places.gazetteer import KINDS, _entries
from cityloop.places.words.grounds import metres
from cityloop.places.words.names import folded, is_whole, names_of
from cityloop.places.words.roads import from_road_m, roads_of

FILLERS = ("我在", "昨天", "，", "附近有人乱倒垃圾", "门口", " ", "。", "路灯坏了", "很久没人管", "旁边", "a", "the ", "3", "号")
freely = settings(deadline=None)


@lru_cache(1)
def city():
    return load("demo")


@lru_cache(1)
def names():
    return names_of(city())


def pieces():
    """Names, halves of names, and what stands between them."""
    whole = st.sampled_from(sorted(names().bearers))
    part = st.tuples(whole, st.integers(1, 4), st.booleans()).map(lambda p: p[0][: p[1]] if p[2] else p[0][p[1] :])
    return st.lists(whole | part | st.sampled_from(FILLERS), max_size=8).map("".join)


def plainly(text: str) -> list[tuple[int, int]]:
    """The slow truth: every name is looked for everywhere, the longest wins."""
    said = folded(text)
    hits = []
    for name in names().bearers:
        at = said.find(name)
        while at >= 0:
            if is_whole(said, at, at + len(name)):
                hits.append((at, at + len(name)))
            at = said.find(name, at + 1)
    taken: list[tuple[int, int]] = []
    for start, end in sorted(hits, key=lambda one: (-(one[1] - one[0]), one[0])):
        if not any(start < b and a < end for a, b in taken):
            taken.append((start, end))
    return sorted(taken)


@freely
@given(pieces() | st.text(alphabet="解放路和平人民一小区第二中学12 aJIＪ", max_size=30))
@example("Heping Road")
@example("这一小区")
def test_names_are_found_as_by_looking_for_each(text):
    assert [(each.start, each.end) for each in names().spans(folded(text))] == plainly(text)


@freely
@given(pieces())
def test_whatever_is_found_stands_in_the_text_and_has_a_place(text):
    west, south, east, north = city().settings.bounds
    spans: dict[tuple[int, int], float] = {}
    for each in places_in(city(), text):
        assert 0 <= each.start < each.end <= len(text)
        assert west <= each.lon <= east
        assert south <= each.lat <= north
        spans[each.start, each.end] = spans.get((each.start, each.end), 0.0) + each.score
    assert all(total <= 1.001 for total in spans.values())


def roads():
    """Roads whose name nobody else bears."""
    return [each for each in city().roads if len(names().bearers[folded(each.name["zh"])]) == 1]


def meetings():
    """Pairs of such roads that cross."""
    sure = {each.code: each for each in roads()}
    return [(sure[a], sure[b]) for a, b in sorted(roads_of(city()).crossings) if a in sure and b in sure]


@freely
@given(st.data())
def test_two_roads_that_meet_are_a_crossing_however_it_is_said(data):
    one, other = data.draw(st.sampled_from(meetings()).flatmap(st.permutations))
    places = roads_of(city()).crossings_of(one.code, other.code)
    joint = data.draw(st.sampled_from(["与", "和", "、", "", " ", "跟", "/"]))
    end = data.draw(st.sampled_from(["路口", "交叉口", "交汇处", "十字路口", "的丁字路口", "交界"]))
    before, after = data.draw(st.sampled_from(["", "我在", "昨天晚上在"])), data.draw(st.sampled_from(["", "有积水", "，灯坏了"]))
    heard = places_in(city(), f"{before}{one.name['zh']}{joint}{other.name['zh']}{end}{after}")
    assert [each.kind for each in heard] == [PlaceKind.crossing] * len(places)
    for each in heard:  # a crossing lies on both
        assert from_road_m(one, each.lon, each.lat) < 13
        assert from_road_m(other, each.lon, each.lat) < 13
        assert apart_m(city(), each, each.lon, each.lat) == 0


@freely
@given(st.data(), st.integers(1, 999), st.integers(0, 9))
def test_a_number_on_a_road_lies_by_the_road(data, number, addition):
    road = data.draw(st.sampled_from(roads()))
    said = f"{number}-{addition}" if addition else str(number)
    (heard,) = places_in(city(), f"在{road.name['zh']}{said}号门口")
    assert (heard.kind, heard.code) == (PlaceKind.address, f"{road.code}/{said}")
    assert from_road_m(road, heard.lon, heard.lat) < 40
    plate = next(((each.lon, each.lat) for each in city().doors if (each.road, each.number) == (road.code, str(number))), None)
    if plate:
        assert (heard.lon, heard.lat, heard.score) == (*plate, 0.95)
    else:
        assert heard.score < 0.95


@settings(deadline=None, max_examples=20)
@given(st.data())
def test_a_number_without_a_plate_lies_between_its_neighbours(data):
    gone = data.draw(st.sampled_from([each for each in city().doors if int(each.number) > 4]))
    doors = tuple(each for each in city().doors if each is not gone)
    index, road = roads_of(replace(city(), doors=doors)), city().road_by_code[gone.road]
    spot = index.number_at(road, (int(gone.number), 0))
    if spot[:2] != index.middle_of(road)[:2]:  # else it was the last of its side, and lies somewhere along the road
        assert not spot.known
        assert metres(spot.lon, spot.lat, gone.lon, gone.lat) < 60


@given(st.integers(0, 9999))
def test_numbers_are_read_as_they_are_spoken(number):
    assert spoken(in_words(number)) == number
    assert spoken("".join("零一二三四五六七八九"[int(each)] for each in str(number))) == number
    assert number_of(f"{number}-{number % 90 + 1}") == (number, number % 90 + 1)


def in_words(number: int) -> str:
    """A number as one says it: 一千零五, 十二, 二百三十."""
    if number == 0:
        return "零"
    found, gap = "", False
    for power, word in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // power % 10
        if digit:
            lone_ten = power == 10 and digit == 1 and number < 20
            found += ("零" if gap and found else "") + ("" if lone_ten else "一二三四五六七八九"[digit - 1]) + word
            gap = False
        elif found:
            gap = True
    return found


@freely
@given(st.data())
def test_a_point_is_as_far_from_a_place_as_it_was_moved(data):
    landmark = data.draw(st.sampled_from([each for each in city().landmarks if not each.ring]))
    metres = data.draw(st.floats(0, 4000))
    heard = Heard(
        kind=PlaceKind.landmark, code=landmark.code, start=0, end=1, lon=landmark.lon, lat=landmark.lat, reach_m=60, score=1
    )  # fmt: skip
    assert abs(apart_m(city(), heard, landmark.lon, landmark.lat + metres / 111_195) - metres) < 0.5


def fit_of(said: str, found: tuple[str, ...], code: str) -> int | None:
    """The slow truth of a search: how well one entry fits."""
    low = [each.casefold() for each in found]
    fits = [0 if said == each else 1 if each.startswith(said) else 2 for each in low if said in each]
    if said.isascii() and said.isdigit() and len(said) >= 4 and code.startswith(said):
        fits.append(0 if code == said else 1)
    return min(fits, default=None)


@freely
@given(st.sampled_from(["路", "解放", "ro", "小区", "9901", "990101001", "幸", "青石街道", "e", "99010101"]) | st.sampled_from(sorted(names().bearers)).flatmap(
    lambda name: st.integers(0, len(name) - 1).flatmap(lambda at: st.integers(at + 1, len(name)).map(lambda end: name[at:end]))
), st.integers(1, 20))  # fmt: skip
def test_a_search_finds_what_looking_at_everything_finds(said, limit):
    said = " ".join(said.split())
    assume(said)
    ranked = sorted(
        (fit, KINDS[entry.kind], len(entry.code), entry.code)
        for entry, all_ in _entries(city())
        if (fit := fit_of(said, all_, entry.code)) is not None
    )
    plain = [code for *_, code in ranked][:limit]
    found = [each.code for each in places_named(city(), said, limit=limit) if each.kind not in (PlaceKind.crossing, PlaceKind.address)]
    assert found[: len(plain)] == plain
