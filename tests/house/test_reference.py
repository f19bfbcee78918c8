"""The reference is made from the code, and is current."""

import shutil
import subprocess
import sys

import pytest

from cityloop.app import Settings


@pytest.fixture(scope="module")
def reference(repo):
    """`docs/reference` as text, by page."""
    return {path.name: path.read_text(encoding="utf-8") for path in (repo / "docs/reference").glob("*.md")}


def check(repo, *more: str) -> subprocess.CompletedProcess:
    """Run the generator's own check."""
    return subprocess.run(
        [sys.executable, "-m", "scripts.make_reference", "--check", *more], cwd=repo, capture_output=True, text=True
    )


def test_the_reference_is_current(repo):
    """A page that tells of yesterday's code is worse than none."""
    done = check(repo)
    assert done.returncode == 0, done.stderr


def test_a_stale_page_is_seen(repo, tmp_path):
    """One word changed in one page, in one story, and a page whose stories are gone: the check names all three."""
    folder = tmp_path / "reference"
    shutil.copytree(repo / "docs/reference", folder)
    for page in ("settings.md", "behaviour/filing.md"):
        (folder / page).write_text((folder / page).read_text(encoding="utf-8") + "old\n", encoding="utf-8")
    (folder / "behaviour/gone.md").write_text("old\n", encoding="utf-8")
    code = f"from pathlib import Path; from scripts.make_reference import stale; print(stale(Path({str(folder)!r})))"
    done = subprocess.run([sys.executable, "-c", code], cwd=repo, capture_output=True, text=True)
    assert done.stdout.strip() == "['settings.md', 'behaviour/filing.md', 'behaviour/gone.md']", done.stdout + done.stderr


def test_every_setting_is_explained(reference):
    """A setting without a word is one that nobody dares to touch."""
    rows = [line for line in reference["settings.md"].splitlines() if line.startswith("| `CITYLOOP_")]
    assert len(rows) == len(Settings.__struct_fields__)
    assert [row for row in rows if row.endswith("|  |")] == []


def test_every_command_has_an_example(reference):
    """Help that shows no example is read twice."""
    page = reference["commands.md"]
    parts = page.split("\n## ")[1:]
    assert len(parts) >= 15
    assert [part.splitlines()[0] for part in parts if "Example: cityloop" not in part] == []
