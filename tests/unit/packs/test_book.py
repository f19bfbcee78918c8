"""The book of a city's pack: the version in force is at hand, of those before it only what was asked for lately."""

from contextlib import contextmanager
from types import SimpleNamespace

import pytest

from cityloop.packs import book
from cityloop.packs.book import KEPT, NoPack, PackBook

VERSIONS = [f"{number:02}" for number in range(KEPT + 3)]


@pytest.fixture
def read(monkeypatch):
    """Which versions were read from their bytes, in turn."""
    found: list[str] = []

    def load(raw: bytes) -> SimpleNamespace:
        found.append(raw.decode())
        return SimpleNamespace(digest=raw.decode())

    monkeypatch.setattr(book, "load_bytes", load)
    return found


class City:
    """A city that keeps all versions of its pack; the last is in force."""

    def __init__(self) -> None:
        self.now = VERSIONS[-1]
        self.pack = None

    @property
    def database(self) -> SimpleNamespace:
        @contextmanager
        def reading():
            yield SimpleNamespace(value=self._value)

        return SimpleNamespace(reading=reading)

    def _value(self, sql: str, *, digest: str = "", id: str = "") -> str | bytes | None:
        if "pack_in_force" in sql:
            return self.now
        return digest.encode() if digest in VERSIONS else None


def test_every_version_is_found_and_few_are_kept(read):
    found = PackBook(City())
    assert found.in_force().digest == VERSIONS[-1]
    for _ in range(2):
        assert [found.of(each).digest for each in VERSIONS] == VERSIONS
    assert read.count(VERSIONS[-1]) == 1, "what is in force is at hand"
    assert read.count(VERSIONS[0]) == 2, "what nobody asked for since is let go, and read again when somebody does"
    assert found.of(VERSIONS[-2]) is found.of(VERSIONS[-2])
    with pytest.raises(NoPack):
        found.of("other")


def test_what_comes_into_force_is_told_to_who_writes(read):
    city = City()
    found = PackBook(city)
    found.refresh()
    city.now = VERSIONS[0]
    found.refresh()
    assert (found.in_force().digest, city.pack) == (VERSIONS[0], VERSIONS[0])
    assert found.of(VERSIONS[-1]).digest == VERSIONS[-1]
