"""Makes docs/reference/drill.md from what drills of a simulated city showed: docs/reference/drill.json, one entry a run."""

import json
from pathlib import Path
from typing import Any

from cityloop.domain.words import say

RUNS = Path(__file__).resolve().parents[1] / "docs" / "reference" / "drill.json"
HEAD = """# What drills showed

Made by `make reference` from `drill.json` beside it, which holds what `cityloop drill` wrote on the days named; a test fails when
this page is stale. Run it yourself: `cityloop up --demo` in one window, `cityloop drill --seconds 15 --out drill` in another.

What each part does while another is gone, and why, is in [degraded.md](../operate/degraded.md). *Lost* counts reports that were
acknowledged and could not be found afterwards; what was not acknowledged is kept by phones and devices and sent again.
"""
COLUMNS = ("taken away", "for s", "wanted to send", "taken at once", "sent later", "lost of acknowledged", "questions answered", "way back s")


def drill_page() -> str:
    """The page."""
    lines = [HEAD]
    for run in json.loads(RUNS.read_text()):
        lines += [f"## {run['on']}, {run['engine']}\n", f"{run['about']}\n", *table(run["results"]), ""]
    return "\n".join(lines)


def table(results: list[dict[str, Any]]) -> list[str]:
    """A row for each fault."""
    rows = ["| " + " | ".join(COLUMNS) + " |", "|" + "---|" * len(COLUMNS)]
    for each in results:
        name = f"{say('drill.fault.' + each['fault'], 'en')} {say('drill.fault.' + each['fault'], 'zh')}"
        lost = f"{each['acknowledged'] - each['found']} of {each['acknowledged']}"
        back = "not within the minute" if each["back_s"] is None else f"{each['back_s']:.1f}"
        read = f"{each['read']} of {each['read'] + each['unread']}"
        cells = (name, f"{each['away_s']:g}", each["sent"], each["worked"], each["waited"], lost, read, back)
        rows.append("| " + " | ".join(str(cell) for cell in cells) + " |")
    return rows
