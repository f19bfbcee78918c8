"""Checks everything that a city left with, without the city, without a network: `python3 verify_all.py [FOLDER]`.

Needs Python 3.9 or later, and verify_case.py beside it. Each file is as SHA256SUMS says and none is missing; the facts are dense,
and every signed checkpoint stands over exactly these facts (RFC 6962, RFC 8032).
"""

import base64
import importlib
import json
import sys
from collections import deque
from hashlib import sha256
from pathlib import Path


def check_files(folder):
    """Lines about files that are missing, changed, or not listed."""
    listed = {}
    for line in (folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines():
        digest, _, name = line.partition("  ")
        listed[name] = digest
        path = folder / name
        if not path.is_file():
            yield f"{name} is missing"
        elif sha256(path.read_bytes()).hexdigest() != digest:
            yield f"{name} was changed"
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name not in listed and name != "SHA256SUMS" and "__pycache__" not in path.parts:
            yield f"{name} is not listed"


def leaves_in(folder):
    """The Merkle leaf of every fact, in order; what is wrong is raised."""
    for path in sorted((folder / "journal").glob("facts-*.jsonl")):
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                fact = json.loads(line)
                entry = sha256(bytes.fromhex(fact["salt"]) + fact["body"].encode()).digest()
                yield fact["seq"], sha256(b"\x00" + entry).digest()


def root_of(peaks):
    """The root over peaks, the largest first."""
    if not peaks:
        return sha256(b"").digest()
    root = peaks[-1][1]
    for _, left in reversed(peaks[:-1]):
        root = sha256(b"\x01" + left + root).digest()
    return root


def check_journal(folder, case):
    """Lines about the journal; what is wrong begins with BROKEN."""
    logs = json.loads((folder / "journal" / "logs.json").read_text(encoding="utf-8"))
    facts = list(leaves_in(folder))
    if [seq for seq, _ in facts] != list(range(1, len(facts) + 1)):
        yield "BROKEN facts are missing, or stand in another order"
        return
    for log in logs:
        peaks, size, checked = [], 0, 0
        waiting = deque(sorted(log["checkpoints"], key=lambda each: each["size"]))
        for _, leaf in facts[log["first_seq"] - 1 :]:
            if not waiting:
                break
            peaks.append((1, leaf))
            size += 1
            while len(peaks) > 1 and peaks[-1][0] == peaks[-2][0]:
                width, right = peaks.pop()
                peaks[-1] = (2 * width, sha256(b"\x01" + peaks[-1][1] + right).digest())
            while waiting and waiting[0]["size"] == size:
                head = waiting.popleft()
                if root_of(peaks).hex() != head["root"]:
                    yield f"BROKEN {log['origin']}: the checkpoint of {size} facts was signed over other facts"
                    return
                checked += 1
        if waiting:
            yield f"BROKEN {log['origin']}: facts are missing that a checkpoint covers"
            return
        if log["checkpoints"] and log["key"]:
            last = max(log["checkpoints"], key=lambda each: each["size"])
            if case.open_checkpoint(last["note"], log["key"]) != (last["size"], bytes.fromhex(last["root"])):
                yield f"BROKEN {log['origin']}: the newest checkpoint says other than what was signed"
                return
        yield f"{log['origin']}: {checked} checkpoints stand over {size} facts" + ("" if log["key"] else " (no key: the signature was not checked)")


def main(asked):
    """The command line; exit code 0 if all holds."""
    here = Path(__file__).resolve().parent
    folder = Path(asked[0]) if asked else here
    sys.path.insert(0, str(here))
    sys.dont_write_bytecode = True
    case = importlib.import_module("verify_case")
    broken = 0
    for line in check_files(folder):
        print("BROKEN", line)
        broken += 1
    try:
        for line in check_journal(folder, case):
            broken += line.startswith("BROKEN")
            print(line if line.startswith("BROKEN") else f"ok     {line}")
    except (case.Broken, ValueError, KeyError, TypeError, base64.binascii.Error) as error:
        print("BROKEN", error)
        broken += 1
    if not broken:
        print("ok     every file is as it was taken along")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
