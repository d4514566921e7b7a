"""TIFF whose colours are brightness and two differences, which are sampled more coarsely."""

from __future__ import annotations

import zlib
from io import BytesIO

import numpy as np
import pytest
from judging import decode, header_of, judge, verdict
from PIL import Image
from tiff_files import LONG, SHORT, Tiff

from verify4k.errors import CannotRead

NONE, DEFLATE = 1, 8
WIDTH, HEIGHT = 22, 13  # no multiples of what is sampled together


def units(across: int, down: int) -> tuple[np.ndarray, np.ndarray]:
    """Strips of up to 8 rows as TIFF 6, section 21 orders them, and the picture that they are."""
    wide, high = -(-WIDTH // across) * across, -(-HEIGHT // down) * down
    luma = np.random.default_rng(6).integers(60, 200, (high, wide)).astype(np.uint8)
    cells = luma.reshape(high // down, down, wide // across, across).transpose(0, 2, 1, 3)
    blocks = cells.reshape(high // down, wide // across, across * down)
    colours = np.full((*blocks.shape[:2], 2), (100, 150), np.uint8)
    blue, red = 1.772 * (100 - 128), 1.402 * (150 - 128)
    green = -(0.114 * blue + 0.299 * red) / 0.587
    seen = luma[:HEIGHT, :WIDTH, None] + np.array([red, green, blue])
    return np.concatenate((blocks, colours), axis=2), np.clip(seen, 0, 255)


def page(across: int, down: int, compression: int, *, cut: int = 0) -> bytes:
    rows = 8 // down
    pack = bytes if compression == NONE else zlib.compress
    data = units(across, down)[0]
    strips = [pack(data[at : at + rows].tobytes()[: -cut or None]) for at in range(0, len(data), rows)]
    tags = {"t262": 6, "t277": 3, "t258": (SHORT, [8, 8, 8]), "t530": (SHORT, [across, down])}
    if (across, down) == (2, 2):
        tags["t530"] = (SHORT, [4])  # half a tag is none, and that is the usual sampling
    return Tiff().page(WIDTH, HEIGHT, strips, t259=compression, t278=8, **tags).build()


@pytest.mark.parametrize("compression", [NONE, DEFLATE])
@pytest.mark.parametrize(("across", "down"), [(1, 1), (2, 1), (1, 2), (2, 2), (4, 1), (4, 2), (4, 4)])
def test_coarse_colours_are_read(across: int, down: int, compression: int) -> None:
    judged = judge(page(across, down, compression))
    assert (judged.damage, judged.alpha) == ((), "none")
    found = decode(page(across, down, compression)).array().astype(float)
    assert np.abs(found - units(across, down)[1]).max() <= 2


@pytest.mark.parametrize("compression", [NONE, DEFLATE])
def test_a_strip_that_is_cut_is_damage(compression: int) -> None:
    assert verdict(page(2, 2, compression, cut=60)) == "damaged"


@pytest.mark.parametrize("compression", [NONE, DEFLATE])
def test_coarse_colours_in_planes_of_their_own_are_beyond_the_decoder_and_no_damage(compression: int) -> None:
    pack = bytes if compression == NONE else zlib.compress
    planes = [pack(bytes([100]) * size) for size in (22 * 14, 11 * 7, 11 * 7)]
    tags = {"t262": 6, "t277": 3, "t258": (SHORT, [8, 8, 8]), "t530": (SHORT, [2, 2]), "t284": 2}
    data = Tiff().page(22, 14, planes, t259=compression, **tags).build()
    assert verdict(data) == "undecided"
    with pytest.raises(CannotRead, match="planes of their own"):
        decode(data)


def test_jpeg_streams_of_coarse_planes_are_beyond_the_decoder_and_no_damage() -> None:
    streams = []
    for value, size in ((90, (22, 14)), (100, (11, 7)), (150, (11, 7))):
        Image.new("L", size, value).save(stream := BytesIO(), "jpeg")
        streams.append(stream.getvalue())
    tags = {"t262": 6, "t277": 3, "t258": (SHORT, [8, 8, 8]), "t530": (SHORT, [2, 2]), "t284": 2}
    data = Tiff().page(22, 14, streams, t259=7, **tags).build()
    assert verdict(data) == "undecided"
    assert header_of(data).displayed == (22, 14)


@pytest.mark.parametrize("compression", [NONE, DEFLATE])
@pytest.mark.parametrize("cut", [0, 1])
def test_fine_colours_in_planes_of_their_own_are_read(compression: int, cut: int) -> None:
    pack = bytes if compression == NONE else zlib.compress
    planes = [pack(bytes([value]) * (22 * 14 - cut)) for value in (90, 100, 150)]
    tags = {"t262": 6, "t277": 3, "t258": (SHORT, [8, 8, 8]), "t530": (SHORT, [1, 1]), "t284": 2}
    data = Tiff().page(22, 14, planes, t259=compression, **tags).build()
    assert verdict(data) == ("damaged" if cut else "ok")
    if not cut:
        assert np.abs(decode(data).array()[3, 5] - np.array([120.8, 84.0, 40.4])).max() <= 2


def test_a_strip_of_unknown_length_has_what_its_units_need() -> None:
    tags = {"t262": 6, "t277": 3, "t258": (SHORT, [8, 8, 8]), "t530": (SHORT, [2, 2]), "t279": (SHORT, [])}
    data = Tiff().page(22, 14, [bytes(462)], **tags).build()
    assert verdict(data) == "undecided"  # libtiff estimates; nobody here does


@pytest.mark.parametrize(("bits", "sampling"), [([16, 16, 16], [2, 2]), ([8, 8, 8], [3, 1])])
def test_rarer_kinds_are_beyond_the_decoder(bits: list[int], sampling: list[int]) -> None:
    tags = {"t262": 6, "t277": 3, "t258": (SHORT, bits), "t530": (SHORT, sampling)}
    assert verdict(Tiff().page(22, 14, [bytes(3000)], **tags).build()) == "undecided"


def test_two_planes_are_no_colours() -> None:
    tags = {"t262": 6, "t277": 2, "t258": (SHORT, [8, 8]), "t530": (SHORT, [1, 1]), "t284": 2}
    assert verdict(Tiff().page(4, 4, [bytes(16), bytes(16)], **tags).build()) == "undecided"


@pytest.mark.parametrize("compression", [NONE, DEFLATE])
@pytest.mark.parametrize(("cut", "found"), [(0, "ok"), (6, "damaged")])
def test_tiles_of_coarse_colours_are_read(compression: int, cut: int, found: str) -> None:
    pack = bytes if compression == NONE else zlib.compress
    tiles = [
        pack((bytes([luma] * 4) + b"\x80\x80") * 64)[: -short or None]
        for luma, short in ((60, 0), (100, cut))
    ]
    tags = {"t262": 6, "t277": 3, "t258": (SHORT, [8, 8, 8]), "t530": (SHORT, [2, 2]), "t278": None}
    data = Tiff().page(22, 13, tiles, t259=compression, t322=16, t323=16, **tags).build()
    assert verdict(data) == found
    if not cut:
        assert decode(data).array()[[0, 12, 5], [0, 3, 20]].tolist() == [[60] * 3, [60] * 3, [100] * 3]


def test_strips_that_lie_upon_each_other_are_not_packed_one_by_one() -> None:
    """Each may be the whole file, and as many of them as there are rows would take that many times as long."""
    tags = {"t262": 6, "t277": 3, "t258": (SHORT, [8, 8, 8]), "t530": (SHORT, [1, 1]), "t278": 1}
    row = bytes(range(WIDTH * 3))
    honest = Tiff().page(WIDTH, HEIGHT, [row] * HEIGHT, **tags)
    assert judge(honest.build()).damage == ()
    upon = {"t273": (LONG, [8] * HEIGHT), "t279": (LONG, [len(row) * HEIGHT] * HEIGHT)}
    with pytest.raises(CannotRead, match="lie upon each other"):
        decode(Tiff().page(WIDTH, HEIGHT, [row] * HEIGHT, **tags, **upon).build())
