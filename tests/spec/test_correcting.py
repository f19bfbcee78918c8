"""What was published and is wrong: put right as a new version that says what it corrects and why; the old one stays."""

from datetime import date

from tests.survey_world import ONE

from cityloop.db import open_database
from cityloop.journal.replay import replay
from cityloop.printing import Form, written
from cityloop.stages.evaluate import document_again
from cityloop.stages.evaluate.model.bulletin import BulletinRow, Step

COVERAGE = (ONE, "coverage")


def published(survey, covered: int = 700) -> None:
    """A task of one table, whose number holds."""
    survey.open("t", "figures")
    survey.fill("t", covered=covered, households=1000)
    survey.accept_sheet("t")
    survey.publish("t")


# evaluation tasks


def test_a_published_number_is_put_right_as_a_new_version(survey):
    """更正: the accepted table goes back, the street sends what is so, and the second version says what it corrects and why."""
    published(survey)
    survey.correct("t", words="台账多记了一百户，联系人13812345678")
    assert (survey.survey("t")["state"], survey.survey("t")["reason"]) == ("open", "sheet_wrong")
    survey.return_sheet("t", "implausible")
    survey.fill("t", covered=600, households=1000)
    survey.accept_sheet("t")
    survey.publish("t")

    assert survey.numbers("t")[COVERAGE] == (600, 1000, 1)
    assert survey.versions("t") == [(1, False, None, None), (2, True, 1, "sheet_wrong")]
    first, second = survey.survey("t")["versions"]
    assert [(each["numerator"], each["denominator"]) for each in first["said"] if each["indicator"] == "coverage"] == [(700, 1000)]
    assert [(each["indicator"], each["why"]) for each in first["said"] if each["why"]] == [("staff", "absent")]
    assert "台账多记了一百户" in second["words"]
    assert "13812345678" not in second["words"], "who reads it learns no number"
    assert not survey.in_a_fact("台账"), "words lie in the vault"
    assert survey.replayed() == []


def test_the_old_number_holds_until_the_new_one_is_published(survey):
    """Scores and whoever reads numbers see the first version while it is put right, and another task cannot take its place."""
    published(survey)
    survey.correct("t")
    assert survey.get("/v1/survey/numbers", by="assessor")[0]["numerator"] == 700
    survey.open("u", "figures")
    survey.fill("u", covered=1, households=1000)
    survey.accept_sheet("u")
    with survey.refuses("survey.number_taken"):
        survey.publish("u")


def test_a_correction_that_is_given_up_leaves_what_was_published(survey):
    """The task is published as before; nothing of it was changed."""
    published(survey)
    before = survey.numbers("t")
    survey.correct("t", words="看错了")
    survey.cancel("t", "mistaken")

    found = survey.survey("t")
    assert (found["state"], found["version"], found["reason"], found["correcting"]) == ("published", 1, None, None)
    assert survey.numbers("t") == before
    assert survey.replayed() == []


def test_a_visit_is_looked_at_again(survey):
    """A point that was looked at wrongly goes back to who visits, and counts anew."""
    survey.open("t", "walk")
    for point in survey.points("t"):
        survey.visit(point, found={"hole": 1})
    survey.publish("t")
    survey.correct("t", "visit_wrong")
    survey.return_point(survey.points("t")[0], "wrong_place")
    with survey.refuses("survey.not_ready"):
        survey.publish("t")
    survey.visit(survey.points("t")[0])
    survey.publish("t")

    assert survey.numbers("t")[ONE, "hole"][0] == 1
    assert survey.replayed() == []


def test_nobody_answers_a_questionnaire_after_its_numbers_were_shown(survey):
    """What one more answer changes would tell what that one said; the others are counted again as they are."""
    survey.open("t", "people")
    codes = survey.invite("t", 4)
    for code in codes[:3]:
        survey.answer(code, clean="yes", age="young")
    survey.at("2026-04-01 09:00")
    survey.publish("t")
    before = survey.numbers("t")
    survey.correct("t", "mistake")
    with survey.refuses("survey.task_over"):
        survey.answer(codes[3], clean="no", age="young")
    survey.publish("t")
    assert survey.numbers("t") == before


def test_only_what_was_published_is_put_right(survey):
    """Not a task that runs or was cancelled; not with a day that is over; not by who manages another area, or nothing."""
    survey.open("t", "figures")
    with survey.refuses("survey.not_published"):
        survey.correct("t")
    survey.fill("t", covered=1, households=2)
    survey.accept_sheet("t")
    survey.publish("t")
    with survey.refuses("survey.task_wrong"):
        survey.correct("t", until="2026-01-01")
    with survey.refuses("not_allowed"):
        survey.correct("t", by="street-desk-1")
    survey.correct("t")
    with survey.refuses("survey.not_published"):
        survey.correct("t")


# scores, and who was told


def a_march_that_is_told(papers) -> dict:
    """The assessor wants assessments; March is over, its scores are published, and the bulletin came."""
    papers.sit("leader", "leader")
    papers.post("/v1/bulletins/subscriptions", by="leader", json={"kind": "assessment"})
    papers.report("late", kind="rubbish", at="2026-03-03 09:00")
    papers.at("2026-03-20 09:00")
    papers.handle("late")
    papers.at("2026-04-01 06:00")
    sheet = publish(papers)
    papers.at("2026-04-01 07:01")
    papers.drain()
    papers.print_all()
    return sheet["sheet"]


def publish(papers, **more) -> dict:
    asked = {"scheme": "department", "notice_days": 7, "first_day": "2026-03-01", "last_day": "2026-03-31"} | more
    return papers.post("/v1/scores/published", by="assessor", json=asked)


def inbox(papers) -> list[dict]:
    """The bulletins that came to the leader, the newest first."""
    return [each for each in papers.get("/v1/bulletins", by="leader")["items"] if each["mine"]]


def test_whoever_has_the_bulletin_gets_the_one_that_corrects_it(papers):
    """Scores published anew: the subscriber gets another bulletin that names the old one and says why; the old one stays, marked."""
    first = a_march_that_is_told(papers)
    (old,) = inbox(papers)
    before = papers.file(old, "html", by="leader")
    second = publish(papers, reason="mistake", words="漏计一件，问13812345678")["sheet"]
    assert (second["version"], second["corrects"], second["reason"]) == (2, first["id"], "mistake")
    assert "漏计一件" in second["words"]
    assert "13812345678" not in second["words"]
    papers.print_all()

    new, again = inbox(papers)
    assert (again["id"], again["replaced_by"], again["corrects"]) == (old["id"], new["id"], None)
    assert (new["corrects"], new["replaced_by"]) == (old["id"], None)
    assert papers.file(old, "html", by="leader") == before
    told = papers.file(new, "html", by="leader").decode()
    assert old["id"] in told
    assert "得分改为第2版（工作差错）" in told
    assert papers.replayed() == []


def test_the_corrected_bulletin_is_made_again_from_the_facts(papers):
    """Who has the journal until its seq makes the same bytes, the one that it corrects named."""
    a_march_that_is_told(papers)
    publish(papers, reason="mistake")
    papers.print_all()
    new = inbox(papers)[0]
    with papers.database.reading() as tx:
        row = tx.get("bulletin", BulletinRow, new["id"])
    target = open_database(str(papers.folder / "then.db"), papers.database.city, papers.clock)
    replay(papers.database, target, papers.writer.journal, until=row.seq)
    with target.reading() as tx:
        document = document_again(tx, row, policy=papers.book.of(row.pack))
    target.close()
    assert written(document, Form.html) == papers.file(new, "html", by="leader")


def test_a_bulletin_that_is_being_made_is_followed_by_the_one_that_corrects_it(papers, monkeypatch):
    """Scores are put right while the press has counted the old ones already: the bulletin comes, and the one that corrects it."""
    papers.sit("leader", "leader")
    papers.post("/v1/bulletins/subscriptions", by="leader", json={"kind": "assessment"})
    papers.report("late", kind="rubbish", at="2026-03-03 09:00")
    papers.handle("late")
    papers.at("2026-04-01 06:00")
    publish(papers)
    papers.at("2026-04-01 07:01")
    papers.drain()
    goes_on, done = papers.press._at, []

    async def at(job, step):
        if step is Step.compose and not done:
            done.append(publish(papers, reason="mistake"))
        await goes_on(job, step)

    monkeypatch.setattr(papers.press, "_at", at)
    papers.print_all()
    new, old = inbox(papers)
    assert (new["corrects"], old["replaced_by"]) == (old["id"], new["id"])


def test_nobody_is_told_of_a_correction_before_anybody_was_told_of_what_it_corrects(papers):
    """Scores put right before the first bulletin came: it says the second version, and corrects nothing."""
    papers.sit("leader", "leader")
    papers.post("/v1/bulletins/subscriptions", by="leader", json={"kind": "assessment"})
    papers.report("late", kind="rubbish", at="2026-03-03 09:00")
    papers.handle("late")
    papers.at("2026-04-01 06:00")
    publish(papers)
    publish(papers, reason="mistake")
    assert papers.print_all() == 0
    papers.at("2026-04-01 07:01")
    papers.drain()
    papers.print_all()
    (only,) = inbox(papers)
    assert (only["corrects"], only["first_day"]) == (None, str(date(2026, 3, 1)))
