"""Hot issues: the order in which messages are given changes nothing, what comes later is not seen, and every part of a heat
counts in its own direction."""

from datetime import datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from cityloop.domain.coming_back import coming_back, may_come_back, season_of
from cityloop.domain.hot import Heat, Message, heat_of, is_place, issues_of

NOW = datetime(2026, 6, 1)
PLACES = ("幸福家园", "滨河小区", "解放路口")
MATTERS = ("烧烤摊油烟扰民", "半夜施工吵人", "垃圾没人清运", "路灯一直不亮")
messages = st.lists(
    st.builds(
        lambda place, matter, days, who, n: Message(id=f"{n}-{days}-{who}", at=NOW - timedelta(days=days), text=place + matter, who=who),
        st.sampled_from(PLACES), st.sampled_from(MATTERS), st.integers(-5, 80), st.sampled_from("abcdefgh"), st.integers(0, 10**6),
    ),
    max_size=25, unique_by=lambda each: each.id,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(messages, st.integers(0, 9))
def test_order_is_nothing_and_the_future_is_not_seen(told, seed):
    issues = issues_of(told, now=NOW)
    mixed = list(told)
    Random(seed).shuffle(mixed)
    assert issues_of(mixed, now=NOW) == issues
    assert issues_of([each for each in told if each.at <= NOW], now=NOW) == issues
    for issue in issues:
        assert len(issue.messages) == len(set(issue.messages)) == len(issue.moments)
        assert issue.people >= 3
        assert list(issue.moments) == sorted(issue.moments, reverse=True)
        assert issue.last_at <= NOW
        heat = issue.heat
        assert heat.heat == pytest.approx(heat.fresh * heat.together * heat.growth * heat.placed)


@given(st.lists(st.integers(0, 80), min_size=1, max_size=12), st.integers(0, 11), st.integers(1, 30))
def test_a_fresher_or_more_supported_message_makes_no_issue_colder(days, which, more):
    said = [Message(id=str(n), at=NOW - timedelta(days=day), text="") for n, day in enumerate(days)]
    at = which % len(said)
    fresh, agreed = list(said), list(said)
    fresh[at] = replace(said[at], at=min(NOW, said[at].at + timedelta(days=more)))
    agreed[at] = replace(said[at], support=more)

    def of(messages: list[Message]) -> Heat:
        return heat_of(messages, 0.5, is_placed=True, now=NOW)

    assert of(fresh).fresh >= of(said).fresh
    assert of(agreed).heat > of(said).heat


def test_a_place_and_a_class_make_an_issue_whatever_words_are_used():
    said = [Message(id=str(n), at=NOW, text=text, who=str(n), marks=("8a/0102",)) for n, text in enumerate(("坑", "路坏", "pothole", "危险"))]
    (issue,) = issues_of(said, now=NOW)
    assert issue.signs == ("8a/0102",)
    assert is_place(issue.signs[0])
    assert issues_of(said[:3], now=NOW) == []


def test_one_turn_of_phrase_all_over_the_city_is_no_issue():
    said = [Message(id=str(n), at=NOW, text=f"太不像话了{'甲乙丙丁戊'[n]}", who=str(n), area=f"area-{n}") for n in range(5)]
    assert issues_of(said, now=NOW) == []
    assert len(issues_of([replace(each, area="area-1") for each in said], now=NOW)) == 1
    assert len(issues_of([replace(each, area="") for each in said], now=NOW)) == 1


@pytest.mark.parametrize(
    ("days", "why"),
    [
        ((0, 30, 60, 91), "pause"),
        ((0, 30), None),  # twice is no habit
        ((0, 1, 2, 100), None),  # never done, then long nothing
        ((0, 10, 90, 95, 150), None),  # no usual pause
        ((-245, -243), "season"),  # a year ago at this time
    ],
)
def test_what_is_expected_again(days, why):
    opened = [datetime(2026, 1, 1) + timedelta(days=day) for day in days]
    coming = coming_back(opened, datetime(2026, 4, 29) if why == "pause" else datetime(2026, 4, 28))
    assert (coming and coming.why) == why


@given(st.lists(st.integers(4, 60), min_size=2, max_size=8), st.integers(0, 400))
def test_whatever_comes_back_is_expected_near_now(pauses, later):
    opened = [datetime(2026, 1, 1)]
    for pause in pauses:
        opened.append(opened[-1] + timedelta(days=pause))
    now = opened[-1] + timedelta(days=later)
    coming = coming_back(opened, now)
    assert coming is None or now - timedelta(days=7) <= coming.due <= now + timedelta(days=14)


@settings(max_examples=400)
@given(st.lists(st.sampled_from((0, 1, 3, 4, 30, 40, 330)), min_size=1, max_size=6), st.integers(0, 50))
def test_what_is_expected_is_never_left_out_beforehand(pauses, later):
    """The few figures by which places are chosen keep every place of which something is said; and leave out some."""
    opened = [datetime(2024, 6, 1)]
    for pause in pauses:
        opened.append(opened[-1] + timedelta(days=pause))
    now = opened[-1] + timedelta(days=later)
    begin, end = season_of(now)
    in_season = sum(begin <= at <= end for at in opened)
    assert coming_back(opened, now) is None or may_come_back(len(opened), opened[0], opened[-1], in_season, now)


def test_what_cannot_be_expected_is_left_out_beforehand():
    day = datetime(2026, 3, 1)
    assert not may_come_back(9, day, day + timedelta(days=5), 0, day + timedelta(days=6))  # never done
    assert not may_come_back(3, day, day + timedelta(days=20), 0, day + timedelta(days=90))  # long over
    assert not may_come_back(2, day, day + timedelta(days=20), 1, day + timedelta(days=40))
    assert may_come_back(2, day, day + timedelta(days=1), 2, day + timedelta(days=360))
