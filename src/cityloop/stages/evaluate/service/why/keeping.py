"""What was found is kept by what it follows from: asked again of the same cases, nothing is counted twice."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from hashlib import blake2b
from typing import Any, TypeVar

import msgspec
import numpy as np

T = TypeVar("T")
ANSWERS_MAX = 256  # some 100 kB each at most


class Kept:
    """Answers by the digest of what they follow from; those that nobody asked for the longest time go first."""

    def __init__(self, most: int = ANSWERS_MAX):
        self._most = most
        self._said: OrderedDict[bytes, Any] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._said)

    def of(self, part: str, follows_from: tuple[Any, ...], anew: Callable[[], T]) -> T:
        """What a part says; counted only where nothing is kept that follows from the same."""
        key = digest_of(part, *follows_from)
        with self._lock:
            if key in self._said:
                self._said.move_to_end(key)
                return self._said[key]
        said = anew()
        with self._lock:
            self._said[key] = said
            self._said.move_to_end(key)
            while len(self._said) > self._most:
                self._said.popitem(last=False)
        return said


def digest_of(*parts: Any) -> bytes:
    """A digest of arrays and of anything that JSON can say: equal for equal parts, whatever else they are part of."""
    whole = blake2b(digest_size=32)
    for each in parts:
        if isinstance(each, np.ndarray):
            whole.update(f"{each.dtype.str}{each.shape}".encode())
            whole.update(each.tobytes())
        else:
            said = msgspec.json.encode(each)
            whole.update(f"j{len(said)}".encode())
            whole.update(said)
    return whole.digest()
