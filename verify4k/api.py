"""`verify4k.inspect`: the facts of one image, from a path or from bytes."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from verify4k.artifacts.inspection import inspect_source
from verify4k.files.source import BytesSource, FileSource

if TYPE_CHECKING:
    from verify4k.artifacts.content import Depth


def inspect(
    source: str | os.PathLike[str] | bytes, *, depth: Depth = "full", name: str = "", native: bool = False
) -> dict[str, Any]:
    """Return every fact of one image as a JSON-able mapping; a fact that cannot be had is None.

    Args:
        source: a path, or the image's bytes.
        depth: "header" reads a few KB and decodes nothing.
        native: also look for signs of enlargement, under ``native``.
        name: what to call the image in the result; by default the path.

    Never raises for what the image is: damage and foreign bytes are in ``integrity`` and
    ``error``. The keys are those of ``verify4k inspect --format json``.
    """
    if isinstance(source, bytes):
        return inspect_source(name or "bytes", BytesSource(source), name, depth, native=native)
    path = os.fspath(source)
    return inspect_source(name or path, FileSource(path), path, depth, native=native)
