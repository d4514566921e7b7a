"""Perceptual hashes: near for one picture in any codec and size, far for others, silent about plain ones."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from pictures import busy, save
from PIL import Image

from verify4k.analysis.difference_hash import EDGE, DifferenceHash, difference_hash

if TYPE_CHECKING:
    from pathlib import Path


def of(image: Image.Image) -> DifferenceHash:
    return difference_hash(np.asarray(image.convert("L").resize((64, 64))))


def distance(one: Image.Image, other: Image.Image) -> int:
    return (of(one).bits ^ of(other).bits).bit_count()


def encoded(image: Image.Image, quality: int) -> Image.Image:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality)
    return Image.open(buffer)


@pytest.mark.parametrize("quality", [20, 60, 95])
@pytest.mark.parametrize("scale", [1.0, 0.5, 0.25])
def test_one_picture_stays_near_itself(quality: int, scale: float) -> None:
    picture = busy(640, 360, 5)
    small = picture.resize((round(640 * scale), round(360 * scale)))
    assert distance(picture, encoded(small, quality)) <= 12


def test_other_pictures_and_mirror_images_are_far() -> None:
    pictures = [busy(640, 360, seed) for seed in range(6)]
    pairs = [(a, b) for a in pictures for b in pictures if a is not b]
    assert min(distance(a, b) for a, b in pairs) > 60
    assert distance(pictures[0], pictures[0].transpose(Image.Transpose.FLIP_LEFT_RIGHT)) > 60


def test_a_plain_picture_tells_nothing() -> None:
    assert of(Image.new("RGB", (64, 64), (9, 90, 200))) == DifferenceHash(0, 0)


def test_a_step_to_the_right_is_one_bit_in_each_row() -> None:
    luma = np.zeros((EDGE, EDGE + 1), np.uint8)
    luma[:, 5:] = 200
    found = difference_hash(luma)
    assert found.telling == EDGE
    assert found.bits.bit_count() == EDGE


def test_a_symbolic_link_is_no_duplicate_and_a_plain_logo_is_not_compared(tmp_path: Path, run: Any) -> None:
    (tmp_path / "a.jpg").write_bytes(save(busy(320, 180, 1), "a.jpg"))
    (tmp_path / "link.jpg").symlink_to("a.jpg")
    for name in ("x.png", "y.png"):
        plain = Image.new("RGB", (320, 180), (9, 90, 200))
        plain.paste((255, 255, 255), (100, 60, 140 + (name == "y.png"), 120))
        (tmp_path / name).write_bytes(save(plain, name))
    entry = {"duplicates": "warn", "same-as-others": "allowed"}
    files = dict.fromkeys(("a.jpg", "link.jpg", "x.png", "y.png"), entry)
    (tmp_path / "verify4k.json").write_text(json.dumps({"version": 1, "files": files}))
    assert json.loads(run("check", "--format", "json").out)["findings"] == []
