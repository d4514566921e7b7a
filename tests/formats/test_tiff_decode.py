"""Pixels of TIFF: compressions, deep samples, planes and tiles, and what stays undecided."""

from __future__ import annotations

import io
import struct
from typing import Any

import numpy as np
import pytest
from judging import decode, header_of, judge
from PIL import Image
from tiff_files import LONG, LONG8, RGB, RGBA, SHORT, Tiff, gray

from verify4k.errors import CannotRead, Damaged, LimitHit
from verify4k.formats.facts import Size

SAMPLES = {
    "L": np.arange(192, dtype=np.uint8).reshape(12, 16, 1),
    "RGB": np.arange(576).reshape(12, 16, 3).astype(np.uint8),
}


def compressed(picture: Image.Image, name: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "TIFF", compression=name, **options)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "name", ["raw", "tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg", "zstd", "lzma"]
)
@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "CMYK", "P", "1", "I;16"])
def test_every_compression_that_pillow_writes_is_read(name: str, mode: str) -> None:
    if name == "jpeg" and mode in ("RGBA", "P", "1", "I;16"):
        pytest.skip("JPEG holds no such samples")
    picture = Image.linear_gradient("L").resize((40, 30)).convert(mode)
    judged = judge(compressed(picture, name))
    assert judged.damage == ()
    assert judged.pixels is not None
    assert judged.alpha == ("opaque" if mode == "RGBA" else "none")


@pytest.mark.parametrize("name", ["group3", "group4", "tiff_ccitt"])
def test_fax_compression_is_read(name: str) -> None:
    assert judge(compressed(Image.linear_gradient("L").convert("1"), name)).damage == ()


@pytest.mark.parametrize("name", ["tiff_lzw", "tiff_adobe_deflate", "packbits", "zstd", "lzma"])
def test_short_compressed_data_are_damage(name: str) -> None:
    data = bytearray(compressed(Image.linear_gradient("L"), name))
    at = (
        data.index(struct.pack("<HH", 279, 4))
        if struct.pack("<HH", 279, 4) in data
        else data.index(b"\x17\x01")
    )
    assert int.from_bytes(data[at + 4 : at + 8], "little") == 1  # one strip
    length = int.from_bytes(data[at + 8 : at + 12], "little")
    data[at + 8 : at + 12] = struct.pack("<I", length // 2)
    with pytest.raises(Damaged, match="do not decode"):
        decode(bytes(data))


def deep(values: np.ndarray[Any, Any], order: str = "<", **tags: Any) -> bytes:
    """One strip of 16-bit (or wider) samples."""
    height, width, samples = values.shape
    raw = values.astype(values.dtype.newbyteorder(order)).tobytes()
    told = {
        "t262": 2 if samples > 2 else 1,
        "t277": samples,
        "t258": (SHORT, [values.dtype.itemsize * 8] * samples),
    }
    if samples in (2, 4):
        told["t338"] = 2
    return Tiff(order).page(width, height, [raw], **{**told, **tags}).build()


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("samples", [2, 4])
@pytest.mark.parametrize(("least", "alpha"), [(65535, "opaque"), (65534, "used")])
def test_deep_alpha_is_seen_at_its_own_depth(order: str, samples: int, least: int, alpha: str) -> None:
    values = np.full((3, 4, samples), 65535, dtype=np.uint16)
    values[1, 1, -1] = least
    judged = judge(deep(values, order))
    assert (judged.alpha, judged.damage, judged.header.bit_depth) == (alpha, (), 16)
    assert judged.pixels is not None
    assert np.array_equal(judged.pixels.array(), values)


def test_differences_and_planes_and_tiles_are_put_together() -> None:
    rng = np.random.default_rng(3)
    values = rng.integers(0, 65535, (16, 32, 3), dtype=np.uint16)
    differences = np.diff(values, axis=1, prepend=np.zeros((16, 1, 3), np.uint16))
    assert np.array_equal(decode(deep(differences, t317=2)).array(), values)
    planes = [values[..., number].tobytes() for number in range(3)]
    tags: dict[str, Any] = {"t262": 2, "t277": 3, "t258": (SHORT, [16] * 3), "t284": 2}
    assert np.array_equal(decode(Tiff().page(32, 16, planes, **tags).build()).array(), values)
    halves = [
        np.diff(values[:, at : at + 16], axis=1, prepend=np.zeros((16, 1, 3), np.uint16)) for at in (0, 16)
    ]
    tiled = {**tags, "t284": 1, "t322": 16, "t323": 16, "t317": 2, "t278": None}
    strips = [half.tobytes() for half in halves]
    assert np.array_equal(decode(Tiff().page(32, 16, strips, **tiled).build()).array(), values)
    split = [values[:, at : at + 16, number].tobytes() for number in range(3) for at in (0, 16)]
    assert np.array_equal(
        decode(Tiff().page(32, 16, split, **{**tiled, "t284": 2, "t317": 1}).build()).array(), values
    )


def test_gray_with_alpha_in_planes_is_read() -> None:
    tags: dict[str, Any] = {"t277": 2, "t258": (SHORT, [8, 8]), "t338": 2, "t284": 2}
    judged = judge(Tiff().page(strips=[bytes(range(12)), bytes([255] * 11 + [254])], **tags).build())
    assert (judged.damage, judged.alpha) == ((), "used")


@pytest.mark.parametrize(
    ("bits", "expected"),
    [(1, [0, 255]), (2, [0, 85, 170]), (4, [0, 17, 34]), (12, [0, 16, 32]), (5, [0, 8, 16])],
)
def test_samples_of_odd_widths_are_unpacked(bits: int, expected: list[int]) -> None:
    count = len(expected)
    text = "".join(f"{value:0{bits}b}" for value in range(count) for _ in range(3))
    row = int(text.ljust(-(-len(text) // 8) * 8, "0"), 2).to_bytes(-(-len(text) // 8), "big")
    tags: dict[str, Any] = {**RGB, "t258": (SHORT, [bits] * 3)}
    picture = decode(Tiff().page(count, 2, [row * 2], **tags).build()).array()
    assert picture.shape == (2, count, 3)
    assert picture[0, :, 0].tolist() == expected


def test_wide_integers_and_floats_are_read() -> None:
    wide = np.full((3, 4, 4), 0xFFFFFFFF, dtype=np.uint32)
    assert judge(deep(wide)).alpha == "opaque"
    wide[0, 0, 3] -= 1
    assert judge(deep(wide, ">")).alpha == "used"
    floats = np.linspace(0, 1, 36, dtype=np.float32).reshape(3, 4, 3)
    plain = decode(deep(floats, t339=(SHORT, [3] * 3))).array()
    assert (plain.min(), plain.max()) == (0, 65535)
    big = floats.astype(">f4").tobytes()
    rows = np.frombuffer(big, np.uint8).reshape(3, 12, 4).transpose(0, 2, 1).reshape(3, 16, 3)
    differences = np.diff(rows, axis=1, prepend=np.zeros((3, 1, 3), np.uint8))
    tags: dict[str, Any] = {
        "t262": 2,
        "t277": 3,
        "t258": (SHORT, [32] * 3),
        "t339": (SHORT, [3] * 3),
        "t317": 3,
    }
    assert np.array_equal(decode(Tiff().page(4, 3, [differences.tobytes()], **tags).build()).array(), plain)


def test_cmyk_and_white_is_zero_become_colours() -> None:
    ink = np.zeros((3, 4, 4), dtype=np.uint16)
    ink[0, 0] = (65535, 0, 0, 0)
    picture = decode(deep(ink, t262=5, t338=None)).array()
    assert picture[0, 0].tolist() == [0, 65535, 65535]
    inverse = np.zeros((3, 4, 2), dtype=np.uint16)
    assert decode(deep(inverse, t262=0)).array()[0, 0].tolist() == [65535, 0]


@pytest.mark.parametrize(
    ("tags", "words"),
    [
        ({"t259": 34661}, "not supported"),
        ({"t259": 50001, **RGB}, "compression 50001"),
        ({"t262": 32844}, "not supported"),
        ({**RGB, "t277": 20, "t258": (SHORT, [8] * 20), "t262": 8}, "20 samples"),
        ({**RGB, "t258": (SHORT, [5] * 3), "t317": 2}, "predictor"),
        ({**RGB, "t258": (SHORT, [16] * 3), "t317": 7}, "predictor 7"),
        ({**RGB, "t258": (SHORT, [5] * 3), "t322": 4, "t323": 16, "t278": None}, "inside a byte"),
    ],
)
def test_kinds_that_nothing_reads_are_undecided(tags: dict[str, Any], words: str) -> None:
    with pytest.raises(CannotRead, match=words):
        decode(Tiff().page(strips=[bytes(4000)], **tags).build())


def test_an_unsure_compression_of_deep_samples_is_undecided() -> None:
    values = np.zeros((3, 4, 3), np.uint16)
    with pytest.raises(CannotRead, match="32809"):
        decode(deep(values, t259=32809))
    with pytest.raises(Damaged, match="do not decode"):
        decode(deep(values, t259=5))


def test_bombs_end_in_a_limit_and_lies_in_damage() -> None:
    with pytest.raises(LimitHit):
        decode(gray(t256=(LONG, [60_000]), t257=(LONG, [60_000])))
    with pytest.raises(Damaged, match="holds less"):
        decode(gray(strips=[b"x"]))


def test_big_offsets_are_kept_in_a_rewritten_directory() -> None:
    data = Tiff(">", big=True).page(t273=(LONG8, [16]), t279=(LONG8, [12])).build()
    assert judge(data).damage == ()


def test_an_8_bit_picture_with_alpha_is_used_or_opaque() -> None:
    four = Tiff().page(strips=[b"abc\xff" * 12], **RGBA).build()
    assert judge(four).alpha == "opaque"
    assert judge(four.replace(b"abc\xff", b"abc\xfe", 1)).alpha == "used"


def test_the_decoder_has_to_find_what_the_header_promises() -> None:
    from verify4k.formats.tiff.decode import decode as decode_tiff

    with pytest.raises(Damaged, match="promises 5x3, the decoder finds 4x3"):
        decode_tiff(gray(), header_of(gray())._replace(stored=Size(5, 3)), colour=True)


def test_more_than_a_classic_directory_can_reach_ends_in_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("verify4k.formats.tiff.rewrite._LIMIT_BYTES", 99)
    with pytest.raises(LimitHit, match="bytes"):
        decode(gray())
