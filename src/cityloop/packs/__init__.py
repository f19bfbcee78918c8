"""A city is data: folders of tables laid over each other become the policy that every rule asks."""

from collections.abc import Iterable
from pathlib import Path

from cityloop.domain.policy import Policy
from cityloop.packs.build import build_policy
from cityloop.packs.heads import missing
from cityloop.packs.layers import Layer, archive, digest_of, find_layers, shipped, unarchive
from cityloop.packs.problems import PackInvalid, Problem, format_problems
from cityloop.packs.reading import read_pack

__all__ = ["PackInvalid", "Problem", "check", "format_problems", "load", "load_bytes", "pack_bytes", "shipped"]


def load(folder_or_id: str | Path, *, search: Iterable[Path] = ()) -> Policy:
    """The policy of a city's pack, over its layers. Refuses with `PackInvalid`.

    `search`: folders to look for packs in, before those beside the pack and those shipped.
    """
    return _policy(find_layers(folder_or_id, search))


def pack_bytes(folder_or_id: str | Path, *, search: Iterable[Path] = ()) -> bytes:
    """One archive of the pack and its layers; its sha256 is the policy's digest. Refuses with `PackInvalid`."""
    return archive(find_layers(folder_or_id, search))


def load_bytes(raw: bytes) -> Policy:
    """The policy of an archive from `pack_bytes`, with the same digest. Refuses with `PackInvalid`."""
    return _policy(unarchive(raw))


def check(folder_or_id: str | Path, *, search: Iterable[Path] = ()) -> list[Problem]:
    """All problems of a pack and the layers below it, in the order of files and lines; empty if it is sound."""
    from cityloop.packs.checks import check as look  # brings numpy and shapely, which loading does not need

    return look(folder_or_id, search=search)


def _policy(layers: tuple[Layer, ...]) -> Policy:
    pack = read_pack(layers)
    problems = pack.problems + (missing(pack.head, layers[-1]) if pack.head.city else [])
    if not problems and (not pack.head.city or pack.duties is None):
        file = f"{layers[-1].id}/pack.toml"
        what = "this is a layer, not a city" if not pack.head.city else "no layer has a duty table"
        remedy = "load the pack of a city" if not pack.head.city else "add duties.jdm.json"
        problems = [Problem(file=file, line=1, column=1, what=what, remedy=remedy)]
    if problems:
        raise PackInvalid(problems)
    return build_policy(pack, digest_of(layers))
