"""Fixtures that every folder of tests may use."""

from collections.abc import Iterator
from contextlib import nullcontext

import pytest
from hypothesis import settings

from tests.engines import ENGINES, POSTGRES, Clock, Places, postgres_database

settings.register_profile("untimed", deadline=None)  # how long an example takes is the machine's affair
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The address of a database of our own, or nothing where no server is named."""
    with postgres_database() if POSTGRES else nullcontext("") as url:
        yield url


@pytest.fixture(params=ENGINES)
def places(request: pytest.FixtureRequest, tmp_path, postgres_url: str) -> Iterator[Places]:
    """Where to open databases, once per engine."""
    found = Places(request.param, tmp_path, postgres_url)
    yield found
    found.close()


@pytest.fixture(params=ENGINES)
def target_places(request: pytest.FixtureRequest, tmp_path) -> Iterator[Places]:
    """Where to replay to: on each engine, a database of its own, also on PostgreSQL."""
    with postgres_database() if request.param == "postgres" else nullcontext("") as url:
        found = Places(request.param, tmp_path, url)
        yield found
        found.close()


@pytest.fixture
def clock() -> Clock:
    """A clock that the test sets."""
    return Clock()
