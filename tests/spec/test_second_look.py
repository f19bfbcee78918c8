"""A second look: an endpoint outside is asked about a report that waits for a person; it decides nothing and may fail as it likes."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from tests.mock_endpoint import MockAdviser, answering

from cityloop.doors.adviser import Adviser, Endpoint, Terms
from cityloop.doors.adviser.rules import TEXT_CHARS_MAX, classes_offered

RUBBISH, NOISE, VAGRANT = (f"gbt30428_2_2013/event/{code}" for code in ("0110", "0128", "0498"))
SAYS = "树坑边堆着黑袋子，我叫张伟，电话13874620519，住3栋2单元501室"


@pytest.fixture
def outside() -> Iterator[MockAdviser]:
    """An endpoint that answers well."""
    with answering(MockAdviser()) as mock:
        mock.says = [{"key": RUBBISH, "sure": 91}, {"key": NOISE, "sure": 5}]
        yield mock


def adviser(world: Any, outside: MockAdviser, **terms: Any) -> Adviser:
    """Who asks it in the town."""
    port = Endpoint(outside.url, "s3cret", seconds=0.4)
    return Adviser(world.writer, lambda: world.policy, port, Terms(name="small-model", **terms))


def looked(world: Any, name: str) -> list[tuple[str, int]]:
    """What the desk reads beside our own proposals."""
    found = world.get(f"/v1/screens/case/{world.case(name).id}", by="acceptor", lang="en")["second_look"]
    return [(each["value"], each["confidence_ppm"]) for each in found]


def asked(world: Any) -> list[str | None]:
    """What became of each question, as the budget keeps it."""
    with world.database.reading() as tx:
        return [
            row.outcome
            for row in tx.all("SELECT outcome FROM outside_question WHERE city = :city ORDER BY asked_at, report_id")
        ]


def test_what_it_proposes_stands_beside_our_own(world, outside):
    """The case waits as before; the desk reads what a model outside makes of it, below what would let a machine decide."""
    world.report("r1", kind="noise", sure=False, says=SAYS)
    assert adviser(world, outside).step() == 1

    assert looked(world, "r1") == [(RUBBISH, 849_999), (NOISE, 50_000)]
    assert (world.state("r1"), world.case("r1").class_key) == ("reported", NOISE)
    assert world.story("r1")[-1] == "ReportAdvised" or "ReportAdvised" in world.story("r1")
    assert world.replayed() == []


def test_only_masked_words_leave_the_city(world, outside):
    """Neither name, number nor door; nor where the report is, nor who asks."""
    world.report("r1", kind="noise", sure=False, says=SAYS)
    adviser(world, outside).step()
    sent = outside.got[0].raw.decode()

    assert "树坑边堆着黑袋子" in sent
    assert not any(
        word in sent for word in ("13874620519", "张伟", "3栋2单元501室", world.reports["r1"], world.case("r1").id)
    )
    assert json.loads(sent)["response_format"]["json_schema"]["strict"] is True
    assert (outside.got[0].path, outside.got[0].key) == ("/v1/chat/completions", "Bearer s3cret")


def test_of_a_number_that_would_be_cut_nothing_leaves(world, outside):
    """A long text is masked before it is cut: of a telephone at the edge no half goes out."""
    world.report("r1", kind="noise", sure=False, says="吵" * (TEXT_CHARS_MAX - 10) + "电话13874620519")
    adviser(world, outside).step()
    sent = outside.got[0].raw.decode()
    assert "吵吵" in sent
    assert "1387" not in sent


def test_a_private_class_is_never_sent(world, outside):
    """Whoever needs aid in the street is nobody's business outside; the class is not even offered."""
    world.report("r1", kind="vagrant", sure=False, says="桥下睡着一个人")
    assert adviser(world, outside).step() == 0
    assert outside.got == []
    assert VAGRANT not in {key for key, _ in classes_offered(world.policy)}


def test_what_is_decided_is_not_asked_about(world, outside):
    """A report of which we are sure, and one without words, cost nothing."""
    world.report("r1", kind="rubbish", says=SAYS)
    world.report("r2", kind="noise", sure=False)
    assert adviser(world, outside).step() == 0


def test_each_report_is_asked_about_once(world, outside):
    """Asked again nobody calls; nor after an answer that was none."""
    outside.mode = "garbage"
    world.report("r1", kind="noise", sure=False, says=SAYS)
    once = adviser(world, outside)
    assert [once.step(), once.step(), len(outside.got)] == [1, 0, 1]


@pytest.mark.parametrize(
    ("mode", "says", "outcome"),
    [
        ("good", [{"key": "gbt30428_2_2013/event/9999", "sure": 99}], "lied"),
        ("good", [{"key": VAGRANT, "sure": 99}], "lied"),
        ("good", [{"key": RUBBISH, "sure": 60}, {"key": RUBBISH, "sure": 40}], "lied"),
        ("good", [{"key": RUBBISH, "sure": 101}], "garbage"),
        ("good", [{"key": RUBBISH, "sure": "very"}], "garbage"),
        ("good", [{"key": RUBBISH, "sure": 9}] * 4, "garbage"),
        ("good", [], "nothing"),
        ("garbage", [], "garbage"),
        ("prose", [], "garbage"),
        ("more", [{"key": RUBBISH, "sure": 99}], "garbage"),
        ("huge", [], "garbage"),
        ("deep", [], "garbage"),
        ("empty", [], "garbage"),
        ("hang", [], "hung"),
        ("drip", [{"key": RUBBISH, "sure": 99}], "hung"),
        ("down", [], "failed"),
    ],
)  # fmt: skip
def test_whatever_it_does_our_own_answer_stands(world, outside, mode, says, outcome):
    """It lies, hangs, drips, talks or is down: no fact, the case as it was, and a row that says why."""
    outside.mode, outside.says = mode, says
    world.report("r1", kind="noise", sure=False, says=SAYS)
    before = world.view("r1", by="acceptor")["proposals"]
    adviser(world, outside).step()

    assert asked(world) == [outcome]
    assert (looked(world, "r1"), "ReportAdvised" in world.story("r1")) == ([], False)
    assert world.view("r1", by="acceptor")["proposals"] == before


def test_nobody_there_is_no_harm(world, outside):
    """An address at which nobody listens."""
    world.report("r1", kind="noise", sure=False, says=SAYS)
    port = Endpoint("http://127.0.0.1:9", seconds=0.4)
    Adviser(world.writer, lambda: world.policy, port, Terms(name="m")).step()
    assert asked(world) == ["failed"]


def test_over_the_days_budget_nobody_is_asked(world, outside):
    """Two a day: the third waits for tomorrow, when it is asked if somebody still has to decide."""
    for each in range(3):
        world.report(f"r{each}", kind="noise", sure=False, says=SAYS, at="2026-03-02 22:00" if each == 0 else None)
    few = adviser(world, outside, day_max=2)
    assert [few.step(), few.step(), len(outside.got)] == [2, 0, 2]
    world.at("2026-03-03 08:00")
    assert [few.step(), len(outside.got)] == [1, 3]


def test_after_bad_answers_it_is_left_alone(world, outside):
    """Three in a row, and it rests for a minute; then one good answer and all is as before."""
    outside.mode = "down"
    for each in range(6):
        world.report(f"r{each}", kind="noise", sure=False, says=SAYS)
    one = adviser(world, outside, at_once=1)
    assert [one.step() for _ in range(5)] == [1, 1, 1, 0, 0]
    outside.mode = "good"
    world.later(seconds=61)
    assert [one.step() for _ in range(3)] == [1, 1, 1]


def test_what_a_person_decided_meanwhile_stands(world, outside):
    """The answer comes when the case is already accepted: it is noted, and told nobody."""
    world.report("r1", kind="noise", sure=False, says=SAYS)
    late = adviser(world, outside)
    [question] = late.writer.change(lambda tx: late._take(late._look(), tx))
    world.accept("r1", kind="rubbish")
    late.writer.change(lambda tx: late._note(late._ask(question), tx))
    assert (asked(world), "ReportAdvised" in world.story("r1")) == (["answered"], False)


def test_the_budget_is_counted_before_anybody_is_asked(world, outside):
    """A process that dies while it waits for the answer has used its question, and never asks the same again."""
    world.report("r1", kind="noise", sure=False, says=SAYS)
    dies = adviser(world, outside)
    dies.writer.change(lambda tx: dies._take(dies._look(), tx))
    assert (asked(world), adviser(world, outside).step()) == ([None], 0)
