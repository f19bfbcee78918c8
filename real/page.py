"""The page of real figures: what `make real` measured is kept in measured.json, and docs/explain/real.md is made from that."""

import json
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

MEASURED = Path(__file__).parent / "measured.json"
PAGE = Path(__file__).parent.parent / "docs" / "explain" / "real.md"
HEAD = """# What real input came to

*Made by `make real` from what it measured (`real/measured.json`); a test fails when this page says something else.*

`make real` brings the data of `../shared/data` into cities of their own and plays a month of the fictional one. Each run ends
with the same questions: is every row kept, is each either done or waiting with a reason, does the journal verify, does a replay
give the same tables. The counts must hold on any machine; seconds are of the machine and day named beside them.
"""
Figures = dict[str, Any]


def note(section: str, figures: Any) -> None:
    """Keep what a section measured, with its day and machine, and make the page again."""
    kept = measured()
    stamp = {"day": f"{datetime.now(UTC):%Y-%m-%d}", "cores": os.cpu_count(), "load": round(os.getloadavg()[0], 1)}
    kept[section] = msgspec.to_builtins(figures) | {"measured": stamp}
    MEASURED.write_text(json.dumps(dict(sorted(kept.items())), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    PAGE.write_text(page(measured()), encoding="utf-8")


def measured() -> dict[str, Figures]:
    """What was measured last, by section."""
    return json.loads(MEASURED.read_text(encoding="utf-8")) if MEASURED.exists() else {}


def page(kept: dict[str, Figures]) -> str:
    """The page of these figures."""
    parts = [HEAD]
    for section, (title, tell) in SECTIONS.items():
        if found := kept.get(section):
            stamp = found["measured"]
            when = f"*{stamp['day']}, {stamp['cores']} cores, load {stamp['load']} when it ended.*\n"
            parts.append("\n".join([f"## {title}\n", *tell(found), when]))
    return "\n".join(parts)


def table(head: list[str], rows: list[list[Any]]) -> list[str]:
    """A Markdown table; numbers stand to the right."""
    right = [all(isinstance(row[at], int | float) for row in rows) for at in range(len(head))]
    lines = ["| " + " | ".join(head) + " |", "|" + "|".join("---:" if each else "---" for each in right) + "|"]
    return [*lines, *("| " + " | ".join(number(each) for each in row) + " |" for row in rows), ""]


def number(value: Any) -> str:
    """A number as people read it."""
    return f"{value:,}" if isinstance(value, int) else f"{value:,.2f}" if isinstance(value, float) else str(value)


def counts(found: dict[str, int]) -> str:
    """Names and numbers in one line."""
    return ", ".join(f"{name} {n:,}" for name, n in found.items())


def share(part: int, whole: int) -> str:
    """A part of a whole, in per cent too."""
    return f"{part:,} of {whole:,} ({part / whole:.1%})" if whole else f"{part:,} of 0"


def _imported(found: Figures) -> list[str]:
    first, second = found["first"], found["second"]
    heads = ["department", "in time", "late", "disagree", "blank"]
    rows = [[name, *(each[key] for key in ("in_time", "late", "disagree", "blank"))] for name, each in found["agreement"].items()]
    total = [sum(row[at] for row in rows) for at in range(1, 5)]
    return [
        f"{first['records']:,} requests of a published export, read by `cityloop import` through a mapping: {first['added']:,} came "
        f"in, {first['bad']:,} could not be read, at {found['rows_per_s']:,.0f} rows/s with full histories. Read a second time "
        f"{second['added']:,} came in, {second['same']:,} were known. States: {counts(found['states'])}. {found['facts']:,} facts; "
        f"the journal has {found['faults']} faults, a replay differs in {found['replay_differences']} rows. The report of "
        f"differences with the old system finds: {counts(found['compared'])}.\n",
        "The old system's own verdict, which the import never reads, beside ours:\n",
        *table(heads, [*rows, ["all", *total]]),
        f"The blank ones say nothing in the export, e.g. {', '.join(found['blank'][:5])}; all {len(found['blank'])} are in "
        "`real/measured.json`.\n",
    ]


def _sent(found: Figures) -> list[str]:
    waiting = sum(found["reasons"].values())
    return [
        f"{found['sent']:,} reports over HTTP, {found['kept']:,} kept, in {found['seconds']:,.0f} s with the stages after them; a "
        f"class is proposed for {share(found['proposed'], found['kept'])}. Cases: {counts(found['states'])}. Why a person must "
        f"look, {waiting:,} reasons of those that wait: {counts(found['reasons'])}. {found['facts']:,} facts, "
        f"{found['verify_faults']} faults, {found['replay_differences']} differences after a replay.\n",
    ]


def _guessed(found: Figures) -> list[str]:
    blind = found["blind"]
    return [
        f"Of {found['messages']:,} messages {share(found['proposed'], found['messages'])} have a proposal by their words alone. "
        f"{blind['labelled']} were labelled before any proposal was seen (`real/blind.py` tells how): right among the first three "
        f"are {share(blind['first_three_right'], blind['labelled'])}, right at first "
        f"{share(blind['first_right'], blind['labelled'])}; where the machine is sure, {share(blind['sure_right'], blind['sure'])} "
        "are right.\n",
    ]


def _open311(found: Figures) -> list[str]:
    rows = []
    for city, each in found["cities"].items():
        for what, how in each.items():
            ways = ("letter by letter", "in meaning", "nothing", "different")
            rows.append([city, what, *(how.get(way, 0) for way in ways)])
    return [
        "Answers that three cities gave, read by our client into a city, served by our server, and compared field by field:\n",
        *table(["city", "list", "letter by letter", "in meaning", "empty on both sides", "different"], rows),
    ]


def _limits(found: Figures) -> list[str]:
    return [
        f"{found['rules']:,} rules of the sample layer have the limits of their source; the mean likeness of our conditions to the "
        f"source's sentences is {found['likeness']:.2f} (1 is copied).\n",
    ]


def _month(found: Figures) -> list[str]:
    played, rates = found["played"], found["rates"]
    done = sum(each.get("done", 0) for each in played["deeds"].values())
    refused = sum(sum(each.values()) for each in played["deeds"].values()) - done
    order = ("reports", "closed", "refused", "ended", "open", "joined")
    rows = [[name, *(each[key] for key in order)] for name, each in found["channels"].items()]
    of = {each["metric"]: each for each in found["figures"]["whole"]["figures"]}
    shown = [[code, _figure(of[code])] for code in FIGURES if code in of]
    return [
        f"{played['reports']:,} reports in a month, by every door ({counts(played['routes'])}), and {found['imported']['added']:,} "
        f"old cases of another system, of which {found['imported_again']['renewed']:,} were told otherwise some days later: "
        f"{found['reports']:,} reports in {found['cases']:,} cases, {found['alone']} without one. People did {done:,} things; "
        f"{refused:,} times the city said no, mostly since somebody was faster. The hotline heard "
        f"{played['hotline_heard']:,} answers, each once, though it could not be reached {played['hotline_refused']:,} times.\n",
        f"Played in {found['seconds']['play']:,.0f} s ({found['cpu_s']:,.0f} s of the processor, {found['facts']:,} facts), proved in "
        f"{found['seconds']['prove']:,.0f} s: {found['faults']} faults, {found['replay_differences']} differences after a replay, "
        f"{found['figure_differences']} figures that the journal alone counts otherwise, {found['held']} held facts, "
        f"{found['timers_failed']} timers that failed.\n",
        *table(["channel", "reports", "closed", "refused", "ended", "open", "joined another"], rows),
        f"Where the open ones are, and why: {counts(found['waiting'])}.\n",
        f"Moves of cases: {counts(found['moves'])}.\n",
        f"Moves of work orders: {counts(found['orders'])}.\n",
        f"三率 of {rates['orders']:,} orders: response {_rate(rates['response'])}, solved {_rate(rates['solve'])}, satisfied "
        f"{_rate(rates['satisfy'])}. Figures of March:\n",
        *table(["figure", "value"], shown),
    ]


def _causes(found: Figures) -> list[str]:
    places = [
        [each["place"], each["type"], each["closed"], each["back"], f"{each['low']:.0%}–{each['high']:.0%}", each["expected"]]
        for each in found["places"]
    ]
    rises = [
        [each["type"], each["before"], each["lately"], f"{each['ratio']:.1f} ({each['low']:.1f}–{each['high']:.1f})", each["others"]]
        for each in found["rising"]
    ]
    return [
        f"{found['cases']:,} requests of {found['weeks']} weeks, without those that have no address, lie at a point that stands for "
        f"\"unknown\", or were closed as told twice. Of all that was closed {share(found['all_back'], found['all_closed'])} were "
        f"there again within a week (one type, within 50 metres). The five places that stand out most, each with its type, of "
        f"{found['places_tested']:,} tested (false discovery rate at most 5 %); *expected* is as often as the type elsewhere or as "
        "chance has it where so much lies close together:\n",
        *table(["place", "type", "closed", "back in a week", "95 %", "expected"], places),
        "Types told more often a week from September on than before (false discovery rate at most 5 %; in brackets the 95 % "
        "interval; *others* is the same ratio of all other types):\n",
        *table(["type", "a week before", "a week lately", "times", "others"], rises),
    ]


def _causes_of_ten_years(found: Figures) -> list[str]:
    change = found["change"]
    rows = [[f"{each['lat']}, {each['lon']}", each["reports"], each["around"], each["expected"], each["z"]] for each in found["spots"]]
    sure = "It can be told" if change["told"] else "It cannot be told from chance"
    return [
        f"{found['reports']:,} reports of ten years in {found['cells']} hexagons of some 200 metres. {found['hot']} are hot (Getis-Ord "
        f"Gi* with its neighbours, by permutation, false discovery rate at most 5 %); of those of the first five years and of the "
        f"second ({found['hot_early']} and {found['hot_late']}) {found['hot_in_both_halves']} are the same. The ten hottest:\n",
        *table(["middle", "reports", "with neighbours", "expected", "Gi*"], rows),
        f"One change is visible in the data: in {change['month']} a class \"{change['new_class']}\" is used for the first time, and "
        f"\"{change['class']}\", {change['years'][1]:,.0f} in the year before, has {change['years'][2]:,.0f} in the year after. Beside "
        f"the {change['compared']} classes that were there all the time, by months, that is {change['difference']:,.0f} a month "
        f"({change['low']:,.0f} to {change['high']:,.0f}), by a mixture of them {change['synthetic']:,.0f}. {sure}: with so few classes "
        f"to compare with, no p below {1 / (change['compared'] + 1):.3f} is possible (it is {change['p']:.3f}, by the mixture "
        f"{change['synthetic_p']:.3f}), the class had doubled the year before and may have come back by itself, and "
        f"{change['new_in_year']:,.0f} reports of the new class are fewer than are missing. Doubts: {', '.join(change['doubts'])}.\n",
    ]


FIGURES = ("due_to_handle", "handled", "handled_on_time", "overdue_open", "rework_rate", "dispatched_accurately", "closed",
           "open_now")  # fmt: skip


def _figure(found: Figures) -> str:
    if found["measure"] == "ppm":
        return share(found["numerator"], found["denominator"])
    return number(found["value"])


def _rate(found: Figures) -> str:
    return "–" if found["rate_ppm"] is None else f"{found['rate_ppm'] / 10_000:.1f} %"


SECTIONS: dict[str, tuple[str, Callable[[Figures], list[str]]]] = {
    "boston_import": ("Boston 2011, imported", _imported),
    "boston": ("Boston 2011, sent as reports", _sent),
    "messages": ("4,326 messages of residents, sent as reports", _sent),
    "guesses": ("What the messages are about", _guessed),
    "open311": ("Open311 answers of three cities", _open311),
    "limits": ("The sample catalogue beside its source", _limits),
    "month": ("A simulated month", _month),
    "causes_boston": ("Boston 2011: what comes back, and what rose in the autumn", _causes),
    "causes_zurich": ("Zurich 2016-2025: hot spots, and one change", _causes_of_ten_years),
}


if __name__ == "__main__":
    made = page(measured())
    if "--check" in sys.argv:
        sys.exit(0 if PAGE.read_text(encoding="utf-8") == made else 1)
    PAGE.write_text(made, encoding="utf-8")
