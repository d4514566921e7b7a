"""What is measured of a picture is the same whether anybody asks for its colours or not."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pictures import drawn, save, texture
from PIL import Image

import verify4k.rules
from verify4k.artifacts.analysed import Analysed
from verify4k.files.source import FileSource
from verify4k.rules import all_rules

MEASURED = (
    "native",
    "native_evidence",
    "padding",
    "blank",
    "detail",
    "rows_digest",
    "pixel_digest",
    "difference_hash",
)
COLOURED = ("glance", "art", "rounding", "frame_faults")  # measured in colours, so its rules ask for them


def coloured(width: int, height: int) -> Image.Image:
    """A texture with chroma of its own, so that its brightness is not that of its decoded colours."""
    light = np.asarray(texture(width, height).convert("L")).astype(int)
    hue = np.asarray(texture(height, width).convert("L").transpose(Image.Transpose.ROTATE_90)).astype(int)
    return Image.fromarray(
        np.clip(np.dstack([light + hue - 128, light, light - hue + 128]), 0, 255).astype(np.uint8)
    )


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.jpg", save(coloured(640, 360).resize((1280, 720), Image.Resampling.BICUBIC), "a.jpg", quality=88)),
        ("a.jpg", save(coloured(640, 360), "a.jpg", quality=60, subsampling=0)),
        ("a.png", drawn("texture", 1024, 576)),
        ("a.webp", drawn("texture", 1024, 576, "a.webp")),
    ],
    ids=["enlarged", "true", "png", "webp"],
)  # fmt: skip
def test_what_is_measured_does_not_hang_on_who_asks_for_colour(
    name: str, data: bytes, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    plain, colour = (Analysed(FileSource(str(path)), colour=each) for each in (False, True))
    for fact in MEASURED:
        assert repr(getattr(plain, fact)) == repr(getattr(colour, fact)), fact
    assert colour.pixels.array().shape[2:] == (3,)
    for each in (plain, colour):
        each.close()
        assert {"pixels", "brightness"}.isdisjoint(vars(each))


def test_who_needs_colours_asks_for_them() -> None:
    folder = Path(verify4k.rules.__file__).parent
    for rule in all_rules().values():
        text = (folder / f"{rule.id.replace('-', '_')}.py").read_text(encoding="utf-8")
        needs = any(re.search(rf"artifact\.{fact}\b", text) for fact in COLOURED)
        assert rule.colour or not needs, rule.id


@pytest.mark.parametrize(("memory", "code"), [("3MB", 0), ("1MB", 0), ("10KB", 3)])
def test_no_verdict_hangs_on_a_report_that_shows_colours(
    memory: str, code: int, tmp_path: Path, run: Any
) -> None:
    (tmp_path / "a.jpg").write_bytes(save(coloured(1000, 800), "a.jpg"))
    (tmp_path / "verify4k.yaml").write_text(
        f"version: 1\nlimits: {{memory: {memory}}}\nfiles: {{a.jpg: 1000x800}}\n"
    )
    plain = run("check", "--no-cache")
    shown = run("check", "--no-cache", "--report", f"html={tmp_path / 'report.html'}")
    assert (plain.code, shown.code) == (code, code)
    assert plain.out == shown.out
