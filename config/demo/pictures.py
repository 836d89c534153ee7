"""Pictures for the demo's articles: ridges in mist, drawn anew each time, always the same."""

import io
import math
from random import Random

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw

ALT = {
    "sv": "Skogklädda åsar i morgondimma, tecknade i blått och grönt.",
    "en": "Wooded ridges in morning mist, drawn in blue and green.",
}
WIDTH, HEIGHT, RIDGES = 1408, 704, 6
FAR, NEAR = (196, 215, 218), (10, 61, 75)


def ridges(name: str) -> ContentFile:
    """The name decides how they lie."""
    random = Random(name)
    picture = Image.new("RGB", (WIDTH, HEIGHT), (232, 238, 236))
    draw = ImageDraw.Draw(picture)
    for number in range(RIDGES):
        share = number / (RIDGES - 1)
        colour = tuple(round(a + (b - a) * share) for a, b in zip(FAR, NEAR, strict=True))
        draw.polygon([*_outline(random, share), (WIDTH, HEIGHT), (0, HEIGHT)], fill=colour)
    written = io.BytesIO()
    picture.save(written, format="PNG")
    return ContentFile(written.getvalue(), name=f"{name}.png")


def _outline(random: Random, share: float) -> list[tuple[float, float]]:
    """Three waves one upon the other, lower and steeper the nearer the ridge."""
    waves = [
        (40 / number, random.uniform(1, 3) * frequency, random.uniform(0, 6))
        for number, frequency in ((1, 1), (2, 2), (3, 5))
    ]
    base = HEIGHT * (0.32 + 0.5 * share)
    return [
        (x, base - sum(high * math.sin(x / WIDTH * often + at) for high, often, at in waves))
        for x in range(0, WIDTH + 1, 4)
    ]
