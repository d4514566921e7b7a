"""Rows that were inflated to be counted reach the decoder as they are, and it sees the same picture."""

from __future__ import annotations

import importlib
import random
import sys
import zlib
from typing import TYPE_CHECKING, Any

import pytest
from png_files import END, actl, chunk, fctl, idat, ihdr, picture

from verify4k.artifacts.content import Content
from verify4k.files.source import FileSource
from verify4k.formats.facts import BytesReader
from verify4k.formats.png import inflate as module
from verify4k.formats.png.chunks import COLOUR_TYPES, SIGNATURE
from verify4k.formats.png.decode import SMALL, decode
from verify4k.formats.png.header import header
from verify4k.formats.png.inflate import inflate
from verify4k.formats.png.scanlines import scanlines
from verify4k.formats.registry import Parser

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from verify4k.formats.pixels import Pixels

WIDTH, HEIGHT = 1001, 1000
KINDS = [(0, 1), (0, 2), (0, 4), *((colour, depth) for colour in (0, 2, 4, 6) for depth in (8, 16))]


def raw(colour: int, depth: int = 8, interlaced: int = 0, width: int = WIDTH, height: int = HEIGHT) -> bytes:
    """Noise in rows of all five filters."""
    noise = random.Random(colour)
    bits = COLOUR_TYPES[colour][1] * depth
    passes = scanlines(width, height, bits, interlaced=interlaced == 1)
    return b"".join(
        bytes((row % 5,)) + noise.randbytes(size - 1) for size, lines in passes for row in range(lines)
    )


def large(colour: int = 2, depth: int = 8, interlaced: int = 0, *, before: bytes = b"") -> bytes:
    rows = raw(colour, depth, interlaced)
    return picture(colour, depth, interlaced, width=WIDTH, height=HEIGHT, before=before, raw=rows)


def decoded(data: bytes) -> Pixels:
    found = decode(data, header(BytesReader(data)), colour=True)
    assert found is not None
    return found


@pytest.mark.parametrize(("colour", "depth"), KINDS)
@pytest.mark.parametrize("interlaced", [0, 1])
def test_a_decoder_sees_the_same_picture(colour: int, depth: int, interlaced: int) -> None:
    data = large(colour, depth, interlaced)
    damage, stored = inflate(BytesReader(data))
    assert damage == ()
    assert inflate(BytesReader(stored)).damage == ()
    assert len(stored) > len(raw(colour, depth, interlaced))
    assert decoded(stored).digest() == decoded(data).digest()


def test_text_and_profiles_are_left_behind() -> None:
    text = chunk(b"tEXt", b"Comment\0a prompt")
    stored = inflate(BytesReader(large(before=text))).stored
    assert stored
    assert b"prompt" not in stored


LARGE = SIGNATURE + ihdr(WIDTH, HEIGHT)
MOVING = fctl(0, WIDTH, HEIGHT)


@pytest.mark.parametrize(
    "data",
    [
        lambda: picture(2, 16, width=1000, height=SMALL // 1000),
        lambda: picture(3, 8, width=WIDTH, height=HEIGHT, raw=bytes((WIDTH + 1) * HEIGHT)),
        lambda: large(before=chunk(b"tRNS", bytes(6))),
        lambda: LARGE + actl(1) + MOVING + idat(raw(2)) + END,
        lambda: LARGE + idat(raw(2)[:-1]) + END,
        lambda: LARGE + idat(b"\x09" + raw(2)[1:]) + END,
        lambda: LARGE + chunk(b"IDAT", zlib.compress(raw(2))[:-4]) + END,
        lambda: picture(0, 8, width=10_000, height=6711, raw=bytes(10_001 * 6711)),  # more than MOST
    ],
    ids=["small", "palette", "colour key", "animation", "cut", "filter", "no checksum", "many bytes"],
)
def test_no_other_picture_is_handed_on(data: Callable[[], bytes]) -> None:
    assert inflate(BytesReader(data())).stored == b""


def test_an_artifact_hands_the_rows_on_once_and_keeps_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = large()
    path = tmp_path / "a.png"
    path.write_bytes(data)
    given: list[bytes] = []
    parse = Parser.decode

    def watched(parser: Parser, data: bytes, *rest: Any, **more: Any) -> Pixels:
        given.append(data)
        return parse(parser, data, *rest, **more)

    monkeypatch.setattr(Parser, "decode", watched)
    content = Content(FileSource(str(path)))
    assert content.damage == ()
    assert content.pixels.digest() == decoded(data).digest()
    assert given == [inflate(BytesReader(data)).stored]
    assert given[0] not in vars(content).values()


def test_zlib_stands_in_where_zlib_ng_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "zlib_ng", None)
    again = importlib.reload(module)
    try:
        assert vars(again)["zlib"] is zlib
        cut = LARGE + chunk(b"IDAT", zlib.compress(raw(2))[:-3] + b"xyz") + END
        assert again.inflate(BytesReader(large())).damage == ()
        assert "incorrect data check" in again.inflate(BytesReader(cut)).damage[0]
    finally:
        monkeypatch.undo()
        importlib.reload(module)
