"""PNG pixel data is there to the last byte, and no promise makes the check expensive."""

from __future__ import annotations

import tracemalloc
import zlib

import pytest
from png_files import (
    ALL_KINDS,
    ANIMATION,
    DATA,
    END,
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

from verify4k.errors import LimitHit
from verify4k.formats.facts import BytesReader
from verify4k.formats.limits import Limits
from verify4k.formats.png.chunks import COLOUR_TYPES, SIGNATURE
from verify4k.formats.png.inflate import inflate
from verify4k.formats.png.scanlines import scanlines


def check(data: bytes) -> tuple[str, ...]:
    return inflate(BytesReader(data)).damage


@pytest.mark.parametrize(("colour", "depth", "interlace"), ALL_KINDS)
@pytest.mark.parametrize(("width", "height"), [(1, 1), (4, 3), (1, 9), (9, 1), (5, 5), (17, 8)])
def test_whole_pictures_have_nothing_missing(
    colour: int, depth: int, interlace: int, width: int, height: int
) -> None:
    assert check(picture(colour, depth, interlace, width=width, height=height)) == ()


@pytest.mark.parametrize("data", [ANIMATION, HIDDEN_DEFAULT, HEAD + palette(2) + DATA + END])
def test_whole_animations_have_nothing_missing(data: bytes) -> None:
    assert check(data) == ()


def test_interlaced_passes_cover_every_pixel_once() -> None:
    for width in range(1, 18):
        for height in range(1, 18):
            passes = scanlines(width, height, 8, interlaced=True)
            assert sum((size - 1) * lines for size, lines in passes) == width * height


STREAM = zlib.compress(rows())


def wrapped(stream: bytes) -> bytes:
    return HEAD + chunk(b"IDAT", stream) + END


DAMAGED = [
    (HEAD + idat(rows()[:13]) + END, "incomplete: 13 of 39 bytes"),
    (HEAD + idat(rows()[:-1]) + END, "incomplete: 38 of 39 bytes"),
    (HEAD + idat(rows() + b"x") + END, "holds more than the header promises: 40 of 39"),
    (HEAD + idat(b"") + END, "incomplete: 0 of 39"),
    (wrapped(b""), "incomplete: 0 of 39"),
    (wrapped(STREAM[:-4]), "checksum is missing"),
    (wrapped(STREAM[:-1] + bytes((STREAM[-1] ^ 1,))), "cannot be inflated (incorrect data check)"),
    (wrapped(b"y" + STREAM[1:]), "cannot be inflated"),
    (HEAD + idat(b"\5" + rows()[1:]) + END, "filter type"),
    (HEAD + idat(rows()[:26] + b"\xff" + rows()[27:]) + END, "filter type"),
    (SIGNATURE + ihdr(interlace=1) + idat(rows(interlace=1)[:-13] + b"\7" + bytes(12)) + END, "filter type"),
    (HEAD + actl(2) + fctl(0) + DATA + fctl(1) + fdat(2, rows()[:-1]) + END, "frame stream 2 is incomplete"),
    (HEAD + actl(2) + fctl(0) + DATA + fctl(1, 2, 2) + fdat(2) + END, "frame stream 2 holds more"),
    (b"", "after 0 bytes"),
    (b"GIF", "no PNG signature"),
]


@pytest.mark.parametrize(("data", "says"), DAMAGED)
def test_what_is_missing_is_said(data: bytes, says: str) -> None:
    assert says in check(data)[0]


def test_bytes_behind_the_stream_s_checksum_are_not_pixels() -> None:
    assert check(wrapped(STREAM + b"more")) == ()


def test_animation_chunks_of_a_still_picture_mean_nothing() -> None:
    assert check(HEAD + fctl(0) + DATA + fctl(1) + chunk(b"fdAT", b"junk and more") + END) == ()


def test_frames_outside_the_canvas_are_the_walk_s_to_find() -> None:
    assert check(HEAD + actl(2) + fctl(0) + DATA + fctl(1, 9, 9) + fdat(2) + END) == ()


def test_a_stray_second_image_is_not_inflated() -> None:
    assert check(HEAD + actl(1) + fctl(0) + DATA + fdat(1) + END) == ()


def test_faults_of_many_frames_are_bounded() -> None:
    frames = b"".join(fctl(number) + fdat(number, b"\0") for number in range(50))
    assert len(check(HEAD + actl(51) + DATA + frames + END)) < 25


@pytest.mark.parametrize("colour", COLOUR_TYPES)
def test_a_promise_of_gigapixels_without_data_is_damage_at_once(colour: int) -> None:
    depth = COLOUR_TYPES[colour][2][-1]
    assert "incomplete" in check(SIGNATURE + ihdr(60000, 60000, depth, colour) + idat(b"") + END)[0]


def test_more_than_the_work_limit_is_undecided() -> None:
    with pytest.raises(LimitHit, match="more than the 600000 pixels allowed") as told:
        inflate(
            BytesReader(SIGNATURE + ihdr(60000, 60000) + idat(bytes(6_000_000)) + END), Limits(pixels=600_000)
        )
    assert "raise it with limits:" in told.value.hint


def test_a_flat_picture_much_larger_than_the_buffers_is_checked_in_little_memory() -> None:
    data = picture(0, 8, width=8000, height=9000, raw=bytes(8001 * 9000))
    tracemalloc.start()
    assert check(data) == ()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8_000_000


def test_animation_data_without_its_own_control_is_not_inflated() -> None:
    data = HEAD + actl(2) + fctl(0) + DATA + fctl(1) + fdat(2) + fdat(3, b"junk") + END
    assert check(data) == ()


def test_pixel_data_behind_iend_does_not_count() -> None:
    first, second = chunk(b"IDAT", STREAM[:20]), chunk(b"IDAT", STREAM[20:])
    assert check(HEAD + first + second + END) == ()
    assert "incomplete" in check(HEAD + first + END + second)[0]


def test_ihdr_tells_the_size_of_the_idat_image_whatever_its_fctl_says() -> None:
    assert check(HEAD + actl(1) + fctl(0, 2, 2) + DATA + END) == ()


def test_passes_without_pixels_have_no_scanlines() -> None:
    assert scanlines(1, 1, 8, interlaced=True) == [(2, 1)]
    assert scanlines(5, 1, 8, interlaced=True) == [(2, 1), (2, 1), (2, 1), (3, 1)]
    assert scanlines(1, 5, 8, interlaced=True) == [(2, 1), (2, 1), (2, 1), (2, 2)]
