"""Density, timing, pictures inside, progressive: facts of files that real writers made."""

from __future__ import annotations

import io
import struct
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pictures import exif_with, gradient, png_chunk, save, with_gain_map

from verify4k.artifacts.described import Described
from verify4k.artifacts.further_facts import further_facts, further_notes
from verify4k.errors import BeyondDepth, CannotRead
from verify4k.files.source import FileSource
from verify4k.formats.facts import Size

if TYPE_CHECKING:
    from PIL import Image

DATA = Path(__file__).parents[1] / "data"


def opened(path: Path, data: bytes, name: str) -> Described:
    (path / name).write_bytes(data)
    return Described(FileSource(str(path / name)))


def written(form: str, *more: Image.Image, mode: str = "RGB", **options: Any) -> bytes:
    buffer = io.BytesIO()
    gradient(32, 18).convert(mode).save(buffer, form, append_images=list(more), **options)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "named"),
    [
        (written("JPEG", dpi=(72, 72)), [("JFIF", 72, 72)]),
        (written("JPEG"), []),  # JFIF with a shape of pixels alone
        (written("PNG", dpi=(300, 300)), [("pHYs", 300, 300)]),
        (written("PNG", dpi=(72, 96)), [("pHYs", 72, 96)]),
        (written("PNG"), []),
        (written("BMP", dpi=(96, 96)), [("BMP", 96, 96)]),
        (written("TIFF", dpi=(240, 300)), [("TIFF", 240, 300)]),
        (written("TIFF"), []),
        (written("TIFF", resolution_unit=3, x_resolution=100.0, y_resolution=100.0), [("TIFF", 254, 254)]),
        (written("WEBP", exif=exif_with({0x011A: 150.0, 0x011B: 150.0, 0x0128: 2})), [("Exif", 150, 150)]),
        (written("WEBP", exif=exif_with({0x011A: 100.0, 0x011B: 100.0, 0x0128: 3})), [("Exif", 254, 254)]),
        (written("WEBP", exif=exif_with({0x011A: 150.0, 0x011B: 150.0, 0x0128: 1})), []),
        (
            written("JPEG", dpi=(72, 72), exif=exif_with({0x011A: 300.0, 0x011B: 300.0, 0x0128: 2})),
            [("JFIF", 72, 72), ("Exif", 300, 300)],
        ),
        ((DATA / "formats" / "plain.psd").read_bytes(), [("Photoshop", 150, 150)]),
    ],
)
def test_densities_are_told_with_the_field_that_names_them(
    data: bytes, named: list[tuple[str, int, int]], tmp_path: Path
) -> None:
    found = [
        (each.source, round(each.across, 1), round(each.down, 1))
        for each in opened(tmp_path, data, "a").densities
    ]
    assert found == named


def test_a_density_in_no_unit_is_a_shape_of_pixels(tmp_path: Path) -> None:
    png = save(gradient(4, 4), "a.png")
    data = png[:33] + png_chunk(b"pHYs", struct.pack(">2IB", 2, 1, 0)) + png[33:]
    assert opened(tmp_path, data, "a.png").densities == ()


FRAMES = [gradient(32, 18, 40), gradient(32, 18, 90)]


@pytest.mark.parametrize(
    ("data", "timing"),
    [
        (written("GIF", *FRAMES, save_all=True, duration=[20, 100, 50]), (3, 20, 100, 170, 1)),
        (written("GIF", *FRAMES, save_all=True, duration=40, loop=0), (3, 40, 40, 120, 0)),
        (written("GIF", *FRAMES, save_all=True, duration=40, loop=2), (3, 40, 40, 120, 3)),
        (written("PNG", *FRAMES, save_all=True, duration=[20, 100, 50], loop=0), (3, 20, 100, 170, 0)),
        (written("PNG", *FRAMES, save_all=True, duration=25, loop=4), (3, 25, 25, 75, 4)),
        (written("PNG", *FRAMES, save_all=True, duration=25, default_image=True), (2, 25, 25, 50, 0)),
        (written("WEBP", *FRAMES, save_all=True, duration=[4, 8, 1000], loop=0), (3, 4, 1000, 1012, 0)),
        (written("WEBP", *FRAMES, save_all=True, duration=33, loop=1), (3, 33, 33, 99, 1)),
    ],
)
def test_an_animation_tells_its_times_and_rounds(
    data: bytes, timing: tuple[float, ...], tmp_path: Path
) -> None:
    assert opened(tmp_path, data, "a").timing == timing


@pytest.mark.parametrize("form", ["GIF", "PNG", "WEBP", "JPEG"])
def test_a_still_has_no_times(form: str, tmp_path: Path) -> None:
    assert opened(tmp_path, written(form), "a").timing is None


@pytest.mark.parametrize(
    ("data", "timing"),
    [
        (written("AVIF", *FRAMES, save_all=True, duration=[20, 100, 50]), (3, 20, 100, 170, 0)),
        (written("AVIF", *FRAMES, save_all=True, duration=40), (3, 40, 40, 120, 0)),
    ],
)
def test_an_avif_sequence_tells_its_times(data: bytes, timing: tuple[float, ...], tmp_path: Path) -> None:
    assert opened(tmp_path, data, "a.avif").timing == timing


def test_an_edit_list_that_does_not_repeat_plays_once(tmp_path: Path) -> None:
    data = written("AVIF", *FRAMES, save_all=True, duration=40)
    at = data.index(b"elst") + 4
    assert data[at + 1 : at + 4] == b"\0\0\1"
    found = opened(tmp_path, data[: at + 3] + b"\0" + data[at + 4 :], "a.avif").timing
    assert found is not None
    assert found.plays == 1


def test_a_sequence_without_times_is_unknown_and_no_error_of_inspect(tmp_path: Path) -> None:
    data = written("AVIF", *FRAMES, save_all=True, duration=40).replace(b"stts", b"skip")
    artifact: Any = opened(tmp_path, data, "a.avif")
    with pytest.raises(CannotRead, match="does not say how long its frames are shown"):
        artifact.timing  # noqa: B018
    assert further_facts(artifact)["timing"] is None


def test_at_header_depth_the_times_of_a_gif_need_more(tmp_path: Path) -> None:
    (tmp_path / "a.gif").write_bytes(written("GIF", *FRAMES, save_all=True, duration=40))
    with pytest.raises(BeyondDepth):
        Described(FileSource(str(tmp_path / "a.gif")), "header").timing  # noqa: B018


@pytest.mark.parametrize(
    ("data", "sizes"),
    [
        (written("ICO", sizes=[(16, 9), (32, 18)]), [(16, 9), (32, 18)]),
        (written("TIFF", gradient(9, 5), save_all=True), [(32, 18), (9, 5)]),
        (written("PNG"), [(32, 18)]),
        (with_gain_map(written("JPEG")), [(32, 18), (16, 9)]),
        (
            with_gain_map(written("JPEG")).replace(b"21496", b"21497"),
            [(32, 18)],
        ),  # a picture of nothing known
        (with_gain_map(written("JPEG"))[: len(written("JPEG")) + 200], [(32, 18)]),  # its head is cut
        (written("GIF", *FRAMES, save_all=True), [(32, 18)]),  # frames are no pictures of their own
    ],
)
def test_every_picture_inside_is_listed(data: bytes, sizes: list[tuple[int, int]], tmp_path: Path) -> None:
    assert opened(tmp_path, data, "a").pictures == tuple(Size(*size) for size in sizes)


@pytest.mark.parametrize(
    ("data", "progressive"),
    [
        (written("JPEG", progressive=True), True),
        (written("JPEG"), False),
        (written("GIF", mode="P"), True),  # Pillow interlaces by default
        (written("GIF", mode="P", interlace=0), False),
        (written("PNG"), False),
        (written("WEBP"), False),
        (written("JPEG2000"), None),
    ],
)
def test_what_is_shown_coarse_first_is_told(data: bytes, progressive: bool | None, tmp_path: Path) -> None:
    assert opened(tmp_path, data, "a").header.progressive is progressive


def test_an_interlaced_png_is_told(tmp_path: Path) -> None:
    png = save(gradient(4, 4), "a.png")
    ihdr = png[16:28] + b"\1"
    assert opened(tmp_path, png[:8] + png_chunk(b"IHDR", ihdr) + png[33:], "a.png").header.progressive is True


def test_inspect_says_in_words_what_is_inside_and_how_it_plays(tmp_path: Path) -> None:
    artifact: Any = opened(tmp_path, written("ICO", sizes=[(16, 9), (32, 18)]), "a.ico")
    artifact.coding = None
    assert list(further_notes(further_facts(artifact))) == ["holds 16x9, 32x18"]
    artifact = opened(tmp_path, with_gain_map(written("JPEG")), "a.jpg")
    artifact.coding = None
    assert list(further_notes(further_facts(artifact))) == ["holds 32x18 and a gain map of 16x9"]
    artifact = opened(tmp_path, written("GIF", *FRAMES, save_all=True, duration=[20, 1500, 50]), "a.gif")
    artifact.coding = None
    assert list(further_notes(further_facts(artifact))) == [
        "plays once, 20 to 1,500 ms a frame, 1,570 ms in all"
    ]
