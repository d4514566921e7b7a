"""Metadata that claims another size than the pixels have, and metadata that only sounds like it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.mark.parametrize(("tag", "value", "code"), [(0xA404, 1.5, 0), (0xA002, 40, 1)])
def test_a_digital_zoom_is_no_claim_about_the_picture_s_size(
    run: Callable[..., Any], tmp_path: Path, tag: int, value: float, code: int
) -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8769).update({tag: value, 0xA003: 36})
    Image.new("RGB", (64, 36), "navy").save(tmp_path / "a.jpg", exif=exif)
    (tmp_path / "verify4k.json").write_text(json.dumps({"version": 1, "files": {"a.jpg": "64x36"}}))
    assert run("check", "--select", "patched-metadata").code == code


@pytest.mark.parametrize(("height", "told"), [(36 * 3, False), (36 * 2, True), (36 * 3 + 1, True)])
def test_libvips_claims_the_height_of_all_frames_of_an_animation(
    run: Callable[..., Any], tmp_path: Path, height: int, told: bool
) -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8769).update({0xA002: 64, 0xA003: height})
    frames = [Image.new("RGB", (64, 36), colour) for colour in ("navy", "teal", "plum")]
    frames[0].save(tmp_path / "a.webp", save_all=True, append_images=frames[1:], exif=exif)
    promise = {"size": "64x36", "animation": "allowed"}
    (tmp_path / "verify4k.json").write_text(json.dumps({"version": 1, "files": {"a.webp": promise}}))
    assert ("warning[patched-metadata]" in run("check", "--select", "patched-metadata").out) is told
