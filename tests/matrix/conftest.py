"""One city for all tests of the matrix, on each engine."""

from collections.abc import Iterator

import pytest

from tests.engines import ENGINES, Places
from tests.matrix.world import Matrix, matrix_in


@pytest.fixture(scope="session", params=ENGINES)
def matrix(request, tmp_path_factory, postgres_url) -> Iterator[Matrix]:
    """The matrix; no test of it leaves a change behind."""
    folder = tmp_path_factory.mktemp("matrix")
    with matrix_in(Places(request.param, folder, postgres_url), folder) as found:
        yield found
