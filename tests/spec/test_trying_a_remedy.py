"""From a proposal of "where and why" to a trial: what the machine would have decided, people's acts held, the rest unknown."""

from tests.trial_world import POTHOLE, RUBBISH

from cityloop.revise.model import FOLLOWS

NOISE = "gbt30428_2_2013/event/0128"


def two_answer_for_noise(trials) -> None:
    """Noise belongs to the street and to the cleaners, so the machine proposes and the dispatcher chooses."""
    trials.report("loud", kind="noise", cell="a1", at="2026-03-02 09:00")
    trials.dispatch("loud", "cleaning")


def test_one_unit_would_have_had_it_at_once(trials):
    """Under the proposal the street answers alone: the machine would have given it out, and what the dispatcher did is unknown."""
    two_answer_for_noise(trials)
    asked = trials.try_remedy(class_key=NOISE, unit="street-1")
    assert (asked["state"], asked["remedy"]) == ("waiting", {"class_key": NOISE, "unit": "street-1"})
    trials.try_all()
    done = trials.trial(asked["id"])

    assert (done["state"], done["done"]) == ("done", done["size"])
    (line,) = trials.lines(asked["id"], unknown=False)
    assert (line["case_id"], line["number"]) == (trials.case("loud").id, trials.case("loud").number)
    assert (line["before"]["how"], line["after"]["how"], line["after"]["unit"]) == ("proposed", "dispatched", "street-1")
    (unknown,) = trials.lines(asked["id"], unknown=True)
    assert (unknown["kind"], unknown["after"], unknown["note"]) == ("deadline", None, FOLLOWS)
    assert done["score"]["unknown"] == 1


def test_in_an_area_only(trials):
    """Only the first street gets it alone; in the second street the machine goes on proposing, so nothing differs there."""
    trials.report("here", kind="noise", cell="a1", at="2026-03-02 09:00")
    trials.report("there", kind="noise", cell="c1", at="2026-03-02 09:10")
    asked = trials.try_remedy(class_key=NOISE, unit="street-1", area="990201001")
    trials.try_all()

    assert [each["case_id"] for each in trials.lines(asked["id"], unknown=False)] == [trials.case("here").id]
    assert trials.lines(asked["id"], unknown=True) == []


def test_another_limit_moves_the_deadlines(trials):
    """Rubbish in two working hours: the case was given out all the same, and was due two hours earlier."""
    trials.report("bags", kind="rubbish", at="2026-03-02 09:30")
    asked = trials.try_remedy(class_key=RUBBISH, rule=f"{RUBBISH}/1", limit={"value": 2, "unit": "work_hour"})
    trials.try_all()
    filed, given = trials.lines(asked["id"], unknown=False)

    assert (filed["changed"], given["changed"]) == (["limit"], ["limit", "due"])
    assert trials.trial(asked["id"])["score"]["deadlines_changed"] == 2


def test_nothing_in_force_changes_and_the_draft_is_there_to_go_on_with(trials):
    """A trial is no decision: the pack stays, no fact is told, and the draft holds what was tried."""
    before = trials.policy.digest
    size = trials._size()
    asked = trials.try_remedy(class_key=NOISE, unit="street-1")
    trials.try_all()
    assert (trials.policy.digest, trials._size()) == (before, size)
    draft = trials.get(f"/v1/packs/drafts/{asked['draft_id']}", by="assessor")
    assert (draft["base"], draft["digest"]) == (before, asked["digest"])


def test_what_cannot_be_tried_is_refused_in_words(trials):
    """Nothing or two things at once, what is not there, a limit that the class has already, days to come; and no draft is left."""
    rule, limit = f"{RUBBISH}/1", {"value": 2, "unit": "work_hour"}
    for wrong in (
        {"class_key": NOISE},
        {"class_key": NOISE, "unit": "street-1", "rule": rule, "limit": limit},
        {"class_key": "gbt30428_2_2013/event/9999", "unit": "street-1"},
        {"class_key": NOISE, "unit": "nobody"},
        {"class_key": NOISE, "unit": "street-1", "area": "123"},
        {"class_key": RUBBISH, "rule": rule, "limit": limit, "area": "990201001"},
        {"class_key": POTHOLE, "rule": rule, "limit": limit},
        {"class_key": RUBBISH, "rule": rule, "limit": {"value": 0, "unit": "work_hour"}},
    ):
        with trials.refuses("trial.remedy_wrong"):
            trials.try_remedy(**wrong)
    with trials.refuses("pack.nothing_changed"):
        trials.try_remedy(class_key=RUBBISH, rule=rule, limit={"value": 4, "unit": "work_hour"})
    with trials.refuses("pack.draft_unsound"):
        trials.try_remedy(class_key=NOISE, unit="command")  # nobody there handles cases
    with trials.refuses("trial.period_wrong"):
        trials.try_remedy(class_key=NOISE, unit="street-1", days=("2026-04-01", "2026-04-30"))
    assert trials.get("/v1/packs/drafts", by="assessor") == []


def test_who_does_not_draft_does_not_try(trials):
    """Who commands, who leads and who reads: a trial makes a draft, and drafting is the assessor's."""
    for post in ("dispatcher", "leader-on-duty", "auditor"):
        with trials.refuses("not_allowed"):
            trials.try_remedy(by=post, class_key=NOISE, unit="street-1")
