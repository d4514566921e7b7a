"""A `.dvc` file: the file that DVC tracks has the MD5 and the number of bytes it was added with.

`wdir` says which folder its path starts in, if not the file's own. A folder that DVC tracks as a
whole (`md5: ....dir`) promises nothing here.

    verify4k check art/hero.png.dvc
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from verify4k.documents.building import items_of, member, text_of
from verify4k.documents.text import decode
from verify4k.documents.yaml import read_yaml
from verify4k.importers import Promise

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.documents.building import Value
    from verify4k.importers import Source


def recognizes(name: str, head: bytes) -> bool:
    """By the suffix and the list of outputs."""
    return name.endswith(".dvc") and b"outs:" in head


def root(source: Source) -> str:
    """Return the folder that the outputs are relative to."""
    below = text_of(member(read_yaml(decode(source.data, source.name), source.name), "wdir"))
    return os.path.normpath(os.path.join(source.folder, below)) if below else source.folder


def promises(source: Source) -> Iterator[Promise]:
    """Yield the outputs."""
    document = read_yaml(decode(source.data, source.name), source.name)
    for out in items_of(member(document, "outs")):
        path, digest, size = (member(out, key) for key in ("path", "md5", "size"))
        if path is None or text_of(digest).endswith(".dir"):
            continue
        options: dict[str, Value] = {}
        if digest is not None:
            options["md5"] = text_of(digest)
        if size is not None:
            options["bytes"] = f"{text_of(size)}..{text_of(size)}"
        yield Promise(text_of(path), path.place, options)
