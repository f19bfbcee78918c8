"""What is wrong with the tables of devices."""

import re
from collections.abc import Iterator

from cityloop.domain.sensing import Observing, unit_fault
from cityloop.packs.columns import DEVICE_STREAMS, OBSERVED_PROPERTIES
from cityloop.packs.problems import Problem
from cityloop.packs.reading import Pack

_CODE = re.compile(r"[\w.:+-]{1,60}")


def device_problems(pack: Pack) -> Iterator[Problem]:
    """Units that are none, bounds that hold nothing, categories without words, and rules of health that cannot work."""
    yield from _properties(pack)
    yield from _streams(pack)


def _properties(pack: Pack) -> Iterator[Problem]:
    for row in pack.rows(OBSERVED_PROPERTIES):
        v = row.values
        if not _CODE.fullmatch(v["code"]):
            yield pack.problem(OBSERVED_PROPERTIES, row, "code", f"{v['code'][:40]!r} is no short name", "write as in pm25")
        if fault := unit_fault(v.get("unit", "")):
            what, _, remedy = fault.rpartition("; ")
            yield pack.problem(OBSERVED_PROPERTIES, row, "unit", what, remedy)
        yield from _bounds(pack, OBSERVED_PROPERTIES, row)
        is_category = v.get("observing") == Observing.category
        if is_category != bool(v.get("words")):
            what = "a category has no words" if is_category else "only a category has words"
            yield pack.problem(OBSERVED_PROPERTIES, row, "words", what, "write those that its numbers stand for, or none")


def _streams(pack: Pack) -> Iterator[Problem]:
    for row in pack.rows(DEVICE_STREAMS):
        v = row.values
        if not _CODE.fullmatch(v["stream"]):
            remedy = "write letters, digits and . : + - _, without '/'"
            yield pack.problem(DEVICE_STREAMS, row, "stream", f"{v['stream'][:40]!r} is no key of a stream", remedy)
        yield from _bounds(pack, DEVICE_STREAMS, row)
        every, drift, radius = v.get("every_s") or 0, v.get("drift") or 0, v.get("drift_radius_m") or 0
        for name in ("silent_s", "freeze_s"):
            if 0 < (v.get(name) or 0) <= every:
                what = f"{name} {v[name]:g} is not longer than every_s {every:g}: it would hold always"
                yield pack.problem(DEVICE_STREAMS, row, name, what, "write several times every_s, or nothing")
        if bool(drift) != bool(radius):
            what = "drift needs drift_radius_m" if drift else "drift_radius_m needs drift"
            yield pack.problem(DEVICE_STREAMS, row, "drift_radius_m" if drift else "drift", what, "fill in both, or neither")


def _bounds(pack: Pack, table: object, row: object) -> Iterator[Problem]:
    v = row.values  # type: ignore[attr-defined]
    least, most = v.get("least"), v.get("most")
    if least is not None and most is not None and least >= most:
        what = f"least {least:g} is not below most {most:g}"
        yield pack.problem(table, row, "least", what, "write the lower bound in least")  # type: ignore[arg-type]
