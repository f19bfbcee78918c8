"""The door of intake: reports come in whole or not at all, and come back to those who may see them."""

import re
import struct
import zlib
from io import BytesIO

import msgspec
import pytest
from PIL import Image
from tests.engines import Clock
from tests.report_world import LAT, LON, city_at, photo, received, said

from cityloop.domain.said import RawPlace, Said
from cityloop.files import commitment
from cityloop.journal import vault_open

pytestmark = pytest.mark.filterwarnings("ignore::litestar.exceptions.base_exceptions.LitestarDeprecationWarning")

TEXT = "书院路路灯不亮，晚上一片漆黑"


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    """One city for all: every test looks at what it adds."""
    with pytest.MonkeyPatch.context() as patch:
        with city_at(tmp_path_factory.mktemp("city"), patch, Clock("2026-03-06T01:00:00+00:00")) as found:
            yield found


def bomb() -> bytes:
    """A PNG of a few kilobytes that says it has a thousand million pixels."""
    head = struct.pack(">IIBBBBB", 40_000, 40_000, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 1_000_000, 9)
    parts = [(b"IHDR", head), (b"IDAT", body), (b"IEND", b"")]
    chunks = [
        struct.pack(">I", len(raw)) + name + raw + struct.pack(">I", zlib.crc32(name + raw)) for name, raw in parts
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


# what is taken


def test_a_report_is_kept_and_found_again_by_its_code(city):
    answer = city.send(text=TEXT, lon=LON, lat=LAT)
    body = answer.json()
    assert answer.status_code == 201, answer.text
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{12}", body["tracking_code"])
    assert answer.headers["location"] == f"/v1/track/{body['tracking_code']}"
    raw = RawPlace(lon=LON, lat=LAT, coords="wgs84")
    assert said(city, body["id"]) == Said(text=TEXT, lon=LON, lat=LAT, raw_place=raw)
    trail = city.client.get(f"/v1/track/{body['tracking_code'].lower()}").json()
    assert trail["state"] == "received"
    assert [step["step"] for step in trail["steps"]] == ["received"]


def test_a_fact_holds_nothing_that_somebody_typed(city):
    id = city.send(
        text="邻居 13812345678", address="秘密巷 7", lon=LON, lat=LAT, happened_at="2026-03-06 08:30",
        contact={"name": "李娜", "phone": "13812345678", "email": "li@example.org"},
    ).json()["id"]  # fmt: skip
    city.drain()
    bodies = city.ask(lambda tx: [bytes(row.body) for row in tx.all("SELECT body FROM fact WHERE city = :city")])
    whole = b"\n".join(bodies).decode()
    for secret in ("13812345678", "秘密巷", "李娜", "example.org", "邻居", "08:30"):
        assert secret not in whole.replace("T00:30", "")
    kinds = city.ask(
        lambda tx: tx.all(
            "SELECT kind, keep_until FROM vault WHERE city = :city AND subject = :s ORDER BY kind", s=f"report/{id}"
        )
    )
    assert [(row.kind, row.keep_until[:4]) for row in kinds] == [("contact", "2027"), ("said", "2029")]


@pytest.mark.parametrize("text", ["🚧🕳️ 👨‍👩‍👧", "حفرة في الطريق", "שלום‏ בור בכביש", "a\ttab\nand lines", "𠮷野家"])
def test_text_of_every_script_comes_back_as_it_was(city, text):
    assert said(city, city.send(text=text).json()["id"]).text == text


def test_control_characters_and_turned_text_do_not(city):
    assert said(city, city.send(text="a\x00b\x08c\u202ed\u2067e\r\nf").json()["id"]).text == "abcde\nf"


def test_photos_are_kept_sealed_and_shown_only_to_who_may(city):
    raw = photo()
    answer = city.form(raw, text=TEXT, lon=str(LON), lat=str(LAT), contact_phone="13800000000")
    assert answer.status_code == 201, answer.text
    body = answer.json()
    (kept,) = received(city, body["id"]).photos
    row = city.ask(lambda tx: vault_open(tx, kept.sent.id))
    assert city.parts.files.open_sealed(row.file, row.bytes) == raw
    assert kept.sent.digest == commitment(row.salt, raw)
    url = f"/v1/files/{kept.shown}"
    shown = city.client.get(url, params={"code": body["tracking_code"]})
    assert shown.status_code == 200
    assert shown.headers["content-type"] == "image/jpeg"
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert shown.content != raw
    for params in ({}, {"code": "000000000000"}, {"code": city.send(text="other").json()["tracking_code"]}):
        assert city.client.get(url, params=params).json()["code"] == "intake.file_unknown"
    assert city.client.get(f"/v1/files/{row.file}", params={"code": body["tracking_code"]}).status_code == 404
    assert city.client.get("/v1/files/..%2f..%2fetc%2fpasswd").status_code == 404


def test_a_form_whose_file_was_left_empty_is_a_report_without_photo(city):
    files = [("photos", ("", b"", "application/octet-stream"))]
    answer = city.client.post("/v1/reports", data={"text": TEXT, "lon": "", "lat": ""}, files=files)
    assert answer.status_code == 201, answer.text


def test_no_photo_leaves_its_place_in_what_is_shown(city):
    picture, exif = Image.new("RGB", (50, 50)), Image.Exif()
    exif[0x8825] = {1: "N", 2: (28.0, 28.0, 48.0), 3: "E", 4: (112.0, 31.0, 48.0)}
    out = BytesIO()
    picture.save(out, "JPEG", exif=exif)
    id = city.form(out.getvalue(), text=TEXT).json()["id"]
    kept = said(city, id)
    assert (round(kept.claims[0].lon, 4), round(kept.claims[0].lat, 4)) == (112.53, 28.48)
    assert kept.lon is None  # a claim is no place
    (ref,) = received(city, id).photos
    assert b"Exif" not in city.parts.files.get(ref.shown)


# what is refused, leaving nothing


BAD_JSON = [
    ({"text": "x" * 1_000_000}, "intake.text_too_long"),
    ({"text": "x" * 2_001}, "intake.text_too_long"),
    ({}, "intake.nothing_said"),
    ({"text": "\u0000 \u0007"}, "intake.nothing_said"),
    ({"text": "x", "class": "0110"}, "class.ambiguous_code"),
    ({"text": "x", "class": "gbt30428_2_2013/event/0000"}, "class.unknown"),
    ({"text": "x", "lon": 116.39, "lat": 39.9}, "place.outside"),
    ({"text": "x", "lon": LAT, "lat": LON}, "place.swapped"),
    ({"text": "x", "lon": LON}, "intake.half_place"),
    ({"text": "x", "lon": "112.5", "lat": "28.4"}, "intake.unreadable"),
    ({"text": "x", "happened_at": "2099-01-01T00:00:00+08:00"}, "time.in_future"),
    ({"text": "x", "happened_at": "1969-07-20T20:17:00Z"}, "time.too_old"),
    ({"text": "x", "happened_at": "gestern"}, "time.unreadable"),
    ({"text": "x", "colour": "red"}, "intake.unreadable"),
    ({"text": 7}, "intake.unreadable"),
    ({"text": "x", "channel": "pigeon"}, "intake.unreadable"),
    ({"text": "x", "contact": {"name": "x", "age": 3}}, "intake.unreadable"),
    ({"text": "x", "contact": {"phone": "soon"}}, "intake.bad_contact"),
    ({"text": "x", "coords": "mars"}, "intake.coords_unknown"),
]


@pytest.mark.parametrize(("report", "code"), BAD_JSON)
def test_a_bad_report_is_refused_by_name_and_leaves_nothing(city, report, code):
    before = city.counts()
    answer = city.client.post(
        "/v1/reports", content=msgspec.json.encode(report), headers={"content-type": "application/json"}
    )
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert len(answer.text) < 1_500
    assert city.counts() == before


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "application/json"),
        (b"{", "application/json"),
        (b"[]", "application/json"),
        (b'{"text": "\xff\xfe"}', "application/json"),
        (b'{"text": "\\ud800"}', "application/json"),
        (b'{"lon": NaN, "text": "x"}', "application/json"),
        (b"[" * 100_000, "application/json"),
        (b"text=x", "application/x-www-form-urlencoded"),
        (b"hello", "text/plain"),
        (b"--b\r\nbroken", "multipart/form-data; boundary=b"),
        (
            b'--b\r\nContent-Disposition: form-data; name="text"\r\n\r\n\xff\xfe\r\n--b--\r\n',
            "multipart/form-data; boundary=b",
        ),
    ],
)
def test_a_body_that_is_no_report_is_refused(city, body, kind):
    before = city.counts()
    answer = city.client.post("/v1/reports", content=body, headers={"content-type": kind})
    assert answer.status_code == 400, answer.text
    assert city.counts() == before


def test_bad_photos_are_refused_and_the_good_ones_beside_them_not_kept(city):
    def files():
        return sorted(city.parts.files.root.glob("??/??/*"))

    before, kept = city.counts(), files()
    most = city.parts.book.in_force().settings.photo_bytes_max
    cases = [
        ((photo(), b"MZ\x90 not a photo"), "photo.not_a_photo"),
        ((photo(), b"\xff\xd8\xff" + b"\0" * 50), "photo.not_a_photo"),
        ((photo(), bomb()), "photo.bomb"),
        ((photo(kind="GIF"),), "photo.unsupported"),
        ((photo() + b"\0" * most,), "photo.too_large"),
        ((b"\xff\xd8\xff" + b"\0" * 50_000_000,), "photo.too_large"),
        ((photo(),) * 10, "intake.too_many_photos"),
    ]
    for photos, code in cases:
        answer = city.form(*photos, text=TEXT)
        assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert (city.counts(), files()) == (before, kept)


@pytest.mark.parametrize(
    "parts",
    [
        {"files": [("other", ("p.jpg", b"x", "image/jpeg"))]},
        {"data": {"text": ["one", "two"]}, "files": [("photos", ("", b"", "image/jpeg"))]},
        {"data": {"text": "x", "contact": "{}"}, "files": [("photos", ("", b"", "image/jpeg"))]},
        {"data": {"text": "x", "lon": "east"}, "files": [("photos", ("", b"", "image/jpeg"))]},
        {"data": {"text": "x", "colour": "red"}, "files": [("photos", ("", b"", "image/jpeg"))]},
    ],
)
def test_a_form_with_other_fields_is_refused(city, parts):
    before = city.counts()
    answer = city.client.post("/v1/reports", **parts)
    assert (answer.status_code, answer.json()["code"]) == (400, "intake.unreadable")
    assert city.counts() == before


@pytest.mark.parametrize("channel", ["collector", "hotline", "counter", "device", "camera", "partner"])
def test_channels_of_duty_need_a_post(city, channel):
    before = city.counts()
    answer = city.send(text=TEXT, channel=channel)
    assert (answer.status_code, answer.json()["code"]) == (401, "needs_sign_in")
    assert city.counts() == before


def test_a_collector_reports_by_name_and_a_stranger_may_not(city):
    policy = city.parts.book.in_force()
    post = next(each.id for each in policy.posts if "case.verify" in policy.role_by_id[each.role].permissions)
    other = next(each.id for each in policy.posts if "case.verify" not in policy.role_by_id[each.role].permissions)
    collector, stranger = city.sign_in("collector", post), city.sign_in("stranger", other)
    report = {"text": TEXT, "channel": "collector"}
    id = collector.post("/v1/reports", json=report).json()["id"]
    assert received(city, id).by
    assert received(city, collector.post("/v1/reports", json={"text": TEXT}).json()["id"]).by is None
    answer = stranger.post("/v1/reports", json=report)
    assert (answer.status_code, answer.json()["code"]) == (403, "intake.channel_closed")


# once


def test_the_same_key_is_the_same_report(city):
    key = {"Idempotency-Key": "k-1"}
    first = city.client.post("/v1/reports", json={"text": TEXT}, headers=key)
    before = city.counts()
    again = city.client.post("/v1/reports", json={"text": TEXT}, headers=key)
    assert (again.status_code, again.json()) == (201, first.json())
    other = city.client.post("/v1/reports", json={"text": "another"}, headers=key)
    assert (other.status_code, other.json()["code"]) == (409, "idempotency.other_body")
    assert city.counts() == before


def test_the_same_form_is_the_same_report_whatever_its_boundary(city):
    key = {"Idempotency-Key": "k-2"}
    first = city.form(photo(), text=TEXT, headers=key)
    before = city.counts()
    assert city.form(photo(), text=TEXT, headers=key).json() == first.json()
    assert city.form(photo(61), text=TEXT, headers=key).json()["code"] == "idempotency.other_body"
    assert city.counts() == before


def test_the_description_of_the_api_tells_both_bodies(city):
    answer = city.client.get("/docs/openapi.json").json()
    body = answer["paths"]["/v1/reports"]["post"]["requestBody"]["content"]
    assert set(body) == {"application/json", "multipart/form-data"}
    assert "class" in body["application/json"]["schema"]["properties"]
    assert "photos" in body["multipart/form-data"]["schema"]["properties"]
