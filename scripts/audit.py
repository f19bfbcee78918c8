"""Known weaknesses of what we ship: `python -m scripts.audit`. Ends with 1 where one is known, with 2 where nobody could be asked.

Silence is no good news: how many packages were looked up, and how many were not, is said each time.
"""

import json
import subprocess
import sys
from pathlib import Path

from scripts.make_lock import FOLDER, environment
from scripts.web import WEB, npm_command

ASKING_S = 300


def python_known(lock: Path) -> tuple[int, int, list[str]]:
    """How many packages were looked up, how many were not, and what is known of the former."""
    asked = ["pip-audit", "--no-deps", "--disable-pip", "--requirement", str(lock), "--format", "json", "--progress-spinner", "off"]
    try:
        done = subprocess.run(asked, capture_output=True, text=True, timeout=ASKING_S, env=environment())
        found = json.loads(done.stdout)["dependencies"]
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return 0, 0, []
    known = [
        f"{each['name']} {each['version']}: {', '.join(one['id'] for one in each['vulns'])}" for each in found if each.get("vulns")
    ]
    missed = sum("skip_reason" in each for each in found)
    return len(found) - missed, missed, known


def node_known() -> tuple[bool, list[str]]:
    """Whether the source of advisories answered, and what it says of the pages' packages."""
    command = npm_command()
    here = environment() | {"PATH": f"{Path(command[0]).parent}:{environment()['PATH']}"}
    try:
        done = subprocess.run([*command, "audit", "--omit=dev", "--json"], cwd=WEB, capture_output=True, text=True, timeout=ASKING_S, env=here)
        said = json.loads(done.stdout)
        return True, [f"{name}: {each['severity']}" for name, each in said["vulnerabilities"].items()]
    except (OSError, ValueError, KeyError, subprocess.TimeoutExpired):
        return False, []


def main() -> int:
    """Ask both, and say what came of it."""
    asked, missed, known = python_known(FOLDER / "run.lock")
    answered, of_pages = node_known()
    print(f"Python: {asked} packages were looked up, {missed} were not." if asked or missed else "Python: the source of advisories cannot be asked from here.")
    print("Pages: looked up." if answered else "Pages: the source of advisories cannot be asked from here.")
    for each in [*known, *of_pages]:
        print(f"  known: {each}")
    if known or of_pages:
        return 1
    if missed or not asked or not answered:
        print("Nothing is known of what was not looked up: run this again where the sources can be reached.")
        return 2
    print("No weakness is known.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
