"""The knowledge base: one writes, another approves, anybody says that it is outdated, residents read."""

from playwright.sync_api import expect

from tests.e2e.browser import violations


def test_an_entry_is_written_approved_flagged_and_confirmed(visitors):
    """Four eyes, and an owner who answers for it."""
    seat = visitors.visit("/knowledge", name="guo.yan")
    seat.get_by_role("button", name="新建条目").click()
    seat.get_by_label("标题").fill("装修垃圾怎么处理")
    seat.get_by_label("答复").fill("向物业预约清运，不得堆在路边。")
    assert violations(seat) == []
    seat.reload()
    expect(seat.get_by_label("标题")).to_have_value("装修垃圾怎么处理")  # a draft is never lost
    seat.get_by_role("button", name="提交审核").click()
    expect(seat.get_by_role("heading", name="装修垃圾怎么处理")).to_be_visible()

    leader = visitors.visit("/knowledge?shown=waiting", name="gao.tao")
    leader.get_by_role("button", name="装修垃圾怎么处理").click()
    leader.get_by_role("button", name="通过并发布").click()
    expect(leader.get_by_role("button", name="通过并发布")).to_be_hidden()
    assert violations(leader) == []

    collector = visitors.visit("/knowledge", name="wang.anran", lang="en")
    collector.get_by_label("Search the knowledge base").fill("装修垃圾")
    collector.get_by_role("button", name="Search", exact=True).click()
    collector.get_by_role("button", name="装修垃圾怎么处理").click()
    collector.get_by_role("button", name="Raise a flag").click()
    collector.get_by_label("In words").fill("电话换了")
    collector.get_by_role("button", name="Send").click()
    expect(collector.get_by_role("button", name="装修垃圾怎么处理")).to_contain_text("flags: 1")

    leader.goto("/knowledge?shown=flagged")
    leader.get_by_role("button", name="装修垃圾怎么处理").click()
    expect(leader.get_by_text("电话换了")).to_be_visible()
    leader.get_by_role("button", name="复核：继续有效").click()
    leader.get_by_label("有效期至").fill("2099-12-31")
    leader.get_by_role("button", name="提交").click()
    expect(leader.get_by_text("已处理")).to_be_visible()
    answers = leader.context.request.get("/v1/answers?q=装修垃圾").json()
    assert answers[0]["title"] == "装修垃圾怎么处理"


def test_who_wrote_it_sees_why_they_may_not_approve_it(visitors):
    """The button is there, and says why not."""
    page = visitors.visit("/knowledge?edit=new", name="gao.tao", theme="dark")
    page.get_by_label("标题").fill("值班长自己写的")
    page.get_by_label("答复").fill("答复")
    page.get_by_role("button", name="提交审核").click()
    publish = page.get_by_role("button", name="通过并发布")
    expect(publish).to_have_attribute("aria-disabled", "true")
    expect(publish).to_have_accessible_description("自己写的内容由别人审核")
    assert violations(page) == []
