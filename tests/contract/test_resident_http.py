"""The resident's requests, in a whole city: photos hashed at capture, what it may be called, the city's card."""

from hashlib import sha256

import pytest
from tests.engines import Clock
from tests.report_world import city_at, photo, said

pytestmark = pytest.mark.filterwarnings("ignore::litestar.exceptions.base_exceptions.LitestarDeprecationWarning")


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    """One city for all."""
    with pytest.MonkeyPatch.context() as patch:
        with city_at(tmp_path_factory.mktemp("city"), patch, Clock("2026-03-06T01:00:00+00:00")) as found:
            yield found


def hashed(raw: bytes) -> str:
    return sha256(raw).hexdigest()


def test_a_photo_that_came_as_it_was_hashed_says_so(city):
    """The digest made at capture is kept with the words, and the reporter sees it."""
    raw = photo(61)
    answer = city.form(raw, text="路灯不亮", photo_sha256=hashed(raw), photo_taken_at="2026-03-06T08:59:00+08:00")
    assert answer.status_code == 201, answer.text
    (claim,) = said(city, answer.json()["id"]).claims
    assert (claim.digest, claim.hashed, claim.taken_at.isoformat()) == (hashed(raw), True, "2026-03-06T08:59:00+08:00")
    (line,) = city.client.get(f"/v1/track/{answer.json()['tracking_code']}").json()["photos"]
    assert (line["sha256"], line["hashed"]) == (hashed(raw), True)


def test_a_photo_without_a_digest_is_taken_as_before(city):
    raw = photo(62)
    answer = city.form(raw, text="路灯不亮")
    assert said(city, answer.json()["id"]).claims[0].hashed is False


@pytest.mark.parametrize(
    "declared",
    [
        {"photo_sha256": "0" * 64},
        {"photo_sha256": hashed(photo(63))[:20]},
        {"photo_sha256": [hashed(photo(63))] * 2},
    ],
)
def test_a_photo_that_changed_on_its_way_is_told(city, declared):
    before = city.counts()
    answer = city.form(photo(63), text="路灯不亮", **declared)
    assert (answer.status_code, answer.json()["code"]) == (400, "intake.photo_altered")
    assert city.counts() == before


def test_moments_for_some_photos_only_cannot_be_read(city):
    raw = photo(64)
    answer = city.form(raw, text="x", photo_sha256=hashed(raw), photo_taken_at=["2026-03-06T08:59:00Z", ""])
    assert (answer.status_code, answer.json()["code"]) == (400, "intake.unreadable")
    answer = city.form(raw, text="x", photo_sha256=hashed(raw), photo_taken_at="yesterday")
    assert (answer.status_code, answer.json()["code"]) == (400, "intake.unreadable")


def test_what_it_may_be_called_comes_with_words_and_leaves_nothing(city):
    before = city.counts()
    answer = city.client.post("/v1/classes/proposed", json={"text": "路灯不亮，晚上一片漆黑"})
    first = answer.json()[0]
    assert len(answer.json()) <= 3
    assert "灯" in first["name"]["zh"]
    assert first["name"]["en"]
    assert first["confidence_ppm"] > 500_000
    assert city.counts() == before


def test_what_waited_for_one_account_is_not_taken_from_another(city):
    """A phone that was handed on: the cookie is another's, and the request says whose it is."""
    first, second = city.sign_in("phone.first"), city.sign_in("phone.second")
    mine = first.get("/v1/me").json()["account"]
    report = {"text": "路灯不亮"}
    before = city.counts()
    refused = second.post("/v1/reports", json=report, headers={"x-account": mine})
    assert (refused.status_code, refused.json()["code"]) == (403, "session.other_account")
    nobody = city.client.post("/v1/reports", json=report, headers={"x-account": mine})
    assert nobody.status_code == 401
    assert city.counts() == before
    assert first.post("/v1/reports", json=report, headers={"x-account": mine}).status_code == 201
