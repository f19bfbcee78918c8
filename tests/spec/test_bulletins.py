"""Bulletins 通报: documents of figures, made in the background, kept, delivered to who wants them, proved by anyone."""

import asyncio
import io
from hashlib import sha256
from urllib.parse import urlsplit

import pytest
from docx import Document as WordPaper
from openpyxl import load_workbook
from tests.bulletin_world import BulletinWorld

from cityloop.db import open_database
from cityloop.domain import facts as f
from cityloop.journal.replay import replay
from cityloop.printing import Form, written
from cityloop.stages.evaluate import document_again
from cityloop.stages.evaluate.model.bulletin import BulletinRow, SubscriptionRow

FORMS = ["html", "pdf", "docx", "xlsx"]


def a_small_march(town: BulletinWorld) -> None:
    """Of three cases of one unit one was done in time, one late, one waits past its limit; a fourth was cleared on the spot."""
    town.report("quick", kind="rubbish", at="2026-03-02 09:00")
    town.handle("quick")
    town.inspect("quick")
    town.report("late", kind="rubbish")
    town.report("never", kind="rubbish")
    town.report("trifle", kind="rubbish", cleared_by="collector-a1")
    town.at("2026-03-20 09:00")
    town.handle("late")
    town.at("2026-03-31 18:00")


def test_a_month_in_four_forms(papers):
    """The bulletin of a month is made as page, PDF, Word document and workbook; each is the bytes that the fact names."""
    a_small_march(papers)
    made = papers.bulletin("monthly", on="2026-03-15")

    assert (made["title"], made["first_day"], made["last_day"]) == ("城市运行管理月报（2026年3月）", "2026-03-01", "2026-03-31")
    assert [each["form"] for each in made["files"]] == FORMS
    for each in made["files"]:
        assert sha256(papers.file(made, each["form"])).hexdigest() == each["digest"]
    assert papers.file(made, "pdf").startswith(b"%PDF-")
    assert "立案 4 件，采集员现场自行处置 1 件，结案 2 件" in papers.file(made, "html").decode()


def test_the_numbers_of_a_unit(papers):
    """By hand: three owed, two handled, one of them late, one overdue and open; a third of 3 in time is 33.3 %."""
    a_small_march(papers)
    head, *rows = papers.sheet(papers.bulletin("monthly"), "各单位处置")

    assert head == ["单位", "应处置数", "处置数", "超时处置数", "超时待处置数", "处置率", "按期处置率", "返工率"]
    assert rows[0] == ["环卫处", 3, 2, 1, 1, pytest.approx(0.666667), pytest.approx(0.333333), 0]
    assert rows[-1][0] == "合计"
    assert rows[-1][1:5] == [3, 2, 1, 1]


def test_the_assessment_names_what_counts_against_a_unit(papers):
    """考核通报: units by their groups, their scores and where points were lost, each late case by its number, the forms to object with."""
    a_small_march(papers)
    made = papers.bulletin("assessment")
    rows = papers.sheet(made, "计入考核的超期与返工案件")
    numbers = {name: papers.case(name).number for name in ("late", "never")}

    assert made["title"] == "关于2026年3月城市管理绩效考核情况的通报"
    assert [row[:3] for row in rows[1:]] == [
        ["环卫处", "超时待处置数", numbers["never"]], ["环卫处", "超时处置数", numbers["late"]],
    ]  # fmt: skip
    # by hand: 3 cases filed, of 50 at most, 10; closed 1 of 3, 10 of 30; in time 1 of 3, 10 of 30; no rework of 2, 30
    assert papers.sheet(made, "各单位综合得分")[1][:2] == ["环卫处", 60]
    lost = {row[1]: row[-1] for row in papers.sheet(made, "各指标失分")[1:] if row[0] == "环卫处"}
    assert lost == {"结案率": 20, "按期处置率": 20}
    paper = WordPaper(io.BytesIO(papers.file(made, "docx")))
    said = [line.text for line in paper.paragraphs]
    assert "附件1：考核剔除申请表" in said
    assert "附件2：考核结果申诉复核表" in said
    assert said[:2] == ["监督中心", "考核通报〔2026〕第3期"]


def test_an_assessment_prints_the_scores_that_were_published(papers):
    """What was frozen stands in the bulletin, whatever became of the cases since; before, it says that nothing was published yet."""
    a_small_march(papers)
    papers.at("2026-04-01 09:00")
    days = {"first_day": "2026-03-01", "last_day": "2026-03-31"}
    asked, told = {"on": "2026-03-15"}, lambda made: papers.sheet(made, "各单位综合得分")[1][:2]
    before = papers.bulletin("assessment", **asked)
    sheet = papers.post("/v1/scores/published", by="assessor", json={"scheme": "department", "notice_days": 7, **days})["sheet"]
    papers.at("2026-04-02 09:00")
    papers.inspect("late")
    now = papers.get("/v1/scores", by="assessor", scheme="department", **{"from": days["first_day"], "to": days["last_day"]})["sheet"]
    made = papers.bulletin("assessment", **asked)

    assert told(made) == told(before) == ["环卫处", 60]
    assert next(each["points"] for each in now["scores"] if each["object"] == "cleaning") != 60
    assert "得分尚未公示，可能变化。" in papers.file(before, "html").decode()
    assert f"得分为已公示的第1版（{sheet['id']}）" in papers.file(made, "html").decode()


def test_an_assessment_scores_by_the_scheme_that_is_chosen(papers):
    """By hand, on time 80: 1 of 3 closed in time is 26.67 of 80, nothing extended 10, nothing reworked 10; the usual one says 60."""
    a_small_march(papers)
    chosen, usual = papers.bulletin("assessment", scheme="sample_on_time_80"), papers.bulletin("assessment")

    assert [papers.sheet(each, "各单位综合得分")[1][:2] for each in (chosen, usual)] == [["环卫处", pytest.approx(46.67, abs=0.01)], ["环卫处", 60]]
    assert (chosen["scheme"], usual["scheme"]) == ("sample_on_time_80", "")
    assert (chosen["title"], usual["title"]) == (
        "关于2026年3月城市管理绩效考核情况的通报（样例：按期八十）", "关于2026年3月城市管理绩效考核情况的通报",
    )  # fmt: skip
    assert "评分方案：样例：按期八十。" in papers.file(chosen, "html").decode()


def test_an_assessment_may_score_areas_and_never_people(papers):
    """Districts by their names, each lost point leading to its cases; a scheme of persons, none, or one in another bulletin is refused."""
    a_small_march(papers)
    made = papers.bulletin("assessment", scheme="area")
    north = papers.policy.area_by_code["990201"].name["zh"]

    assert papers.sheet(made, "各区域综合得分")[1][0] == north
    assert papers.sheet(made, "各区域综合得分")[0][0] == "区"
    assert "by=district&amp;period=month&amp;on=2026-03-01&amp;group=990201" in papers.file(made, "html").decode()
    for body in ({"scheme": "collector"}, {"scheme": "none"}, {"kind": "monthly", "scheme": "department"}):
        with papers.refuses("evaluate.bulletin_about_wrong"):
            papers.post("/v1/bulletins/jobs", by="assessor", json={"kind": "assessment"} | body)


def test_the_scheme_of_a_bulletin_is_that_which_was_published(papers):
    """Of the chosen scheme too the frozen scores are printed; the usual bulletin prints what was published by another."""
    a_small_march(papers)
    papers.at("2026-04-01 09:00")
    days = {"first_day": "2026-03-01", "last_day": "2026-03-31"}
    sheet = papers.post("/v1/scores/published", by="assessor", json={"scheme": "sample_on_time_80", "notice_days": 7, **days})["sheet"]
    papers.at("2026-04-02 09:00")
    papers.inspect("late")
    said = f"得分为已公示的第1版（{sheet['id']}）"
    pages = [papers.file(papers.bulletin("assessment", on="2026-03-15", **asked), "html").decode() for asked in ({"scheme": "sample_on_time_80"}, {}, {"scheme": "department"})]

    assert [said in each for each in pages] == [True, True, False]
    assert "得分尚未公示，可能变化。" in pages[2]


def test_a_subscription_keeps_its_scheme(papers):
    """Two assessments by two schemes come to one person, each made by its own; who wants the usual one gets that."""
    papers.sit("assessor", "assessor")
    papers.sit("leader", "leader")
    for scheme in ("sample_on_time_80", "department"):
        papers.post("/v1/bulletins/subscriptions", by="assessor", json={"kind": "assessment", "scheme": scheme})
    with papers.refuses("evaluate.subscribed_already"):
        papers.post("/v1/bulletins/subscriptions", by="assessor", json={"kind": "assessment", "scheme": "department"})
    papers.post("/v1/bulletins/subscriptions", by="leader", json={"kind": "assessment"})
    assert [each["scheme"] for each in papers.get("/v1/bulletins/subscriptions", by="assessor")] == ["sample_on_time_80", "department"]
    papers.at("2026-04-01 07:00")
    papers.drain()
    assert papers.print_all() == 3

    mine = {who: [each["scheme"] for each in papers.get("/v1/bulletins", by=who)["items"] if each["mine"]] for who in ("assessor", "leader")}
    assert {who: sorted(each) for who, each in mine.items()} == {"assessor": ["department", "sample_on_time_80"], "leader": [""]}
    assert not papers.replayed()


def test_a_subscription_ends_with_its_scheme(papers, monkeypatch):
    """A pack without the scheme: nothing is made, and the subscription says why it ended."""
    papers.sit("assessor", "assessor")
    wanted = papers.post("/v1/bulletins/subscriptions", by="assessor", json={"kind": "assessment", "scheme": "department"})
    monkeypatch.setattr("cityloop.stages.evaluate.service.bulletin.subscribing.schemes_of", lambda policy: ())
    papers.at("2026-04-01 07:00")
    papers.drain()

    assert papers.print_all() == 0
    with papers.database.reading() as tx:
        assert tx.get("bulletin_subscription", SubscriptionRow, wanted["id"]).ended_for == "scheme_gone"


def test_a_theme_is_one_matter_through_the_loop(papers):
    """专报: only the cases of the class count; a theme without a class or area is refused, and so is a class elsewhere."""
    a_small_march(papers)
    papers.report("other", kind="noise")
    rubbish = papers.case("quick").class_key
    made = papers.bulletin("theme", **{"class": rubbish})
    rows = {row[0]: row[1] for row in papers.sheet(made, "主要指标")}

    assert (rows["立案数"], rows["处置数"], rows["结案数"]) == (4, 2, 2)
    for body in ({"kind": "theme"}, {"kind": "monthly", "class": rubbish}, {"kind": "monthly", "language": "xx"}):
        with papers.refuses("evaluate.bulletin_about_wrong"):
            papers.post("/v1/bulletins/jobs", by="assessor", json=body)
    with papers.refuses("evaluate.filter_unknown"):
        papers.post("/v1/bulletins/jobs", by="assessor", json={"kind": "theme", "class": "none"})


def test_each_number_leads_to_its_cases(papers):
    """The link of a cell lists as many rows as the cell says."""
    a_small_march(papers)
    made = papers.bulletin("monthly")
    book = load_workbook(io.BytesIO(papers.file(made, "xlsx")))
    sheet = next(each for each in book.worksheets if "各单位处置" in each.title)
    looked = 0
    for cell in sheet[2]:
        if cell.hyperlink and cell.number_format == "#,##0":
            asked = urlsplit(cell.hyperlink.target).query
            items = papers.get(f"/v1/figures/cases?{asked}", by="assessor")["items"]
            assert len(items) == cell.value, cell.hyperlink.target
            looked += 1
    assert looked == 4


def test_the_same_facts_give_the_same_bytes(papers, tmp_path):
    """Anyone with the journal until its seq, and its pack, makes the files once more: whatever came later changes nothing."""
    a_small_march(papers)
    made = {kind: papers.bulletin(kind) for kind in ("assessment", "weekly")}
    made["by areas"] = papers.bulletin("assessment", scheme="area")
    papers.report("later", kind="rubbish")
    papers.handle("never")

    for kind, each in made.items():
        with papers.database.reading() as tx:
            row = tx.get("bulletin", BulletinRow, each["id"])
        target = open_database(str(tmp_path / f"{kind}.db"), papers.database.city)
        replay(papers.database, target, papers.writer.journal, until=row.seq)
        with target.reading() as tx:
            document = document_again(tx, row, policy=papers.book.of(row.pack))
        target.close()
        told = {file["form"]: file["digest"] for file in each["files"]}
        assert {form.value: sha256(written(document, form)).hexdigest() for form in Form} == told


def test_it_is_seen_being_made(papers):
    """What is asked for waits, then is made step by step; five at most wait for one person, and nobody sees another's."""
    jobs = [papers.post("/v1/bulletins/jobs", by="assessor", json={"kind": "weekly"}) for _ in range(5)]

    assert {(each["state"], each["step"], each["done"], each["size"]) for each in jobs} == {("waiting", "count", 0, 7)}
    with papers.refuses("evaluate.bulletins_wait"):
        papers.post("/v1/bulletins/jobs", by="assessor", json={"kind": "weekly"})
    with papers.refuses("evaluate.bulletin_job_unknown"):
        papers.get(f"/v1/bulletins/jobs/{jobs[0]['id']}", by="leader")
    assert papers.print_all() == 5
    seen = papers.get("/v1/bulletins/jobs", by="assessor")
    assert {(each["state"], each["done"]) for each in seen} == {("done", 7)}
    assert len(papers.get("/v1/bulletins", by="leader")["items"]) == 5


def test_what_a_stopped_server_left_is_begun_again(papers, monkeypatch):
    """A press that fails says so by a code; one that was stopped halfway is taken up by the next."""
    job = papers.post("/v1/bulletins/jobs", by="assessor", json={"kind": "weekly"})

    def fails(*_):
        raise OSError("no room on the disk")

    with monkeypatch.context() as broken:
        broken.setattr(papers.press, "_put", fails)
        assert asyncio.run(papers.press.round())
    failed = papers.get(f"/v1/bulletins/jobs/{job['id']}", by="assessor")
    assert (failed["state"], failed["error"], failed["step"]) == ("failed", "fault", "html")

    again = papers.post("/v1/bulletins/jobs", by="assessor", json={"kind": "weekly"})
    papers.writer.change(
        lambda tx: tx.run("UPDATE bulletin_job SET state = 'running', step = 'pdf' WHERE city = :city AND id = :id", id=again["id"])
    )
    assert papers.print_all() == 1
    assert len(papers.get("/v1/bulletins", by="assessor")["items"]) == 1


def test_who_wants_it_gets_it_when_the_period_is_over(papers):
    """Two who want the weekly bulletin get one, on Monday at seven; the next comes a week later, and a stopped server catches up."""
    for who in ("leader", "assessor"):
        papers.sit(who, who)
        wanted = papers.post("/v1/bulletins/subscriptions", by=who, json={"kind": "weekly"})
        assert wanted["next_at"] == "2026-03-08T23:00:00Z"
    with papers.refuses("evaluate.subscribed_already"):
        papers.post("/v1/bulletins/subscriptions", by="leader", json={"kind": "weekly", "channel": "sms"})
    papers.at("2026-03-09 06:59")
    papers.drain()
    assert papers.print_all() == 0
    papers.at("2026-03-16 07:00")  # it was down for a week
    papers.drain()
    assert papers.print_all() == 2

    seen = papers.get("/v1/bulletins", by="leader")["items"]
    assert [(each["first_day"], each["mine"]) for each in seen] == [("2026-03-09", True), ("2026-03-02", True)]
    assert [each["mine"] for each in papers.get("/v1/bulletins", by="auditor")["items"]] == [False, False]
    assert not papers.replayed()


def test_who_may_read_no_more_gets_none(papers):
    """Without a seat the subscription ends by itself; whoever ends it gets nothing more."""
    for who in ("leader", "assessor", "auditor"):
        papers.sit(who, who)
        papers.post("/v1/bulletins/subscriptions", by=who, json={"kind": "daily"})
    papers.writer.change(
        lambda tx: tx.emit(f.PostLeft(account_id="leader", post="leader", at=tx.now))
    )
    mine = papers.get("/v1/bulletins/subscriptions", by="assessor")[0]
    papers.client.delete(f"/v1/bulletins/subscriptions/{mine['id']}", headers=papers.signed("assessor"))
    with papers.refuses("evaluate.subscription_unknown"):
        papers._answered(
            papers.client.delete(f"/v1/bulletins/subscriptions/{mine['id']}", headers=papers.signed("assessor"))
        )
    papers.at("2026-03-03 07:00")
    papers.drain()
    papers.print_all()

    seen = {who: papers.get("/v1/bulletins", by=who)["items"][0]["mine"] for who in ("leader", "assessor", "auditor")}
    assert seen == {"leader": False, "assessor": False, "auditor": True}
    assert papers.get("/v1/bulletins/subscriptions", by="leader") == []


def test_an_area_is_read_by_who_covers_it(papers):
    """Whose seat covers a district asks for its bulletin and reads it, and not that of the whole city."""
    whole = papers.bulletin("weekly")
    north = papers.bulletin("weekly", by="dispatcher-north", area="990201")

    assert "（北区）" in north["title"]
    assert [each["id"] for each in papers.get("/v1/bulletins", by="dispatcher-north")["items"]] == [north["id"]]
    with papers.refuses("evaluate.bulletin_unknown"):
        papers.get(f"/v1/bulletins/{whole['id']}", by="dispatcher-north")
    with papers.refuses("evaluate.area_unknown"):
        papers.post("/v1/bulletins/jobs", by="dispatcher-north", json={"kind": "weekly"})
    with papers.refuses("evaluate.area_unknown"):
        papers.post("/v1/bulletins/jobs", by="dispatcher-north", json={"kind": "weekly", "area": "990202"})
    with papers.refuses("evaluate.period_wrong"):
        papers.post("/v1/bulletins/jobs", by="assessor", json={"kind": "weekly", "on": "2026-05-01"})
