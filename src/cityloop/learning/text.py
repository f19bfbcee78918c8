"""A text as numbers: which pairs of characters it has, kept as hashes. No text can be read back out of them."""

import re
from zlib import crc32

import numpy as np
from msgspec import Struct

from cityloop.domain.one_form import one_form

CHARS_MAX = 2_000  # what follows is read by people, not by the model
HEAD_CHARS = 30  # the subject stands here
WHOLE, HEAD = 0, 1  # the two blocks of features
BLOCKS = (WHOLE, HEAD)

_SPACE = re.compile(r"\s+")
_LATIN = re.compile(r"[a-z0-9]{2,}")
_PRIVATE_USE, _PRIVATE_SIZE = 0xF0000, 0xFFFD
_ONE, _LEFT, _RIGHT = (np.uint32(0x9E3779B1), np.uint32(0x85EBCA6B), np.uint32(0xC2B2AE35))
_SEEDS = (np.uint32(0), np.uint32(0x27D4EB2F))


class Grams(Struct, frozen=True):
    """What one block of one text has.

    Shape: `keys` uint32, sorted, each once; `counts` how often, of the same length.
    """

    keys: np.ndarray
    counts: np.ndarray


def grams_of(text: str) -> tuple[Grams, Grams]:
    """Single characters and pairs of them, of the whole text and of its head; a Latin word or a number is one character.

    >>> [len(block.keys) for block in grams_of("路灯 不亮")]
    [7, 7]
    """
    signs = _signs(text)
    return _grams(signs, WHOLE), _grams(signs[:HEAD_CHARS], HEAD)


def _signs(text: str) -> np.ndarray:
    """The text's characters as numbers, in the form in which texts are compared, without spaces."""
    said = _SPACE.sub("", _LATIN.sub(_as_one, one_form(text[:CHARS_MAX])))
    return np.frombuffer(said.encode("utf-32-le", "surrogatepass"), dtype="<u4")


def _as_one(word: re.Match[str]) -> str:
    return chr(_PRIVATE_USE + crc32(word[0].encode()) % _PRIVATE_SIZE)


def _grams(signs: np.ndarray, block: int) -> Grams:
    keys = np.concatenate((signs * _ONE, signs[:-1] * _LEFT + signs[1:] * _RIGHT)) ^ _SEEDS[block]
    keys ^= keys >> np.uint32(15)
    keys.sort()
    first = np.flatnonzero(np.concatenate((keys[:1] == keys[:1], keys[1:] != keys[:-1])))
    return Grams(keys[first], np.diff(np.append(first, len(keys))).astype(np.uint16))
