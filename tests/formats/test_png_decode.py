"""PNG pixels: every kind decodes to what was written, and alpha is seen at the file's own depth."""

from __future__ import annotations

import random
import struct
import zlib

import numpy as np
import pytest
from png_files import (
    ALL_KINDS,
    ANIMATION,
    DATA,
    END,
    GOOD,
    HEAD,
    HIDDEN_DEFAULT,
    actl,
    chunk,
    fctl,
    fdat,
    idat,
    ihdr,
    palette,
    picture,
    rows,
)

from verify4k.errors import CannotRead, Damaged, LimitHit
from verify4k.formats.facts import BytesReader, Header, Size
from verify4k.formats.pixels import ArrayPixels, PillowPixels, Pixels
from verify4k.formats.png import decode as png_decode
from verify4k.formats.png.chunks import COLOUR_TYPES, SIGNATURE
from verify4k.formats.png.decode import decode
from verify4k.formats.png.header import header

KINDS = [(colour, depth) for colour, depth, interlace in ALL_KINDS if not interlace]


@pytest.fixture(params=["small", "large"])
def _way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both decoders, whatever the size of the picture."""
    if request.param == "large":
        monkeypatch.setattr(png_decode, "SMALL", 0)


def pixels(data: bytes) -> Pixels:
    return decode(data, header(BytesReader(data)), colour=True)


def pack(samples: list[int], width: int, depth: int, channels: int) -> bytes:
    """Write samples as scanlines of filter type 0."""
    out = b""
    for start in range(0, len(samples), width * channels):
        line = samples[start : start + width * channels]
        if depth == 16:
            out += b"\0" + struct.pack(f">{len(line)}H", *line)
            continue
        bits = "".join(f"{sample:0{depth}b}" for sample in line)
        bits += "0" * (-len(bits) % 8)
        out += b"\0" + int(bits, 2).to_bytes(len(bits) // 8)
    return out


@pytest.mark.usefixtures("_way")
@pytest.mark.parametrize(("colour", "depth"), KINDS)
def test_samples_come_out_as_written(colour: int, depth: int) -> None:
    channels = COLOUR_TYPES[colour][1]
    noise = random.Random(colour * 16 + depth)
    samples = [noise.randrange(1 << depth) for _ in range(5 * 3 * channels)]
    found = pixels(picture(colour, depth, width=5, height=3, raw=pack(samples, 5, depth, channels)))
    array = found.array().reshape(15, -1)
    assert (found.width, found.height) == (5, 3)
    scale = 255 // ((1 << depth) - 1) if depth < 8 else 1
    if colour == 3:
        expected = np.array([[sample * 3 % 256 + at for at in range(3)] for sample in samples]) % 256
    else:
        expected = np.array(samples).reshape(15, channels) * scale
    assert np.array_equal(array[:, : expected.shape[1]], expected)


@pytest.mark.usefixtures("_way")
@pytest.mark.parametrize(("colour", "depth", "interlace"), ALL_KINDS)
def test_every_kind_decodes_interlaced_or_not(colour: int, depth: int, interlace: int) -> None:
    found = pixels(picture(colour, depth, interlace, width=9, height=7))
    assert (found.width, found.height) == (9, 7)
    assert len(found.digest()) == 64


@pytest.mark.usefixtures("_way")
@pytest.mark.parametrize(("colour", "depth"), [(4, 8), (4, 16), (6, 8), (6, 16)])
@pytest.mark.parametrize("used", [False, True])
def test_one_sample_one_step_below_full_alpha_is_used_alpha(colour: int, depth: int, used: bool) -> None:
    channels, full = COLOUR_TYPES[colour][1], (1 << depth) - 1
    samples = [full] * 12 * channels
    samples[7 * channels + channels - 1] = full - used
    assert pixels(picture(colour, depth, raw=pack(samples, 4, depth, channels))).alpha_used() is used


@pytest.mark.usefixtures("_way")
@pytest.mark.parametrize(("colour", "depth"), [kind for kind in KINDS if kind[0] in (0, 2)])
def test_a_colour_key_counts_where_a_pixel_matches_it_at_the_file_s_depth(colour: int, depth: int) -> None:
    channels, full = COLOUR_TYPES[colour][1], (1 << depth) - 1
    samples = [full] * 11 * channels + [full - 1] + [full] * (channels - 1)
    raw = pack(samples, 4, depth, channels)
    unused = picture(colour, depth, before=chunk(b"tRNS", bytes(2 * channels)), raw=raw)
    assert pixels(unused).alpha_used() is (depth == 1)  # one bit: black is all there is besides white
    beyond = 1 << depth if depth < 16 else 0  # bits that decoders mask off
    high = b"".join(struct.pack(">H", value | beyond) for value in samples[-channels:])
    assert pixels(picture(colour, depth, before=chunk(b"tRNS", high), raw=raw)).alpha_used()


@pytest.mark.usefixtures("_way")
@pytest.mark.parametrize(("entry", "used"), [(0, True), (1, True), (2, False)])
def test_a_transparent_colour_counts_where_a_pixel_uses_it(entry: int, used: bool) -> None:
    body = bytes(254 if at == entry else 255 for at in range(3))
    found = pixels(picture(3, 2, before=chunk(b"tRNS", body), raw=pack([0, 1, 3] * 4, 4, 2, 1)))
    assert found.alpha_used() is used


@pytest.mark.usefixtures("_way")
def test_a_key_that_decoders_do_not_heed_is_not_heeded() -> None:
    assert not pixels(picture(0, 8, before=chunk(b"tRNS", b"\0"), raw=bytes(15))).alpha_used()


def test_small_pictures_need_no_numpy_and_large_or_deep_ones_are_arrays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert isinstance(pixels(GOOD), PillowPixels)
    assert isinstance(pixels(picture(2, 16)), ArrayPixels)
    monkeypatch.setattr(png_decode, "SMALL", 11)
    assert isinstance(pixels(GOOD), ArrayPixels)
    assert isinstance(pixels(picture(3, 8)), PillowPixels)


@pytest.mark.usefixtures("_way")
def test_text_and_profiles_cannot_stop_a_decoder() -> None:
    bomb = zlib.compress(bytes(1 << 22))
    odd = chunk(b"zTXt", b"a\0\0" + bomb) * 3 + chunk(b"iCCP", b"junk") + chunk(b"sRGB", b"\x09")
    assert pixels(HEAD + odd + DATA + END).digest() == pixels(GOOD).digest()


def test_a_chunk_that_spng_refuses_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(png_decode, "SMALL", 0)
    assert pixels(HEAD + chunk(b"sRGB", b"\x09") + DATA + END).digest() == pixels(GOOD).digest()


WHITE, BLACK = b"\0" + b"\xff" * 12, b"\0" + bytes(12)


@pytest.mark.usefixtures("_way")
def test_an_animation_s_first_frame_is_the_image_that_a_fctl_precedes() -> None:
    data = HEAD + actl(2) + fctl(0) + idat(WHITE * 3) + fctl(1) + fdat(2, BLACK * 3) + END
    assert int(pixels(data).array().min()) == 255


@pytest.mark.usefixtures("_way")
def test_a_default_image_outside_the_animation_is_not_its_first_frame() -> None:
    data = HEAD + actl(1) + idat(WHITE * 3) + fctl(0) + fdat(1, BLACK * 3) + END
    assert int(pixels(data).array().max()) == 0


@pytest.mark.usefixtures("_way")
def test_frames_of_a_still_picture_are_not_shown() -> None:
    data = HEAD + idat(WHITE * 3) + fctl(0) + fdat(1, BLACK * 3) + END
    assert int(pixels(data).array().min()) == 255


def test_a_first_frame_smaller_than_the_canvas_leaves_it_transparent() -> None:
    part = b"\0" + bytes(6)
    found = pixels(HEAD + actl(1) + DATA + fctl(0, 2, 1, 1, 1) + fdat(1, part) + END)
    assert (found.width, found.height, found.alpha_used()) == (4, 3, True)
    assert found.array()[1, 1, 3] == 255


def test_a_deep_first_frame_smaller_than_the_canvas_is_undecided() -> None:
    head = SIGNATURE + ihdr(depth=16) + actl(1) + idat(rows(depth=16))
    with pytest.raises(CannotRead):
        pixels(head + fctl(0, 2, 1) + fdat(1, b"\0" + bytes(12)) + END)


BROKEN = [
    HEAD + chunk(b"IDAT", b"junk") + END,
    HEAD + idat(b"\x09" * 39) + END,
    HEAD + END,
    SIGNATURE + ihdr(colour=3) + idat(rows(colour=3)) + END,
    HEAD + actl(1) + DATA + fctl(0, 9, 9) + fdat(1) + END,
    HEAD + actl(1) + DATA + fctl(0, 0, 1) + fdat(1) + END,
    SIGNATURE + ihdr(9000, 9000) + idat(bytes(1000)) + END,
]


@pytest.mark.usefixtures("_way")
@pytest.mark.parametrize("data", BROKEN)
def test_what_cannot_be_decoded_is_damage(data: bytes) -> None:
    with pytest.raises(Damaged):
        pixels(data)


def test_rows_that_are_missing_are_damage_to_spng(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(png_decode, "SMALL", 0)
    with pytest.raises(Damaged, match="too short"):
        pixels(HEAD + idat(rows()[:26]) + END)


def test_pictures_beyond_the_limit_are_undecided() -> None:
    with pytest.raises(LimitHit):
        pixels(SIGNATURE + ihdr(60000, 60000) + DATA + END)


@pytest.mark.parametrize("large", [False, True])
def test_a_lack_of_memory_is_undecided(large: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise MemoryError

    if large:
        monkeypatch.setattr(png_decode, "_with_spng", full)
        monkeypatch.setattr(png_decode, "SMALL", 0)
    else:
        monkeypatch.setattr("PIL.PngImagePlugin.PngImageFile.load", full)
    with pytest.raises(LimitHit):
        decode(GOOD, Header("png", Size(4, 3), Size(4, 3), 8, "rgb"), colour=True)


def test_palettes_longer_than_the_depth_can_name_are_cut_for_the_decoder() -> None:
    data = SIGNATURE + ihdr(colour=3, depth=1) + palette(3) + idat(rows(depth=1, colour=3)) + END
    assert pixels(data).width == 4


@pytest.mark.parametrize("data", [ANIMATION, HIDDEN_DEFAULT])
def test_animations_decode(data: bytes) -> None:
    assert pixels(data).digest() == pixels(GOOD).digest()


def test_without_spng_large_pictures_decode_by_pillow_and_deep_ones_are_undecided(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """There is no wheel of pyspng for every platform."""
    import sys

    from pictures import deep_png, gradient, save

    from verify4k.errors import MissingTool
    from verify4k.formats.facts import BytesReader

    monkeypatch.setitem(sys.modules, "pyspng", None)
    large = save(gradient(1200, 1000), "x.png")
    pixels = decode(large, header(BytesReader(large)), colour=True)
    assert pixels is not None
    assert (pixels.width, pixels.height) == (1200, 1000)
    deep = deep_png(64, 36)
    with pytest.raises(MissingTool, match="16-bit"):
        decode(deep, header(BytesReader(deep)), colour=True)
