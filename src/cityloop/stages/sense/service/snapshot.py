"""The state of the watcher as a file: written beside, synced, put in its place in one move; read again after a crash."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np

from cityloop.db.durable import make_folder, sync_folder
from cityloop.domain.sensing import SenseRule
from cityloop.stages.sense.rules.kernel.plan import Group, Pairs, Plan, Window
from cityloop.stages.sense.rules.kernel.state import State
from cityloop.telemetry.log import Position

VERSION = 1


class Snapshot(NamedTuple):
    """A state, the plan that it belongs to, how far each log was judged, and how far the watermark was."""

    plan: Plan
    state: State
    positions: dict[str, Position]
    until: int


def save(path: Path, kept: Snapshot) -> None:
    """Put the snapshot in its place; whoever reads sees the old one or the new one, whole."""
    plan, state = kept.plan, kept.state
    columns: dict[str, Any] = {"plan/born": plan.born, "plan/near": plan.near}
    for family, pairs in plan.families.items():
        columns |= {f"pairs/{family}/{name}": getattr(pairs, name) for name in Pairs._fields}
    columns |= {f"streams/{name}": column for name, column in state.streams.items()}
    for part, found in (("state", state.pairs), ("lists", state.lists)):
        columns |= {f"{part}/{family}/{name}": column for family, each in found.items() for name, column in each.items()}
    head = {
        "version": VERSION, "rules": msgspec.json.encode(plan.rules).decode(), "size": plan.size, "zone": plan.zone,
        "sites": plan.sites, "windows": {str(no): each for no, each in plan.windows.items()}, "shard": sorted(plan.shard),
        "positions": kept.positions, "until": kept.until,
    }  # fmt: skip
    columns["head"] = np.frombuffer(json.dumps(head).encode(), np.uint8)
    make_folder(path.parent)
    beside = path.with_suffix(".new")
    with beside.open("wb") as file:
        np.savez(file, **columns)
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)
    sync_folder(path.parent)


def load(path: Path) -> Snapshot | None:
    """The last snapshot; None where there is none, or one of another version of the program."""
    if not path.exists():
        return None
    with np.load(path, allow_pickle=False) as found:
        columns = {name: found[name] for name in found.files}
    head = json.loads(columns["head"].tobytes())
    if head["version"] != VERSION:
        return None
    plan = Plan(
        rules=msgspec.json.decode(head["rules"], type=tuple[SenseRule, ...]), size=head["size"], zone=head["zone"],
        families={family: Pairs(**_under(columns, f"pairs/{family}/")) for family in _names(columns, "pairs/")},
        sites=tuple(Group(rule, name, tuple(streams)) for rule, name, streams in head["sites"]),
        near=columns["plan/near"], born=columns["plan/born"], shard=frozenset(head["shard"]),
        windows={int(no): tuple(Window(*each) for each in windows) for no, windows in head["windows"].items()},
    )  # fmt: skip
    state = State(
        streams=_under(columns, "streams/"), pairs={each: _under(columns, f"state/{each}/") for each in _names(columns, "state/")},
        lists={each: _under(columns, f"lists/{each}/") for each in _names(columns, "lists/")},
    )  # fmt: skip
    return Snapshot(plan, state, {name: Position(*each) for name, each in head["positions"].items()}, head["until"])


def positions_in(path: Path) -> dict[str, Position]:
    """How far each log was judged when the last snapshot was saved; nothing where there is none."""
    if not path.exists():
        return {}
    with np.load(path, allow_pickle=False) as found:
        head = json.loads(found["head"].tobytes())
    return {name: Position(*each) for name, each in head["positions"].items()}


def _under(columns: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    return {name.removeprefix(prefix): column for name, column in columns.items() if name.startswith(prefix)}


def _names(columns: Mapping[str, Any], prefix: str) -> list[str]:
    return list(dict.fromkeys(name.split("/")[1] for name in columns if name.startswith(prefix)))
