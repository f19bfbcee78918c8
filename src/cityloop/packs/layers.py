"""A pack and the layers below it as plain bytes: found, put in one archive, named by its hash."""

import hashlib
import io
import re
import tarfile
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from msgspec import Struct

from cityloop.packs.columns import FILES, PACK_FILE
from cityloop.packs.problems import PackInvalid, Problem, place

LAYERS_MAX = 8
ID = re.compile(r"[a-z][a-z0-9_]{0,39}")
TOML_PLACE = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)")


class Layer(Struct, frozen=True, kw_only=True):
    """One folder of a pack: its files as canonical bytes."""

    id: str
    files: dict[str, bytes]


def shipped() -> Path:
    """The folder of the packs that come with the product, in a wheel or in a checkout."""
    here = Path(__file__).resolve()
    inside = here.parent / "shipped"
    return inside if inside.is_dir() else here.parents[3] / "packs"


def canonical(raw: bytes) -> bytes:
    """The same bytes whatever editor or checkout wrote them: no byte order mark, lines end with LF."""
    return raw.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n")


def find_layers(folder_or_id: str | Path, search: Iterable[Path] = ()) -> tuple[Layer, ...]:
    """The layers of a pack, lowest first. Looks in `search`, beside the pack, then in what is shipped.

    Refuses with `PackInvalid`.
    """
    folder = _folder(folder_or_id, tuple(search))
    places = (*search, folder.parent, shipped())
    found: list[Layer] = []
    while True:
        layer = _read_folder(folder)
        head = toml_of(layer, PACK_FILE)
        if layer.id in [each.id for each in found] or len(found) == LAYERS_MAX:
            what = f"the layers run in a circle or are more than {LAYERS_MAX}"
            raise PackInvalid([_fault(layer, "over", what, "name a layer below in `over`, or leave it out")])
        found.append(layer)
        over = head.get("over")
        if over is None:
            return tuple(reversed(found))
        below = [each / str(over) for each in places if (each / str(over) / PACK_FILE).is_file()]
        if not below or not ID.fullmatch(str(over)):
            looked = ", ".join(dict.fromkeys(str(each) for each in places))
            what = f"the layer below, {over!r}, is not found"
            raise PackInvalid(
                [_fault(layer, "over", what, f"put it beside this pack, or correct `over`; looked in {looked}")]
            )
        folder = below[0]


def _folder(folder_or_id: str | Path, search: tuple[Path, ...]) -> Path:
    if isinstance(folder_or_id, str) and ID.fullmatch(folder_or_id):
        for place in (*search, shipped()):
            if (place / folder_or_id / PACK_FILE).is_file():
                return place / folder_or_id
    folder = Path(folder_or_id)
    if not (folder / PACK_FILE).is_file():
        what = f"there is no {PACK_FILE} in {str(folder_or_id)!r}"
        remedy = "name a pack's folder, or the id of a shipped pack"
        raise PackInvalid([Problem(file=f"{folder.name}/{PACK_FILE}", line=1, column=1, what=what, remedy=remedy)])
    return folder.resolve()


def _read_folder(folder: Path) -> Layer:
    files = {name: canonical((folder / name).read_bytes()) for name in FILES if (folder / name).is_file()}
    return Layer(id=folder.name, files=files)


def toml_of(layer: Layer, file: str) -> dict[str, Any]:
    """A TOML file of the layer; empty if there is none. Refuses with `PackInvalid`."""
    path = f"{layer.id}/{file}"
    try:
        return tomllib.loads(layer.files.get(file, b"").decode())
    except UnicodeDecodeError as error:
        raise PackInvalid([not_utf8(path, layer.files[file], error)]) from None
    except tomllib.TOMLDecodeError as error:
        said = str(error)
        place = TOML_PLACE.search(said)
        lines = layer.files[file].count(b"\n") + 1
        line, column = (int(place[1]), int(place[2])) if place and place[1] else (lines, 1)
        what = f"not TOML: {TOML_PLACE.sub('', said)}"
        fault = Problem(file=path, line=line, column=column, what=what, remedy="correct the syntax")
        raise PackInvalid([fault]) from None


def not_utf8(path: str, raw: bytes, error: UnicodeDecodeError) -> Problem:
    """The problem of a file that is not UTF-8, at its first bad byte."""
    before = raw[: error.start].decode()
    line, column = place(before, len(before))
    what = f"byte 0x{raw[error.start]:02x} is not UTF-8"
    return Problem(file=path, line=line, column=column, what=what, remedy="save the file as UTF-8")


def toml_place(text: str, section: str, key: str) -> tuple[int, int]:
    """Line and column of a key in a TOML text; 1, 1 if it is not written there."""
    inside, best = "", (1, 1)
    for number, line in enumerate(text.split("\n"), start=1):
        bare = line.strip()
        if bare.startswith("["):
            inside = bare.strip("[] ").replace('"', "")
            if inside in (section, f"{section}.{key}".strip(".")):
                best = (number, 1)
        elif inside == section and re.match(rf'["\']?{re.escape(key)}["\']?\s*[=.]', bare):
            return number, len(line) - len(line.lstrip()) + 1
    return best


def _fault(layer: Layer, key: str, what: str, remedy: str) -> Problem:
    line, column = toml_place(layer.files[PACK_FILE].decode(), "", key)
    return Problem(file=f"{layer.id}/{PACK_FILE}", line=line, column=column, what=what, remedy=remedy)


def archive(layers: tuple[Layer, ...]) -> bytes:
    """One tar of all layers, lowest first; the same bytes on every machine and day (nothing is compressed)."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for layer in layers:
            for name in FILES:
                if name in layer.files:
                    member = tarfile.TarInfo(f"{layer.id}/{name}")  # mtime, owner, mode: the fixed defaults
                    member.size = len(layer.files[name])
                    tar.addfile(member, io.BytesIO(layer.files[name]))
    return out.getvalue()


def unarchive(raw: bytes) -> tuple[Layer, ...]:
    """The layers of an archive. Refuses with `PackInvalid`."""
    files: dict[str, dict[str, bytes]] = {}
    said = "it is not the archive of one pack and its layers, byte for byte"
    try:
        with tarfile.open(fileobj=io.BytesIO(raw), mode="r:") as tar:
            for member in tar:
                layer, _, name = member.name.partition("/")
                inside = tar.extractfile(member)
                if name in FILES and inside is not None:
                    files.setdefault(layer, {})[name] = inside.read()
    except tarfile.TarError as error:
        said = str(error)
    layers = tuple(Layer(id=layer, files=each) for layer, each in files.items())
    if (
        not layers
        or archive(layers) != raw
        or not all(PACK_FILE in each.files for each in layers)
        or not _chained(layers)
    ):
        fault = Problem(
            file="archive", line=1, column=1, what=f"not a pack: {said}", remedy="give what pack_bytes gave"
        )
        raise PackInvalid([fault])
    return layers


def _chained(layers: tuple[Layer, ...]) -> bool:
    """Does each layer lie over the one before it?"""
    below = (None, *(layer.id for layer in layers))
    return all(toml_of(layer, PACK_FILE).get("over") == under for layer, under in zip(layers, below, strict=False))


def digest_of(layers: tuple[Layer, ...]) -> str:
    """The name of this version for ever: sha256 of the archive, hex."""
    return hashlib.sha256(archive(layers)).hexdigest()
