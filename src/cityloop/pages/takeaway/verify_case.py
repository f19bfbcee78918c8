"""Checks the evidence of one case, without the city, without a network: `python3 verify_case.py evidence.json [KEY …]`.

Needs Python 3.9 or later and nothing else. KEY is a verifier key that you got from the city on another way than this file;
without one the key inside the file is used, and that is said. Sources: RFC 6962 (tree), RFC 8032 (signature),
c2sp.org/signed-note, c2sp.org/tlog-checkpoint.
"""

import base64
import json
import sys
from hashlib import sha256, sha512

P = 2**255 - 19
Q = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
BASE_Y = 4 * pow(5, P - 2, P) % P


class Broken(Exception):
    """Something does not hold."""


def recovered_x(y, sign):
    """The x of a point of the curve."""
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - square) % P or (x == 0 and sign):
        raise Broken("a point of the signature or key is not on the curve")
    return P - x if x & 1 != sign else x


def point_of(raw):
    """32 bytes as a point in extended coordinates."""
    number = int.from_bytes(raw, "little")
    y, sign = number & (1 << 255) - 1, number >> 255
    if len(raw) != 32 or y >= P:
        raise Broken("a point of the signature or key is not well written")
    x = recovered_x(y, sign)
    return x, y, 1, x * y % P


def added(a, b):
    """The sum of two points."""
    e, f = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    g, h = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    i, j, k, m = f - e, h - g, h + g, f + e
    return i * j % P, k * m % P, j * k % P, i * m % P


def times(number, point):
    """A point so many times."""
    found = (0, 1, 1, 0)
    while number:
        if number & 1:
            found = added(found, point)
        point, number = added(point, point), number >> 1
    return found


def check_signature(key, message, signature):
    """Nothing, if the Ed25519 signature is the key's."""
    if len(signature) != 64:
        raise Broken("the signature has not 64 bytes")
    s = int.from_bytes(signature[32:], "little")
    if s >= Q:
        raise Broken("the signature is not well written")
    r, holder = point_of(signature[:32]), point_of(key)
    told = int.from_bytes(sha512(signature[:32] + key + message).digest(), "little") % Q
    left, right = times(s, (recovered_x(BASE_Y, 0), BASE_Y, 1, recovered_x(BASE_Y, 0) * BASE_Y % P)), added(r, times(told, holder))
    if (left[0] * right[2] - right[0] * left[2]) % P or (left[1] * right[2] - right[1] * left[2]) % P:
        raise Broken("the signature is not that of the key")


def read_key(text):
    """Name, id and public key of a verifier key NAME+ID+KEY."""
    name, id_hex, encoded = text.strip().split("+", 2)
    raw = base64.b64decode(encoded, validate=True)
    if raw[:1] != b"\x01" or sha256(f"{name}\n".encode() + raw).digest()[:4].hex() != id_hex:
        raise Broken(f"the key of {name} is not well written")
    return name, bytes.fromhex(id_hex), raw[1:]


def open_checkpoint(note, key):
    """Size and root of a signed checkpoint."""
    name, id, public = read_key(key)
    text, _, below = note.rpartition("\n\n")
    for line in below.splitlines():
        _, signer, encoded = line.split(" ")
        raw = base64.b64decode(encoded, validate=True)
        if signer == name and raw[:4] == id:
            check_signature(public, f"{text}\n".encode(), raw[4:])
            origin, size, root = text.split("\n")[:3]
            if origin != name:
                raise Broken(f"the checkpoint is of {origin}, the key of {name}")
            return int(size), base64.b64decode(root, validate=True)
    raise Broken(f"the checkpoint bears no signature of {name}")


def node(left, right):
    """The hash over two hashes."""
    return sha256(b"\x01" + left + right).digest()


def check_inclusion(leaf, index, size, path, root):
    """Nothing, if the leaf stands at its place below the root."""
    here, at, last = leaf, index, size - 1
    if not 0 <= index < size:
        raise Broken("its place lies outside the log")
    for each in path:
        if last == 0:
            raise Broken("its path has too many hashes")
        if at & 1 or at == last:
            here = node(each, here)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            here = node(here, each)
        at, last = at >> 1, last >> 1
    if last or here != root:
        raise Broken("its path leads to another root")


def check_growth(old, old_root, new, new_root, path):
    """Nothing, if the later log begins with the whole earlier one."""
    if old == new:
        if path or old_root != new_root:
            raise Broken("two roots were signed for one size")
        return
    hashes = [old_root, *path] if old & (old - 1) == 0 else list(path)
    if not 0 < old < new or not hashes:
        raise Broken("the proof of growth is empty, or its sizes are impossible")
    at, last = old - 1, new - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    was = now = hashes[0]
    for each in hashes[1:]:
        if last == 0:
            raise Broken("the proof of growth has too many hashes")
        if at & 1 or at == last:
            was, now = node(each, was), node(each, now)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            now = node(now, each)
        at, last = at >> 1, last >> 1
    if last or was != old_root or now != new_root:
        raise Broken("the later log does not begin with the earlier one")


def check_fact(fact, size, root):
    """What the fact says, if it stands under the root."""
    salt, body = base64.b64decode(fact["salt"], validate=True), base64.b64decode(fact["body"], validate=True)
    if len(salt) != 32:
        raise Broken("its salt has not 32 bytes")
    leaf = sha256(b"\x00" + sha256(salt + body).digest()).digest()
    check_inclusion(leaf, fact["index"], size, [base64.b64decode(each, validate=True) for each in fact["path"]], root)
    said = json.loads(body)
    if f"{said['subject']}#{said['subject_no']}" != fact["id"]:
        raise Broken("its bytes speak of another fact")
    return said


def check_evidence(evidence, keys):
    """Lines of what was checked; the first broken thing raises."""
    if evidence.get("format") != "cityloop.case-evidence.v1":
        raise Broken("this is not the evidence of a case")
    heads = {}
    for log in evidence["logs"]:
        trusted = [each for each in keys if each.split("+")[0] == log["origin"]]
        if keys and not trusted:
            raise Broken(f"none of the keys you gave is of the log {log['origin']}")
        key = trusted[0] if trusted else log["key"]
        heads[log["origin"]] = size, root = open_checkpoint(log["checkpoint"], key)
        yield f"signature holds: {log['origin']}, {size} facts" + ("" if trusted else " (key from the file: compare it)")
        old, old_root = open_checkpoint(log["earlier"], key)
        check_growth(old, old_root, size, root, [base64.b64decode(each, validate=True) for each in log["consistency"]])
        yield f"nothing was rewritten: the log of {size} facts begins with that of {old}"
    numbers = {}
    for fact in evidence["facts"]:
        try:
            said = check_fact(fact, *heads[fact["origin"]])
        except Broken as error:
            raise Broken(f"fact {fact['id']}: {error}") from None
        numbers.setdefault(said["subject"], []).append(said["subject_no"])
        yield f"in the log at {fact['index']}: {said['fact']['at']} {said['type']} ({fact['id']})"
    for subject, found in numbers.items():
        if found != list(range(1, len(found) + 1)):
            raise Broken(f"facts of {subject} are missing: there are {found}")
    yield f"whole: {len(evidence['facts'])} facts, none left out in between"


def main(asked):
    """The command line; exit code 0 if all holds."""
    if not asked:
        print(__doc__)
        return 2
    with open(asked[0], encoding="utf-8") as source:
        evidence = json.load(source)
    try:
        for line in check_evidence(evidence, asked[1:]):
            print("ok   ", line)
    except (Broken, ValueError, KeyError, TypeError) as error:
        print("BROKEN", error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
