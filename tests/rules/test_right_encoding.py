"""Qualities of encoders with tables of their own: none that keeps its promise is accused."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
from pictures import gradient, save

if TYPE_CHECKING:
    from pathlib import Path

# mozjpeg's default table, by N. Robidoux (jcparam.c, index 3)
MOZJPEG = (
    16, 16, 16, 18, 25, 37, 56, 85, 16, 17, 20, 27, 34, 40, 53, 75, 16, 20, 24, 31, 43, 62, 91, 135,
    18, 27, 31, 40, 53, 74, 106, 156, 25, 34, 43, 53, 69, 94, 131, 189, 37, 40, 62, 74, 94, 124, 169, 238,
    56, 53, 91, 106, 131, 169, 226, 311, 85, 75, 135, 156, 189, 238, 311, 418,
)  # fmt: skip


def as_mozjpeg(quality: int) -> bytes:
    percent = 5000 // quality if quality < 50 else 200 - 2 * quality
    table = [min(255, max(1, (step * percent + 50) // 100)) for step in MOZJPEG]
    buffer = io.BytesIO()
    gradient(64, 36).save(buffer, "JPEG", qtables=[table, table])
    return buffer.getvalue()


def check(run: Any, folder: Path, data: bytes, entry: str, name: str = "a.jpg") -> Any:
    (folder / name).write_bytes(data)
    (folder / "verify4k.yaml").write_text(f"version: 1\nfiles: {{{name}: {entry}}}\n")
    return run("check", "--select", "right-encoding")


@pytest.mark.parametrize("quality", [50, 60, 70, 75, 80, 85, 90, 95])
def test_a_mozjpeg_that_keeps_its_promise_passes(quality: int, run: Any, tmp_path: Path) -> None:
    data = as_mozjpeg(quality)
    assert check(run, tmp_path, data, f"{{quality: {quality}..}}").code == 0
    assert check(run, tmp_path, data, f"{{quality: {quality}}}").code == 0


def test_a_mozjpeg_far_below_its_promise_is_told_with_about(run: Any, tmp_path: Path) -> None:
    outcome = check(run, tmp_path, as_mozjpeg(40), "{quality: 80..}")
    assert outcome.code == 1
    assert "quality about 30" in outcome.out


@pytest.mark.parametrize(("quality", "code"), [(79, 1), (80, 0), (95, 0), (96, 1)])
def test_libjpegs_own_tables_are_taken_by_the_number(
    quality: int, code: int, run: Any, tmp_path: Path
) -> None:
    data = save(gradient(64, 36), "a.jpg", quality=quality)
    assert check(run, tmp_path, data, "{quality: 80..95}").code == code


@pytest.mark.parametrize("name", ["a.webp", "a.avif", "a.jp2"])
def test_other_lossy_formats_have_no_such_number(name: str, run: Any, tmp_path: Path) -> None:
    buffer = io.BytesIO()
    gradient(64, 36).save(buffer, {"a.webp": "WEBP", "a.avif": "AVIF", "a.jp2": "JPEG2000"}[name])
    outcome = check(run, tmp_path, buffer.getvalue(), "{quality: 80..}", name)
    assert outcome.code == 3
    assert "only JPEG has such a number" in outcome.out


def test_a_grey_jpeg_has_no_chroma_to_lose(run: Any, tmp_path: Path) -> None:
    data = save(gradient(64, 36).convert("L"), "a.jpg")
    assert check(run, tmp_path, data, "{subsampling: 4:4:4}").code == 0
