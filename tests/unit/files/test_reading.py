"""Text in a photo: read by the shipped recogniser, bounded, and nothing invented."""

from io import BytesIO

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from cityloop.files.reading import LINES_MAX, SIDE_MAX, Line, photo_reader, read_photo


def sign(*lines: str, size: tuple[int, int] = (900, 420)) -> bytes:
    """A white sign with black words, as a JPEG."""
    image = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(image)
    for number, line in enumerate(lines):
        pen.text((60, 60 + 140 * number), line, font=ImageFont.load_default(90), fill="black")
    out = BytesIO()
    image.save(out, "JPEG")
    return out.getvalue()


class Says:
    """A reader that says what it is told, and keeps what it was shown."""

    def __init__(self, *lines: Line):
        self.said, self.shown = lines, np.zeros(0)

    def lines(self, image):
        self.shown = image
        return self.said


def test_a_sign_is_read_from_top_to_bottom():
    reader = photo_reader()
    assert reader is not None
    found = [line.text.replace(" ", "") for line in read_photo(sign("ROAD 4711", "GATE 28"), reader)]
    assert found == ["ROAD4711", "GATE28"]


def test_nothing_is_read_where_nothing_stands():
    reader = photo_reader()
    assert reader is not None
    assert read_photo(sign(), reader) == []


def test_what_is_hardly_read_is_left_out_and_there_is_an_end():
    many = [Line(f"line {n}", 900_000) for n in range(50)]
    assert read_photo(sign(), Says(Line("blur", 300_000), Line(" ", 990_000), *many)) == many[:LINES_MAX]


def test_a_large_photo_is_made_smaller_first():
    reader = Says()
    read_photo(sign(size=(4_000, 1_000)), reader)
    assert reader.shown.shape == (SIDE_MAX // 4, SIDE_MAX, 3)
