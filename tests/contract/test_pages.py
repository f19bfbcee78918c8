"""The server-made pages: what each shows to whom, and that its forms are the API's own requests."""

import re
from html import unescape

import pytest
from tests.pages_world import FUMES, PARKED, city_in, counted
from tests.report_world import photo

from cityloop.domain.words import LANGUAGES
from cityloop.pages.screen import HERE as PAGES

pytestmark = pytest.mark.filterwarnings("ignore::litestar.exceptions.base_exceptions.LitestarDeprecationWarning")

UNCLEAR = "路边说不清的事情"  # nothing that the machine could propose


@pytest.fixture
def city(places, tmp_path, monkeypatch, clock):
    clock.set("2026-03-06 09:00")
    with city_in(places, tmp_path, monkeypatch, clock) as found:
        yield found


def post_with(city, role):
    return next(post.id for post in city.parts.book.in_force().posts if post.role == role)


def forms(text):
    """The forms of a page: address -> hidden fields."""
    found = {}
    for action, inside in re.findall(r'<form action="([^"]+)" method="post"[^>]*>(.*?)</form>', text, re.S):
        found.setdefault(action, dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', inside)))
    return {action: {name: unescape(value) for name, value in hidden.items()} for action, hidden in found.items()}


def part(text, name):
    """The list of a page, or what is newest."""
    found = re.search(rf'<(ol|aside) class="{name}".*?</\1>', text, re.S)
    return found[0] if found else ""


def words_of(text):
    return unescape(re.sub(r"<[^>]+>", " ", text))


# the frame


def test_every_page_is_marked_lets_nothing_in_and_speaks_the_readers_language(city):
    case = city.report("车停在人行道上", PARKED)
    leader = city.signed_in("wang.leader", post_with(city, "duty_leader"))
    open_ones = ["/plain", "/report", "/track", "/track/ABCDEFGHJKMN"]
    for browser, path in [(city.nobody, each) for each in open_ones] + [
        (leader, each) for each in ("/plain", "/plain?view=open", f"/cases/{case}", "/figures", "/cases/none")
    ]:
        answer = browser.get(path)
        assert "SIMULATED" in answer.text, path
        assert "script-src 'self'" in answer.headers["content-security-policy"]
        assert not re.search(r"<script(?![^>]*src=)|\sstyle=|\son\w+=", answer.text), "nothing inline"
        assert not re.search(r'(?:src|href|action)="(?:https?:)?//', answer.text), "nothing from outside"
        assert answer.headers["cache-control"] == "no-store"
        assert 'lang="zh-CN"' in answer.text
        english = browser.get(path, headers={"accept-language": "en-GB,en;q=0.8"})
        assert 'lang="en"' in english.text
    assert "LANG" not in city.nobody.get("/report?lang=en").text
    assert 'lang="en"' in city.nobody.get("/report").text, "what was chosen is kept"


def test_every_word_that_a_template_asks_for_is_there(city):
    from cityloop.domain.words import WORDS

    said = "".join(path.read_text() for path in (PAGES / "templates").glob("*.html"))
    asked = set(re.findall(r"w\('([a-z_.]+)'[,)]", said))
    assert len(asked) > 80
    assert {code for code in asked if any(each not in WORDS.get(code, {}) for each in LANGUAGES)} == set()


def test_the_style_is_ours_and_kept_for_ever(city):
    page = city.nobody.get("/plain").text
    for address in set(re.findall(r'"(/static/[^"]+)"', page)):
        answer = city.nobody.get(address)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]
    assert city.nobody.get("/static/x/../../secret").status_code == 404


# coming in


def test_nobody_sees_the_door_with_demo_people_and_goes_on_where_they_wanted(city):
    door = city.nobody.get("/figures")
    assert door.status_code == 401
    assert "工作人员登录" in door.text
    assert "/plain?name=" in door.text
    assert forms(door.text)["/sign-in"]["next"] == "/figures"
    city.signed_in("gao.tao", post_with(city, "duty_leader"))
    wrong = city.browser(origin="http://testserver.local").post(
        "/sign-in", data={"name": "gao.tao", "password": "no", "next": "/figures"}
    )
    assert wrong.status_code == 401
    assert 'value="gao.tao"' in wrong.text
    assert forms(wrong.text)["/sign-in"]["next"] == "/figures"
    for evil in ("https://evil.example/", "//evil.example", "/\\evil.example"):
        sent = city.browser(origin="http://testserver.local").post(
            "/sign-in", data={"name": "gao.tao", "password": "Correct-horse-7", "next": evil}
        )
        assert sent.headers["location"] == "/plain"


def test_a_form_from_another_site_does_nothing(city):
    case = city.report(UNCLEAR)
    browser = city.signed_in("li.na", post_with(city, "acceptor"))
    hidden = forms(browser.get(f"/cases/{case}").text)[f"/cases/{case}/deeds/accept"]
    before = city.facts()
    for headers in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}):
        answer = browser.post(f"/cases/{case}/deeds/accept", data=hidden, headers=headers)
        assert answer.status_code == 403
    away = city.browser(origin="https://evil.example").post("/sign-in", data={"name": "li.na", "password": "x"})
    assert away.status_code in (401, 403)
    assert city.facts() == before


def test_signing_out_ends_the_session(city):
    browser = city.signed_in("li.na", post_with(city, "acceptor"))
    assert browser.post("/sign-out").status_code == 303
    assert "工作人员登录" in browser.get("/plain").text


# the first screen


def test_the_first_screen_is_what_is_next(city):
    waiting = city.report(UNCLEAR)
    running = city.report("车停在人行道上", PARKED)
    acceptor = city.signed_in("li.na", post_with(city, "acceptor"))
    page = acceptor.get("/plain").text
    assert waiting in part(page, "lines")
    assert running not in part(page, "lines")
    assert f"/cases/{waiting}/deeds/accept" in page, "its case stands beside it"
    everything = acceptor.get("/plain?view=open").text
    assert waiting in everything
    assert running in everything
    assert "剩余" in everything
    assert re.search(r'class="lamp green"[^>]*aria-label="绿灯">●', everything), "by colour and by shape"
    assert running not in acceptor.get("/plain?view=open&state=reported").text
    assert running not in acceptor.get("/plain?view=open&district=990101").text
    assert "waiting to be accepted" in acceptor.get("/plain?lang=en").text


def test_the_newest_stand_on_the_first_screen_whatever_the_clock_puts_first(city, clock):
    first = [city.report(UNCLEAR, lon=112.52 + place * 0.004) for place in range(4)]
    clock.set("2026-03-06 09:30")
    newest = city.report("车停在人行道上", PARKED)  # due much later than those that wait
    leader = city.signed_in("gao.tao", post_with(city, "duty_leader"))
    page = leader.get("/plain").text
    assert newest not in part(page, "lines")
    shown = re.findall(r"case=([0-9a-f-]{36})", part(page, "newest"))
    assert shown[0] == newest
    assert len(shown) == 3
    assert set(shown[1:]) < set(first)
    switch = unescape(re.search(r'href="([^"]+)" data-key="n"', page)[1])
    turned = leader.get(switch).text
    assert newest in part(turned, "lines").split("</li>")[0], "one key, and the newest are first"
    assert unescape(re.search(r'href="([^"]+)" data-key="n"', turned)[1]) == "/plain?view=open", "and back"
    assert not part(leader.get("/plain?state=reported").text, "newest"), "who looks for something is shown that"
    other = city.signed_in("an.other", post_with(city, "handler"))
    unit = city.value("SELECT unit FROM case_file WHERE city = :city AND id = :id", id=newest)
    mine = city.parts.book.in_force().post_by_id[post_with(city, "handler")].unit
    assert (newest in other.get("/plain").text) == (unit == mine), "nobody sees more here than in the list"


def test_late_is_said_in_words_colour_and_shape(city, clock):
    city.report("车停在人行道上", PARKED)
    clock.set("2026-03-06 16:30")
    page = city.signed_in("wang.lead", post_with(city, "leader")).get("/plain").text
    assert "已超时" in page
    assert "◆" in page


def test_a_stranger_sees_no_case_and_no_secret(city):
    case = city.report("车停在人行道上 13812345678", PARKED)
    unit = city.value("SELECT unit FROM case_file WHERE city = :city AND id = :id", id=case)
    other = next(post.id for post in city.parts.book.in_force().posts if post.role == "handler" and post.unit != unit)
    browser = city.signed_in("an.other", other)
    assert browser.get(f"/cases/{case}").status_code == 404
    assert case not in browser.get("/plain?view=open").text
    assert "13812345678" not in browser.get(f"/plain?case={case}").text
    assert city.nobody.get(f"/cases/{case}").status_code == 401
    assert browser.get("/figures").status_code == 403


def test_a_program_that_asks_for_a_page_gets_problem_json(city):
    answer = city.server.get("/figures")
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"


def test_an_address_where_nothing_is_leads_a_person_home(city):
    answer = city.nobody.get("/nowhere/at/all")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "没有找到" in answer.text
    assert 'class="button" href="/plain"' in answer.text
    assert city.server.get("/nowhere").json()["code"] == "not_found"


# the case


def test_what_nobody_named_is_named_and_accepted_in_one_step(city):
    case = city.report(UNCLEAR)
    page = city.signed_in("li.na", post_with(city, "acceptor")).get(f"/cases/{case}").text
    form = re.search(rf'<form action="/cases/{case}/deeds/accept".*?</form>', page, re.S)[0]
    assert '<select name="class_key" required>' in form
    assert '<button class="loud" accesskey="a">' in form
    assert form not in "".join(re.findall(r"<details.*?</details>", page, re.S)), "what matters now is not folded away"
    unable = re.search(r'<p class="unable">.*?</p>', page, re.S)[0]
    assert unable.count("<small>您的岗位无此权限</small>") == 1, "one reason is said once"


def test_the_case_says_why_by_which_rule_and_whence(city):
    case = city.report("<b>油烟味大</b>", FUMES, contact={"phone": "13812345678"})
    text = city.signed_in("wang.leader", post_with(city, "duty_leader")).get(f"/cases/{case}").text
    said = words_of(text)
    rule = city.parts.book.in_force().rule_by_code[f"{FUMES}/1"]
    for words in (rule.file_condition["zh"], rule.close_condition["zh"], rule.source.clause, "置信度", "138****5678"):
        assert words in said
    assert "13812345678" not in text
    assert "&lt;b&gt;油烟味大&lt;/b&gt;" in text, "what a reporter typed is text"
    seqs = re.findall(rf'href="/v1/cases/{case}/proof\?seq=(\d+)"', text)
    assert len(seqs) >= 3


def test_the_whole_way_by_forms(city):
    case = city.report("油烟味大", FUMES)
    acceptor = city.signed_in("li.na", post_with(city, "acceptor"))
    leader = city.signed_in("gao.tao", post_with(city, "duty_leader"))

    def do(browser, deed, files=None, **fields):
        address = f"/cases/{case}/deeds/{deed}"
        hidden = forms(browser.get(f"/cases/{case}").text)[address]
        answer = browser.post(address, data=hidden | fields, files=files)
        city.drain()
        return answer

    def state():
        return city.value("SELECT state FROM case_file WHERE city = :city AND id = :id", id=case)

    if state() == "reported":
        assert do(acceptor, "accept").status_code == 303
    if state() in ("to_file", "reported"):
        assert do(acceptor, "ask_verify").status_code == 303
    assert state() == "verifying"
    post = city.value("SELECT post FROM case_file WHERE city = :city AND id = :id", id=case)
    collector = city.signed_in("col.lector", post)
    assert do(collector, "verify", found="yes", note="看到了").status_code == 303
    done = do(leader, "file")
    assert done.status_code == 303
    assert "done=file" in done.headers["location"]
    if state() == "to_dispatch":
        dispatcher = city.signed_in("liang.yu", post_with(city, "dispatcher"))
        assert do(dispatcher, "dispatch", unit="environment").status_code == 303
    unit = city.value("SELECT unit FROM case_file WHERE city = :city AND id = :id", id=case)
    posts = city.parts.book.in_force().posts
    handler = city.signed_in("xie.chen", next(p.id for p in posts if p.role == "handler" and p.unit == unit))
    assert do(handler, "sign").status_code == 303
    short = do(handler, "finish", note="好")
    assert short.status_code == 409
    assert ">好</textarea>" in short.text, "what was typed is still there"
    assert do(handler, "finish", files=[("photos", ("a.jpg", photo(), "image/jpeg"))]).status_code == 303
    assert state() == "inspecting"
    post = city.value("SELECT post FROM case_file WHERE city = :city AND id = :id", id=case)
    inspector = collector if f'/cases/{case}/deeds/inspect"' in collector.get(f"/cases/{case}").text else None
    inspector = inspector or city.signed_in("in.spector", post)
    assert do(inspector, "inspect", passed="yes", note="已恢复").status_code == 303
    assert state() == "closed"
    shown = leader.get(f"/cases/{case}").text
    assert "已结案" in shown
    thumb = re.search(r'<img src="(/v1/files/[^"]+)"', shown)[1]
    assert leader.get(thumb).headers["content-type"] == "image/jpeg"
    again = forms(shown)[f"/cases/{case}/deeds/redo"]
    assert leader.post(f"/cases/{case}/deeds/redo", data=again | {"reason": "seen_again"}).status_code == 303
    assert "重办1次" in leader.get(f"/cases/{case}").text


def test_an_approval_by_forms(city):
    """Asked for on the case's page, waiting on the desk of who decides, and decided there."""
    case = city.report("车停在人行道上", PARKED)
    posts = city.parts.book.in_force().posts
    handler = city.signed_in("xie.chen", "handler-traffic-police")
    dispatcher = city.signed_in("liang.yu", next(p.id for p in posts if p.role == "dispatcher" and p.area is None))
    leader = city.signed_in("wang.jing", next(p.id for p in posts if p.role == "leader" and p.area is None))

    def do(browser, deed, **fields):
        address = f"/cases/{case}/deeds/{deed}"
        hidden = forms(browser.get(f"/cases/{case}").text)[address]
        answer = browser.post(address, data=hidden | fields)
        city.drain()
        return answer

    def state():
        return city.value("SELECT state FROM case_file WHERE city = :city AND id = :id", id=case)

    assert do(dispatcher, "dispatch", unit="traffic-police").status_code == 303
    assert do(handler, "sign").status_code == 303
    page = handler.get(f"/cases/{case}").text
    assert '<option value="suspension:no_permit">' in page
    assert '<option value="void:never_there">' not in page, "the file is not the unit's"
    asked = {"what": "suspension:no_permit", "length_value": "60", "length_unit": "natural_day", "note": "等审批"}
    short = do(handler, "ask_approval", **asked | {"length_value": "600"})
    assert short.status_code == 409
    assert "等审批" in short.text, "what was typed is still there"
    wrong = do(handler, "ask_approval", **asked | {"length_value": "", "until": "soon"})
    assert wrong.status_code == 400
    assert do(handler, "ask_approval", **asked | {"length_value": "20"}).status_code == 303

    waits = words_of(dispatcher.get("/plain?view=open").text)
    assert "待我审批" in waits
    assert "待审批：挂账" in waits
    assert "待我审批" not in words_of(leader.get("/plain").text)
    assert do(dispatcher, "deny", reason="incomplete", note="缺图纸").status_code == 303
    shown = words_of(handler.get(f"/cases/{case}").text)
    assert "材料不全" in shown
    assert "缺图纸" in shown
    assert do(handler, "ask_approval", **asked | {"what": "deferral:event", "length_value": "", "until": "2026-04-01T08:00"}).status_code == 303
    assert do(handler, "withdraw").status_code == 303
    assert do(handler, "ask_approval", **asked | {"what": "deferral:event", "length_value": "", "until": "2026-04-01T08:00"}).status_code == 303
    assert do(dispatcher, "grant").status_code == 303
    assert do(leader, "grant", note="同意").status_code == 303
    assert state() == "deferred"
    shown = words_of(handler.get(f"/cases/{case}").text)
    assert "缓办" in shown
    assert "至04-01 08:00" in shown
    assert do(handler, "resume", note="可以做了").status_code == 303
    assert state() == "handling"


def test_two_people_on_one_case_the_second_is_told_what_changed(city):
    case = city.report(UNCLEAR)
    first, second = (city.signed_in(name, post_with(city, "duty_leader")) for name in ("gao.tao", "gao.er"))
    address = f"/cases/{case}/deeds/refuse"
    hidden = forms(second.get(f"/cases/{case}").text)[address]
    accepted = forms(first.get(f"/cases/{case}").text)[f"/cases/{case}/deeds/accept"]
    assert first.post(f"/cases/{case}/deeds/accept", data=accepted | {"class_key": PARKED}).status_code == 303
    before = city.facts()
    stale = second.post(address, data=hidden | {"reason": "unclear", "note": "打过去没人接"})
    assert stale.status_code == 412
    assert "打过去没人接" in stale.text
    assert "已受理" in stale.text
    assert city.facts() == before
    again = forms(stale.text)[address]
    assert second.post(address, data=again | {"reason": "unclear"}).status_code == 303
    assert second.post(address, data={"no": "x"}).status_code == 400
    assert second.post(f"/cases/{case}/deeds/steal", data=again).status_code == 400


def test_what_one_may_not_do_is_there_with_its_reason(city):
    case = city.report("车停在人行道上", PARKED)
    page = city.signed_in("li.na", post_with(city, "acceptor")).get(f"/cases/{case}").text
    assert re.search(r'<button disabled title="[^"]+">派遣</button> <small>[^<]+</small>', page)
    assert f"/cases/{case}/deeds/dispatch" not in page


# figures


def test_each_number_leads_to_its_cases(city, clock):
    city.report("车停在人行道上", PARKED)
    leader = city.signed_in("gao.tao", post_with(city, "duty_leader"))
    page = leader.get("/figures?period=month").text
    address = unescape(re.search(r'href="(/figures/cases\?metric=open_now[^"]+)"', page)[1])
    behind = leader.get(address).text
    assert behind.count("/cases/") >= 1
    assert leader.get("/figures/cases?metric=nonsense").status_code == 400
    assert leader.get("/figures?on=9999-99-99").status_code == 200


# how much each asks of the database


def test_a_page_costs_few_statements_however_much_there_is(city, monkeypatch):
    for place in range(3):
        city.report("油烟味大", FUMES, lon=112.53 + place * 0.004)
    case = city.report("车停在人行道上", PARKED)
    leader = city.signed_in("gao.tao", post_with(city, "duty_leader"))
    for address, most in {
        "/plain?view=open&case=none": 4,  # the list, the newest, what waits for a word, and that there is no such case
        "/plain?view=open": 12,  # the first three, and the case beside them
        f"/cases/{case}": 9,
        "/figures": 5,  # what the city holds, and what counts of each kind of row
        "/report": 0,
        "/track": 0,
    }.items():
        leader.get(address)
        with counted(monkeypatch) as found:
            assert leader.get(address).status_code == 200
        assert sum(found.values()) <= most, (address, found)
