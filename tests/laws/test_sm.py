"""SM3 and SM2 beside SHA-256 and Ed25519: the standards' own examples, other programs' verdict, and a log that goes over."""

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import gmalg
import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from tests.laws.journal_world import receive, writer_of
from tests.laws.test_journal_seal import NAME, keys_of, sealer_of

from cityloop.journal import story
from cityloop.journal.prove import Proofs, origins, verify
from cityloop.journal.seal import Sealer
from cityloop.journal.tlog import (
    SM3_SM2,
    EvidenceBroken,
    EvidenceMalformed,
    grow,
    leaves_of,
    load_key,
    new_key,
    open_note,
    parse_verifier,
    save_key,
    sign_note,
    verify_bundle,
)
from cityloop.journal.tlog.signing import verify as signed_by

# GB/T 32918.5-2017, A.2: the signature over "message digest" by the signer 1234567812345678
PUBLIC = bytes.fromhex(
    "09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13"
)
R = "F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3"
S = "B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA"
SIGNED = bytes.fromhex(f"3046022100{R}022100{S}")


@pytest.mark.parametrize(
    ("said", "digest"),
    [
        (b"abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
        (b"abcd" * 16, "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"),
    ],
)
def test_sm3_gives_what_the_standard_gives(said, digest):
    """GB/T 32905-2016, annex A."""
    assert SM3_SM2.digest(said).hexdigest() == digest


def test_sm2_takes_the_signature_of_the_standard_and_no_other():
    assert signed_by(SM3_SM2, PUBLIC, SIGNED, b"message digest")
    assert not signed_by(SM3_SM2, PUBLIC, SIGNED, b"message digesu")
    for place in (9, 40, 60):
        spoiled = bytearray(SIGNED)
        spoiled[place] ^= 1
        assert not signed_by(SM3_SM2, PUBLIC, bytes(spoiled), b"message digest")
    assert not signed_by(SM3_SM2, bytes(64), SIGNED, b"message digest")
    assert not signed_by(SM3_SM2, PUBLIC, b"", b"message digest")


def test_sm4_gives_what_the_standard_gives():
    """GB/T 32907-2016, annex A."""
    block = bytes.fromhex("0123456789abcdeffedcba9876543210")
    made = Cipher(algorithms.SM4(block), modes.ECB()).encryptor()
    assert (made.update(block) + made.finalize()).hex() == "681edf34d206965e86b3e94f536e4246"


def test_what_we_sign_another_implementation_verifies():
    """`gmalg` is written in Python alone and shares no line with the library that signs."""
    key = new_key("test.localhost/sm", alg=SM3_SM2).private
    for said in (b"", b"a checkpoint\n", b"x" * 1000):
        der = key.sign(said)
        numbers = _numbers(der)
        other = gmalg.SM2(pk=b"\x04" + key.public(), uid=b"1234567812345678")
        assert other.verify(said, *numbers)
        assert not other.verify(said + b"!", *numbers)


@pytest.mark.skipif(not shutil.which("openssl"), reason="the command line of OpenSSL is not installed")
def test_what_we_sign_openssl_verifies(tmp_path):
    key = new_key("test.localhost/sm", alg=SM3_SM2).private
    head = bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d034200")  # an SM2 public key, as X.509 wraps it
    (tmp_path / "key.der").write_bytes(head + b"\x04" + key.public())
    (tmp_path / "said").write_bytes(b"a checkpoint\n")
    (tmp_path / "signed").write_bytes(key.sign(b"a checkpoint\n"))
    assert _openssl(tmp_path)
    (tmp_path / "said").write_bytes(b"a checkpoinu\n")
    assert not _openssl(tmp_path)


def _openssl(folder: Path) -> bool:
    asked = [
        "openssl", "pkeyutl", "-verify", "-rawin", "-digest", "sm3", "-pkeyopt", "distid:1234567812345678", "-pubin", "-keyform", "DER",
        "-inkey", "key.der", "-in", "said", "-sigfile", "signed",
    ]  # fmt: skip
    return subprocess.run(asked, cwd=folder, capture_output=True).returncode == 0


def _numbers(der: bytes) -> tuple[bytes, bytes]:
    """r and s of a DER signature, 32 bytes each."""
    found, at = [], 2
    for _ in range(2):
        size = der[at + 1]
        found.append(der[at + 2 : at + 2 + size].lstrip(b"\0").rjust(32, b"\0"))
        at += 2 + size
    return found[0], found[1]


def test_a_key_comes_back_from_its_file_and_its_word_names_its_kind(tmp_path):
    key = new_key("test.localhost/sm", alg=SM3_SM2)
    save_key(tmp_path / "sm.key", key)
    back = load_key(tmp_path / "sm.key")
    assert back.verifier == key.verifier == parse_verifier(str(key.verifier))
    note = sign_note("said\n", back)
    assert open_note(note, [key.verifier]) == "said\n"
    with pytest.raises(EvidenceBroken):
        open_note(note.replace("said", "sait"), [key.verifier])
    other = new_key("test.localhost/sm", alg=SM3_SM2)
    text = (tmp_path / "sm.key").read_text()
    (tmp_path / "mixed.key").touch(mode=0o600)
    (tmp_path / "mixed.key").write_text(text.replace(key.verifier.id.hex(), other.verifier.id.hex()))
    with pytest.raises(EvidenceMalformed):
        load_key(tmp_path / "mixed.key")


def test_a_log_goes_over_to_sm_and_both_halves_verify(places, tmp_path):
    """The new log's first fact names the old log's last checkpoint; facts say under what they lie."""
    database, keys = places.open(), tmp_path / "keys"
    old = sealer_of(database, keys)
    before = [old.writer.change(receive) for _ in range(5)]
    old.seal()
    old.writer.change(receive)  # not sealed yet
    sealer = Sealer(writer_of(database), keys, NAME, SM3_SM2)
    sealer.start()
    assert sealer.writer.journal.alg == "sha256+ed25519"  # what grows keeps its own
    sealer.begin_anew()
    after = [sealer.writer.change(receive) for _ in range(300)]
    sealer.seal()

    found = verify(database, keys_of(keys))
    assert (found.facts, found.faults) == (307, ())
    with database.reading() as tx:
        logs = origins(tx)
        (told,) = story(tx, f"log/{NAME}/2")
    assert [each.alg for each in logs] == ["sha256+ed25519", "sm3+sm2"]
    assert (told.fact.old_origin, told.fact.old_size, told.fact.origin) == (NAME, 6, logs[1].name)
    for report, log in ((before[0], logs[0]), (after[0], logs[1]), (after[299], logs[1])):
        (proof,) = Proofs(database).of_subject(f"report/{report}")
        assert proof.alg == log.alg_used.name
        assert verify_bundle(proof, str(keys_of(keys)(log.name)))
        with pytest.raises(EvidenceBroken):
            verify_bundle(replace(proof, body=proof.body + b" "), str(keys_of(keys)(log.name)))

    again = Sealer(writer_of(database), keys, NAME)  # started again, whatever is set: what grows keeps its own
    again.start()
    again.writer.change(receive)
    again.seal()
    assert verify(database, keys_of(keys)).faults == ()


def test_a_fact_that_names_another_algorithm_than_its_log_is_a_fault(places, tmp_path):
    """Planted."""
    database, keys = places.open(), tmp_path / "keys"
    sealer = Sealer(writer_of(database), keys, NAME, SM3_SM2)
    sealer.start()
    sealer.writer.change(receive)
    sealer.writer.journal.alg = "sha256+ed25519"
    sealer.writer.change(receive)
    sealer.seal()
    assert [(each.seq, "lies in a log of sm3+sm2" in each.what) for each in verify(database, keys_of(keys)).faults] == [(2, True)]


def test_sm3_is_hashed_as_the_tree_asks():
    """Without a second implementation in the tests every part would be wrong together: the root of three leaves, by hand."""

    def sm3(data: bytes) -> bytes:
        other = gmalg.SM3()
        other.update(data)
        return bytes(other.value())

    leaves = [sm3(b"\0" + sm3(bytes([n]) * 32 + b"body")) for n in range(3)]
    made = leaves_of([bytes([n]) * 32 + b"body" for n in range(3)], alg=SM3_SM2)
    assert made == leaves
    root = sm3(b"\1" + sm3(b"\1" + leaves[0] + leaves[1]) + leaves[2])
    assert grow(0, lambda level, index: None, made, alg=SM3_SM2).root == root
