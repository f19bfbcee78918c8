"""Signed notes and checkpoints: Go's published example is accepted, and nothing that only looks like one."""

import base64

import pytest

from cityloop.journal.tlog import (
    Checkpoint,
    EvidenceBroken,
    EvidenceMalformed,
    SigningKey,
    checkpoint_text,
    new_key,
    open_checkpoint,
    open_note,
    parse_checkpoint,
    parse_verifier,
    sign_checkpoint,
    sign_note,
    verifier_of,
)

# The example of golang.org/x/mod/sumdb/note.
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
NOTE = (
    f"{TEXT}\n— PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
LOG = new_key("city.example/log")
HEAD = Checkpoint(origin="city.example/log", size=7, root=bytes(range(32)))


def test_the_published_example():
    key = parse_verifier(PETER)
    assert (key.name, key.id.hex()) == ("PeterNeumann", "c74f20a3")
    assert str(key) == PETER
    assert open_note(NOTE, [key]) == TEXT


@pytest.mark.parametrize(
    "text",
    [
        "",
        "PeterNeumann",
        "PeterNeumann+c74f20a3",
        PETER.replace("c74f20a3", "c74f20a4"),
        PETER.replace("c74f20a3", "C74F20A3"),
        PETER.replace("c74f20a3", "0xc74f20"),
        PETER.replace("Peter", "Petra"),
        PETER.replace("Peter", "Peter "),
        PETER[:-1],
        PETER + "\n",
        PETER + "=",
        PETER[:-1] + "X",
        "+e3b0c442+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        # from Go's tests: the id fits, the key is too long, or of an unknown type
        "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
        "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    ],
)
def test_what_is_not_a_verifier_key(text):
    with pytest.raises(EvidenceMalformed):
        parse_verifier(text)


def test_a_text_with_a_blank_line_is_one_text():
    text = "first\n\n— second AAAAAAAA\n\nthird\n"
    assert open_note(sign_note(text, LOG), [LOG.verifier]) == text


def test_a_strangers_signature_is_passed_over():
    stranger = new_key("witness.example")
    cosigned = NOTE + sign_note(TEXT, stranger).rpartition("\n\n")[2]
    assert open_note(cosigned, [parse_verifier(PETER)]) == TEXT
    assert open_note(cosigned, [stranger.verifier]) == TEXT
    assert open_note(cosigned, [stranger.verifier, parse_verifier(PETER)]) == TEXT
    with pytest.raises(EvidenceBroken, match="not signed by nobody"):
        open_note(cosigned, [])


def test_a_known_key_that_signed_other_words_spoils_the_note():
    stranger = new_key("witness.example")
    other = sign_note("other words\n", stranger).rpartition("\n\n")[2]
    with pytest.raises(EvidenceBroken, match=r"witness\.example is not for this text"):
        open_note(NOTE + other, [parse_verifier(PETER), stranger.verifier])


def test_a_key_of_the_same_name_is_a_stranger():
    with pytest.raises(EvidenceBroken, match=r"not signed by city\.example/log"):
        open_checkpoint(sign_checkpoint(HEAD, new_key("city.example/log")), LOG.verifier)


@pytest.mark.parametrize(
    "note",
    [
        "",
        "\n\n",
        TEXT,
        TEXT + "\n",
        NOTE[:-1],
        NOTE + "\n",
        NOTE + "\n\n",
        NOTE + "— \n",
        NOTE + "— name\n",
        NOTE + "— name \n",
        NOTE + "— name AAAA\n",  # no room for a key id and a signature
        NOTE + "— na+me AAAAAAAA\n",
        NOTE + "—  AAAAAAAA\n",
        NOTE + "- name AAAAAAAA\n",
        NOTE + "— name AAAAAAA=\n" * 100,
        NOTE.replace("\n", "\r\n"),
        NOTE.replace("\n\n", "\n"),
        NOTE.replace("think", "thi\tnk"),
        NOTE.replace("think", "thi\x00nk"),
        NOTE.replace("think", "thi\ud800nk"),
        NOTE.replace("AM=\n", "AN=\n"),  # other base64 for the same bytes
        NOTE.replace("AM=\n", "AM= \n"),
        "x" * 1_000_001 + NOTE,
    ],
)
def test_what_is_not_a_note(note):
    with pytest.raises(EvidenceMalformed):
        open_note(note, [parse_verifier(PETER)])


@pytest.mark.parametrize("text", ["", "no newline", "a\tb\n", "a\r\n"])
def test_what_is_not_signed(text):
    with pytest.raises(EvidenceMalformed):
        sign_note(text, LOG)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u00a0b", "a\u3000b", "a\nb", "a\x01b"])
def test_what_cannot_name_a_key_or_a_log(name):
    with pytest.raises(EvidenceMalformed):
        new_key(name)
    with pytest.raises(EvidenceMalformed):
        verifier_of(name, bytes(32))
    with pytest.raises(EvidenceMalformed):
        Checkpoint(origin=name, size=0, root=bytes(32))


def test_a_checkpoint_is_three_lines_and_a_signature():
    note = sign_checkpoint(HEAD, LOG)
    assert note.startswith("city.example/log\n7\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n\n— city.example/log ")
    assert open_checkpoint(note, LOG.verifier) == HEAD
    assert parse_checkpoint(checkpoint_text(HEAD)) == HEAD
    assert parse_checkpoint(checkpoint_text(HEAD) + "an extension\n") == HEAD


ROOT = base64.b64encode(bytes(32)).decode()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        f"o\n1\n{ROOT}",
        f"o\n1\n\n{ROOT}\n",
        f"\n1\n{ROOT}\n",
        f"o\n01\n{ROOT}\n",
        f"o\n+1\n{ROOT}\n",
        f"o\n-1\n{ROOT}\n",
        f"o\n 1\n{ROOT}\n",
        f"o\n١\n{ROOT}\n",
        f"o\n1_0\n{ROOT}\n",
        f"o\n{2**63}\n{ROOT}\n",
        f"o\n{10**30}\n{ROOT}\n",
        f"o\n1\n{ROOT[:-1]}\n",
        f"o\n1\n{ROOT[:-2]}B=\n",
        f"o\n1\n{ROOT[4:]}\n",
        f"o\n1\nAAAA{ROOT}\n",
        f"o\n1\n{ROOT}\n\n",
        f"o o\n1\n{ROOT}\n",
    ],
)
def test_what_is_not_a_checkpoint(text):
    with pytest.raises(EvidenceMalformed):
        parse_checkpoint(text)


def test_no_key_speaks_for_another_log():
    other = new_key("town.example/log")
    with pytest.raises(EvidenceMalformed, match="cannot sign for"):
        sign_checkpoint(HEAD, other)
    with pytest.raises(EvidenceBroken, match=r"signed for city\.example/log"):
        open_checkpoint(sign_note(checkpoint_text(HEAD), other), other.verifier)


def test_a_signing_key_does_not_show_itself():
    seed = LOG.private.secret()
    shown = repr(SigningKey(name="n", private=LOG.private))
    assert seed.hex() not in shown
    assert base64.b64encode(seed).decode() not in shown
    assert repr(seed) not in shown
