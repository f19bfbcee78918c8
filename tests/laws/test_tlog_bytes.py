"""No byte of evidence can change unseen: not of a proof, a checkpoint, a fact, its salt."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.laws.rfc6962 import DATA, audit_path, consistency, mth, sizes

from cityloop.domain.errors import CityloopError
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
    open_checkpoint,
    sign_checkpoint,
    verify_bundle,
    verify_consistency,
    verify_inclusion,
)


def flips(whole: bytes):
    """The bytes with one byte changed, for each byte and two different changes."""
    for at, byte in enumerate(whole):
        for mask in (0x01, 0x80 >> at % 7):
            yield whole[:at] + bytes([byte ^ mask]) + whole[at + 1 :]


@given(sizes, st.data())
@settings(max_examples=25, deadline=None)
def test_no_byte_of_an_inclusion_proof_can_change(size, data):
    index = data.draw(st.integers(0, size - 1))
    path, root = audit_path(index, 0, size), mth(0, size)
    for nth, each in enumerate(path):
        changed = each[: nth % 32] + bytes([each[nth % 32] ^ data.draw(st.integers(1, 255))]) + each[nth % 32 + 1 :]
        with pytest.raises(EvidenceBroken):
            verify_inclusion(leaf_hash(DATA[index]), index, size, [*path[:nth], changed, *path[nth + 1 :]], root)
        with pytest.raises(EvidenceBroken):
            verify_inclusion(leaf_hash(DATA[index]), index, size, path[:nth] + path[nth + 1 :], root)
        with pytest.raises(EvidenceBroken):
            verify_inclusion(leaf_hash(DATA[index]), index, size, [*path[:nth], each, *path[nth:]], root)
    with pytest.raises(EvidenceBroken):
        verify_inclusion(leaf_hash(DATA[index]), index, size, [*path, bytes(32)], root)
    for other in {0, size - 1, index ^ 1, index // 2, max(0, index - 1)} & set(range(size)) - {index}:
        with pytest.raises(EvidenceBroken):
            verify_inclusion(leaf_hash(DATA[index]), other, size, path, root)


@given(sizes, sizes, st.data())
@settings(max_examples=25, deadline=None)
def test_no_byte_of_a_consistency_proof_can_change(one, other, data):
    old, new = sorted((one, other))
    path, was, now = consistency(old, new), mth(0, old), mth(0, new)
    for nth, each in enumerate(path):
        at = data.draw(st.integers(0, 31))
        changed = each[:at] + bytes([each[at] ^ data.draw(st.integers(1, 255))]) + each[at + 1 :]
        for wrong in ([*path[:nth], changed, *path[nth + 1 :]], path[:nth] + path[nth + 1 :]):
            with pytest.raises(EvidenceBroken):
                verify_consistency(old, was, new, now, wrong)
    with pytest.raises(EvidenceBroken):
        verify_consistency(old, was, new, now, [*path, bytes(32)])
    for roots in ((bytes(32), now), (was, bytes(32))):
        with pytest.raises(EvidenceBroken):
            verify_consistency(old, roots[0], new, roots[1], path)


def test_every_byte_of_a_small_proof_counts():
    path, old, new = audit_path(9, 0, 21), consistency(7, 21), mth(0, 21)
    for wrong in flips(b"".join(path)):
        with pytest.raises(EvidenceBroken):
            verify_inclusion(leaf_hash(DATA[9]), 9, 21, [wrong[at : at + 32] for at in range(0, len(wrong), 32)], new)
    for wrong in flips(b"".join(old)):
        with pytest.raises(EvidenceBroken):
            verify_consistency(7, mth(0, 7), 21, new, [wrong[at : at + 32] for at in range(0, len(wrong), 32)])


def test_every_byte_of_a_checkpoint_counts():
    key = new_key("city.example/log")
    note = sign_checkpoint(Checkpoint(origin=key.name, size=21, root=mth(0, 21)), key).encode()
    for wrong in flips(note):
        with pytest.raises((EvidenceBroken, EvidenceMalformed, UnicodeDecodeError)):
            open_checkpoint(wrong.decode(), key.verifier)


def test_every_byte_of_a_bundle_counts():
    """The file that a citizen gets: one byte changed anywhere, and it convinces nobody."""
    key = new_key("city.example/log")
    leaves = [leaf_hash(entry(bytes([n]) * 32, b"fact %d" % n)) for n in range(21)]
    growth = grow(0, lambda *_: None, leaves)
    bundle = SaltedFactProof(
        origin=key.name,
        index=10,
        size=21,
        salt=bytes([10]) * 32,
        body=b"fact 10",
        path=tuple(Prover(lambda *_: growth.tiles[0].hashes).inclusion(10, 21)),
        checkpoint=sign_checkpoint(Checkpoint(origin=key.name, size=21, root=growth.root), key),
    )
    text = json.dumps(bundle.to_json()).encode()
    vkey = str(key.verifier)
    assert verify_bundle(bundle_from_json(json.loads(text)), vkey).root == growth.root
    for wrong in flips(text):
        try:
            members = json.loads(wrong)
            changed = members != json.loads(text)
        except ValueError:  # not JSON, not UTF-8
            continue
        if changed:  # a space between members may become a tab or a newline
            with pytest.raises(CityloopError):
                verify_bundle(bundle_from_json(members), vkey)
