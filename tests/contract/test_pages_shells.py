"""The shells of the pages in the browser, and the words that they show."""

import pytest
from msgspec.structs import replace
from tests.pages_world import city_in

from cityloop.domain.words import WORDS
from cityloop.pages import shells
from cityloop.pages.words import spoken_in, words_in


@pytest.fixture
def city(places, tmp_path, clock, monkeypatch):
    with city_in(places, tmp_path, monkeypatch, clock) as found:
        yield found


def test_a_shell_is_served_with_headers_that_let_nothing_in(city, tmp_path, monkeypatch):
    """No script but ours, nothing from elsewhere; and no data, whoever asks."""
    (tmp_path / "office.html").write_text("<!doctype html><div id=page></div>")
    monkeypatch.setattr(shells, "BUILT", tmp_path)
    for path in ("/console", "/console/anything/below", "/evaluate", "/people", "/evidence/some-case"):
        answer = city.nobody.get(path)
        assert answer.status_code == 200
        assert "script-src 'self';" in answer.headers["content-security-policy"]
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert answer.headers["cache-control"] == "no-cache"


def test_pages_that_were_not_built_say_what_to_do(city, tmp_path, monkeypatch):
    monkeypatch.setattr(shells, "BUILT", tmp_path)
    answer = city.nobody.get("/work")
    assert answer.status_code == 404
    assert "/plain" in answer.text


def test_a_built_file_is_kept_for_ever_and_nothing_else_is_reached(city, tmp_path, monkeypatch):
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "a-1.js").write_text("1")
    (tmp_path / "secret.js").write_text("2")
    monkeypatch.setattr(shells, "BUILT", tmp_path)
    answer = city.nobody.get("/assets/a-1.js")
    assert "immutable" in answer.headers["cache-control"]
    assert "javascript" in answer.headers["content-type"]
    small = city.nobody.get("/assets/a-1.js", headers={"accept-encoding": "gzip"})
    assert small.headers["content-encoding"] == "gzip"
    assert small.text == answer.text == "1"
    assert "content-encoding" not in city.nobody.get("/assets/a-1.js", headers={"accept-encoding": "br"}).headers
    for name in ("..%2Fsecret.js", "../secret.js", "%2Fetc%2Fpasswd", "none.js", ".."):
        assert city.nobody.get(f"/assets/{name}").status_code in (404, 405), name


def test_the_words_are_kept_until_the_pack_changes(city):
    answer = city.nobody.get("/v1/words/zh")
    assert answer.json()["words"]["state.to_dispatch"] == "待派遣"
    assert answer.json()["zone"] == "Asia/Shanghai"
    again = city.nobody.get("/v1/words/zh", headers={"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304
    assert city.nobody.get("/v1/words/none").json()["language"] == "zh"


def test_two_languages_stand_side_by_side_where_the_pack_says(city):
    answer = city.nobody.get("/v1/words/zh+en").json()
    assert answer["languages"][-1] == "zh+en"
    assert answer["words"]["state.to_dispatch"] == "待派遣 waiting to be dispatched"


def test_a_further_language_says_english_where_the_city_gave_no_words(city):
    """The city's own words go over the product's, those of pages too (`web.<room>.<name>`)."""
    policy = city.parts.book.in_force()
    settings = replace(policy.settings, languages=("zh", "ug"))
    words = {"state.filed": {"zh": "已立案", "ug": "تۇرغۇزۇلدى"}, "web.console.accept": {"ug": "قوبۇل"}}
    with_more = replace(policy, settings=settings, words=words)
    said = words_in("ug", with_more)
    assert said["state.filed"] == "تۇرغۇزۇلدى"
    assert said["web.console.accept"] == "قوبۇل"
    assert said["state.to_dispatch"] == WORDS["state.to_dispatch"]["en"]
    assert spoken_in(with_more) == ["zh", "ug", "zh+en"]
