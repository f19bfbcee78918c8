"""Speaking instead of typing: a recording comes back as words, whoever listens may fail as they like, and nothing is kept."""

import logging
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.mock_endpoint import MockEar, answering
from tests.pages_world import city_in

pytestmark = pytest.mark.filterwarnings("ignore::litestar.exceptions.base_exceptions.LitestarDeprecationWarning")
SAID = b"OggS" + bytes(range(200))
SOUND = {"content-type": "audio/ogg"}


@pytest.fixture
def outside():
    with answering(MockEar()) as mock:
        yield mock


@pytest.fixture
def city(places, tmp_path, monkeypatch, clock, outside):
    """A city with an ear."""
    with city_in(places, tmp_path, monkeypatch, clock, hearing_url=outside.url, hearing_key="s3cret", hearing_seconds=0.4) as found:
        yield found


@pytest.fixture(autouse=True)
def unhurried(request, monkeypatch):
    """Nobody comes too often, but where that is what is tested."""
    if "pace" not in request.node.name:
        monkeypatch.setattr("cityloop.doors.hearing.routes.pace_stranger", lambda *_: None)


def heard(city, raw: bytes = SAID, **query: str):
    return city.nobody.post("/v1/heard", content=raw, headers=SOUND, params=query)


def test_what_is_said_comes_back_as_words(city, outside):
    """By the protocol that speech models share: the bytes, what they are, what is spoken. Nothing of who speaks goes out."""
    answer = heard(city, lang="en")
    assert (answer.status_code, answer.json()) == (200, {"text": "解放路口的路灯不亮了"})
    assert answer.headers["cache-control"] == "no-store"
    (got,) = outside.got
    assert (got.path, got.key) == ("/v1/audio/transcriptions", "Bearer s3cret")
    assert SAID in got.raw
    assert b'filename="said.ogg"' in got.raw
    assert b"whisper-1" in got.raw
    assert b"\r\nen\r\n" in got.raw
    assert city.nobody.get("/v1/public/city").json()["hears"] is True


def test_a_language_that_the_city_does_not_speak_is_its_first(city, outside):
    heard(city, lang="xx\r\nContent-Type: a/b")
    assert b"\r\nzh\r\n" in outside.got[0].raw
    assert b"xx" not in outside.got[0].raw.replace(SAID, b"")


def test_nothing_is_kept_and_nothing_is_written_down(city, outside, tmp_path, caplog):
    """No fact, no file, no line in the log with a word of it; not of what cannot be read either."""
    caplog.set_level(logging.DEBUG)
    before, files = city.facts(), {each for each in Path(tmp_path).rglob("*") if each.is_file()}
    heard(city)
    outside.says = ["我叫张伟"]
    assert heard(city).status_code == 503
    assert city.facts() == before
    new = {each for each in Path(tmp_path).rglob("*") if each.is_file()} - files
    assert not [each for each in new if SAID in each.read_bytes() or "路灯".encode() in each.read_bytes()]
    assert not any(word in caplog.text for word in ("路灯", "张伟"))


@pytest.mark.parametrize("mode", ["down", "garbage", "huge", "deep", "none", "hang", "drip"])
def test_an_ear_that_fails_costs_a_sentence(city, outside, mode):
    outside.mode = mode
    answer = heard(city)
    assert (answer.status_code, answer.json()["code"]) == (503, "hearing.not_heard")
    assert answer.headers["retry-after"] == "30"


def test_what_it_says_is_one_line_of_text_and_no_longer_than_a_report(city, outside):
    most = city.nobody.get("/v1/public/city").json()["text_chars_max"]
    outside.says = " 路灯\n不亮\u202e了\x00 <b>" + "啊" * (most + 50)
    text = heard(city).json()["text"]
    assert text.startswith("路灯 不亮了 <b>啊")
    assert len(text) == most


@pytest.mark.parametrize(
    "raw", [b"", b"OggS", b"\x89PNG\r\n\x1a\n" + bytes(100), b"<html>" + bytes(100), b"RIFF....AVI " + bytes(100), b"\xff\xd8\xff\xe0" + bytes(100)]
)
def test_what_is_no_recording_goes_nowhere(city, outside, raw):
    """By its first bytes, whatever its sender calls it: a picture, a page, a film."""
    answer = heard(city, raw)
    assert (answer.status_code, answer.json()["code"]) == (400, "hearing.not_a_recording")
    assert outside.got == []


@pytest.mark.parametrize(
    ("raw", "kind"),
    [(b"\x1a\x45\xdf\xa3", "webm"), (bytes(4) + b"ftypM4A ", "mp4"), (b"RIFF....WAVE", "wav"), (b"#!AMR\n", "amr"), (b"ID3", "mp3"), (b"\xff\xfb\x90", "mp3")],
)
def test_what_phones_record_is_taken(city, outside, raw, kind):
    assert heard(city, raw + bytes(100)).status_code == 200
    assert f'filename="said.{kind}"'.encode() in outside.got[0].raw


def test_a_recording_that_is_too_long_is_refused_before_it_is_read(city, outside):
    assert heard(city, SAID + bytes(4 * 1024 * 1024)).status_code == 413
    assert outside.got == []
    assert heard(city, SAID + bytes(3 * 1024 * 1024)).status_code == 200


def test_two_at_once_and_the_third_is_asked_to_come_again(city, outside):
    outside.mode = "wait"
    with ThreadPoolExecutor(2) as pool:
        two = [pool.submit(heard, city), pool.submit(heard, city)]
        while len(outside.got) < 2:
            outside.came.wait(5)
        third = heard(city)
        outside.on.set()
        assert [each.result().status_code for each in two] == [200, 200]
    assert (third.status_code, third.json()["code"], third.headers["retry-after"]) == (503, "hearing.not_heard", "5")
    outside.mode = "good"
    assert heard(city).status_code == 200


def test_the_pace_of_one_address(city):
    assert [heard(city).status_code for _ in range(7)] == [200] * 6 + [429]


def test_a_drill_takes_it_away_and_gives_it_back(city, outside):
    cuts = city.parts.cuts
    assert "model" in city.parts.can_be_cut()
    cuts.begin("d1", 60)
    cuts.cut("d1", "model", 30)
    assert heard(city).status_code == 503
    assert outside.got == []
    cuts.end()
    assert heard(city).status_code == 200


def test_without_an_ear_nobody_hears(places, tmp_path, monkeypatch, clock):
    with city_in(places, tmp_path, monkeypatch, clock) as plain:
        assert plain.nobody.get("/v1/public/city").json()["hears"] is False
        assert (heard(plain).status_code, heard(plain).json()["code"]) == (404, "hearing.none")
