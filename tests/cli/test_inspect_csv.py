"""inspect --format csv: one table for many files, which a spreadsheet reads and does not run."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from pictures import make
from PIL import Image

from verify4k.rule import Picture

if TYPE_CHECKING:
    from pathlib import Path


def test_native_sizes_of_a_folder_are_one_table(run: Any, tmp_path: Path) -> None:
    make(Picture(1024, 768, "a.png", "texture"), tmp_path)
    make(Picture(1024, 768, "b.png", "enlarged"), tmp_path)
    Image.effect_noise((96, 54), 99).point(lambda v: 255 * (v > 128)).resize((960, 540), 0).save(
        tmp_path / "c.png"
    )
    outcome = run("inspect", "--native", "--format", "csv", "a.png", "b.png", "c.png")
    assert outcome.code == 0
    rows = list(csv.DictReader(io.StringIO(outcome.out)))
    assert [row["verdict"] for row in rows] == ["no-trace", "upscaled", "cells"]
    assert [(row["width"], row["height"]) for row in rows] == [
        ("1024", "768"),
        ("1024", "768"),
        ("960", "540"),
    ]
    assert [row["native_width"] for row in rows] == ["", "512", ""]
    assert [row["cell_width"] for row in rows] == ["", "", "10"]
    assert [row["error"] for row in rows] == ["", "", ""]


def test_without_native_the_table_has_no_native_columns(run: Any, tmp_path: Path) -> None:
    make(Picture(64, 36, "a.png"), tmp_path)
    rows = list(csv.reader(io.StringIO(run("inspect", "--format", "csv", "a.png").out)))
    assert rows[0] == ["file", "width", "height", "format", "bytes", "integrity", "error"]
    assert rows[1][:4] == ["a.png", "64", "36", "png"]


def test_no_cell_is_a_formula_or_a_second_line(run: Any, tmp_path: Path) -> None:
    for name in ("=1+1.png", "@a.png", "two\nlines.png"):
        make(Picture(64, 36, "a.png"), tmp_path).rename(tmp_path / name)
    outcome = run("inspect", "--format", "csv", ".")
    rows = list(csv.reader(io.StringIO(outcome.out)))
    assert len(rows) == len(outcome.out.strip().split("\n")) == 4
    assert not any(cell.startswith(("=", "@")) for row in rows for cell in row)


def test_text_says_to_what_an_enlarged_picture_can_be_reduced(run: Any, tmp_path: Path) -> None:
    make(Picture(1024, 768, "b.png", "enlarged"), tmp_path)
    assert "reduced to 512x384 it keeps what it had before" in run("inspect", "--native", "b.png").out
