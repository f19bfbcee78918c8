"""What a city of some size needs, reckoned from what was measured: `python -m scripts.cost_sheet` writes docs/operate/sizes.md.

Inputs are deploy/sizes/*.toml; prices are deploy/sizes/prices.toml, which you fill in. Nothing here is an offer or a promise.
"""

import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "operate" / "sizes.md"
SIZES = ("county", "city_3m", "province")
# measured; each with where it stands
REPORTS_A_SECOND = 260  # one process on PostgreSQL, the lowest of four runs: docs/explain/performance.md
REPORT_CPU_MS = 3.2  # on PostgreSQL with its backends, the highest of four: docs/explain/performance.md
PROCESS_MB = 257  # docs/explain/performance.md
OBSERVATION_BYTES = 1.3  # sealed: docs/explain/sensing.md
REPORT_KB = 64  # at most: file and log of the embedded database after 814 simulated reports with all that followed, divided by them
PHOTO_MB = 1.3  # a photo of 1 MB as it came, and as it is shown: an assumption, photos are made by people
BUSY = 10  # the busiest hour of a bad day has so many times the mean
SPARE = 1.5  # disk beside what is used: indexes that are built anew, a backup that is written


def reckoned(said: dict[str, Any]) -> dict[str, float]:
    """The need of a size."""
    peak = said["reports_a_day"] / 86_400 * BUSY
    reports_gb = said["reports_a_day"] * 365 * REPORT_KB / 1e6
    photos_gb = said["reports_a_day"] * 365 * said["photos_a_report"] * PHOTO_MB / 1e3
    seen_gb = said["observations_a_day"] * 365 * OBSERVATION_BYTES / 1e9
    return {
        "peak_a_second": peak,
        "share_of_a_process": peak / REPORTS_A_SECOND,
        "database_gb": reports_gb,
        "photos_gb": photos_gb,
        "telemetry_gb": seen_gb,
        "disk_gb": (reports_gb + photos_gb + seen_gb) * SPARE,
        "network_mbit": peak * said["photos_a_report"] * 8 + said["observations_a_day"] / 86_400 * 200 * 8 / 1e6,
        "processes_mb": (said["settings"]["processes"] + said["settings"]["workers"]) * PROCESS_MB,
    }


def cost(said: dict[str, Any], need: dict[str, float], prices: dict[str, Any]) -> float:
    """What it costs a month, at your prices; databases and their standby each hold the database's part."""
    total = 0.0
    for kind in said["machines"].values():
        total += kind["count"] * (kind["cores"] * prices["core"] + kind["memory_gb"] * prices["memory_gb"])
    copies = max(1, said["machines"].get("database", {"count": 1})["count"])
    return total + (need["disk_gb"] + (copies - 1) * need["database_gb"]) * prices["disk_gb"]


def sizes_page() -> str:
    """The page."""
    prices = tomllib.loads((ROOT / "deploy/sizes/prices.toml").read_text())
    found = {each: tomllib.loads((ROOT / f"deploy/sizes/{each}.toml").read_text()) for each in SIZES}
    needs = {each: reckoned(said) for each, said in found.items()}
    lines = [
        "# Sizes, and what they cost",
        "",
        "*Made by `python -m scripts.cost_sheet` from `deploy/sizes/`; a test fails when this page is stale.*",
        "",
        "Reckoned from figures that were measured (docs/explain/performance.md, docs/explain/sensing.md), on two cores, and from assumptions that "
        f"stand in `scripts/cost_sheet.py`: the busiest hour has {BUSY} times the mean, a photo with what is shown of it has {PHOTO_MB} MB, and disks have "
        f"{SPARE} times what is used. How many people a city has says little: put in your reports and streams of a bad day. "
        "No city of the two larger sizes was run.",
        "",
        "| | " + " | ".join(f"{said['name_en']} {said['name_zh']}" for said in found.values()) + " |",
        "|---|" + "---|" * len(found),
    ]

    def row(name: str, values: list[str]) -> None:
        lines.append(f"| {name} | " + " | ".join(values) + " |")

    row("people", [f"{said['people']:,}" for said in found.values()])
    row("reports a day", [f"{said['reports_a_day']:,}" for said in found.values()])
    row("streams; observations a day", [f"{said['streams']:,}; {said['observations_a_day']:,}" for said in found.values()])
    row("reports a second at the busiest", [f"{need['peak_a_second']:.2f}" for need in needs.values()])
    row("of what one process was measured to take", [f"{need['share_of_a_process']:.1%}" for need in needs.values()])
    row("`CITYLOOP_PROCESSES`, `CITYLOOP_WORKERS` on each server", [f"{said['settings']['processes']}, {said['settings']['workers']}" for said in found.values()])
    row("memory of these, MB", [f"{need['processes_mb']:,.0f}" for need in needs.values()])
    row("machines", ["; ".join(f"{kind['count']} {name} of {kind['cores']} cores, {kind['memory_gb']} GB" for name, kind in said["machines"].items()) for said in found.values()])
    row("database a year, GB", [f"{need['database_gb']:,.1f}" for need in needs.values()])
    row("photos a year, GB", [f"{need['photos_gb']:,.0f}" for need in needs.values()])
    row("observations a year, GB", [f"{need['telemetry_gb']:,.1f}" for need in needs.values()])
    row("disk for a year, GB", [f"{need['disk_gb']:,.0f}" for need in needs.values()])
    row("network at the busiest, Mbit/s", [f"{need['network_mbit']:,.1f}" for need in needs.values()])
    unset = not any(prices[name] for name in ("core", "memory_gb", "disk_gb"))
    priced = ["your prices" if unset else f"{cost(said, needs[each], prices):,.0f} {prices['currency']}" for each, said in found.items()]
    row("a month, at `deploy/sizes/prices.toml`", priced)
    row("people who run it (a guess)", ["2, beside other work", "2, one of them always there", "4, by turns, day and night"])
    lines += [
        "",
        "Processors are there for people who read and for what is reckoned at night, not for reports: at the busiest a city of three million asks less "
        "than a hundredth of what one process was measured to take. What grows is photos. Two servers and a standby of the database are there so that one machine may fail.",
        "",
        "A province of cities that each run their own needs the last column only where it keeps their cases, too; else it needs the first, and the exchange.",
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    PAGE.write_text(sizes_page(), encoding="utf-8")
    print(PAGE.relative_to(ROOT))


if __name__ == "__main__":
    main()
