"""A city that must use the national cipher seals by it what it seals, and opens what it sealed before."""

import base64

import pytest
from tests.pages_world import city_in
from tests.people_world import PASSWORD
from tests.report_world import photo

from cityloop.db.ciphers import SM4_MARK
from cityloop.people.second import codes

pytestmark = pytest.mark.filterwarnings("ignore::litestar.exceptions.base_exceptions.LitestarDeprecationWarning")


def in_bytes(shown: str) -> bytes:
    return base64.b32decode(shown + "=" * (-len(shown) % 8))


def test_what_a_city_seals_is_sealed_by_what_it_chose_and_opens(places, tmp_path, monkeypatch, clock):
    """A photo as it came, and a second factor: by AES before, by SM4 after the setting changed."""
    clock.set("2026-03-06 09:00")
    files, kept, secrets = {}, {}, {}
    home = tmp_path / "home"
    for cipher in ("aes", "sm4"):
        with city_in(places, home, monkeypatch, clock, at_rest=cipher) as city:
            before = set(home.glob("files/??/??/*"))
            answer = city.nobody.post("/v1/reports", data={"text": "路面有坑", "lon": "112.53", "lat": "28.48"}, files=[("photos", ("a.jpg", photo(), "image/jpeg"))])
            assert answer.status_code == 201, answer.text
            files[cipher] = b"".join(path.read_bytes() for path in set(home.glob("files/??/??/*")) - before)

            browser = city.signed_in(f"li.{cipher}", "acceptor-1")
            secrets[f"li.{cipher}"] = secret = in_bytes(browser.post("/v1/me/second-factor").json()["secret"])
            code = codes.code_at(secret, codes.step_of(clock()))
            assert browser.post("/v1/me/second-factor/confirmation", json={"code": code}).status_code == 201
            with city.parts.database.reading() as tx:
                kept[cipher] = [bytes(row.sealed) for row in tx.all("SELECT sealed FROM second_factor WHERE city = :city")]
            clock.forward(minutes=1)
            for name, known in secrets.items():
                asked = {"name": name, "password": PASSWORD, "code": codes.code_at(known, codes.step_of(clock())), "as_token": True}
                assert city.nobody.post("/v1/sessions", json=asked).status_code == 201
    assert (SM4_MARK in files["aes"], SM4_MARK in files["sm4"]) == (False, True)
    assert sum(each.startswith(SM4_MARK) for each in kept["sm4"]) == 1
    assert len(kept["sm4"]) == 2
