"""`limits:` in a manifest and `--limit` beside it, from the command line to every decoder."""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING, Any

import pytest
from pictures import gradient, save
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FORMATS = ["png", "jpg", "webp", "gif", "tif", "bmp", "avif", "ico"]


def project(folder: Path, limits: str, suffix: str = "png") -> None:
    options: dict[str, Any] = {"sizes": [(64, 64)]} if suffix == "ico" else {}
    gradient(64, 64).save(folder / f"a.{suffix}", **options)
    text = f"version: 1\n{limits}\nfiles: {{a.{suffix}: {{size: 64x64, same-as-others: forbidden}}}}\n"
    (folder / "verify4k.yaml").write_text(text)


@pytest.mark.parametrize("suffix", FORMATS)
def test_every_decoder_keeps_the_limit(run: Callable[..., Any], tmp_path: Path, suffix: str) -> None:
    project(tmp_path, "limits: {pixels: 4096}", suffix)
    assert run("check").code == 0
    project(tmp_path, "limits: {pixels: 4095}", suffix)
    outcome = run("inspect", "--limit", "pixels=4095", f"a.{suffix}")
    if suffix != "png":  # whose integrity is told without pixels
        assert run("check").code == 3
        assert outcome.code == 3
        assert "64x64 are 4096 pixels, more than the 4095 allowed" in outcome.out


def test_the_command_line_bounds_the_manifest(run: Callable[..., Any], tmp_path: Path) -> None:
    project(tmp_path, "limits: {pixels: 500M}", "jpg")
    assert run("check", "--limit", "pixels=4k").code == 3
    assert run("check", "--limit", "pixels=5k").code == 0
    assert run("check", "--limit", "memory=4kB").code == 3


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "avif"])
@pytest.mark.parametrize("depth", ["header", "full"])
def test_metadata_have_a_limit(run: Callable[..., Any], tmp_path: Path, suffix: str, depth: str) -> None:
    exif = Image.Exif()
    exif[0x010E] = "x" * 5000
    gradient(64, 64).save(tmp_path / f"a.{suffix}", exif=exif)
    (tmp_path / "verify4k.yaml").write_text(f"version: 1\nfiles: {{a.{suffix}: 64x64}}\n")
    assert run("check", "--depth", depth, "--limit", "metadata=6kB").code == 0
    outcome = run("check", "--depth", depth, "--limit", "metadata=5kB")
    assert outcome.code == 3
    assert re.search(r"its metadata take 5\d\d\d bytes, more than the 5000 allowed", outcome.out)
    assert "raise metadata with limits: in the manifest or --limit" in " ".join(outcome.out.split())


def test_metadata_behind_the_pixels_count_too(run: Callable[..., Any], tmp_path: Path) -> None:
    png = save(gradient(64, 64), "a.png")
    kind, data = b"eXIf", b"II*\0\x08\0\0\0" + bytes(5000)
    late = len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)
    (tmp_path / "a.png").write_bytes(png[:-12] + late + png[-12:])
    (tmp_path / "verify4k.yaml").write_text("version: 1\nlimits: {metadata: 5kB}\nfiles: {a.png: 64x64}\n")
    outcome = run("check")
    assert (outcome.code, "its metadata take 5008 bytes" in outcome.out) == (3, True)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("pixels", "expected NAME=VALUE, found 'pixels'"),
        ("pixel=5", "unknown limit 'pixel' (did you mean pixels?)"),
        ("pixels=5X", "expected a whole number from 1 like 500M, found '5X'"),
        ("frames=0", "expected a whole number from 1, found '0'"),
        ("memory=much", "expected a number of bytes"),
    ],
)
def test_a_mistaken_limit_names_the_right_spelling(
    run: Callable[..., Any], tmp_path: Path, given: str, words: str
) -> None:
    project(tmp_path, "")
    outcome = run("check", "--limit", given)
    assert outcome.code == 2
    assert words in outcome.err


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        ("limits: {megapixels: 5}", "verify4k.yaml:2:10: unknown limit 'megapixels'"),
        ("limits: 5", "verify4k.yaml:2:9: expected a mapping with pixels, frames, memory, seconds, metadata"),
        ("limits: {pixels: -1}", "verify4k.yaml:2:18: expected a whole number from 1 like 500M, found '-1'"),
    ],
)
def test_a_mistake_in_the_manifest_has_its_place(
    run: Callable[..., Any], tmp_path: Path, limits: str, words: str
) -> None:
    project(tmp_path, limits)
    outcome = run("check")
    assert outcome.code == 2
    assert words in outcome.err
