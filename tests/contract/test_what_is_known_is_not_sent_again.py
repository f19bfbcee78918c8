"""What a browser has already is not sent again: whoever answers with an `ETag` knows it in every form that HTTP allows."""

import pytest
from tests.pages_world import city_in

KEPT = ("/v1/words/zh", "/v1/public/catalogue", "/tiles/base/12/3328/1709.pbf")


@pytest.fixture
def city(places, tmp_path, clock, monkeypatch):
    with city_in(places, tmp_path, monkeypatch, clock) as found:
        yield found


@pytest.mark.parametrize("path", KEPT)
@pytest.mark.parametrize("asked", ["{tag}", "W/{tag}", '"other", {tag}', '"other",W/{tag}', "*"])
def test_its_name_is_known_in_every_form(city, path, asked):
    tag = city.nobody.get(path).headers["etag"]
    again = city.nobody.get(path, headers={"if-none-match": asked.format(tag=tag)})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert "cache-control" in again.headers


@pytest.mark.parametrize("path", KEPT)
@pytest.mark.parametrize("asked", ["", '"other"', "{inside}", '"{inside}', '"x{inside}"'])
def test_another_name_gets_all_of_it(city, path, asked):
    tag = city.nobody.get(path).headers["etag"]
    answer = city.nobody.get(path, headers={"if-none-match": asked.format(inside=tag.strip('"'))})
    assert answer.status_code == 200
    assert answer.content
