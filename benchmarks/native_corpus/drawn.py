"""Pictures that are drawn, not taken: text, screens, charts and line art, true at their size.

They stand in for screenshots and technical drawings, which no package ships at 4K.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw, ImageFont

if TYPE_CHECKING:
    import random

KINDS = ("page", "screen", "chart", "lines", "gradient", "shapes")
WORDS = [
    "the", "quick", "brown", "fox", "jumps", "over", "a", "lazy", "dog", "while", "seven", "wizards",
    "quietly", "box", "Resolution", "3840", "x", "2160", "pixels", "Export", "Cancel", "Settings",
    "File", "Edit", "View", "Help", "0123456789",
]  # fmt: skip


def font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def sentence(chance: random.Random, count: int) -> str:
    return " ".join(chance.choice(WORDS) for _ in range(count))


def page(size: tuple[int, int], chance: random.Random) -> Image.Image:
    """A document: black text on white at reading sizes."""
    image = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(image)
    y = 60
    while y < size[1] - 60:
        height = chance.choice([18, 22, 26, 26, 26, 40])
        draw.text(
            (chance.choice([80, 80, 140]), y),
            sentence(chance, size[0] // (height * 4)),
            "black",
            font(height),
        )
        y += round(height * 1.5)
    return image


def screen(size: tuple[int, int], chance: random.Random) -> Image.Image:
    """Windows with borders, buttons and labels."""
    image = Image.new("RGB", size, (236, 238, 240))
    draw = ImageDraw.Draw(image)
    for _ in range(40):
        x, y = chance.randrange(size[0]), chance.randrange(size[1])
        w, h = chance.randrange(120, 900), chance.randrange(60, 600)
        shade = tuple(chance.randrange(190, 256) for _ in range(3))
        draw.rounded_rectangle([x, y, x + w, y + h], 8, shade, (120, 124, 130), chance.choice([1, 1, 2]))
        for line in range(y + 12, y + h - 24, 30):
            draw.text((x + 14, line), sentence(chance, max(1, w // 110)), (30, 34, 40), font(18))
    return image


def chart(size: tuple[int, int], chance: random.Random) -> Image.Image:
    """Axes, thin curves and many points."""
    image = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(image)
    noise = np.random.default_rng(chance.randrange(1 << 30))
    for number in range(12):
        values = noise.normal(0, 1, size[0] // 3).cumsum() * 12 + size[1] * (number + 0.5) / 12
        colour = tuple(chance.randrange(30, 200) for _ in range(3))
        draw.line([(x * 3, float(y)) for x, y in enumerate(values)], colour, chance.choice([1, 2, 3]))
    for x in range(0, size[0], 240):
        draw.line([(x, 0), (x, size[1])], (210, 210, 210))
        draw.text((x + 4, size[1] - 30), str(x), "black", font(20))
    return image


def lines(size: tuple[int, int], chance: random.Random) -> Image.Image:
    """Line art: ellipses, polygons and hatching, drawn at four times the size and reduced, as vectors are."""
    image = Image.new("L", (size[0] * 2, size[1] * 2), 255)
    draw = ImageDraw.Draw(image)
    for _ in range(400):
        x, y = chance.randrange(image.width), chance.randrange(image.height)
        r = chance.randrange(30, 700)
        if chance.random() < 0.5:
            draw.ellipse(
                [x - r, y - r, x + r, y + r], outline=chance.randrange(160), width=chance.randrange(2, 8)
            )
        else:
            draw.line(
                [x, y, x + chance.randrange(-r, r), y + r],
                fill=chance.randrange(160),
                width=chance.randrange(2, 9),
            )
    return image.resize(size, Image.Resampling.BOX).convert("RGB")


def ramp(size: tuple[int, int], chance: random.Random) -> np.ndarray:
    """A smooth sweep of colours across the picture, or around a place in it."""
    yy, xx = np.mgrid[0 : size[1], 0 : size[0]].astype(np.float32)
    xx, yy = xx / size[0] - chance.random(), yy / size[1] - chance.random()
    layers = []
    for _ in range(3):
        across, down, round_ = (chance.uniform(-110, 110) for _ in range(3))
        layers.append(128 + across * xx + down * yy + round_ * np.hypot(xx, yy))
    return np.stack(layers, -1)


def gradient(size: tuple[int, int], chance: random.Random) -> Image.Image:
    """A smooth illustration, dithered or banded."""
    smooth = ramp(size, chance)
    noise = np.random.default_rng(chance.randrange(1 << 30)).random((size[1], size[0], 1), np.float32)
    return Image.fromarray(np.clip(smooth + chance.choice([0, 1, 1, 2]) * noise, 0, 255).astype(np.uint8))


def shapes(size: tuple[int, int], chance: random.Random) -> Image.Image:
    """Flat design: a few smooth-edged shapes, each with its own sweep of colours."""
    image = Image.fromarray(np.clip(ramp(size, chance), 0, 255).astype(np.uint8))
    for _ in range(chance.randrange(4, 14)):
        mask = Image.new("L", (size[0] * 2, size[1] * 2), 0)
        x, y, r = chance.randrange(mask.width), chance.randrange(mask.height), chance.randrange(120, 1400)
        box = [x - r, y - r, x + r, y + round(r * chance.uniform(0.3, 1))]
        draw = ImageDraw.Draw(mask)
        chance.choice([draw.ellipse, draw.rounded_rectangle, draw.rectangle])(box, fill=255)
        piece = Image.fromarray(np.clip(ramp(size, chance), 0, 255).astype(np.uint8))
        image.paste(piece, (0, 0), mask.resize(size, Image.Resampling.BOX))
    return image


def picture(kind: str, size: tuple[int, int], chance: random.Random) -> Image.Image:
    made = {
        "page": page, "screen": screen, "chart": chart, "lines": lines, "gradient": gradient,
        "shapes": shapes,
    }  # fmt: skip
    return made[kind](size, chance)
