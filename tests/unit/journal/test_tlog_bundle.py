"""A fact with its proof: whole, it convinces; changed anywhere, it says what is wrong."""

import json
from dataclasses import replace

import pytest

from cityloop.journal.tlog import (
    Checkpoint,
    EvidenceBroken,
    EvidenceMalformed,
    Prover,
    SaltedFactProof,
    bundle_from_json,
    entry,
    grow,
    leaf_hash,
    new_key,
    sign_checkpoint,
    verify_bundle,
)

KEY = new_key("city.example/log")
VKEY = str(KEY.verifier)
FACTS = [(bytes([n]) * 32, b'{"type":"CaseFiled","no":%d}' % n) for n in range(11)]


def bundle_of(index, key=KEY):
    growth = grow(0, lambda *_: None, [leaf_hash(entry(*fact)) for fact in FACTS])
    prover = Prover(lambda *_: growth.tiles[0].hashes)
    return SaltedFactProof(
        origin=key.name,
        index=index,
        size=growth.size,
        salt=FACTS[index][0],
        body=FACTS[index][1],
        path=tuple(prover.inclusion(index, growth.size)),
        checkpoint=sign_checkpoint(Checkpoint(origin=key.name, size=growth.size, root=growth.root), key),
    )


GOOD = bundle_of(6)


@pytest.mark.parametrize("index", range(11))
def test_a_bundle_convinces_after_a_way_through_json(index):
    bundle = bundle_from_json(json.loads(json.dumps(bundle_of(index).to_json())))
    assert bundle == bundle_of(index)
    assert verify_bundle(bundle, VKEY).size == 11


def test_what_a_bundle_looks_like():
    members = GOOD.to_json()
    assert list(members) == ["format", "alg", "origin", "index", "size", "salt", "body", "path", "checkpoint"]
    assert (members["format"], members["alg"]) == ("cityloop.fact-proof.v1", "sha256-ed25519")


def test_a_bundle_as_the_field_writes_it():
    """c2sp.org/tlog-proof: header, extra, index, path, blank line, checkpoint."""
    lines = GOOD.to_tlog_proof().split("\n")
    assert lines[0] == "c2sp.org/tlog-proof@v1"
    assert lines[1].startswith("extra BgYG")
    assert lines[2] == "index 6"
    assert len(lines[3:7]) == len(GOOD.path)
    assert lines[7] == ""
    assert "\n".join(lines[8:]) == GOOD.checkpoint


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"body": b'{"type":"CaseFiled","no":7}'}, "leads to another root"),
        ({"salt": bytes(32)}, "leads to another root"),
        ({"index": 5}, "leads to another root"),
        ({"size": 12}, "its checkpoint for 11"),
        ({"path": GOOD.path[:-1]}, "too few"),
        ({"path": (*GOOD.path, bytes(32))}, "too many"),
        ({"path": tuple(reversed(GOOD.path))}, "leads to another root"),
        ({"origin": "town.example/log"}, "the key of city.example/log"),
        ({"alg": "sm3-sm2"}, "sm3-sm2"),
        ({"checkpoint": bundle_of(6, new_key("city.example/log")).checkpoint}, "not signed by"),
    ],
)
def test_what_is_broken(change, why):
    with pytest.raises(EvidenceBroken, match=why):
        verify_bundle(replace(GOOD, **change), VKEY)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"alg": "md5-rsa"}, "md5-rsa"),
        ({"index": 11}, "cannot be in a tree"),
        ({"index": -1}, "cannot be in a tree"),
        ({"salt": GOOD.salt + GOOD.body[:1], "body": GOOD.body[1:]}, "exactly 32"),  # the same bytes, cut elsewhere
        ({"path": (b"", *GOOD.path)}, "must have 32"),
    ],
)
def test_what_is_malformed(change, why):
    with pytest.raises(EvidenceMalformed, match=why):
        verify_bundle(replace(GOOD, **change), VKEY)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"format": "cityloop.fact-proof.v2"}, "format"),
        ({"index": "6"}, "'index'"),
        ({"index": True}, "'index'"),
        ({"index": 6.0}, "'index'"),
        ({"index": None}, "'index'"),
        ({"path": "AAAA"}, "'path'"),
        ({"path": [7]}, "'path'"),
        ({"path": [GOOD.to_json()["salt"]] * 64}, "more than 63"),
        ({"salt": "AAAA"}, "'salt'"),
        ({"salt": GOOD.to_json()["salt"] + "\n"}, "'salt'"),
        ({"body": "*"}, "'body'"),
        ({"body": "é"}, "'body'"),
        ({"note": "more"}, "'note'"),
    ],
)
def test_what_is_not_a_bundle(change, why):
    with pytest.raises(EvidenceMalformed, match=why):
        bundle_from_json(GOOD.to_json() | change)


@pytest.mark.parametrize("members", [None, [], "text", 7, {}])
def test_what_is_no_bundle_at_all(members):
    with pytest.raises(EvidenceMalformed, match="not a proof"):
        bundle_from_json(members)


@pytest.mark.parametrize("name", ["alg", "origin", "index", "size", "salt", "body", "path", "checkpoint"])
def test_every_member_is_needed(name):
    members = GOOD.to_json()
    del members[name]
    with pytest.raises(EvidenceMalformed, match=repr(name)):
        bundle_from_json(members)
