"""Whatever is done to a good file, only our own errors leave a parser."""

from __future__ import annotations

import contextlib
import functools
from typing import TYPE_CHECKING, Any

import gif_files as g
import pytest
import test_bmp
import test_icns
import test_ico
import test_jxl
import test_more_formats
import webp_files as w
from heif_files import ALPHA, Heif, Item, box, exif_item, frames, irot, ispe, rotated, tiles
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from judging import verdict
from tiff_files import SHORT, Tiff

from verify4k.errors import CannotRead, Damaged, NotAnImage
from verify4k.formats.facts import BytesReader
from verify4k.formats.registry import load, readable, sniff

if TYPE_CHECKING:
    from collections.abc import Callable

RGBA: dict[str, Any] = {"t262": 2, "t277": 4, "t258": (SHORT, [16] * 4), "t338": 2}


@functools.cache
def good_files() -> dict[str, bytes]:
    tagged = Heif({1: Item(), 2: exif_item(), 3: ALPHA}, [(b"cdsc", 2, [1]), (b"auxl", 3, [1])])
    return {
        "webp": w.riff(w.LOSSY),
        "webp-alpha": w.riff(w.vp8x(8, 6, w.ALPHA), w.ALPH, w.LOSSY, w.chunk(b"EXIF", b"II*\0\x08\0\0\0")),
        "webp-animation": w.riff(w.vp8x(8, 6, w.ANIMATION), w.ANIM, w.anmf(w.LOSSY), w.anmf(w.LOSSLESS)),
        "gif": g.screen() + g.control(1) + g.frame() + g.extension(0xFE, b"x") + g.frame() + g.TRAILER,
        "avif": tagged.build(),
        "avif-grid": tiles().build(),
        "avif-wide": Heif(wide=True).build(),
        "avif-sequence": frames(),
        "heic": rotated(irot(1)).build().replace(b"ftypavif", b"ftypheic"),
        "tiff": Tiff().page(t282=(4, [1, 2, 3])).page().build(),
        "tiff-deep": Tiff(">").page(strips=[bytes(96)], **RGBA).build(),
        "tiff-big": Tiff(big=True).page().build(),
        "bmp": test_bmp.bmp(bytes(36)),
        "bmp-runs": test_bmp.bmp(test_bmp.RLE8, bits=8, compression=1),
        "ico": test_ico.ico(test_ico.bitmap(), test_ico.png(4, 4)),
        "jxl": test_jxl.STREAM,
        **{name: data for name, (data, *_) in test_more_formats.FILES.items()},
        "ktx2": test_more_formats.ktx2(levels=3),
        "icns": test_icns.SMALL,
        "svg": b'<svg xmlns="http://www.w3.org/2000/svg" width="4cm" viewBox="0 0 4 4"><path d="M0 0"/></svg>',
        "jxl-boxes": test_jxl.SIGNATURE + test_jxl.FTYP + box(b"jxlc", test_jxl.STREAM),
    }


def further(form: str) -> list[Callable[..., Any]]:
    """What a format tells beyond header and walk."""
    parser = load(form)
    found = [
        function for name in ("density", "timing", "pictures", "quantiser") if (function := parser.find(name))
    ]
    ask = parser.find("gain_map")
    return found if ask is None else [*found, lambda reader: ask(reader, lambda: parser.walk(reader).end)]


NAMES = sorted(good_files())
VERDICTS = {"ok", "damaged", "not-an-image", "undecided"}
settings.register_profile("images", max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("name", NAMES)
@settings(settings.get_profile("images"))
@given(data=st.data())
def test_flipped_bits_end_in_a_verdict(name: str, data: st.DataObject) -> None:
    content = bytearray(good_files()[name])
    for at in data.draw(st.lists(st.integers(0, len(content) * 8 - 1), min_size=1, max_size=4)):
        content[at // 8] ^= 1 << at % 8
    assert verdict(bytes(content)) in VERDICTS
    form = sniff(bytes(content))
    for function in further(form) if form in readable() else ():
        with contextlib.suppress(CannotRead, Damaged, NotAnImage):
            function(BytesReader(bytes(content)))


@pytest.mark.parametrize("name", NAMES)
@settings(settings.get_profile("images"))
@given(data=st.data())
def test_cut_and_stuffed_files_end_in_a_verdict(name: str, data: st.DataObject) -> None:
    content = good_files()[name]
    start = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(start, min(len(content), start + 40)))
    filler = data.draw(st.sampled_from([b"", b"\xff" * 4, bytes(4), b"\x7f\xff\xff\xff", b"\x80\0\0\0"]))
    assert verdict(content[:start] + filler + content[end:]) in VERDICTS


@pytest.mark.parametrize("name", sorted(set(readable()) - {"png", "jpeg"}))
@given(content=st.binary(max_size=400))
def test_any_bytes_may_be_walked(name: str, content: bytes) -> None:
    module = load(name)
    for function in (module.header, module.walk, *further(name)):
        with contextlib.suppress(CannotRead, Damaged, NotAnImage):
            function(BytesReader(content))


def test_every_false_size_is_told_before_decoding() -> None:
    huge = Heif({1: Item(properties=[ispe(65_535, 65_535)])}).build()
    assert verdict(huge) in ("undecided", "damaged")
