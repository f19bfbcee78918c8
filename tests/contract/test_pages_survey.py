"""The page of a questionnaire: without script, without an account; and its invitations on paper."""

from collections.abc import Iterator

import pytest
from tests.engines import Places, at_nine
from tests.survey_world import MANAGER, ONE, SurveyWorld, the_survey_app

HERE = {"origin": "http://town.local", "host": "town.local", "accept": "text/html"}


@pytest.fixture
def survey(places: Places, tmp_path) -> Iterator[SurveyWorld]:
    """A town with a questionnaire that runs."""
    for world in at_nine(SurveyWorld, the_survey_app, places, tmp_path):
        world.open("t", "people")
        yield world


def sent(survey: SurveyWorld, code: str, key: str = "", **said: str | list[str]):
    """The page's form, as a browser without script sends it."""
    return survey.client.post(f"/survey/{code}?key={key}&lang=zh", data=said, headers=HERE, follow_redirects=False)


def shown(survey: SurveyWorld, address: str, lang: str = "en"):
    """A page, as somebody without an account sees it."""
    return survey.client.get(f"{address}{'&' if '?' in address else '?'}lang={lang}", headers=HERE)


def test_it_is_read_and_answered_without_script(survey):
    (code,) = survey.invite("t", 1)
    page = shown(survey, f"/survey/{code}")
    assert page.status_code == 200
    assert "Is it clean?" in page.text
    assert "About First Street" in page.text
    assert 'type="radio" name="clean" value="yes" required' in page.text
    assert 'type="checkbox" name="wishes" value="trees"' in page.text
    assert page.headers["cache-control"] == "no-store"

    answer = sent(survey, code, age="old", clean="yes", wishes=["trees", "benches"], words="<b>树</b>")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/survey/{code}?sent=1")
    assert "Received, thank you" in shown(survey, answer.headers["location"]).text
    assert survey.count("survey_answer") == 1


def test_what_was_chosen_is_not_lost_after_a_refusal(survey):
    (code,) = survey.invite("t", 1)
    answer = sent(survey, code, clean="half", words="长椅太少 <i>")
    assert answer.status_code == 400
    assert '<fieldset id="q-age" class="wrong">' in answer.text
    assert 'name="clean" value="half" checked' in answer.text
    assert "长椅太少 &lt;i&gt;" in answer.text
    assert survey.count("survey_answer") == 0


def test_answered_twice_is_told_in_words(survey):
    """Under one key it is one answer; under another, or opened again, the page says that it was answered."""
    (code,) = survey.invite("t", 1)
    for _ in range(2):
        assert sent(survey, code, key="k", age="old", clean="yes").status_code == 303
    again = sent(survey, code, key="other", age="old", clean="no")
    assert again.status_code == 409
    assert "这份邀请已经用过了" in again.text
    page = shown(survey, f"/survey/{code}")
    assert page.status_code == 409
    assert "<form" not in page.text.split("<main", 1)[1]
    assert survey.count("survey_answer") == 1


def test_a_wrong_code_and_one_that_is_over_are_told_in_words(survey):
    (code,) = survey.invite("t", 1)
    assert shown(survey, "/survey/hello").status_code == 404
    assert "No invitation has this code" in shown(survey, "/survey/hello").text
    survey.at("2026-04-01 00:00")
    page = shown(survey, f"/survey/{code}")
    assert (page.status_code, "It is over" in page.text) == (409, True)


def test_there_is_a_version_in_large_type(survey):
    (code,) = survey.invite("t", 1)
    assert f'href="/survey/{code}?lang=en&amp;elder=1"' in shown(survey, f"/survey/{code}").text
    large = survey.client.get(f"/survey/{code}", params={"elder": "1"}, headers=HERE)
    assert "elder" in large.text.split("<body", 1)[1].split(">", 1)[0]
    assert "&amp;elder=1" in large.text.split("<form", 2)[-1].split(">", 1)[0]


def test_a_form_from_elsewhere_is_refused(survey):
    (code,) = survey.invite("t", 1)
    answer = survey.client.post(f"/survey/{code}", data={"age": "old"}, headers=HERE | {"origin": "http://elsewhere.example"})
    assert answer.status_code == 403


def test_invitations_are_printed_as_codes_to_scan(survey):
    """One slip an invitation that was not answered, for who manages the task only."""
    codes = survey.invite("t", 3)
    survey.answer(codes[0], age="old", clean="yes")
    asked = {"task": survey.surveys["t"], "form": "people", "object": ONE}
    page = survey.client.get("/survey-slips", params=asked, headers=HERE | survey.signed(MANAGER))
    assert page.text.count('class="qr"') == 2
    for code, is_there in zip(codes, (False, True, True), strict=True):
        assert (f"{code[:4]}-{code[4:8]}-{code[8:]}" in page.text) is is_there
    assert survey.client.get("/survey-slips", params=asked, headers=HERE | survey.signed("street-desk-1")).status_code == 403
