"""The console: one key for the commonest deed, a case through many hands, and nothing typed is lost."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.browser import PASSWORD, violations
from tests.e2e.staff import ACCEPTOR, BRIDGE, DISPATCHER, DONE, LEADER, a_word


def opened(page: Page, case: str) -> None:
    expect(page.locator(f"article[data-case='{case}']")).to_be_visible()


def test_the_acceptor_takes_up_and_the_duty_leader_files_by_one_key(visitors, staff):
    """The proposal stands on top with how sure it is; `a` does what matters now, and the next case comes up."""
    case, _ = staff.new_case()
    page = visitors.visit(f"/console?case={case}", name=ACCEPTOR)
    opened(page, case)
    expect(page.get_by_role("heading", name="机器建议")).to_be_visible()
    expect(page.get_by_label("置信度").first).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("a")
    expect(page.get_by_text("✓ 已受理")).to_be_visible()
    assert staff.case(case)["state"] == "to_file"

    page = visitors.visit(f"/console?case={case}", name=LEADER, lang="en", theme="dark")
    opened(page, case)
    page.keyboard.press("a")
    expect(page.get_by_text("✓ Filed")).to_be_visible()
    assert re.match(r"\w+", staff.case(case)["number"])


def test_a_department_gives_it_back_and_the_dispatcher_sends_it_on(visitors, staff):
    """What is not mine goes back with a reason; the desk sends it elsewhere; what one may not do says why."""
    case, _ = staff.new_case()
    handler = staff.to_unit(case)
    page = visitors.visit(f"/console?case={case}", name=handler)
    opened(page, case)
    page.get_by_role("button", name="回退", exact=False).first.click()
    form = page.get_by_role("form", name="回退")
    form.get_by_role("button", name="确定").click()
    expect(form.get_by_role("alert")).to_have_text("必填")
    form.get_by_label("理由").select_option(index=1)
    form.get_by_label("说明").fill("不在我单位管辖范围")
    form.get_by_role("button", name="确定").click()
    expect(page.get_by_text("✓ 已回退")).to_be_visible()
    assert staff.case(case)["state"] == "to_dispatch"

    page = visitors.visit(f"/console?case={case}", name=DISPATCHER)
    opened(page, case)
    page.get_by_text("此刻不能做").click()
    page.locator("[data-deed='dispatch']").click()
    opened_or_done = page.get_by_role("form").or_(page.get_by_text("✓ 已派遣"))
    expect(opened_or_done.first).to_be_visible()
    if staff.case(case)["state"] == "to_dispatch":
        page.get_by_role("form").get_by_label("单位").select_option("greening")
        page.get_by_role("form").get_by_role("button", name="确定").click()
    expect(page.get_by_text("✓ 已派遣")).to_be_visible()
    assert staff.case(case)["state"] == "to_sign"


def test_an_inspector_sends_it_back_and_then_lets_it_close(visitors, staff):
    """Work that is not done goes back to the unit; done again, it passes, and the case is closed."""
    case, _ = staff.new_case()
    handler = staff.to_unit(case)
    for passed, state in (("不通过", "to_sign"), ("通过", "closed")):
        staff.do(handler, case, "signature")
        staff.do(handler, case, "completion", DONE)
        inspector = staff.by_post[staff.until(case, "inspecting")["post"]]
        page = visitors.visit(f"/console?case={case}", name=inspector)
        opened(page, case)
        page.keyboard.press("a")
        form = page.get_by_role("form")
        form.get_by_label("说明").fill("现场看过了")
        form.get_by_role("button", name=passed, exact=False).filter(has_text=re.compile(f"^(核查)?{passed}$")).click()
        expect(page.get_by_text("✓ 核查结果已记录")).to_be_visible()
        staff.until(case, state)


def test_what_changed_meanwhile_is_told_and_what_was_typed_stays(visitors, staff):
    """Somebody was faster: the form says what happened, keeps the words, and can be sent for the case as it is now."""
    case, _ = staff.new_case()
    staff.do(ACCEPTOR, case, "accept")
    page = visitors.visit(f"/console?case={case}", name=LEADER)
    opened(page, case)
    page.route("**/v1/facts/stream", lambda route: route.abort())
    page.locator("[data-deed='refuse']").click()
    form = page.get_by_role("form", name="不予立案")
    form.get_by_label("理由").select_option(index=1)
    form.get_by_label("说明").fill("写到一半的话")
    page.route(f"**/v1/cases/{case}/refusal", lambda route: route.continue_(headers=route.request.headers | {"if-match": '"1"'}), times=1)
    form.get_by_role("button", name="确定").click()
    expect(form.get_by_role("alert")).to_contain_text("此后：")
    expect(form.get_by_label("说明")).to_have_value("写到一半的话")
    page.reload()
    opened(page, case)
    page.locator("[data-deed='refuse']").click()
    expect(form.get_by_label("说明")).to_have_value("写到一半的话")
    form.get_by_role("button", name="确定").click()
    expect(page.get_by_text("✓ 已不予立案")).to_be_visible()
    assert staff.case(case)["state"] == "not_accepted"


def test_a_session_that_ends_and_a_server_that_is_away_lose_nothing(visitors, staff):
    """The words stand in the form; signed in again, or once the server answers, the same form is sent, once."""
    case, _ = staff.new_case()
    staff.do(ACCEPTOR, case, "accept")
    page = visitors.visit(f"/console?case={case}", name=LEADER)
    opened(page, case)
    page.locator("[data-deed='refuse']").click()
    form = page.get_by_role("form", name="不予立案")
    form.get_by_label("理由").select_option(index=1)
    form.get_by_label("说明").fill("不能丢的话")
    page.route("**/refusal", lambda route: route.abort(), times=1)
    form.get_by_role("button", name="确定").click()
    expect(form.get_by_role("alert")).to_contain_text("连不上服务器")
    page.context.clear_cookies()
    form.locator("button[type=submit]").evaluate("button => button.click()")
    door = page.get_by_role("dialog", name="登录已过期")
    door.get_by_label("登录名").fill(LEADER)
    door.get_by_label("密码").fill(PASSWORD)
    door.get_by_role("button", name="登录").click()
    expect(door).to_be_hidden()
    expect(form.get_by_label("说明")).to_have_value("不能丢的话")
    form.get_by_role("button", name="确定").click()
    expect(page.get_by_text("✓ 已不予立案")).to_be_visible()


def test_who_sent_it_is_shown_whole_for_a_reason_and_noted(visitors, staff):
    """Masked at first; a reason is asked for; what was said stands there until one leaves the case; the story tells of it."""
    case, _ = staff.new_case(f"住户张伟，电话13874620519：{BRIDGE}", contact={"name": "李四", "phone": "13700137000"})
    page = visitors.visit(f"/console?view=open&case={case}", name=ACCEPTOR)
    opened(page, case)
    expect(page.get_by_text("13874620519")).to_have_count(0)
    page.get_by_role("button", name="查看原文和联系方式").click()
    form = page.get_by_role("form", name="查看原文和联系方式")
    expect(form.get_by_text("永久记录")).to_be_visible()
    assert violations(page) == []
    form.get_by_label("为什么要看").select_option("ask_more")
    form.get_by_role("button", name="查看并留痕").click()
    shown = page.get_by_role("status").filter(has_text="已留痕：补充了解")
    expect(shown).to_contain_text("13874620519")
    expect(shown.get_by_role("link", name="13700137000")).to_be_visible()
    expect(page.get_by_text("查看联系人").first).to_be_visible()
    assert violations(page) == []
    page.reload()
    opened(page, case)
    expect(page.get_by_role("button", name="查看原文和联系方式")).to_be_visible()
    expect(page.get_by_text("13874620519")).to_have_count(0)

    page = visitors.visit(f"/console?view=open&case={case}", name=DISPATCHER)
    opened(page, case)
    expect(page.get_by_role("button", name="查看原文和联系方式")).to_have_count(0)


def test_all_of_it_by_keyboard(visitors, staff):
    """Moving, searching, the sheet of keys, choosing many: without a mouse; single keys can be turned off."""
    case, word = staff.new_case()
    page = visitors.visit("/console?view=open", name=LEADER)
    here = page.locator("li[data-here] a")
    expect(here).to_be_visible()
    first = here.get_attribute("href") or ""
    page.keyboard.press("j")
    expect(here).not_to_have_attribute("href", first)
    page.keyboard.press("k")
    expect(here).to_have_attribute("href", first)

    page.keyboard.press("Control+k")
    page.keyboard.type(word)
    expect(page.get_by_role("listbox", name="查找").get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    opened(page, case)

    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="快捷键")
    expect(sheet).to_be_visible()
    assert violations(page) == []
    sheet.get_by_label("启用单键快捷键").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("x")
    expect(page.get_by_text("已选 1 件")).to_have_count(0)
    page.keyboard.press("ArrowDown")
    expect(here).to_be_visible()


def test_many_are_accepted_at_once_and_a_view_is_kept(visitors, staff):
    """Two are chosen and accepted together, each answering for itself; the view has a name from then on."""
    word = a_word()
    cases = {staff.new_case(BRIDGE.replace("{}", f"{{}} {word}"))[0] for _ in range(2)}
    page = visitors.visit(f"/console?q={word}", name=ACCEPTOR)
    boxes = page.get_by_role("checkbox", name=re.compile("^选择：天桥|^选择"))
    expect(boxes).to_have_count(len(cases))
    for place in range(len(cases)):
        boxes.nth(place).check()
    page.get_by_role("button", name=f"受理 {len(cases)} 件").click()
    expect(page.get_by_text(f"{len(cases)} 件已办理")).to_be_visible()
    assert {staff.case(case)["state"] for case in cases} == {"to_file"}

    page.get_by_text("筛选").click()
    page.get_by_text("保存当前视图").click()
    page.get_by_label("视图名称").fill(f"找{word}")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_role("link", name=f"找{word}")).to_be_visible()


def test_two_see_each_other_and_what_happens(visitors, staff):
    """Who looks at the same case is named, and what the other does is there without a reload."""
    case, _ = staff.new_case()
    one = visitors.visit(f"/console?case={case}", name=ACCEPTOR)
    opened(one, case)
    other = visitors.visit(f"/console?case={case}", name=LEADER)
    expect(other.get_by_text("吴宁 也在看此案件")).to_be_visible()
    one.keyboard.press("a")
    expect(one.get_by_text("✓ 已受理")).to_be_visible()
    expect(other.locator(f"article[data-case='{case}'] header").get_by_text("待立案", exact=True)).to_be_visible()
