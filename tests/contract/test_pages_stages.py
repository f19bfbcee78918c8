"""A case whose work has steps, on its page: the steps stand there, the running one has the button, the last ends the work."""

import pytest
from tests.pages_world import PARKED, city_in

STEPS = f"""class,no,stage,code,name_zh,name_en,limit_value,limit_unit,source_document,source_clause,source_date
{PARKED},1,1,call,通知车主,Call the owner,1,work_hour,an invented city,made for tests,2026-01-01
{PARKED},1,2,tow,拖离,Tow it away,2,work_hour,an invented city,made for tests,2026-01-01
"""
UNIT = "traffic-police"
HEAD = """id = "demo_steps"
version = "1"
over = "demo"
city = true
simulated = true

[name]
zh = "演示（分段时限）"
en = "Demo with steps"
"""


@pytest.fixture
def city(places, tmp_path, monkeypatch, clock):
    clock.set("2026-03-06 09:00")
    folder = tmp_path / "demo_steps"
    folder.mkdir()
    (folder / "pack.toml").write_text(HEAD, encoding="utf-8")
    (folder / "stages.csv").write_text(STEPS, encoding="utf-8")
    with city_in(places, tmp_path, monkeypatch, clock, pack=str(folder)) as found:
        yield found


def test_steps_are_shown_and_reached_from_the_page(city):
    case = city.report("有车停在人行道上，挡住行人", PARKED)
    posts = city.parts.book.in_force().posts
    desk = city.signed_in("zhao.lei", next(post.id for post in posts if post.role == "dispatcher"))
    browser = city.signed_in("ma.li", next(post.id for post in posts if post.unit == UNIT))

    def deed(name: str, by=browser, **form: str) -> int:
        no = city.value("SELECT no FROM case_file WHERE city = :city AND id = :id", id=case)
        answer = by.post(f"/cases/{case}/deeds/{name}", data={"no": str(no), "back": "", **form})
        city.drain()
        return answer.status_code

    assert deed("dispatch", by=desk, unit=UNIT) == 303
    assert deed("sign") == 303
    page = browser.get(f"/cases/{case}").text
    assert "已完成：通知车主" in page
    assert '<li aria-current="step">通知车主 1 工作时' in page
    assert f'action="/cases/{case}/deeds/finish"' not in page
    assert deed("finish", note="已经拖走并告知车主") == 409
    assert deed("reach_stage", stage="call") == 303
    page = browser.get(f"/cases/{case}").text
    assert '<li aria-current="step">拖离 2 工作时' in page
    assert "已完成：" not in page
    assert deed("finish", note="已经拖走并告知车主") == 303
