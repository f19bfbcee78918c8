"""What we build on is locked, and is what we may ship."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from scripts.licences import Package, complaints, licence_of, shipped
from scripts.make_lock import locked

ROOT = Path(__file__).parents[2]
RUN, TEST = ((ROOT / "requirements" / f"{name}.lock").read_text() for name in ("run", "test"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
BUILD = [line for line in (ROOT / "requirements" / "build.in").read_text().splitlines() if line and line[0] != "#"]
AGAIN = "run `make lock`, and commit what it made"


def not_locked(asked: Iterable[str], held: Mapping[str, list[str]]) -> list[str]:
    """Requirements that a lock file does not meet."""
    wanted = [Requirement(each) for each in asked]
    return [
        f"{each} is not locked: {AGAIN}" for each in wanted
        if not any(each.specifier.contains(version, prereleases=True) for version in held.get(canonicalize_name(each.name), []))
    ]


def loose_lines(text: str) -> list[str]:
    """Packages of a lock file without a digest, and lines that say where something comes from."""
    blocks = re.split(r"\n(?=[A-Za-z0-9])", "\n".join(line for line in text.splitlines() if not line.startswith("#")))
    found = [block.split()[0] for block in blocks if "--hash=sha256:" not in block or "==" not in block]
    return found + re.findall(r"^.*(?:://|--(?:index|extra|find|trusted)).*$", text, re.M)


@pytest.mark.parametrize(
    ("asked", "lock"),
    [(PROJECT["dependencies"], RUN), (BUILD, RUN), ([*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["test"]], TEST)],
    ids=["run", "build", "test"],
)  # fmt: skip
def test_what_is_asked_for_is_locked(asked, lock):
    """A new line in pyproject.toml without a new lock would be found by nobody but a fresh machine."""
    assert not_locked(asked, locked(lock)) == []


def test_a_city_runs_with_what_its_tests_ran_with():
    """No release in one lock and another in the other."""
    tested = locked(TEST)
    assert {name: versions for name, versions in locked(RUN).items() if tested.get(name) != versions} == {}


@pytest.mark.parametrize("text", [RUN, TEST], ids=["run", "test"])
def test_every_file_is_known_by_its_digest_and_comes_from_nowhere_in_particular(text):
    assert loose_lines(text) == []


def test_no_licence_forbids_what_a_city_does():
    """GPL, AGPL and the like are in nothing that we ship, nor what nobody knows the licence of."""
    assert complaints(shipped()) == []


def test_planted_faults_are_seen():
    """Each rule of this file fails where it should."""
    assert not_locked(["newcomer>=1"], locked(RUN)) == [f"newcomer>=1 is not locked: {AGAIN}"]
    assert not_locked(["litestar>=99"], locked(RUN))
    assert loose_lines("a==1\nb==2 \\\n    --hash=sha256:00\n") == ["a==1"]
    assert loose_lines("--index-url https://index.example/simple\na==1 \\\n    --hash=sha256:00\n") != []
    for licence in ("", "GPL-3.0-only", "AGPL-3.0", "GNU General Public License v3 (GPLv3)", "SSPL-1.0"):
        assert complaints([Package(kind="pypi", name="a", version="1", licence=licence)]), licence
    for licence in ("MIT", "LGPL-3.0-only", "MIT OR GPL-2.0-only", licence_of("litestar")):
        assert complaints([Package(kind="pypi", name="a", version="1", licence=licence)]) == [], licence
