"""A photo as sent becomes two clean pictures and a few claims, or a refusal. CPU only, for before the transaction."""

from hashlib import sha256
from io import BytesIO

from PIL import Image, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

from cityloop.domain.errors import kind_of
from cityloop.domain.ids import FileDigest
from cityloop.files.colour import as_srgb
from cityloop.files.exif import claims_in
from cityloop.files.header import BROKEN, HUGE, Sent, taken_apart
from cityloop.files.looks import look_in
from cityloop.files.model import NotAPhoto, Photo, PhotoBomb, PhotoLimits, PhotoTooLarge, Picture

SHOWN_SIDE_PX = 1600
THUMB_SIDE_PX = 320
DECODED_SIDE_PX_MIN = 1000  # JPEGs are decoded by halves down to this: 4000 px become 1000; 1600 costs 60 % more
SHOWN_QUALITY = 80
THUMB_QUALITY = 75

OPENERS = {
    "jpeg": JpegImagePlugin.JpegImageFile,
    "png": PngImagePlugin.PngImageFile,
    "webp": WebPImagePlugin.WebPImageFile,
}
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def take_in(raw: bytes, limits: PhotoLimits) -> Photo:
    """The photo with what may be shown of it: upright, in sRGB, at most 1600 px, without any metadata.

    Refuses with `PhotoTooLarge`, `NotAPhoto`, `PhotoBomb`, `PhotoUnsupported`.
    """
    if len(raw) > limits.photo_bytes_max:
        many, most = len(raw), limits.photo_bytes_max
        sentence = f"This photo has {many:,} bytes; at most {most:,} are taken. Send a smaller one."
        raise PhotoTooLarge(sentence, size_bytes=many, size_bytes_max=most)
    sent = taken_apart(raw)
    _refuse_huge(sent.width_px, sent.height_px, limits.photo_pixels_max)
    claims = claims_in(sent.exif)
    image = as_srgb(_decoded(sent, limits.photo_pixels_max), sent.icc)
    if claims.orientation in UPRIGHT:
        image = image.transpose(UPRIGHT[claims.orientation])
    thumb = _shrunk(image, THUMB_SIDE_PX)
    return Photo(
        digest=FileDigest(sha256(raw).hexdigest()),
        kind=sent.kind,
        size_bytes=len(raw),
        width_px=sent.width_px,
        height_px=sent.height_px,
        shown=_picture(image, SHOWN_QUALITY),
        thumb=_picture(thumb, THUMB_QUALITY),
        look=look_in(thumb),
        taken_at_claim=claims.taken_at,
        place_claim=claims.place,
    )


def _refuse_huge(width_px: int, height_px: int, pixels_max: int) -> None:
    if (pixels := width_px * height_px) > pixels_max:
        sentence = f"This photo has {pixels:,} pixels; at most {pixels_max:,} are opened. Send a smaller one."
        raise PhotoBomb(sentence, pixels=pixels, pixels_max=pixels_max)


def _decoded(sent: Sent, pixels_max: int) -> Image.Image:
    """The first picture's pixels, at most 1600 px wide or high, as L or RGB."""
    try:
        image = OPENERS[sent.kind](BytesIO(sent.body))
        _refuse_huge(*image.size, pixels_max)  # the decoder's word, should it differ from ours
        if sent.kind == "jpeg":
            image.draft(None, _fitting(image.size, DECODED_SIDE_PX_MIN))
            image.decodermaxblock = len(sent.body)  # in one go: 10 % cheaper than in 64 KiB pieces
        image.load()
        plain = _plain(image)
    except (PhotoBomb, MemoryError):
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as fault:
        raise PhotoBomb(HUGE, log=kind_of(fault)) from fault
    except Exception as fault:  # a port: on spoiled bytes a decoder raises whatever it likes, assertions too
        raise NotAPhoto(BROKEN, log=kind_of(fault)) from fault
    return _flat(_shrunk(plain, SHOWN_SIDE_PX))


def _plain(image: Image.Image) -> Image.Image:
    """The image in a mode that can be shrunk: L, RGB or RGBA, eight bits each."""
    if image.mode.startswith("I"):  # sixteen bits of grey; Pillow's own way to L would clip them
        return image.convert("I").point(lambda level: level / 256).convert("L")
    if image.has_transparency_data:
        return image if image.mode == "RGBA" else image.convert("RGBA")
    if image.mode == "1":
        return image.convert("L")
    return image if image.mode in ("L", "RGB") else image.convert("RGB")


def _fitting(size: tuple[int, int], side_px: int) -> tuple[int, int]:
    """The size with its longer side at most `side_px`.

    >>> _fitting((4000, 3000), 1600), _fitting((10, 5), 1600), _fitting((1, 9000), 1600)
    ((1600, 1200), (10, 5), (1, 1600))
    """
    longer = max(size)
    if longer <= side_px:
        return size
    return max(1, round(size[0] * side_px / longer)), max(1, round(size[1] * side_px / longer))


def _shrunk(image: Image.Image, side_px: int) -> Image.Image:
    """The image with its longer side at most `side_px`, by area; whole steps are ten times cheaper."""
    step, rest = divmod(max(image.size), side_px)
    if step > 1 and not rest:
        return image.reduce(step)
    size = _fitting(image.size, side_px)
    return image if size == image.size else image.resize(size, Image.Resampling.BOX)


def _flat(image: Image.Image) -> Image.Image:
    """The image on white paper, if it was transparent."""
    if image.mode != "RGBA":
        return image
    paper = Image.new("RGB", image.size, "white")
    paper.paste(image, mask=image.getchannel("A"))
    return paper


def _picture(image: Image.Image, quality: int) -> Picture:
    image.info.clear()  # Pillow would write a comment back
    out = BytesIO()
    image.save(out, "JPEG", quality=quality)
    raw = out.getvalue()
    return Picture(raw=raw, digest=FileDigest(sha256(raw).hexdigest()), width_px=image.width, height_px=image.height)
