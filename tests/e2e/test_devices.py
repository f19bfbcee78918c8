"""Whoever answers for devices finds one, sees what it said and what watches it, and says that it is broken."""

import re

from playwright.sync_api import expect

from tests.e2e.browser import violations
from tests.e2e.pages import Shown as Page
from tests.e2e.pages import device_of, ready

LEADER = "gao.tao"
KEY = "looked-at-by-a-journey"


def test_a_device_is_found_looked_at_and_said_to_be_broken(visitors, demo_city):
    """From the list to its curve with the limits of its rules, to the state that a person gives it; the list says so afterwards."""
    id = device_of(demo_city, KEY)
    page = visitors.visit(f"/console/devices?q={KEY}", name=LEADER)
    page.get_by_role("link", name="广场东侧噪声仪").click()
    expect(page).to_have_url(re.compile(id))

    expect(page.get_by_role("heading", name="广场东侧噪声仪")).to_be_visible()
    expect(page.get_by_text(re.compile("等效声级：最低 5[0-9]")).first).to_be_visible()
    expect(page.get_by_text("夜间噪声超标")).to_be_visible()
    expect(page.get_by_text(re.compile("等效声级 ≥ 70 dB"))).to_be_visible()
    expect(page.get_by_text("已过期")).to_be_visible()
    expect(page.get_by_role("link", name="实时画面")).to_have_attribute("href", "https://video.example/7")
    expect(page.get_by_role("link", name="快照")).to_have_attribute("href", "https://video.example/7.jpg")
    page.get_by_role("combobox", name="时段").select_option("week")
    ready(page, Page(name="device", path=""))
    assert violations(page) == []

    page.get_by_role("combobox", name="变更为").select_option("faulty")
    page.get_by_role("combobox", name="原因").select_option("seen_broken")
    page.get_by_role("button", name="变更状态").click()
    expect(page.get_by_text("状态已变更。")).to_be_visible()
    expect(page.get_by_text(re.compile("起：人员发现损坏"))).to_be_visible()

    page.get_by_role("link", name="全部设备").click()
    page.get_by_role("combobox", name="状态").select_option("faulty")
    expect(page.get_by_role("link", name="广场东侧噪声仪").first).to_be_visible()


def test_who_only_looks_may_not_move_it(visitors, demo_city):
    """A collector sees the device; the button says why it cannot be pressed."""
    page = visitors.visit(f"/console/devices/{device_of(demo_city)}", name="li.fang")
    button = page.get_by_role("button", name="变更状态")
    expect(button).to_have_attribute("aria-disabled", "true")
    expect(page.get_by_text("没有设备管理权限")).to_be_attached()
