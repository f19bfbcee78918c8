"""One case through all hands: a resident reports, a handler without a network, an inspector who is not content, and the
resident, who is not either until it is done again."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.browser import PHONE, violations
from tests.e2e.staff import BRIDGE, Staff, a_word, soon
from tests.e2e.test_work import AT, filled, photo, ready, waiting


def test_from_a_report_to_a_content_resident(visitors, staff):
    """Handled offline with photos, sent back by the inspector, done again and closed; opened again by who reported it, done
    once more, and rated."""
    resident, code, case = reported(visitors, staff)
    handler = staff.to_unit(case)
    staff.bring(case, "handling")

    at_work = visitors.visit("/work", name=handler, size=PHONE, **AT)
    ready(at_work)
    finished(at_work, case, offline=True)
    inspected(visitors, staff, case, "不通过")
    staff.until(case, "to_sign")
    assert staff.case(case)["reworks"] == 1

    staff.bring(case, "handling")
    at_work.goto("/work")
    finished(at_work, case, offline=False)
    inspected(visitors, staff, case, "通过")
    staff.until(case, "closed")

    resident.reload()
    expect(resident.get_by_role("heading", name="问题解决了吗？")).to_be_visible()
    assert violations(resident) == []
    resident.get_by_label("没有解决").check()
    resident.get_by_label("处理不彻底").check()
    resident.get_by_label("还想说什么").fill("桥面还在晃")
    resident.reload()  # the phone rang
    expect(resident.get_by_label("还想说什么")).to_have_value("桥面还在晃")
    expect(resident.get_by_label("没有解决")).to_be_checked()
    resident.get_by_role("button", name="提交评价").click()
    expect(resident.get_by_text("已重新办理 1 次")).to_be_visible()

    staff.bring(case, "closed")
    resident.reload()
    resident.get_by_label("解决了", exact=True).check()
    resident.get_by_label("满意", exact=True).check()
    resident.get_by_role("button", name="提交评价").click()
    expect(resident.get_by_text("已收到您的评价，谢谢")).to_be_visible()
    judging = staff.city.call("POST", "/v1/track", {"codes": [code]})[0]["trail"]["judging"]
    assert (judging["solved"], judging["satisfied"]) == ("solved", "satisfied")

    resident.get_by_role("link", name="打印回执").click()
    expect(resident.get_by_role("img", name=re.compile(code))).to_be_visible()
    assert violations(resident) == []


def reported(visitors, staff: Staff) -> tuple[Page, str, str]:
    """A resident's report: the page that follows it, its code, and the case that it became."""
    for lon, lat in staff.points:
        where = {"longitude": lon, "latitude": lat, "accuracy": 9}
        page = visitors.visit("/#/report", size=PHONE, permissions=["geolocation"], geolocation=where)
        page.get_by_role("button", name="用我的位置").click()
        expect(page.get_by_text("我的位置，误差约 9 米")).to_be_visible()
        word = a_word()
        page.get_by_label("说一说").fill(BRIDGE.format(word))
        page.get_by_role("button", name="发送", exact=True).click()
        page.get_by_role("link", name="查看进展").click()
        expect(page).to_have_url(re.compile("#/mine/"))
        code = page.url.rpartition("/")[2]
        found = soon(lambda word=word: staff.get(f"/v1/screens/queue?q={word}")["items"], "the report became no case")
        case = found[0]["case"]["id"]
        if len(staff.case(case)["reports"]) == 1:
            return page, code, case
    raise AssertionError("everywhere stands a case that is open")


def finished(page: Page, case: str, *, offline: bool) -> None:
    """The handler says that it is done, with two photos; without a network it waits until there is one."""
    page.context.set_offline(offline)
    form = filled(page, case, "已经修复完成，现场清理干净")
    form.get_by_label("照片", exact=True).set_input_files([photo("green"), photo("grey")])
    expect(form.get_by_role("img", name="照片")).to_have_count(2)
    form.get_by_role("button", name="处置完成").click()
    if offline:
        expect(waiting(page)).to_be_visible()
        page.context.set_offline(False)
    expect(waiting(page)).to_be_hidden()


def inspected(visitors, staff: Staff, case: str, verdict: str) -> None:
    """Whoever is asked to look, on their phone, where the work is: both photos are there to be judged."""
    view = staff.until(case, "inspecting")
    page = visitors.visit(f"/work/case/{case}", name=staff.by_post[view["post"]], size=PHONE, **AT)
    expect(page.get_by_role("img", name="处置后")).not_to_have_count(0)
    page.get_by_role("button", name="核查").click()
    form = page.get_by_role("form", name="核查")
    form.get_by_label("说明").fill("现场看过了")
    form.get_by_role("button", name=verdict, exact=True).click()
    expect(waiting(page)).to_be_hidden()
