"""Formats beyond the web's: files that real writers made, cut files, and what no file of theirs says."""

from __future__ import annotations

import io
import struct
from pathlib import Path
from typing import Any

import pytest
from judging import decode, header_of, judge, verdict, walk_of
from PIL import Image

from verify4k.errors import CannotRead, Damaged
from verify4k.formats.facts import Size

DATA = Path(__file__).parents[1] / "data" / "formats"


def picture(mode: str = "RGB") -> Image.Image:
    image = Image.linear_gradient("L").resize((16, 12))
    return Image.merge("RGBA", (image, image, image, image)) if mode == "RGBA" else image.convert(mode)


def saved(form: str, mode: str = "RGB", **options: Any) -> bytes:
    buffer = io.BytesIO()
    picture(mode).save(buffer, form, **options)
    return buffer.getvalue()


PSD, PSD_ALPHA = ((DATA / name).read_bytes() for name in ("plain.psd", "alpha.psd"))
FILES = {
    "qoi": (saved("QOI"), "qoi", 8, "rgb", "none"),
    "qoi-alpha": (saved("QOI", "RGBA"), "qoi", 8, "rgb", "used"),
    "tga": (saved("TGA"), "tga", 8, "rgb", "none"),
    "tga-gray": (saved("TGA", "L"), "tga", 8, "gray", "none"),
    "tga-palette": (saved("TGA", "P"), "tga", 8, "palette", "none"),
    "tga-alpha": (saved("TGA", "RGBA"), "tga", 8, "rgb", "used"),
    "tga-runs": (saved("TGA", compression="tga_rle"), "tga", 8, "rgb", "none"),
    "tga-runs-alpha": (saved("TGA", "RGBA", compression="tga_rle"), "tga", 8, "rgb", "used"),
    "dds": (saved("DDS"), "dds", 8, "rgb", "none"),
    "dds-gray": (saved("DDS", "L"), "dds", 8, "gray", "none"),
    "dds-alpha": (saved("DDS", "RGBA"), "dds", 8, "rgb", "used"),
    "dds-bc1": (saved("DDS", pixel_format="DXT1"), "dds", 8, "rgb", "none"),
    "dds-bc3": (saved("DDS", "RGBA", pixel_format="DXT5"), "dds", 8, "rgb", "used"),
    "dds-bc5": (saved("DDS", pixel_format="BC5"), "dds", 8, "rgb", "none"),
    "jp2": (saved("JPEG2000"), "jp2", 8, "rgb", "none"),
    "jp2-gray": (saved("JPEG2000", "L"), "jp2", 8, "gray", "none"),
    "jp2-alpha": (saved("JPEG2000", "RGBA"), "jp2", 8, "rgb", "used"),
    "jp2-tiles": (saved("JPEG2000", tile_size=(8, 8)), "jp2", 8, "rgb", "none"),
    "jp2-stream": (saved("JPEG2000", no_jp2=True), "jp2", 8, "rgb", "none"),
    "psd": (PSD, "psd", 8, "rgb", "none"),
    "psd-alpha": (PSD_ALPHA, "psd", 8, "rgb", "used"),
    "ppm": (saved("PPM"), "pnm", 8, "rgb", "none"),
    "pgm": (saved("PPM", "L"), "pnm", 8, "gray", "none"),
    "pbm": (saved("PPM", "1"), "pnm", 1, "gray", "none"),
    "ppm-words": (b"P3 # colours\n2 1\n255\n1 2 3\n4 5 6\n", "pnm", 8, "rgb", "none"),
}
UNCUT = {"ppm-words"}  # a plain file's last number may lose a digit


@pytest.mark.parametrize("name", FILES)
def test_a_real_writers_file_is_intact_and_told_right(name: str) -> None:
    data, form, depth, mode, alpha = FILES[name]
    found = judge(data)
    assert found.damage == ()
    header = found.header
    size = Size(2, 1) if name == "ppm-words" else Size(16, 12)
    assert (header.format, header.stored, header.displayed) == (form, size, size)
    assert (header.bit_depth, header.mode, found.alpha) == (depth, mode, alpha)
    assert found.walk.warnings == ()
    assert found.walk.trailing == 0


@pytest.mark.parametrize("name", sorted(set(FILES) - UNCUT))
def test_no_cut_passes(name: str) -> None:
    data = FILES[name][0]
    footer = 26 if name.startswith("tga") else 0  # the footer of TGA 2.0 is no part of the picture
    for end in range(6, len(data) - footer):
        assert verdict(data[:end]) != "ok", end


@pytest.mark.parametrize("name", sorted(set(FILES) - {"ppm-words"}))
def test_bytes_behind_the_picture_are_counted(name: str) -> None:
    walk = walk_of(FILES[name][0] + b"PK\x03\x04more")
    assert (walk.damage, walk.trailing, walk.trailing_kind) == ((), 8, "zip")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"qoif" + struct.pack(">2I2B", 0, 4, 3, 0), "no image"),
        (b"qoif" + struct.pack(">2I2B", 4, 4, 5, 0), "5 channels"),
        (FILES["qoi"][0][:-8] + bytes(8), "end marker"),
        (PSD[:14] + struct.pack(">2I", 0, 16) + PSD[22:], "no image"),
        (b"P6 0 4 255\n", "no image"),
        (b"P6 4 4 70000\n", "no image"),
        (b"P6 4 x 255\n", "numbers"),
        (b"P7\nWIDTH 4\nHEIGHT 4\nENDHDR\n", "lacks"),
        (FILES["dds"][0][:12] + bytes(8) + FILES["dds"][0][20:], "no image"),
    ],
)
def test_headers_that_no_picture_has_are_damage(data: bytes, words: str) -> None:
    try:
        told = judge(data).damage[0]
    except Damaged as error:
        told = error.message
    assert words in told


def test_jpeg_2000_whose_boxes_and_codestream_disagree_is_damaged() -> None:
    data = FILES["jp2"][0]
    at = data.index(b"ihdr") + 4
    forged = data[:at] + struct.pack(">2I", 2160, 3840) + data[at + 8 :]
    assert header_of(forged).displayed == Size(16, 12)
    assert judge(forged).damage == ("the header box says 3840x2160, the codestream 16x12",)


def test_a_psd_without_its_merged_picture_is_undecided() -> None:
    info = struct.pack(">4sHHI", b"8BIM", 0x0421, 0, 6) + struct.pack(">IBB", 1, 0, 0)
    at = 30
    length = int.from_bytes(PSD[at : at + 4]) + len(info)
    data = PSD[:at] + length.to_bytes(4) + info + PSD[at + 4 :]
    assert header_of(data).stored == Size(16, 12)
    with pytest.raises(CannotRead, match="without its merged picture"):
        decode(data)


def test_a_psd_of_more_bits_than_its_decoder_reads_is_undecided_by_that_name() -> None:
    head = b"8BPS" + struct.pack(">H6xHIIHH", 1, 3, 30, 40, 16, 3)
    data = head + bytes(14) + bytes(40 * 30 * 6)
    assert header_of(data).displayed == (40, 30)
    with pytest.raises(CannotRead, match="a PSD of 16 bits"):
        decode(data)


def test_the_resources_of_a_psd_name_its_metadata() -> None:
    profile = struct.pack(">4sHHI", b"8BIM", 0x040F, 0, 4) + b"icc!"
    data = PSD[:30] + (int.from_bytes(PSD[30:34]) + len(profile)).to_bytes(4) + profile + PSD[34:]
    (block,) = [each for each in header_of(data).blocks if each.kind == "icc"]
    assert data[block.offset : block.offset + block.length] == b"icc!"


def dx10(number: int, *, flags: int = 0, mips: int = 1) -> bytes:
    head = struct.pack("<7I", 124, 0x21007, 12, 16, 0, 0, mips) + bytes(44)
    pixels = struct.pack("<2I4s5I", 32, 4, b"DX10", 0, 0, 0, 0, 0)
    return (
        b"DDS "
        + head
        + pixels
        + struct.pack("<5I", 0x1000, 0, 0, 0, 0)
        + struct.pack("<5I", number, 3, 0, 1, flags)
    )


@pytest.mark.parametrize(
    ("number", "depth", "mode", "alpha", "length"),
    [
        (28, 8, "rgb", True, 16 * 12 * 4),
        (88, 8, "rgb", False, 16 * 12 * 4),
        (10, 16, "rgb", True, 16 * 12 * 8),
        (2, 32, "rgb", True, 16 * 12 * 16),
        (61, 8, "gray", False, 16 * 12),
        (71, 8, "rgb", False, 4 * 3 * 8),
        (77, 8, "rgb", True, 4 * 3 * 16),
        (80, 8, "gray", False, 4 * 3 * 8),
        (95, 16, "rgb", False, 4 * 3 * 16),
        (98, 8, "rgb", True, 4 * 3 * 16),
    ],
)
def test_textures_of_direct3d_10_are_told_by_their_number(
    number: int, depth: int, mode: str, alpha: bool, length: int
) -> None:
    whole = dx10(number) + bytes(length)
    header = header_of(whole)
    assert (header.stored, header.bit_depth, header.mode, header.alpha) == (Size(16, 12), depth, mode, alpha)
    assert walk_of(whole).trailing == 0
    assert "truncated" in walk_of(whole[:-1]).damage[0]


def test_a_texture_that_says_opaque_has_no_alpha() -> None:
    assert not header_of(dx10(98, flags=3) + bytes(192)).alpha


@pytest.mark.parametrize(("name", "attributes"), [("tga", 8), ("tga-gray", 8), ("tga-palette", 1)])
def test_attribute_bits_where_no_alpha_can_be_are_rubbish_of_a_writer(name: str, attributes: int) -> None:
    data = FILES[name][0]
    found = judge(data[:17] + bytes((data[17] | attributes,)) + data[18:])
    assert (found.header.format, found.damage, found.alpha) == ("tga", (), "none")


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_bytes_in_either_order_are_the_same_picture(mode: str) -> None:
    data = saved("DDS", mode)
    swapped = data[:92] + data[100:104] + data[96:100] + data[92:96] + data[104:128]
    bytes_of = len(data[128:]) // (16 * 12)
    pixels = [data[at : at + bytes_of] for at in range(128, len(data), bytes_of)]
    swapped += b"".join(each[2::-1] + each[3:] for each in pixels)
    found = decode(data)
    assert found.digest() == decode(swapped).digest()
    assert (found.array() == __import__("numpy").asarray(picture(mode))).all()


def test_every_mipmap_has_to_be_there() -> None:
    whole = dx10(71, mips=5) + bytes(8 * (4 * 3 + 2 * 2 + 1 + 1 + 1))
    assert walk_of(whole).damage == ()
    assert walk_of(whole[:-8]).damage == ("truncated: its mipmaps end 8 bytes after the file",)


def test_a_texture_of_a_kind_not_known_here_is_undecided() -> None:
    with pytest.raises(CannotRead, match="DXGI format 110"):
        header_of(dx10(110))


def ktx2(*, model: int = 1, channels: tuple[int, ...] = (0, 1, 2, 15), levels: int = 1) -> bytes:
    """Khronos Data Format 1.3, 5.1: a basic descriptor with one sample a channel."""
    samples = b"".join(struct.pack("<H2B", 8 * i, 7, kind) + bytes(12) for i, kind in enumerate(channels))
    block = (
        struct.pack("<2H2H8B8B", 0, 0, 2, 24 + len(samples), model, 1, 2, 0, *[0] * 4, 4, *[0] * 7) + samples
    )
    descriptor = struct.pack("<I", 4 + len(block)) + block
    start = 80 + 24 * levels
    pixels = start + len(descriptor)
    head = struct.pack("<9I", 37, 1, 16, 12, 0, 0, 1, levels, 0)
    index = struct.pack("<4I2Q", start, len(descriptor), 0, 0, 0, 0)
    places = b"".join(struct.pack("<3Q", pixels + 4 * i, 4, 4) for i in range(levels))
    return b"\xabKTX 20\xbb\r\n\x1a\n" + head + index + places + descriptor + bytes(4 * levels)


@pytest.mark.parametrize(
    ("model", "channels", "mode", "alpha"),
    [
        (1, (0, 1, 2, 15), "rgb", True),
        (1, (0, 1, 2), "rgb", False),
        (1, (0,), "gray", False),
        (131, (0,), "gray", False),
        (134, (0,), "rgb", True),
        (163, (0,), "rgb", False),
        (163, (0, 15), "rgb", True),
        (166, (0,), "rgb", False),
        (166, (3,), "rgb", True),
    ],
)
def test_khronos_textures_are_told_by_their_descriptor(
    model: int, channels: tuple[int, ...], mode: str, alpha: bool
) -> None:
    data = ktx2(model=model, channels=channels)
    header = header_of(data)
    assert (header.stored, header.bit_depth, header.mode, header.alpha) == (Size(16, 12), 8, mode, alpha)
    assert walk_of(data).damage == ()
    with pytest.raises(CannotRead, match="no decoder reads the pixels"):
        decode(data)


def test_no_cut_khronos_texture_passes() -> None:
    data = ktx2(levels=3)
    assert walk_of(data + b"x").trailing == 1
    for end in range(12, len(data)):
        assert walk_of(data[:end]).damage, end
