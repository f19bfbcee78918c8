"""The register of algorithms: anybody reads it; who answers for it pauses, lets a model be made, and sees it beside the words."""

from playwright.sync_api import expect

from tests.e2e.browser import PHONE, violations


def test_anybody_reads_what_the_city_lets_programs_decide(visitors):
    page = visitors.visit("/register", size=PHONE)
    expect(page.get_by_role("heading", name="算法登记")).to_be_visible()
    expect(page.get_by_role("heading", name="按词判类")).to_be_visible()
    page.locator("summary", has_text="说明").first.click()
    expect(page.get_by_text("如何提出异议").first).to_be_visible()
    expect(page.get_by_role("button", name="暂停")).to_have_count(0)
    assert violations(page) == []


def test_the_duty_leader_pauses_and_has_a_model_made(visitors, demo_city):
    page = visitors.visit("/register", name="gao.tao")
    words = page.get_by_role("region", name="按词判类")
    words.get_by_role("button", name="暂停").click()
    words.get_by_role("button", name="确认暂停").click()
    expect(words.get_by_text("已暂停")).to_be_visible()
    words.get_by_role("button", name="恢复").click()
    expect(words.get_by_text("使用中")).to_be_visible()

    lessons = page.get_by_role("region", name="从案件中学到的判类")
    lessons.get_by_role("button", name="训练新模型").click()
    expect(lessons.get_by_role("row")).to_have_count(2, timeout=120_000)
    made = demo_city.call("GET", "/v1/models", token=demo_city.token("gao.tao"))["models"][0]
    assert violations(page) == []
    assert made["score"]["cases"] > 0
    assert made["score"]["right"] >= made["score"]["words"] - 2
