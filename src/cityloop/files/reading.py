"""Readable text in a photo, by a recogniser that others trained: the extra `reading`. Without it nobody reads."""

from collections.abc import Sequence
from functools import cache
from io import BytesIO
from threading import Lock
from typing import Protocol

import numpy as np
from msgspec import Struct
from PIL import Image

PPM = 1_000_000
SURE_PPM = 600_000  # what is read less surely is rather noise
LINES_MAX = 20
SIDE_MAX = 1_600  # pixels; a larger photo is made smaller first


class Line(Struct, frozen=True):
    """A line of text in a photo, and how sure the recogniser is of it. Units: ppm."""

    text: str
    ppm: int


class PhotoReader(Protocol):
    """Lines of text in an image, from top to bottom. Shape: uint8 [height, width, 3], blue first."""

    def lines(self, image: np.ndarray) -> Sequence[Line]: ...


class RapidReader:
    """PP-OCR models (Apache-2.0) as the package `rapidocr` ships them in its wheel, run by ONNX Runtime; Chinese and Latin."""

    def __init__(self) -> None:
        from rapidocr import RapidOCR

        self._engine = RapidOCR(params={"Global.log_level": "error", "EngineConfig.onnxruntime.intra_op_num_threads": 1})
        self._one = Lock()

    def lines(self, image: np.ndarray) -> Sequence[Line]:
        with self._one:
            found = self._engine(image)
        if found.txts is None:
            return []
        order = np.argsort([box[:, 1].min() for box in found.boxes], kind="stable")
        return [Line(found.txts[at], round(float(found.scores[at]) * PPM)) for at in order.tolist()]


@cache
def photo_reader() -> PhotoReader | None:
    """The reader of this installation; None where the extra is not installed."""
    try:
        return RapidReader()
    except ImportError:
        return None


def read_photo(raw: bytes, reader: PhotoReader) -> list[Line]:
    """What stands in a photo that we made ourselves: lines that are surely read, from top to bottom."""
    with Image.open(BytesIO(raw)) as photo:
        small = photo.convert("RGB")
        small.thumbnail((SIDE_MAX, SIDE_MAX))
    blue_first = np.asarray(small)[:, :, ::-1]
    sure = [line for line in reader.lines(blue_first) if line.ppm >= SURE_PPM and line.text.strip()]
    return sure[:LINES_MAX]
