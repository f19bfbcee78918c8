"""The limits of the edge as a page, from the code that keeps them."""

from cityloop.app import Settings
from cityloop.http import edges, lanes, limits, patience, shed, strangers
from cityloop.http.headers import OPEN_DATA, SAFE
from cityloop.http.shed import LEVELS, Lane

SAYS = {
    Lane.later: "tiles, sums, exports, documents, searches of strangers",
    Lane.open: "other reads of who is not signed in",
    Lane.look: "reads of who is signed in",
    Lane.report: "what strangers bring",
    Lane.sense: f"batches of observations, {shed.SENSE_AT_ONCE} at once; the next is sent away",
    Lane.work: "what people on duty do, the door, a page's own files, health",
}


def table(head: tuple[str, ...], rows: list[tuple[object, ...]]) -> list[str]:
    """A table of Markdown."""
    return [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}", *(f"| {' | '.join(map(str, row))} |" for row in rows), ""]


def size(count: int) -> str:
    """A number of bytes.

    >>> size(16 * 1024), size(64 * 1024 * 1024)
    ('16 KiB', '64 MiB')
    """
    return f"{count // lanes.MIB} MiB" if count >= lanes.MIB else f"{count // lanes.KIB} KiB"


def limits_page(made: str) -> str:
    """Rates, what is sent away first, sizes, times, headers."""
    said = Settings()
    lines = ["# Limits of the edge\n", made, "Why they are so: [docs/explain/edges.md](../explain/edges.md).\n", "## How often\n"]
    lines += table(("who", "a minute", "at once"), [
        ("an address whose people are not signed in (`CITYLOOP_STRANGER_PER_MIN`)", said.stranger_per_min, said.stranger_per_min // 3),
        ("an account (`CITYLOOP_PERSON_PER_MIN`)", said.person_per_min, said.person_per_min // 3),
        ("a key", "as it was made", "as it was made"),
        ("an address, looks of strangers", strangers.LOOKS.per_min, strangers.LOOKS.burst),
        ("an address, searches of strangers", strangers.SEARCHES.per_min, strangers.SEARCHES.burst),
        ("an address, what strangers join", strangers.JOINS.per_min, strangers.JOINS.burst),
        ("an address, wrong passwords and codes", edges.TRIES.per_min, edges.TRIES.burst),
    ])  # fmt: skip
    lines.append(f"At most {limits.BUCKETS_MAX:,} of each are remembered in a process; an address of IPv6 is its /64.\n")
    lines.append("## What is sent away first\n")
    lines.append(
        f"A pressure of 1 is: {said.shed_after_ms} ms late (`CITYLOOP_SHED_AFTER_MS`), {shed.Limits().turn_s * 1000:.0f} ms for which the first waits for a turn, "
        f"{shed.Limits().turns} that do, {shed.Limits().changes} changes that wait for a commit, "
        f"{shed.Limits().reads} reads that wait for a thread, or {shed.Limits().under_way} requests under way in a process.\n"
    )
    lines += table(("lane", "what", "some from", "all from"), [(f"`{lane.name}`", SAYS[lane], *LEVELS[lane]) for lane in Lane])
    lines.append("## How much\n")
    lines += table(("what", "at most"), [
        ("JSON, a form without files", size(lanes.BODY_MAX)), ("a form with photos", size(lanes.FORM_MAX)), ("parts of a form", lanes.PARTS_MAX),
        *((f"`{path}…`", size(most)) for path, most in lanes.BODIES),
        ("headers", f"{size(lanes.HEAD_MAX)}, {lanes.HEADERS_MAX} lines"), ("a path", size(lanes.PATH_MAX)), ("a question", size(lanes.QUERY_MAX)),
    ])  # fmt: skip
    lines.append("## How long\n")
    lines += table(("what", "at most"), [
        ("a request's head, from the connection or its first byte on", f"{patience.HEAD_S:g} s"),
        ("a body that comes slower than a KiB a second", f"{patience.BODY_S:g} s"),
        ("connections of an address", f"{patience.CONNECTIONS_MAX:,}"),
    ])  # fmt: skip
    lines.append("## What every answer says, unless it says more itself\n")
    lines += [f"    {name.decode()}: {value.decode()}" for name, value in SAFE]
    lines.append(f"\nPages of other sites may read what lies under {', '.join(f'`{each}`' for each in OPEN_DATA)}, without a session.")
    return "\n".join(lines) + "\n"
