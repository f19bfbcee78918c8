"""Colours as sRGB, so that a picture without a profile looks as it was meant."""

from functools import lru_cache
from io import BytesIO
from itertools import product

from PIL import Image, ImageCms

PROFILE_BYTES_MAX = 65_536  # the profiles of cameras are far smaller; printers' are not converted
FAR_LEVELS = 6  # of 255, on average: Display P3 (about 13) is converted, at 20 ms a megapixel; a kind of sRGB is not
STEPS = range(0, 256, 51)


def as_srgb(image: Image.Image, icc: bytes) -> Image.Image:
    """The picture in sRGB; itself, where its profile is absent, broken, or close enough to sRGB."""
    if image.mode != "RGB" or not 128 < len(icc) <= PROFILE_BYTES_MAX:
        return image
    change = _change(icc)
    return image if change is None else ImageCms.applyTransform(image, change)


@lru_cache(maxsize=32)
def _change(icc: bytes) -> ImageCms.ImageCmsTransform | None:
    """The way from a profile to sRGB, if it moves colours far. Without lcms's cache, so that threads may share it."""
    try:
        source, target = ImageCms.ImageCmsProfile(BytesIO(icc)), ImageCms.createProfile("sRGB")
        change = ImageCms.buildTransform(source, target, "RGB", "RGB", flags=ImageCms.Flags.NOCACHE)
        probe = Image.frombytes("RGB", (36, 6), bytes(level for colour in product(STEPS, repeat=3) for level in colour))
        moved = ImageCms.applyTransform(probe, change)
    except (OSError, ValueError, ImageCms.PyCMSError):
        return None
    before, after = probe.tobytes(), moved.tobytes()
    far = sum(abs(one - other) for one, other in zip(before, after, strict=True)) / len(before)
    return change if far > FAR_LEVELS else None
