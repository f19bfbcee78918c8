"""What is wrong with rules over observations."""

import re
from collections.abc import Iterator

from cityloop.domain.sensing import RuleKind
from cityloop.packs.columns import SENSE_RULES
from cityloop.packs.problems import Problem
from cityloop.packs.reading import Pack
from cityloop.packs.tables import Row
from cityloop.packs.values import nearest

CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
K = RuleKind
NEEDS: dict[str, frozenset[RuleKind]] = {
    "limit": frozenset({K.above, K.below, K.rise, K.fall, K.unusual, K.together, K.disagree, K.seen, K.count}),
    "window_s": frozenset({K.rise, K.fall, K.missing, K.frozen, K.count}),
    "radius_m": frozenset({K.disagree}),
    "of": frozenset({K.together}),
}
TAKES: dict[str, frozenset[RuleKind]] = {
    "limit": NEEDS["limit"],
    "release": frozenset({K.above, K.below, K.rise, K.fall, K.frozen, K.unusual, K.disagree, K.count}),
    "for_s": frozenset(K) - {K.missing, K.frozen, K.together},
    "window_s": NEEDS["window_s"] | {K.unusual, K.disagree, K.seen},
    "radius_m": NEEDS["radius_m"],
    "of": NEEDS["of"],
    "zone": frozenset({K.seen, K.count}),
    "label": frozenset({K.seen, K.count}),
}
BOUNDS: dict[RuleKind, tuple[float, float, str]] = {
    K.seen: (0, 1, "a confidence from 0 to 1"),
    K.unusual: (1e-12, 0.5, "a share from 1e-12 to 0.5"),
    K.together: (2, 1000, "how many sensors, at least 2"),
    K.count: (1, 1e9, "how many, at least 1"),
    K.rise: (1e-12, 1e12, "how much, more than 0"),
    K.fall: (1e-12, 1e12, "how much, more than 0"),
    K.disagree: (1e-12, 1e12, "how much, more than 0"),
}
FROM_ABOVE = frozenset({K.above, K.rise, K.fall, K.disagree, K.count})  # they end below the limit
WATCHED = ("property", "device_kind", "thing_key", "zone", "label")
NAMED = {"property": "observed_properties.csv", "device_kind": "device_kinds.csv"}


def sense_rule_problems(pack: Pack) -> Iterator[Problem]:
    """Limits that do not fit the kind, a release on the wrong side, clocks that are none, and rules that watch nothing."""
    for row in pack.rows(SENSE_RULES):
        kind = RuleKind(row.values["kind"])
        yield from _cells(pack, row, kind)
        yield from _numbers(pack, row, kind)
        yield from _clocks(pack, row)
        yield from _watches(pack, row, kind)


def _cells(pack: Pack, row: Row, kind: RuleKind) -> Iterator[Problem]:
    """Cells that the kind needs and are empty, and such as say nothing to it."""
    for name, kinds in NEEDS.items():
        if kind in kinds and _empty(name, row):
            yield _problem(pack, row, name, f"{kind} needs {name}", f"fill it in: {_says(name)}")
    for name, kinds in TAKES.items():
        if kind not in kinds and not _empty(name, row):
            yield _problem(pack, row, name, f"{name} says nothing to {kind}", "leave the cell empty")


def _numbers(pack: Pack, row: Row, kind: RuleKind) -> Iterator[Problem]:
    limit, release = row.values.get("limit"), row.values.get("release")
    if limit is not None and kind in BOUNDS:
        least, most, says = BOUNDS[kind]
        if not least <= limit <= most:
            yield _problem(pack, row, "limit", f"limit {limit:g} is nothing for {kind}", f"write {says}")
    if kind is K.frozen and release is not None and release < 0:
        yield _problem(pack, row, "release", f"release {release:g} is below 0", "write within what a value counts as the same")
    if limit is None or release is None:
        return
    if kind in FROM_ABOVE and release > limit:
        what = f"release {release:g} is above the limit {limit:g}: {kind} would end while it holds"
        yield _problem(pack, row, "release", what, "write the limit or less")
    if kind in (K.below, K.unusual) and release < limit:
        what = f"release {release:g} is below the limit {limit:g}: {kind} would end while it holds"
        yield _problem(pack, row, "release", what, "write the limit or more")


def _clocks(pack: Pack, row: Row) -> Iterator[Problem]:
    begins, ends = row.values.get("quiet_from"), row.values.get("quiet_until")
    for name, said in (("quiet_from", begins), ("quiet_until", ends)):
        if said and not CLOCK.fullmatch(said):
            yield _problem(pack, row, name, f"{name} {said!r} is no time of day", "write HH:MM, as in 22:00")
        if not said and (begins or ends):
            yield _problem(pack, row, name, f"{name} is empty, and the other is not", "fill in both, or neither")
    if begins and begins == ends:
        what = f"it is quiet from {begins} to {ends}: always, or never"
        yield _problem(pack, row, "quiet_until", what, "write two different times, or leave both empty")


def _watches(pack: Pack, row: Row, kind: RuleKind) -> Iterator[Problem]:
    values = row.values
    if kind is K.together:
        other = pack.tables[SENSE_RULES.file].get((values.get("of"),))
        if other and other.values["kind"] == K.together:
            yield _problem(pack, row, "of", f"{values['of']} is together, too", "name the rule of the single sensors")
    elif not any(values.get(name) for name in WATCHED):
        yield _problem(pack, row, "property", "the rule watches no stream in particular", f"fill in one of {', '.join(WATCHED)}")
    for name, file in NAMED.items():
        said, known = values.get(name), {key[0] for key in pack.tables.get(file, {})}
        if said and known and said not in known and file not in pack.unread:
            remedy = f"{nearest(said, tuple(sorted(known)))}; or add it there"
            yield _problem(pack, row, name, f"{name} {said!r} is not in {file}", remedy)


def _empty(name: str, row: Row) -> bool:
    value = row.values.get(name)
    return value in (None, "") or (value == 0 and name not in ("limit", "release"))


def _says(name: str) -> str:
    return next(each.says for each in SENSE_RULES.columns if each.name == name)


def _problem(pack: Pack, row: Row, column: str, what: str, remedy: str) -> Problem:
    return pack.problem(SENSE_RULES, row, column, what, remedy)
