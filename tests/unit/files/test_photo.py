"""A photo is made safe or refused: every refused kind is built here, byte by byte."""

import struct
import zlib
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from hashlib import sha256
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps, PngImagePlugin

from cityloop.domain.errors import Invalid
from cityloop.files import NotAPhoto, PhotoBomb, PhotoTooLarge, PhotoUnsupported, take_in
from cityloop.files.exif import claims_in

MARK = b"PLANTED-MARK"
JPEG_KEEPS = {0xD8, 0xE0, 0xDB, 0xC0, 0xC4, 0xDA}  # start, JFIF, tables, frame, scan


@dataclass(frozen=True)
class Limits:
    photo_bytes_max: int = 20_000_000
    photo_pixels_max: int = 50_000_000


LIMITS = Limits()


def encoded(image: Image.Image, kind: str = "JPEG", **more) -> bytes:
    out = BytesIO()
    image.save(out, kind, **more)
    return out.getvalue()


def shades(width: int = 64, height: int = 48) -> Image.Image:
    return Image.merge("RGB", [Image.linear_gradient("L").resize((width, height)).rotate(90 * n) for n in range(3)])


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(width: int, height: int, *extra: bytes, pixels: bytes = b"", colours: int = 2) -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, colours, 0, 0, 0))
    pixels = pixels or zlib.compress((b"\0" + bytes(3 * width)) * height if height < 1000 else bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(extra) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def segment(marker: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def with_segments(jpeg: bytes, *segments: bytes) -> bytes:
    return jpeg[:2] + b"".join(segments) + jpeg[2:]


def camera(orientation: int = 6) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x9C9C] = orientation, MARK.decode(), MARK
    exif.get_ifd(0x8769).update({0x9003: "2026:03:06 16:05:00", 0x9011: "+08:00", 0x927C: MARK})
    exif.get_ifd(0x8825).update(
        {1: "N", 2: (31.0, 13.0, 48.0), 3: "E", 4: (121.0, 28.0, 12.0), 31: 4.5, 27: MARK}  # 27: how it was found
    )
    return exif


def profile(*, swapped: bool) -> bytes:
    """A small matrix profile, made of nothing: sRGB's own colours, or red and green exchanged."""
    red, green, blue = (0.4361, 0.2225, 0.0139), (0.3851, 0.7169, 0.0971), (0.1431, 0.0606, 0.7141)
    red, green = (green, red) if swapped else (red, green)
    fixed = lambda values: b"".join(struct.pack(">i", round(v * 65536)) for v in values)
    colour = lambda values: b"XYZ \0\0\0\0" + fixed(values)
    curve = b"curv\0\0\0\0" + struct.pack(">IHH", 1, round(2.2 * 256), 0)
    tags = {b"wtpt": colour((0.9642, 1, 0.8249)), b"rXYZ": colour(red), b"gXYZ": colour(green), b"bXYZ": colour(blue)}
    tags |= {b"rTRC": curve, b"gTRC": curve, b"bTRC": curve, b"cprt": b"text\0\0\0\0" + MARK}
    tags[b"desc"] = (b"desc\0\0\0\0" + struct.pack(">I", 5) + b"made\0").ljust(96, b"\0")
    start, table, body = 132 + 12 * len(tags), b"", b""
    for name, value in tags.items():
        table, body = table + name + struct.pack(">II", start + len(body), len(value)), body + value
    head = struct.pack(">I4sI4s4s4s12x4s", start + len(body), b"test", 0x02400000, b"mntr", b"RGB ", b"XYZ ", b"acsp")
    head = head.ljust(68, b"\0") + fixed((0.9642, 1, 0.8249))
    return head.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + body


def markers(jpeg: bytes) -> set[int]:
    """Every marker of a JPEG of ours up to its pixels."""
    found, at = {0xD8}, 2
    while 0xDA not in found:
        found.add(jpeg[at + 1])
        at += 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
    return found


def pixel(raw: bytes, at: tuple[int, int]) -> tuple[int, ...]:
    return Image.open(BytesIO(raw)).convert("RGB").getpixel(at)


def near(one: tuple[int, ...], other: tuple[int, ...], levels: int = 12) -> bool:
    return all(abs(a - b) <= levels for a, b in zip(one, other, strict=True))


JPEG = encoded(shades())
FRAMES = [Image.new("RGB", (40, 30), colour) for colour in ("red", "lime", "blue")]
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(100)

REFUSED = {
    "nothing": (b"", NotAPhoto),
    "text": ("我拍的坑洞".encode(), NotAPhoto),
    "html renamed": (b"<!DOCTYPE html><script>alert(1)</script>", NotAPhoto),
    "pdf": (b"%PDF-1.7\n1 0 obj", NotAPhoto),
    "jpeg start only": (b"\xff\xd8\xff\xe0", NotAPhoto),
    "jpeg without frame": (b"\xff\xd8" + segment(0xE0, b"JFIF\0") + b"\xff\xd9", NotAPhoto),
    "truncated jpeg": (JPEG[: len(JPEG) // 2], NotAPhoto),
    "truncated jpeg with an end": (JPEG[: len(JPEG) // 3] + b"\xff\xd9", NotAPhoto),
    "truncated png": (encoded(shades(), "PNG")[:-40], NotAPhoto),
    "truncated webp": (encoded(shades(), "WEBP")[:-40], NotAPhoto),
    "palette png without palette": (png(9, 9, colours=3), NotAPhoto),
    "png of noise": (png(40, 40, pixels=b"noise"), NotAPhoto),
    "webp without frame": (b"RIFF\x0c\0\0\0WEBPEXIF\0\0\0\0", NotAPhoto),
    "jpeg with html": (with_segments(JPEG, segment(0xFE, b"<sCRipt>alert(1)")), NotAPhoto),
    "jpeg with pdf": (with_segments(JPEG, segment(0xFE, b"%PDF-1.4")), NotAPhoto),
    "jpeg then zip": (JPEG + b"PK\3\4" + bytes(26) + b"PK\5\6" + bytes(18), NotAPhoto),
    "jpeg then program": (JPEG + b"\0\0\x7fELF\2\1\1", NotAPhoto),
    "png then php": (encoded(shades(), "PNG") + b"<?php system($_GET[0]);", NotAPhoto),
    "50 MB": (JPEG + bytes(50_000_000), PhotoTooLarge),
    "png of 50,000 x 50,000": (png(50_000, 50_000), PhotoBomb),
    "png zTXt bomb": (png(4, 4, chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(30_000_000), 9))), PhotoBomb),
    "png iTXt bomb": (png(4, 4, chunk(b"iTXt", b"a\0\1\0\0\0" + zlib.compress(bytes(30_000_000), 9))), PhotoBomb),
    "png iCCP bomb": (png(4, 4, chunk(b"iCCP", b"a\0\0" + zlib.compress(bytes(30_000_000), 9))), PhotoBomb),
    "png many texts": (png(4, 4, *[chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(900_000)))] * 9), PhotoBomb),
    "png many chunks": (png(4, 4, *[chunk(b"tEXt", b"a\0b")] * 20_001), PhotoBomb),
    "jpeg of 65,500 x 65,500": (JPEG.replace(struct.pack(">HH", 48, 64), struct.pack(">HH", 65_500, 65_500)), PhotoBomb),
    "jpeg many scans": (encoded(shades(), progressive=True)[:-2] + b"\xff\xda\0\3\0" * 65 + b"\xff\xd9", PhotoBomb),
    "webp of 16,000 x 16,000": (b"RIFF\x16\0\0\0WEBPVP8L\x0a\0\0\0\x2f" + struct.pack("<IIx", 15_999 | 15_999 << 14, 0), PhotoBomb),
    "gif": (encoded(FRAMES[0], "GIF", save_all=True, append_images=FRAMES[1:] * 50), PhotoUnsupported),
    "tiff": (encoded(shades(), "TIFF"), PhotoUnsupported),
    "bmp": (encoded(shades(), "BMP"), PhotoUnsupported),
    "heic": (HEIC, PhotoUnsupported),
    "avif": (HEIC.replace(b"ftypheic", b"ftypavif"), PhotoUnsupported),
    "12-bit jpeg": (JPEG.replace(struct.pack(">BHH", 8, 48, 64), struct.pack(">BHH", 12, 48, 64)), PhotoUnsupported),
}  # fmt: skip


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_no_safe_photo_is_refused(kind):
    raw, error = REFUSED[kind]
    with pytest.raises(error) as caught:
        take_in(raw, LIMITS)
    assert isinstance(caught.value, Invalid)
    assert caught.value.code.startswith("photo.")
    assert "Send" in str(caught.value) or "send" in str(caught.value)


SENT = {
    "jpeg": JPEG,
    "progressive": encoded(shades(), progressive=True),
    "gray": encoded(shades().convert("L")),
    "cmyk": encoded(shades().convert("CMYK")),
    "png": encoded(shades(), "PNG"),
    "16-bit png": encoded(Image.linear_gradient("L").resize((64, 48)).convert("I;16"), "PNG"),
    "16-bit png with a clear shade": encoded(Image.new("I;16", (64, 48), 7), "PNG", transparency=7),
    "1-bit png": encoded(shades().convert("1"), "PNG"),
    "palette": encoded(shades().quantize(16), "PNG"),
    "gray with alpha": encoded(shades().convert("LA"), "PNG"),
    "webp": encoded(shades(), "WEBP"),
    "lossless": encoded(shades(), "WEBP", lossless=True),
    "webp with alpha": encoded(shades().convert("RGBA"), "WEBP"),
    "phone's tail": JPEG + b"\0\0\0\x18ftypmp42" + bytes(2000) + b"SEFT",
    "two pictures": encoded(shades(), "MPO", save_all=True, append_images=[shades()]),
}


@pytest.mark.parametrize("kind", SENT)
def test_what_cameras_send_is_shown(kind):
    photo = take_in(SENT[kind], LIMITS)
    assert photo.digest == sha256(SENT[kind]).hexdigest()
    for picture in (photo.shown, photo.thumb):
        image = Image.open(BytesIO(picture.raw))
        assert image.format == "JPEG"
        assert image.size == (picture.width_px, picture.height_px) == (64, 48)
        assert picture.digest == sha256(picture.raw).hexdigest()
        assert markers(picture.raw) <= JPEG_KEEPS


def test_sizes_and_sides():
    for sent, shown in (((1880, 1410), (1600, 1200)), ((2000, 1500), (1000, 750)), ((2400, 1800), (1200, 900))):
        photo = take_in(encoded(shades(*sent)), LIMITS)
        assert (photo.width_px, photo.height_px) == sent
        assert (photo.shown.width_px, photo.shown.height_px) == shown
        assert (photo.thumb.width_px, photo.thumb.height_px) == (320, 240)
    thin = take_in(encoded(Image.new("RGB", (9000, 1)), "PNG"), LIMITS)
    assert (thin.shown.width_px, thin.shown.height_px, thin.thumb.height_px) == (1600, 1, 1)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_the_claims_are_told_apart_and_the_picture_turned(kind):
    image = Image.new("RGB", (60, 40), "white")
    image.paste("red", (0, 0, 20, 20))  # the upper left, which orientation 6 turns to the upper right
    photo = take_in(encoded(image, kind, exif=camera()), LIMITS)

    assert photo.taken_at_claim == datetime(2026, 3, 6, 16, 5, tzinfo=timezone(timedelta(hours=8)))
    assert (photo.place_claim.lat, photo.place_claim.lon) == (31.23, 121.47)
    assert photo.place_claim.error_m == 4.5
    assert (photo.shown.width_px, photo.shown.height_px) == (40, 60)
    assert near(pixel(photo.shown.raw, (34, 5)), (254, 0, 0))
    assert near(pixel(photo.shown.raw, (5, 55)), (255, 255, 255))
    assert repr(photo) == f"Photo({kind.lower()}, 60x40)"  # logs learn neither moment nor place


@pytest.mark.parametrize("orientation", range(10))
def test_every_orientation_is_as_pillow_turns_it(orientation):
    image = Image.new("RGB", (64, 32), "white")
    for corner, colour in (((0, 0), "red"), ((32, 0), "lime"), ((0, 16), "blue")):
        image.paste(colour, (*corner, corner[0] + 32, corner[1] + 16))
    raw = encoded(image, exif=camera(orientation), quality=95)
    ours = Image.open(BytesIO(take_in(raw, LIMITS).shown.raw))
    theirs = ImageOps.exif_transpose(Image.open(BytesIO(raw)))
    assert ours.size == theirs.size
    for at in ((5, 5), (ours.width - 5, 5), (5, ours.height - 5)):
        assert near(ours.getpixel(at), theirs.getpixel(at))


def test_transparency_lies_on_white_and_deep_grey_is_not_clipped():
    clear = Image.new("RGBA", (40, 40), (255, 0, 0, 0))
    assert near(pixel(take_in(encoded(clear, "PNG"), LIMITS).shown.raw, (20, 20)), (255, 255, 255))
    palette = Image.new("P", (40, 40), 1)
    palette.putpalette([0, 0, 0, 255, 0, 0])
    seen = take_in(encoded(palette, "PNG", transparency=1), LIMITS).shown.raw
    assert near(pixel(seen, (20, 20)), (255, 255, 255))
    deep = Image.new("I;16", (40, 40), 0x8000)
    assert near(pixel(take_in(encoded(deep, "PNG"), LIMITS).shown.raw, (20, 20)), (128, 128, 128))
    inked = encoded(Image.new("RGB", (40, 40), (200, 30, 30)).convert("CMYK"))
    assert near(pixel(take_in(inked, LIMITS).shown.raw, (20, 20)), (200, 30, 30))


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_of_an_animation_the_first_frame_is_shown(kind):
    photo = take_in(encoded(FRAMES[0], kind, save_all=True, append_images=FRAMES[1:], duration=50), LIMITS)
    assert near(pixel(photo.shown.raw, (20, 15)), (254, 0, 0))


def test_a_far_profile_is_converted_and_a_near_one_left():
    image = Image.new("RGB", (40, 40), (200, 60, 60))
    same = take_in(encoded(image, "PNG", icc_profile=profile(swapped=False)), LIMITS)
    far = take_in(encoded(image, "PNG", icc_profile=profile(swapped=True)), LIMITS)
    junk = take_in(encoded(image, "PNG", icc_profile=b"junk" * 99), LIMITS)
    assert near(pixel(same.shown.raw, (20, 20)), (200, 60, 60))
    assert near(pixel(far.shown.raw, (20, 20)), (60, 200, 60))
    assert near(pixel(junk.shown.raw, (20, 20)), (200, 60, 60))


words = st.text(st.characters(codec="ascii", categories=("L", "N")), min_size=1, max_size=30)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    kind=st.sampled_from(["JPEG", "PNG", "WEBP"]), before=words, size=st.tuples(st.integers(1, 90), st.integers(1, 90))
)
def test_metadata_never_survives(kind, before, size):
    planted, more = before.encode() + MARK, {"exif": camera(), "icc_profile": profile(swapped=True)}
    if kind == "PNG":
        more["pnginfo"] = texts = PngImagePlugin.PngInfo()
        texts.add_text("Comment", planted.decode())
        texts.add_text("Packed", planted.decode(), zip=True)
        texts.add_itxt("XML:com.adobe.xmp", planted.decode(), zip=True)
        texts.add(b"prVt", planted)
    else:
        more["xmp"] = planted
    raw = encoded(shades(*size), kind, **more)
    if kind == "JPEG":
        raw = with_segments(raw, *[segment(marker, planted) for marker in (*range(0xE0, 0xF0), 0xFE)]) + planted
    photo = take_in(raw, LIMITS)
    for picture in (photo.shown, photo.thumb):
        assert (MARK in raw, MARK in picture.raw) == (True, False)
        assert markers(picture.raw) <= JPEG_KEEPS


@settings(max_examples=120, deadline=None)
@given(data=st.data(), kind=st.sampled_from(sorted(SENT)))
def test_a_spoiled_photo_is_shown_or_refused_never_a_fault(data, kind):
    raw = bytearray(SENT[kind])
    for _ in range(data.draw(st.integers(1, 8))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    with suppress(NotAPhoto, PhotoBomb, PhotoUnsupported):
        take_in(bytes(raw[: data.draw(st.integers(0, len(raw)))]), Limits(photo_pixels_max=4_000_000))


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_a_spoiled_exif_claims_what_it_can_and_never_fails(data):
    exif = bytearray(camera().tobytes()[6:])
    for _ in range(data.draw(st.integers(0, 12))):
        exif[data.draw(st.integers(4, len(exif) - 1))] = data.draw(st.integers(0, 255))
    claims = claims_in(bytes(exif[: data.draw(st.integers(0, len(exif)))]))
    assert 1 <= claims.orientation <= 8
    assert claims.place is None or (abs(claims.place.lat) <= 90 and abs(claims.place.lon) <= 180)
