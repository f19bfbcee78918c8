"""What a reply lacks: on sixty lines that we wrote, and rule by rule."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from tests.reply_lines import LINES, NAMES, Line

from cityloop.domain.lack import Lack
from cityloop.domain.policy import RequestKind
from cityloop.stages.inspect.rules.replies import Stands, lacks_of, needed

NOW = datetime(2026, 3, 12, 9, tzinfo=UTC)


def stands(line: Line, **more: object) -> Stands:
    request = RequestKind.consult if line.kind == "consult" else None
    return Stands(asked=line.asked, names=NAMES[line.asked], refused=line.kind == "refused", request=request, **more)


def found(line: Line) -> set[str]:
    return {each.value for each in lacks_of(line.reply, stands(line), NOW)}


def scores() -> dict[str, tuple[int, int, int]]:
    """By lack: rightly named, wrongly named, missed; `good` is a reply that lacks nothing."""
    right, wrong, missed = Counter(), Counter(), Counter()
    for line in LINES:
        said, meant = found(line) or {"good"}, set(line.lacks.split()) or {"good"}
        right.update(said & meant)
        wrong.update(said - meant)
        missed.update(meant - said)
    return {name: (right[name], wrong[name], missed[name]) for name in sorted({*right, *wrong, *missed})}


def test_sixty_lines():
    """There are sixty, and both kinds."""
    assert len(LINES) == 60
    assert sum(not line.lacks for line in LINES) >= 20


@pytest.mark.parametrize("name", ["answer", "who", "what", "when", "forwarded", "result", "private", "good"])
def test_what_a_reader_misses_is_named(name):
    """Of what a careful reader misses nine in ten are named, and of what is named nine in ten are meant."""
    right, wrong, missed = scores()[name]
    assert right / (right + missed) >= 0.9, name
    assert right / (right + wrong) >= 0.9, name


@pytest.mark.parametrize("line", [line for line in LINES if not line.lacks][:8])
def test_a_good_reply_to_somebody_else_answers_nothing(line):
    """The same words, sent to whoever asked for another thing, are found out."""
    others = [each for each in NAMES if each != line.asked and not set(each) >= set("井盖")]
    caught = [Lack.answer in lacks_of(line.reply, Stands(asked=each, names=NAMES[each]), NOW) for each in others]
    assert sum(caught) >= len(caught) - 2


def test_it_is_late_after_its_moment():
    """In time until its due moment, and late after."""
    line = LINES[0]
    assert Lack.late not in lacks_of(line.reply, stands(line, due=NOW), NOW)
    assert Lack.late in lacks_of(line.reply, stands(line, due=NOW), NOW + timedelta(minutes=1))


def test_thanks_need_no_who_and_when():
    """Where nothing was asked a kind word is enough; what is private stays amiss."""
    assert lacks_of("感谢您的支持！", Stands(asked=LINES[0].asked, courtesy=True), NOW) == ()
    assert lacks_of("感谢13874620519的机主！", Stands(asked="", courtesy=True), NOW) == (Lack.private,)


def test_what_the_reporter_told_is_theirs():
    """Their own number, said back to them, and the city's line are nobody else's."""
    asked = "井盖坏了，我的电话13874620519"
    reply = "市政养护中心3月2日已修复井盖，已致电13874620519告知，服务电话0731-12345678。"
    assert lacks_of(reply, Stands(asked=asked, names=("井盖",)), NOW) == ()


def test_only_what_the_pack_needs_stops_anybody():
    """Without a row nothing does."""
    assert needed((Lack.who, Lack.private), ()) == ()
    assert needed((Lack.who, Lack.private), ("private", "basis")) == (Lack.private,)
