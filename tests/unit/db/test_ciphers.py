"""What is sealed opens again by its key alone, whichever cipher a city chose then or chooses now."""

import os

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from cityloop.app import Settings
from cityloop.app.settings import CipherUnknown
from cityloop.db.ciphers import SM4_MARK, Cipher, Safe, _Sm4Gcm

KEY = bytes(range(32))
CIPHERS = st.sampled_from(list(Cipher))


@given(raw=st.binary(max_size=200), bound=st.binary(max_size=20), then=CIPHERS, now=CIPHERS)
def test_what_was_sealed_opens_whatever_is_chosen_now(raw, bound, then, now):
    kept = Safe(KEY, then).seal(raw, bound)
    assert kept.startswith(SM4_MARK) is (then is Cipher.sm4)
    assert Safe(KEY, now).open(kept, bound) == raw


@given(raw=st.binary(max_size=60), cipher=CIPHERS, place=st.integers(0, 200), bit=st.integers(0, 7))
def test_a_flipped_bit_another_key_or_another_thing_opens_nothing(raw, cipher, place, bit):
    kept = bytearray(Safe(KEY, cipher).seal(raw, b"this"))
    for key, bound in ((KEY, b"that"), (KEY[::-1], b"this")):
        with pytest.raises(InvalidTag):
            Safe(key).open(bytes(kept), bound)
    kept[place % len(kept)] ^= 1 << bit
    with pytest.raises(InvalidTag):
        Safe(KEY).open(bytes(kept), b"this")


@pytest.mark.parametrize("kept", [b"", b"short", SM4_MARK, SM4_MARK + b"0" * 20])
def test_what_is_too_short_opens_nothing(kept):
    with pytest.raises(InvalidTag):
        Safe(KEY).open(kept, b"")


def test_what_was_sealed_before_there_was_a_choice_opens():
    nonce = os.urandom(12)
    assert Safe(KEY, Cipher.sm4).open(nonce + AESGCM(KEY).encrypt(nonce, b"old", b"of"), b"of") == b"old"


def test_sm4_is_that_of_the_standard():
    """Source: RFC 8998, appendix A.1."""
    made = _Sm4Gcm(bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")).encrypt(
        bytes.fromhex("00001234567800000000ABCD"),
        b"".join(bytes([each] * 8) for each in (0xAA, 0xBB, 0xCC, 0xDD, 0xEE, 0xFF, 0xEE, 0xAA)),
        bytes.fromhex("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2"),
    )
    assert made.hex().upper() == (
        "17F399F08C67D5EE19D0DC9969C4BB7D5FD46FD3756489069157B282BB200735"
        "D82710CA5C22F0CCFA7CBF93D496AC15A56834CBCF98C397B4024A2691233B8D"
        "83DE3541E4C2B58177E065A9BF7B62EC"
    )


def test_another_word_for_it_is_refused():
    assert Settings(at_rest="sm4").cipher is Cipher.sm4
    with pytest.raises(CipherUnknown, match="aes or sm4"):
        _ = Settings(at_rest="rot13").cipher
