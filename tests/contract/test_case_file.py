"""The case file on paper: numbered, in both languages, with hashes that anybody can compute; for seats that see the case."""

import base64
import re
from hashlib import sha256

import pytest
from tests.pages_world import PARKED, city_in

pytestmark = pytest.mark.filterwarnings("ignore::litestar.exceptions.base_exceptions.LitestarDeprecationWarning")


@pytest.fixture
def filed(places, tmp_path, monkeypatch, clock):
    clock.set("2026-03-06 09:00")
    with city_in(places, tmp_path / "home", monkeypatch, clock) as city:
        case = city.report("车停在人行道上", PARKED, contact={"phone": "13812345678"})
        city.seal()
        yield city, case, city.signed_in("gao.tao", "duty-leader-1")


def test_the_file_tells_the_way_in_numbered_parts(filed):
    _, case, leader = filed
    answer = leader.get(f"/cases/{case}/file?lang=zh")
    assert answer.status_code == 200, answer.text
    headings = re.findall(r"<h2>(\d+)\. ([^<]+)</h2>", answer.text)
    assert headings == [("1", "上报"), ("2", "立案"), ("3", "派遣"), ("4", "事实与存证")]
    assert "车停在人行道上" in answer.text
    assert "13812345678" not in answer.text
    english = leader.get(f"/cases/{case}/file?lang=en").text
    assert "<h2>4. Facts and evidence</h2>" in english
    assert not re.search(r"page\.file\.|says\.\w|page\.\w+<", answer.text + english)  # no code without words


def test_its_hashes_are_those_of_the_log(filed):
    _, case, leader = filed
    page = leader.get(f"/cases/{case}/file").text
    evidence = leader.get(f"/v1/cases/{case}/evidence").json()
    for fact in evidence["facts"]:
        entry = sha256(base64.b64decode(fact["salt"]) + base64.b64decode(fact["body"])).digest()
        assert f"<code>{fact['id']}</code>" in page
        assert f"<code>{sha256(bytes(1) + entry).hexdigest()}</code>" in page
    root = base64.b64decode(evidence["logs"][0]["checkpoint"].split("\n")[2]).hex()
    assert root in page
    assert f"/evidence/{case}" in page
    assert "<svg" in page


def test_the_file_is_for_seats_that_see_the_case(filed):
    city, case, _ = filed
    assert city.nobody.get(f"/cases/{case}/file").status_code == 401
    handler = city.signed_in("some.handler", "handler-greening")
    assert handler.get(f"/cases/{case}/file").status_code in (403, 404)
