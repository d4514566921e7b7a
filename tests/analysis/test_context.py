"""What a verdict is worth, given what the file says of its making: cameras and coarse JPEGs, as real files."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from pictures import exif_with
from PIL import Image
from scenes import coded, enlarged, scene

from verify4k import inspect
from verify4k.analysis.native.analyse import analyse
from verify4k.analysis.native.coding import Quality, Quantiser
from verify4k.analysis.native.context import in_context
from verify4k.analysis.native.metadata_claims import MetadataClaim
from verify4k.analysis.native.verdict import NO_TRACE, Inversion, Native

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

MAKE, SOFTWARE, WIDE, HIGH = 0x010F, 0x0131, 0xA002, 0xA003
HALF = Native("upscaled", (800, 450), 0.5, (9.0, 9.0), "aligned lattice", "looks enlarged")
OTHER = Native("upscaled", (1000, 562), 0.625, (9.0, 9.0), "aligned lattice", "looks enlarged")
NETWORK = replace(HALF, method="network fingerprint")
SUSPECT = replace(OTHER, verdict="suspect", ratio=0.8)
CELLS = Native("cells", None, None, (0.0, 0.0), "whole cells", "drawn in cells", cells=(8, 8))
ZOOM = MetadataClaim("Exif DigitalZoomRatio", (800, 450))
FINE, COARSE = Quality(85, True), Quality(29, True)


@pytest.mark.parametrize("found", [HALF, OTHER, NETWORK, SUSPECT, CELLS, NO_TRACE])
def test_a_file_that_says_nothing_is_judged_by_its_pixels(found: Native) -> None:
    assert in_context(found, None, (), original=False) is found
    if found is not NETWORK:
        assert in_context(found, Quality(30, True), (ZOOM,), original=False) is found


@pytest.mark.parametrize("found", [HALF, SUSPECT, NO_TRACE, NETWORK])
def test_below_quality_30_nothing_can_be_told_and_the_quality_is_named(found: Native) -> None:
    told = in_context(found, COARSE, (ZOOM,), original=True)
    assert (told.verdict, told.size, told.ratio) == ("cannot-tell", None, None)
    assert "JPEG quality 29" in told.sentence


@pytest.mark.parametrize("found", [HALF, SUSPECT, NO_TRACE, CELLS])
@pytest.mark.parametrize(
    ("container", "coarsest", "words"),
    [
        ("avif", 189, "AVIF quantiser 189 of 255"),
        ("heic", 39, "HEVC quantiser 39 of 51"),
        ("webp", 76, "WebP quantiser 76 of 127"),
    ],
)
def test_of_a_coarse_file_nothing_can_be_told_and_its_quantiser_is_named(
    container: str, coarsest: int, words: str, found: Native
) -> None:
    told = in_context(found, None, (), original=False, quantiser=Quantiser(container, coarsest))
    assert told.verdict == "cannot-tell"
    assert words in told.sentence
    finer = Quantiser(container, coarsest - 1)
    assert in_context(NO_TRACE, None, (), original=False, quantiser=finer) is NO_TRACE


@pytest.mark.parametrize("ratio", [0.375, 0.5, 0.625, 11 / 16])
def test_a_line_of_the_codec_is_no_error_in_an_avif_below_quality_50(ratio: float) -> None:
    found, doubtful = replace(HALF, ratio=ratio), Quantiser("avif", 149)
    told = in_context(found, None, (), original=False, quantiser=doubtful)
    assert (told.verdict, told.size) == ("suspect", found.size)
    assert told.sentence.endswith("its codec may leave that as well")
    assert in_context(found, None, (), original=False, quantiser=Quantiser("avif", 148)) is found
    elsewhere = replace(HALF, ratio=ratio + 0.01)
    assert in_context(elsewhere, None, (), original=False, quantiser=doubtful) is elsewhere


@pytest.mark.parametrize(("gain", "verdict"), [(1.4, "suspect"), (1.5, "upscaled")])
def test_undoing_it_proves_an_enlargement_on_a_line_of_the_codec(gain: float, verdict: str) -> None:
    found = replace(HALF, inversion=Inversion("bilinear", 1.0, 3.0, gain, gain))
    told = in_context(found, None, (), original=False, quantiser=Quantiser("avif", 149))
    assert told.verdict == verdict


def test_a_fingerprint_in_a_jpeg_below_80_is_suspect_alone() -> None:
    told = in_context(NETWORK, Quality(79, False), (), original=False)
    assert told.verdict == "suspect"
    assert "JPEG quality about 79" in told.sentence
    assert in_context(NETWORK, Quality(80, True), (), original=False) is NETWORK


@pytest.mark.parametrize("container", ["avif", "webp"])
@pytest.mark.parametrize(("quality", "verdict"), [(0, "cannot-tell"), (60, "upscaled")])
def test_a_file_is_asked_for_its_quantiser(
    tmp_path: Path, container: str, quality: int, verdict: str
) -> None:
    file = tmp_path / f"a.{container}"
    enlarged(0.6, Image.Resampling.BICUBIC, (1280, 720)).save(file, quality=quality, speed=9)
    assert inspect(file, native=True)["native"]["verdict"] == verdict


def test_cells_that_are_no_blocks_are_told_at_any_quality() -> None:
    ten = replace(CELLS, cells=(10, 8))
    assert in_context(ten, Quality(5, False), (), original=False) is ten


@pytest.mark.parametrize("edge", [4, 8, 16])
def test_cells_as_large_as_a_coarse_jpegs_blocks_are_not_told(edge: int) -> None:
    blocks = replace(CELLS, cells=(edge, edge))
    assert in_context(blocks, COARSE, (), original=False).verdict == "cannot-tell"
    assert in_context(blocks, FINE, (), original=False) is blocks


def test_a_camera_is_never_accused_by_a_fingerprint_alone() -> None:
    assert in_context(NETWORK, FINE, (), original=True) is NO_TRACE


def test_half_of_a_cameras_own_file_is_an_error_only_with_a_second_voice() -> None:
    told = in_context(HALF, FINE, (), original=True)
    assert told.verdict == "suspect"
    assert "colour filter" in told.sentence
    assert in_context(HALF, FINE, (ZOOM,), original=True) is HALF
    assert in_context(OTHER, FINE, (), original=True) is OTHER


# -- files -----------------------------------------------------------------------------------


def verdict(path: Path) -> dict[str, Any]:
    native: dict[str, Any] = inspect(path, native=True)["native"]
    return native


@pytest.mark.parametrize(
    ("tags", "size", "expected"),
    [
        ({MAKE: "Maker"}, (1600, 900), "suspect"),
        ({MAKE: "Maker"}, (900, 1600), "suspect"),
        ({MAKE: "Maker", SOFTWARE: "Maker 1.0"}, (1600, 900), "suspect"),
        ({MAKE: "Maker", SOFTWARE: "Adobe Photoshop 25.1"}, (1600, 900), "upscaled"),
        ({MAKE: "Maker", SOFTWARE: "GIMP 2.10"}, (1600, 900), "upscaled"),
        ({SOFTWARE: "Maker 1.0"}, (1600, 900), "upscaled"),
        ({MAKE: "Maker"}, (800, 450), "upscaled"),
    ],
)
def test_what_makes_a_file_a_cameras_own(
    tags: dict[int, str], size: tuple[int, int], expected: str, tmp_path: Path
) -> None:
    exif = exif_with(tags, {WIDE: size[0], HIGH: size[1]})
    enlarged(0.5, Image.Resampling.BILINEAR).save(tmp_path / "a.jpg", quality=90, exif=exif)
    assert verdict(tmp_path / "a.jpg")["verdict"] == expected


@pytest.mark.parametrize("quality", [5, 16])
def test_a_true_picture_in_a_coarse_jpeg_is_never_called_enlarged(quality: int, tmp_path: Path) -> None:
    scene().save(tmp_path / "a.jpg", quality=quality)
    told = verdict(tmp_path / "a.jpg")
    assert told["verdict"] == "cannot-tell"
    assert f"JPEG quality {quality} " in told["sentence"]
    again = analyse(coded(scene(), "jpeg", quality), format="png")  # saved as something else afterwards
    assert (again.method, again.verdict) != ("repeated rows", "upscaled")
