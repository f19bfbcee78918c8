"""Go's note and tlog packages, which nobody here wrote, accept our evidence, and refuse it with any byte changed."""

import base64
import hashlib
import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from cityloop.journal.tlog import (
    Checkpoint,
    Prover,
    TilePath,
    entry,
    grow,
    leaf_hash,
    new_key,
    pack_entries,
    path_text,
    sign_checkpoint,
)

REPO = Path(__file__).resolve().parents[2]
SOURCES = sorted((REPO / "tests/contract/tlog_go").glob("*.go"))
GOPATH = Path(os.environ.get("CITYLOOP_GOPATH", "/usr/share/gocode"))
SIZE = 65_800  # tiles on three levels
OLD = 65_535
KEY = new_key("city.example/log")


@pytest.fixture(scope="module")
def oracle():
    """The Go program, built once for each state of its source."""
    go = shutil.which("go")
    if go is None or not (GOPATH / "src/golang.org/x/mod/sumdb/tlog").is_dir():
        pytest.fail("Go's tlog package is not installed; run scripts/install_go_oracle.sh as root, then test again.")
    digest = hashlib.sha256(b"".join(source.read_bytes() for source in SOURCES)).hexdigest()[:16]
    program = REPO / ".cache" / f"tlog_go_{digest}"
    if not program.exists():
        program.parent.mkdir(exist_ok=True)
        draft = program.with_suffix(f".{os.getpid()}")
        quiet = {"GO111MODULE": "off", "GOPATH": str(GOPATH), "GOFLAGS": "", "GOTOOLCHAIN": "local", "GOPROXY": "off"}
        cache = {"GOCACHE": str(program.parent / "go-build")}
        subprocess.run([go, "build", "-o", draft, *SOURCES], env=os.environ | quiet | cache, check=True)
        draft.replace(program)
    return program


class Log:
    """A log of `SIZE` entries with its tiles and bundles in a folder, as a web server would give them out."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.entries = [entry(n.to_bytes(32, "big"), b"fact %d" % n) for n in range(SIZE)]
        self.tiles: dict[tuple[int, int], bytes] = {}
        size = 0
        for step in (OLD, SIZE - OLD):
            self.growth = grow(size, self.read, [leaf_hash(each) for each in self.entries[size : size + step]])
            self.tiles |= {(tile.level, tile.index): tile.hashes for tile in self.growth.tiles}
            size += step
        self.prover = Prover(self.read)
        for (level, index), hashes in self.tiles.items():
            self.put(TilePath(level=level, index=index, width=len(hashes) // 32), hashes)
        for index in range(0, SIZE, 256):
            some = self.entries[index : index + 256]
            self.put(TilePath(level=None, index=index // 256, width=len(some)), pack_entries(some))

    def read(self, level, index):
        return self.tiles.get((level, index))

    def put(self, path, content):
        place = self.folder / path_text(path)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)

    def note(self, size=SIZE) -> bytes:
        root = self.prover.root(size)
        return sign_checkpoint(Checkpoint(origin=KEY.name, size=size, root=root), KEY).encode()


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    return Log(tmp_path_factory.mktemp("log"))


@pytest.fixture
def judge(oracle):
    """Go's verdict on each case, in one process."""

    def ask(cases):
        plain = [{name: _plain(value) for name, value in case.items()} for case in cases]
        asked = json.dumps({"Vkey": str(KEY.verifier), "Cases": plain})
        done = subprocess.run([oracle], input=asked, capture_output=True, text=True, check=True, timeout=60)
        said = json.loads(done.stdout)
        assert len(said) == len(cases)
        return said

    return ask


def _plain(value):
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return [_plain(each) for each in value] if isinstance(value, list) else value


def flips(whole: bytes):
    for at, byte in enumerate(whole):
        for mask in (0x01, 0x20):
            yield whole[:at] + bytes([byte ^ mask]) + whole[at + 1 :]


def inclusion(log, index, size=SIZE):
    path = log.prover.inclusion(index, size)
    return {"Kind": "inclusion", "Note": log.note(size), "Index": index, "Entry": log.entries[index], "Path": path}


def consistency(log, old, new=SIZE):
    return {
        "Kind": "consistency",
        "Old": log.note(old),
        "Note": log.note(new),
        "Path": log.prover.consistency(old, new),
    }


def refused(said):
    return [verdict for verdict in said if not verdict.startswith("no: ")] == []


def test_go_accepts_our_checkpoints_and_proofs(log, judge):
    cases = [{"Kind": "checkpoint", "Note": log.note(size)} for size in (0, 1, OLD, SIZE)]
    places = [(0, 1), (0, 2), (255, 256), (256, 257), (OLD - 1, OLD), (65_535, 65_536), (65_536, SIZE)]
    cases += [inclusion(log, *place) for place in places]
    cases += [inclusion(log, index) for index in range(0, SIZE, 997)]
    cases += [consistency(log, old) for old in (1, 2, 255, 256, 257, OLD, 65_536, 65_792, SIZE - 1, SIZE)]
    cases += [consistency(log, old, old + old // 3 + 1) for old in range(1, 40_000, 1_777)]
    assert judge(cases) == ["yes"] * len(cases)


def test_go_reads_our_tiles_and_makes_the_same_proofs(log, judge):
    """Go authenticates every tile that it reads against the signed root."""
    seen = {"Note": log.note(), "Dir": str(log.folder)}
    indexes = [0, 1, 255, 256, OLD - 1, OLD, 65_536, 65_791, 65_792, SIZE - 1]
    cases = [seen | {"Kind": "made inclusion", "Index": at, "Path": log.prover.inclusion(at, SIZE)} for at in indexes]
    olds = [1, 2, 255, 256, 257, OLD, 65_536, 65_792, SIZE - 1, SIZE]
    cases += [seen | {"Kind": "made consistency", "Index": at, "Path": log.prover.consistency(at, SIZE)} for at in olds]
    cases += [seen | {"Kind": "entries"}]
    assert judge(cases) == ["yes"] * len(cases)


def test_go_refuses_a_tile_or_bundle_with_a_changed_byte(log, judge, tmp_path):
    broken = shutil.copytree(log.folder, tmp_path / "broken")
    for name, content in {
        "tile/0/256": bytes([log.tiles[0, 256][0] ^ 1]) + log.tiles[0, 256][1:],
        "tile/entries/000": pack_entries([bytes(32), *log.entries[1:256]]),
    }.items():
        (broken / name).write_bytes(content)
        case = {"Kind": "entries", "Note": log.note(), "Dir": str(broken)}
        assert refused(judge([case])), name
        (broken / name).write_bytes((log.folder / name).read_bytes())
    assert judge([case]) == ["yes"]


def test_go_writes_the_same_paths(judge):
    cases = [
        {
            "Kind": "path",
            "Level": level,
            "Index": index,
            "Width": width,
            "Text": path_text(TilePath(level=level, index=index, width=width)),
        }
        for level in (0, 1, 7)
        for index in (0, 1, 999, 1000, 1001, 123_456_789, 10**12, 2**55)
        for width in (1, 8, 255, 256)
    ]
    assert judge(cases) == ["yes"] * len(cases)


def test_go_refuses_a_checkpoint_with_any_byte_changed(log, judge):
    said = judge([{"Kind": "checkpoint", "Note": wrong} for wrong in flips(log.note())])
    assert len(said) == 2 * len(log.note())
    assert refused(said)


def test_go_refuses_an_inclusion_proof_with_any_byte_changed(log, judge):
    good = inclusion(log, 65_530)
    cases = [good | {"Entry": wrong} for wrong in flips(good["Entry"])]
    cases += [good | {"Path": _cut(wrong)} for wrong in flips(b"".join(good["Path"]))]
    cases += [good | {"Index": 65_529}, good | {"Path": good["Path"][1:]}, good | {"Path": [*good["Path"], bytes(32)]}]
    assert judge([good]) == ["yes"]
    assert refused(judge(cases))


def test_go_refuses_a_consistency_proof_with_any_byte_changed(log, judge):
    good = consistency(log, 65_530)
    cases = [good | {"Path": _cut(wrong)} for wrong in flips(b"".join(good["Path"]))]
    cases += [good | {"Old": log.note(65_529)}, good | {"Path": good["Path"][1:]}]
    assert judge([good]) == ["yes"]
    assert refused(judge(cases))


def _cut(row: bytes) -> list[bytes]:
    return [row[at : at + 32] for at in range(0, len(row), 32)]
