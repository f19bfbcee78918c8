"""Everything that is wrong with a pack, found in one go and never with a traceback."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from cityloop.packs.checks.addresses import address_problems
from cityloop.packs.checks.advice import advice_problems
from cityloop.packs.checks.approvals import approval_problems
from cityloop.packs.checks.attributes import attribute_problems
from cityloop.packs.checks.callbacks import callback_problems
from cityloop.packs.checks.catalogue import catalogue_problems
from cityloop.packs.checks.devices import device_problems
from cityloop.packs.checks.duties import duty_problems
from cityloop.packs.checks.outside import outside_problems
from cityloop.packs.checks.people import people_problems
from cityloop.packs.checks.place import place_problems
from cityloop.packs.checks.references import reference_problems
from cityloop.packs.checks.roster import roster_problems
from cityloop.packs.checks.scoring import scoring_problems
from cityloop.packs.checks.seeing import seeing_problems
from cityloop.packs.checks.sense_rules import sense_rule_problems
from cityloop.packs.checks.survey import survey_problems
from cityloop.packs.columns import AREAS, CELLS_FILE, DUTIES_FILE, POSTS, UNITS
from cityloop.packs.heads import minutes, missing
from cityloop.packs.layers import Layer, find_layers
from cityloop.packs.problems import PackInvalid, Problem
from cityloop.packs.reading import Pack, read_pack

CITY_FILES = (AREAS.file, CELLS_FILE, UNITS.file, POSTS.file, DUTIES_FILE)


def check(folder_or_id: str | Path, *, search: Iterable[Path] = ()) -> list[Problem]:
    """All problems of a pack and the layers below it, in the order of files and lines; empty if it is sound."""
    try:
        return check_layers(find_layers(folder_or_id, search))
    except PackInvalid as error:
        return list(error.problems)
    except OSError as error:
        what = f"cannot be opened: {error.strerror}"
        return [Problem(file=str(folder_or_id), line=1, column=1, what=what, remedy="look at the folder's permissions")]


def check_layers(layers: tuple[Layer, ...]) -> list[Problem]:
    """All problems of layers that were found or unpacked. Refuses with `PackInvalid` as `read_pack` does."""
    pack = read_pack(layers)
    found = [
        *pack.problems,
        *_head_problems(pack),
        *reference_problems(pack),
        *catalogue_problems(pack),
        *attribute_problems(pack),
        *people_problems(pack),
        *place_problems(pack),
        *address_problems(pack),
        *duty_problems(pack),
        *approval_problems(pack),
        *device_problems(pack),
        *callback_problems(pack),
        *advice_problems(pack),
        *roster_problems(pack),
        *seeing_problems(pack),
        *sense_rule_problems(pack),
        *scoring_problems(pack),
        *survey_problems(pack),
        *outside_problems(pack),
    ]
    return sorted(set(found))


def _head_problems(pack: Pack) -> Iterator[Problem]:
    top = pack.layers[-1]
    id = pack.head.top.get("id")
    if id and id.value != top.id:
        yield id.problem(f"id {id.value!r} is not the folder's name {top.id!r}", "make them the same")
    schemes = pack.head.top.get("schemes")
    known = {row.values["id"] for row in pack.tables["schemes.csv"].values()}
    for scheme in schemes.value if schemes else ():
        if scheme not in known:
            yield schemes.problem(f"scheme {scheme!r} is in no schemes.csv", f"use one of {', '.join(sorted(known))}")
    if not pack.head.city:
        return
    yield from missing(pack.head, top)
    for file in CITY_FILES:
        if not any(file in layer.files for layer in pack.layers):
            at = pack.head.top["city"]
            yield at.problem(f"the city has no {file}", "add it, or take out `city`: a layer needs none")
    week = pack.head.week
    if "windows" in week and "day_min" in week:
        days = [[minutes(window) for window in windows] for windows in week["windows"].value.values()]
        lengths = {sum(closes - opens for opens, closes in day) for day in days}
        if week["day_min"].value not in lengths:
            what = f"day_min {week['day_min'].value} is the length of no day in windows"
            yield week["day_min"].problem(what, f"write {max(lengths, default=480)}, or correct the windows")
