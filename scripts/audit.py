"""Known weaknesses of what we ship: `python -m scripts.audit`. Ends with 1 where a term is over (docs/operate/packages.md), with 2
where nobody could be asked.

Silence is no good news: how many packages were looked up, and how many were not, is said each time.
"""

import json
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import msgspec
from msgspec import Struct
from scripts.make_lock import FOLDER, environment
from scripts.web import WEB, npm_command

ASKING_S = 300
TERMS_DAYS = {"critical": 7, "high": 14, "moderate": 30, "low": 90}
UNSAID = "high"  # how bad a weakness is that nobody has judged
UPGRADE_DAYS = 120


class Known(Struct, frozen=True):
    """A weakness that a source of advisories knows."""

    package: str
    id: str
    severity: str = UNSAID


class Noted(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A weakness that we know and have not closed yet."""

    id: str
    package: str
    seen: date
    severity: str
    why: str


class Notes(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`requirements/weaknesses.toml`."""

    upgraded: date
    weakness: list[Noted] = []


def notes_in(path: Path) -> Notes:
    """The file of what we know."""
    return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Notes)


def judged(known: Iterable[Known], notes: Notes, today: date) -> tuple[list[str], list[str]]:
    """Sentences about what is over its term, and about what still has days. A weakness is as bad as the worst that anybody calls it."""
    over, waits = [], []
    noted = {(each.package, each.id): each for each in notes.weakness}
    for each in known:
        note = noted.pop((each.package, each.id), None)
        if note is None:
            over.append(f"{each.package}: {each.id} ({each.severity}) is known; close it, or note it in requirements/weaknesses.toml")
            continue
        term = min(TERMS_DAYS.get(one, TERMS_DAYS[UNSAID]) for one in (each.severity, note.severity))
        left = term - (today - note.seen).days
        said = f"{each.package}: {each.id} was seen on {note.seen}, its term is {term} days"
        (waits if left >= 0 else over).append(f"{said}, {left} are left: {note.why}" if left >= 0 else f"{said}: it is over")
    over += [f"{package}: {id} is noted and known no more; take it out" for package, id in noted]
    if (age := (today - notes.upgraded).days) > UPGRADE_DAYS:
        over.append(f"every package was last looked up anew {age} days ago, the term is {UPGRADE_DAYS}: make lock UPGRADE=1")
    return over, waits


def python_known(lock: Path) -> tuple[int, int, list[Known]]:
    """How many packages were looked up, how many were not, and what is known of the former."""
    asked = ["pip-audit", "--no-deps", "--disable-pip", "--requirement", str(lock), "--format", "json", "--progress-spinner", "off"]
    try:
        done = subprocess.run(asked, capture_output=True, text=True, timeout=ASKING_S, env=environment())
        found = json.loads(done.stdout)["dependencies"]
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return 0, 0, []
    known = [Known(each["name"], one["id"]) for each in found for one in each.get("vulns", ())]
    missed = sum("skip_reason" in each for each in found)
    return len(found) - missed, missed, known


def node_known() -> tuple[bool, list[Known]]:
    """Whether the source of advisories answered, and what it says of the pages' packages."""
    command = npm_command()
    here = environment() | {"PATH": f"{Path(command[0]).parent}:{environment()['PATH']}"}
    try:
        done = subprocess.run([*command, "audit", "--omit=dev", "--json"], cwd=WEB, capture_output=True, text=True, timeout=ASKING_S, env=here)
        said = json.loads(done.stdout)
        return True, [Known(name, "npm", each["severity"]) for name, each in said["vulnerabilities"].items()]
    except (OSError, ValueError, KeyError, subprocess.TimeoutExpired):
        return False, []


def main() -> int:
    """Ask both, and say what came of it."""
    asked, missed, known = python_known(FOLDER / "run.lock")
    answered, of_pages = node_known()
    print(f"Python: {asked} packages were looked up, {missed} were not." if asked or missed else "Python: the source of advisories cannot be asked from here.")
    print("Pages: looked up." if answered else "Pages: the source of advisories cannot be asked from here.")
    whole = bool(asked and not missed and answered)
    over, waits = judged([*known, *of_pages], notes_in(FOLDER / "weaknesses.toml"), date.today())
    if not whole:  # what was not looked up may be known all the same
        over = [each for each in over if "known no more" not in each]
    for each in (*over, *waits):
        print(f"  {each}")
    if over:
        return 1
    if not whole:
        print("Nothing is known of what was not looked up: run this again where the sources can be reached.")
        return 2
    print(f"No weakness is over its term; {len(waits)} wait." if waits else "No weakness is known.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
