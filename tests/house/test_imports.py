"""Imports go one way, stages never meet, decisions are pure: the contracts of .importlinter, each seen to fail."""

import configparser
import os
import subprocess
import sys
from pathlib import Path

import pytest

RUN = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True, verbose=False))"
STAGES_OF_NOW = ("sense", "intake", "understand", "filing", "dispatch", "handle", "inspect", "evaluate")
LAYERS = (
    "app", "operate", "doors", "outgrown", "pages", "desk", "stages", "cases", "people", "files", "notices", "knowledge", "learning", "telemetry", "places", "http", "packs", "wide", "journal", "db",
    "domain", "simulation", "cli", "revise", "teaching", "keeping", "__main__",
)  # fmt: skip
INSIDE = ("routes", "handlers", "service", "store", "rules", "model")


def lint(folder: Path, config: Path) -> subprocess.CompletedProcess:
    """Run the contracts over the package in a folder."""
    return subprocess.run(
        [sys.executable, "-c", RUN],
        cwd=config.parent,
        env=os.environ | {"PYTHONPATH": str(folder), "COLUMNS": "200"},
        capture_output=True,
        text=True,
    )


@pytest.fixture(scope="module")
def house(tmp_path_factory, repo):
    """`house(path, line)`: what the contracts say of an empty house with one line planted in it."""
    config_text = (repo / ".importlinter").read_text()

    def plant(path: str, line: str) -> subprocess.CompletedProcess:
        folder = tmp_path_factory.mktemp("house")
        names = [f"cityloop/{name}" for name in LAYERS if name != "__main__"]
        names += [f"cityloop/stages/{stage}" for stage in STAGES_OF_NOW]
        for name in ("cityloop", *names):
            (folder / name).mkdir(parents=True, exist_ok=True)
            (folder / name / "__init__.py").touch()
        files = [f"cityloop/stages/{stage}/{part}.py" for stage in STAGES_OF_NOW for part in INSIDE]
        files += [f"cityloop/cases/{name}.py" for name in ("model", "approvals/__init__", "approvals/model", "approvals/rules")]
        files += [f"cityloop/desk/{name}.py" for name in ("model", "rules")]
        files += [f"cityloop/revise/{name}.py" for name in ("routes", "service", "store", "apply", "rules", "model")]
        files += [f"cityloop/teaching/{name}.py" for name in ("routes", "service", "book", "store", "apply", "rules", "model")]
        for name in ("cityloop/__main__.py", *files):
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).touch()
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).parent.joinpath("__init__.py").touch()
        (folder / path).write_text(line + "\n")
        (folder / ".importlinter").write_text(config_text)
        return lint(folder, folder / ".importlinter")

    return plant


def test_the_house_keeps_its_contracts(repo):
    """What may be imported from anywhere is soon imported from everywhere."""
    done = lint(repo / "src", repo / ".importlinter")
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_stage_that_is_built_is_under_contract(repo):
    """A stage that nobody listed would have no order inside."""
    config = configparser.ConfigParser()
    config.read(repo / ".importlinter")
    listed = set(config["importlinter:contract:inside"]["containers"].split())
    built = {f"cityloop.stages.{path.parent.name}" for path in (repo / "src/cityloop/stages").glob("*/service.py")}
    assert built <= listed


@pytest.mark.parametrize(
    ("path", "line", "contract"),
    [
        ("cityloop/domain/time.py", "import cityloop.db", "Imports go one way"),
        ("cityloop/db/tx.py", "import cityloop.journal", "Imports go one way"),
        ("cityloop/cases/store.py", "import cityloop.stages.filing", "Imports go one way"),
        ("cityloop/people/scope.py", "import cityloop.files", "Imports go one way"),
        ("cityloop/new_room/a.py", "", "Imports go one way"),
        ("cityloop/stages/filing/rules.py", "import cityloop.stages.dispatch.model", "Stages never meet"),
        ("cityloop/stages/filing/service.py", "import cityloop.stages.filing.routes", "Inside a stage"),
        ("cityloop/stages/filing/handlers.py", "import cityloop.stages.filing.routes", "Inside a stage"),
        ("cityloop/stages/filing/odds.py", "", "Inside a stage"),
        ("cityloop/stages/filing/rules.py", "import random", "Decisions are pure"),
        ("cityloop/stages/filing/model.py", "import litestar", "Decisions are pure"),
        ("cityloop/stages/filing/rules.py", "from cityloop.db import open", "Decisions are pure"),
        ("cityloop/domain/clock.py", "import os", "Decisions are pure"),
    ],
)
def test_a_planted_import_is_seen(house, path, line, contract):
    done = house(path, line)
    broken = [each for each in done.stdout.splitlines() if "BROKEN" in each]
    said = " ".join(broken) or done.stdout
    assert done.returncode != 0
    assert contract in said, done.stdout + done.stderr


def test_the_empty_house_passes(house):
    done = house("cityloop/domain/time.py", "import datetime")
    assert done.returncode == 0, done.stdout + done.stderr
