"""What is declared of colours without ICC, in each container that can."""

from __future__ import annotations

import pytest
from png_files import DATA, END, HEAD, chunk

from verify4k.formats.facts import BytesReader
from verify4k.formats.metadata.cicp import declared, measured
from verify4k.formats.png.header import header

SRGB_CHRM = b"".join(n.to_bytes(4) for n in (31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000))
P3_CHRM = b"".join(n.to_bytes(4) for n in (31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000))


@pytest.mark.parametrize(
    ("primaries", "transfer", "words"),
    [
        (2, 2, ""),
        (1, 13, "sRGB"),
        (1, 2, "sRGB"),
        (2, 13, "sRGB"),
        (12, 13, "Display P3"),
        (9, 16, "BT.2020, PQ"),
        (1, 1, "BT.709, BT.709"),
        (77, 78, "primaries 77, transfer 78"),
    ],
)
def test_code_points_have_names(primaries: int, transfer: int, words: str) -> None:
    assert declared(primaries, transfer) == words


@pytest.mark.parametrize(
    ("gamma", "chrm", "words"),
    [
        (b"", b"", ""),
        ((45455).to_bytes(4), b"", "sRGB"),
        ((45455).to_bytes(4), SRGB_CHRM, "sRGB"),
        ((100000).to_bytes(4), b"", "gamma 1"),
        (b"", P3_CHRM, "primaries of its own (cHRM)"),
        ((1).to_bytes(2), P3_CHRM[:9], "sRGB"),  # malformed: decoders ignore them
    ],
)
def test_measured_colours_are_srgb_or_not(gamma: bytes, chrm: bytes, words: str) -> None:
    assert measured(gamma, chrm) == words


CICP_P3, CICP_SRGB, PLAIN = bytes((12, 13, 0, 1)), bytes((1, 13, 0, 1)), b""


@pytest.mark.parametrize(
    ("chunks", "words"),
    [
        (PLAIN, ""),
        (chunk(b"sRGB", b"\0"), "sRGB"),
        (chunk(b"cICP", CICP_P3) + chunk(b"sRGB", b"\0"), "Display P3"),
        (chunk(b"cICP", CICP_SRGB) + chunk(b"gAMA", (100000).to_bytes(4)), "sRGB"),
        (chunk(b"gAMA", (100000).to_bytes(4)) + chunk(b"sRGB", b"\0"), "sRGB"),
        (chunk(b"gAMA", (100000).to_bytes(4)), "gamma 1"),
        (chunk(b"iCCP", b"x\0\0abc") + chunk(b"gAMA", (100000).to_bytes(4)), ""),  # the profile counts
    ],
)
def test_png_declares_colours_in_the_order_that_viewers_obey(chunks: bytes, words: str) -> None:
    assert header(BytesReader(HEAD + chunks + DATA + END)).colours == words
