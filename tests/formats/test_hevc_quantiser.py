"""How coarsely HEIC files are quantised: real ones by x265, and headers written bit by bit."""

from __future__ import annotations

import io
import re
from itertools import starmap

import pytest
from heif_files import encode
from PIL import Image

from verify4k.artifacts.artifact import Artifact
from verify4k.documents.nodes import Place
from verify4k.files.source import BytesSource
from verify4k.formats.facts import BytesReader
from verify4k.formats.heif.hevc_quantiser import slice_quantiser
from verify4k.model import Asset

NOISE = Image.effect_noise((320, 320), 40).convert("RGB")
IDR, SEI, TRAILING = 20, 39, 1


def quantiser(data: bytes) -> int | None:
    found = Artifact(Asset("a.heic", "a.heic", Place("m", 1, 1)), BytesSource(data), "header").quantiser
    return None if found is None else found.step


def heic(quality: int, **options: int) -> bytes:
    pillow_heif = pytest.importorskip("pillow_heif", reason="the heic extra is not installed")
    buffer = io.BytesIO()
    pillow_heif.from_pillow(NOISE).save(buffer, quality=quality, **options)
    return buffer.getvalue()


@pytest.mark.parametrize("chroma", [420, 444])
@pytest.mark.parametrize(("quality", "expected"), [(0, 47), (15, 39), (20, 37), (50, 22), (100, 0)])
def test_the_quantiser_of_a_quality(chroma: int, quality: int, expected: int) -> None:
    assert quantiser(heic(quality, chroma=chroma)) == expected


def test_av1_in_a_heif_has_another_scale() -> None:
    data = encode(NOISE)
    assert quantiser(b"".join((data[:8], b"mif1", data[12:16], b"mif1miaf", data[24:]))) is None


def bits(*numbers: tuple[str, int]) -> str:
    """Numbers as bits: u1 to u88 of a fixed width, ue and se of a variable one."""

    def coded(kind: str, number: int) -> str:
        if kind == "se":
            number = 2 * number - 1 if number > 0 else -2 * number
        if kind in ("ue", "se"):
            return f"{number + 1:b}".zfill(2 * (number + 1).bit_length() - 1)
        return f"{number:b}".zfill(int(kind[1:]))

    return "".join(starmap(coded, numbers))


def unit(kind: int, body: str) -> bytes:
    filled = body + "1"
    filled += "0" * (-len(filled) % 8)
    data = bytes(int(filled[at : at + 8], 2) for at in range(0, len(filled), 8))
    return bytes((kind << 1, 1)) + re.sub(rb"\0\0(?=[\0-\3])", b"\0\0\3", data)  # 7.4.1


def parameters(*, chroma: int = 1, separate: int = 0, sao: int = 1, window: int = 0, lists: int = 0) -> bytes:
    """An SPS of one temporal layer."""
    colour = [("u1", separate)] if chroma == 3 else []
    cut = [("ue", 3)] * 4 if window else []
    return unit(33, bits(
        ("u4", 0), ("u3", 0), ("u1", 1), ("u88", 0), ("u8", 0), ("ue", 0), ("ue", chroma), *colour,
        ("ue", 320), ("ue", 320), ("u1", window), *cut, *[("ue", 0)] * 3, ("u1", 1), *[("ue", 1)] * 9,
        ("u1", lists), *[("u1", 1)] * lists, ("u1", 0), ("u1", sao),
    ))  # fmt: skip


def picture(initial: int, *, output: int = 0, extra: int = 0) -> bytes:
    """A PPS."""
    numbers = ("ue", 0), ("ue", 0), ("u1", 0), ("u1", output), ("u3", extra), ("u2", 3), ("ue", 0), ("ue", 0)
    return unit(34, bits(*numbers, ("se", initial - 26)))


def record(*units: bytes) -> bytes:
    """A configuration record, of NAL units behind lengths of four bytes."""
    parts = [bytes(21), b"\3", bytes((len(units),))]
    parts += [b"".join((bytes((one[0] >> 1, 0, 1)), len(one).to_bytes(2, "big"), one)) for one in units]
    return b"".join(parts)


def first_slice(delta: int, flags: str = "11", extra: str = "", first: int = 1) -> str:
    return bits(("u1", first), ("u1", 0), ("ue", 0)) + extra + bits(("ue", 2)) + flags + bits(("se", delta))


def found(config: bytes, *units: bytes) -> int | None:
    data = b"".join(len(one).to_bytes(4, "big") + one for one in units)
    return slice_quantiser(BytesReader(data), config, 0, len(data))


@pytest.mark.parametrize(
    ("sps", "pps", "coded", "expected"),
    [
        ({}, {"initial": 26}, {"delta": 0}, 26),
        ({}, {"initial": 30}, {"delta": 9}, 39),
        ({}, {"initial": 30}, {"delta": -9}, 21),
        ({}, {"initial": 51}, {"delta": 9}, 51),
        ({}, {"initial": 0}, {"delta": -12}, 0),  # 10 bits go below
        ({"window": 1}, {"initial": 33}, {"delta": 1}, 34),
        ({"sao": 0}, {"initial": 33}, {"delta": 1, "flags": ""}, 34),
        ({"chroma": 0}, {"initial": 33}, {"delta": 1, "flags": "1"}, 34),
        ({"chroma": 3}, {"initial": 33}, {"delta": 1}, 34),
        ({"chroma": 3, "separate": 1}, {"initial": 33}, {"delta": 1, "flags": "001"}, 34),
        ({}, {"initial": 33, "output": 1}, {"delta": 1, "flags": "111"}, 34),
        ({}, {"initial": 33, "extra": 2}, {"delta": 1, "extra": "01"}, 34),
    ],
)
def test_headers_of_every_kind(
    sps: dict[str, int], pps: dict[str, int], coded: dict[str, int | str], expected: int
) -> None:
    body = first_slice(**coded)  # type: ignore[arg-type]
    config = record(parameters(**sps), picture(**pps))
    assert found(config, unit(SEI, "1" * 800), unit(IDR, body)) == expected


def test_what_does_not_tell() -> None:
    config, whole = record(parameters(), picture(30)), unit(IDR, first_slice(2))
    assert found(config, whole) == 32
    assert found(config) is None
    assert found(config, unit(TRAILING, first_slice(2))) is None
    assert found(config, *[unit(SEI, "1")] * 16, whole) is None
    assert found(config, unit(IDR, first_slice(2, first=0))) is None
    assert found(record(parameters()), whole) is None
    assert found(record(picture(30)), whole) is None
    assert found(record(parameters(lists=1), picture(30)), whole) is None


def test_a_record_or_an_item_that_is_cut_off_tells_nothing() -> None:
    data = heic(15)
    at = data.index(b"hvcC")
    whole = int.from_bytes(data[at - 4 : at], "big")
    for size in (*range(8, 64, 3), whole - 30, whole - 9):
        data_cut = data[: at - 4] + size.to_bytes(4, "big") + data[at : at + size - 4]
        free = whole - size
        rest = free.to_bytes(4, "big") + b"free" + bytes(free - 8) + data[at - 4 + whole :]
        assert quantiser(data_cut + rest) in (None, 39)
