"""The pages for everybody: a resident's form and tracking page, and the documentation of the API."""

import re

import pytest
from tests.contract.test_pages import city, forms
from tests.report_world import photo

__all__ = ["city"]
pytestmark = pytest.mark.filterwarnings("ignore::litestar.exceptions.base_exceptions.LitestarDeprecationWarning")


# residents


def test_a_resident_reports_without_a_script_and_looks_it_up(city):
    page = city.nobody.get("/report").text
    (address,) = [each for each in forms(page) if each.startswith("/report")]
    fields = {"text": "井盖不见了", "address": "青石街道", "lon": "", "lat": "", "contact_phone": ""}
    here = {"origin": "http://testserver.local"}
    files = [("photos", ("a.jpg", photo(), "image/jpeg"))]
    before = city.facts()
    sent = city.nobody.post(address, data=fields, files=files, headers=here)
    assert sent.status_code == 303, sent.text
    again = city.nobody.post(address, data=fields, files=files, headers=here)
    assert again.headers["location"] == sent.headers["location"], "pressed twice, sent once"
    assert city.facts() == before + 1
    thanks = city.nobody.get(sent.headers["location"])
    assert "已收到" in thanks.text
    city.drain()
    code = re.search(r"/track/(\w+)", sent.headers["location"])[1]
    assert (
        city.nobody.get("/track", params={"code": f" {code[:4]}-{code[4:]} "}).headers["location"].startswith("/track/")
    )
    trail = city.nobody.get(f"/track/{code.lower()}")
    assert "正在受理" in trail.text
    assert "井盖" not in trail.text


def test_a_refused_report_keeps_every_word(city):
    here = {"origin": "http://testserver.local"}
    fields = {"text": "井盖不见了\n<script>", "address": "青石街道", "lon": "112.5", "lat": "", "contact_phone": "abc"}
    files = [("photos", ("", b"", "application/octet-stream"))]
    answer = city.nobody.post("/report", data=fields, files=files, headers=here)
    assert answer.status_code == 400
    assert "井盖不见了\n&lt;script&gt;" in answer.text
    assert 'value="112.5"' in answer.text
    assert 'value="abc"' in answer.text


# the documentation


def test_the_documentation_is_one_page_of_ours(city):
    page = city.nobody.get("/docs")
    assert page.status_code == 200
    assert not re.search(r'(?:src|href)="(?:https?:)?//', page.text)
    schema = city.nobody.get("/docs/openapi.json").json()
    assert schema["openapi"].startswith("3.1")
    for path in schema["paths"]:
        assert path in page.text
    assert "/cases/{case_id}/deeds/{deed}" not in schema["paths"]
    assert "Report a problem. Anybody may" in page.text
