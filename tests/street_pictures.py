"""Pictures of streets that nobody took: drawn, then shifted, cropped, turned, lit otherwise, with a heap of rubbish or without."""

import io
import random

from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

WIDE, HIGH = 900, 700


def street(seed: int, *, heap: bool = False, heap_seed: int = 0) -> Image.Image:
    """Houses with windows, a pavement of slabs, poles, trees; where there is a `heap`, it lies on the pavement."""
    draw_from = random.Random(seed)
    picture = Image.new("RGB", (WIDE, HIGH), (170 + draw_from.randrange(40), 190, 215))
    draw = ImageDraw.Draw(picture)
    x, ground = 0, 430 + draw_from.randrange(-40, 40)
    while x < WIDE:
        wide, tall = draw_from.randrange(90, 220), draw_from.randrange(160, 380)
        colour = tuple(draw_from.randrange(70, 210) for _ in range(3))
        draw.rectangle((x, ground - tall, x + wide, ground), fill=colour)
        step_x, step_y = draw_from.randrange(24, 44), draw_from.randrange(30, 52)
        for left in range(x + 8, x + wide - 16, step_x):
            for top in range(ground - tall + 10, ground - 24, step_y):
                if draw_from.random() < 0.85:
                    draw.rectangle((left, top, left + step_x // 2, top + step_y // 2), fill=tuple(draw_from.randrange(20, 240) for _ in range(3)))
        x += wide
    draw.rectangle((0, ground, WIDE, HIGH), fill=(120, 118, 112))
    for row in range(ground, HIGH, 36):
        off = draw_from.randrange(60)
        for left in range(-off, WIDE, draw_from.randrange(50, 90)):
            shade = 95 + draw_from.randrange(60)
            draw.rectangle((left, row, left + 46, row + 32), fill=(shade, shade, shade - 6))
    for _ in range(draw_from.randrange(2, 5)):
        at = draw_from.randrange(WIDE)
        draw.rectangle((at, ground - 230, at + 8, ground + 20), fill=(50, 50, 55))
        draw.ellipse((at - 40, ground - 290, at + 48, ground - 200), fill=(30 + draw_from.randrange(40), 90 + draw_from.randrange(60), 40))
    if heap:
        heaps = random.Random(seed * 7 + heap_seed)
        left, top = heaps.randrange(200, 520), ground + 40
        for _ in range(60):
            a, b = left + heaps.randrange(220), top + heaps.randrange(130)
            draw.ellipse((a, b, a + heaps.randrange(20, 60), b + heaps.randrange(16, 50)), fill=tuple(heaps.randrange(0, 250) for _ in range(3)))
    return picture


def taken(picture: Image.Image, rng: random.Random, *, shift: float = 0.06, turn: float = 3.0, light: bool = True) -> bytes:
    """The picture as somebody takes it anew: another stand, another zoom, another light, another phone."""
    turned = picture.rotate(rng.uniform(-turn, turn), resample=Image.Resampling.BILINEAR, expand=False)
    keep = rng.uniform(0.82, 0.94)
    wide, high = int(WIDE * keep), int(HIGH * keep)
    x = int((WIDE - wide) / 2 + rng.uniform(-shift, shift) * WIDE * 0.5)
    y = int((HIGH - high) / 2 + rng.uniform(-shift, shift) * HIGH * 0.5)
    x, y = min(max(x, 0), WIDE - wide), min(max(y, 0), HIGH - high)
    cut = turned.crop((x, y, x + wide, y + high))
    if light:
        cut = ImageEnhance.Brightness(cut).enhance(rng.uniform(0.55, 1.35))
        cut = ImageEnhance.Contrast(cut).enhance(rng.uniform(0.7, 1.25))
    cut = cut.filter(ImageFilter.GaussianBlur(rng.uniform(0, 1.2)))
    out = io.BytesIO()
    cut.save(out, "JPEG", quality=rng.randrange(55, 90))
    return out.getvalue()
