"""Carries out the steps of an entry on received bytes: decoded once, written once, recorded."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

from verify4k.errors import CannotRead
from verify4k.formats.facts import BytesReader, Size
from verify4k.formats.limits import DEFAULT
from verify4k.formats.metadata.cicp import SRGB
from verify4k.formats.metadata.icc import describe, read_icc
from verify4k.formats.registry import HEAD, load, sniff
from verify4k.generate.sources import load_source
from verify4k.named_tuple import NamedTuple
from verify4k.steps import Material, Work

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from PIL import Image

    from verify4k.formats.facts import Header
    from verify4k.steps import Chosen


class Processed(NamedTuple):
    """The bytes that the steps made, and one record a step for the ledger."""

    data: bytes
    steps: list[dict[str, Any]]


def process(data: bytes, asked: Size, promised: Size, steps: Sequence[Chosen], root: str) -> Processed:
    """Carry out ``steps`` on an original.

    Args:
        data: the original as it was received.
        asked: the size that was asked for; a crop out of another one would cut something else.
        promised: the size that a step makes.
        steps: in the order in which they are done.
        root: the manifest's folder, in which masks lie.

    Raises:
        Verify4kError: it is no picture, damaged, too small, or of another size than a crop needs.
    """
    image, profile = _original(data)
    there = Size(*image.size)
    if there != asked and any(chosen.name == "crop" for chosen in steps):
        raise CannotRead(f"{there} came where {asked} was asked for: another part would be cut")
    work = Work(image, "png")
    records = []
    for chosen in steps:
        sources = {name: load_source(Path(root), name, "mask") for name in chosen.step.files(chosen.options)}
        files = {name: decoded(source.data) for name, source in sources.items()}
        work = chosen.step.run(work, chosen.options, Material(promised, files))
        digests = {name: source.sha256 for name, source in sources.items()}
        records.append(
            {"step": chosen.name, **chosen.record(), "size": str(Size(*work.image.size))}
            | ({"files": digests} if digests else {})
        )
    return Processed(_written(work, profile), records)


def _original(data: bytes) -> tuple[Image.Image, bytes]:
    """Return pixels and colour profile of what is to be processed.

    What the rules refuse, or what only the original's metadata say, no step may hide: CMYK would get guessed
    colours, an animation one frame, colours that a chunk declares would mean others. Raises `Verify4kError`.
    """
    _, header = _opened(data)
    if header.mode == "cmyk":
        raise CannotRead("it is CMYK, whose colours a step would have to guess")
    if header.animated:
        raise CannotRead("it is animated, and a step would keep one frame of it")
    if header.colours not in ("", SRGB):
        raise CannotRead(f"its colours are declared as {header.colours}, which a step would not keep")
    image = decoded(data)
    if header.mode == "gray" and image.mode == "RGB":
        image = image.convert("L")
    profile = read_icc(BytesReader(data), header.blocks)
    described = describe(profile, header.mode)
    return image, profile if profile and described and not described.fault else b""


def _opened(data: bytes) -> tuple[Any, Header]:
    """Return the format's parser and the header. Raises `Verify4kError`."""
    found = sniff(data[:HEAD])
    if found not in ("png", "jpeg", "webp"):
        raise CannotRead("it is no PNG, JPEG or WebP picture, so no step can be done")
    parser = load(found)
    return parser, parser.header(BytesReader(data))


def decoded(data: bytes) -> Image.Image:
    """Return a picture's pixels with 8 bits a channel. Raises `Verify4kError`."""
    import numpy as np
    from PIL import Image

    parser, header = _opened(data)
    if header.orientation != 1:
        raise CannotRead("it is turned by its metadata, so no step can be done")
    array: Any = np.asarray(parser.decode(data, header, colour=True, limits=DEFAULT).array())
    if array.dtype == np.uint16:
        array = (array >> 8).astype(np.uint8)
    if array.ndim == 3 and array.shape[2] == 1:
        array = array[:, :, 0]
    return Image.fromarray(np.ascontiguousarray(array))


def _written(work: Work, profile: bytes) -> bytes:
    buffer = io.BytesIO()
    work.image.save(
        buffer, work.format.upper(), **dict(_how(work)), **({"icc_profile": profile} if profile else {})
    )
    return buffer.getvalue()


def _how(work: Work) -> Iterator[tuple[str, Any]]:
    if work.format == "png":
        yield "compress_level", 6
        return
    yield "quality", work.quality or 90
    if work.format == "jpeg":
        yield "subsampling", work.subsampling or "4:4:4"
        yield "progressive", work.progressive
    else:
        yield "method", 4


def origin(name: str, data: bytes, asked: Size) -> dict[str, Any]:
    """Return what the ledger says of the parent of a processed picture."""
    return {"name": name, "sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data), "asked": str(asked)}
