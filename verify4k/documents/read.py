"""Read a manifest's bytes into a tree of nodes: YAML, JSON, or a table of pyproject.toml.

What the values mean is decided elsewhere; here the document is only taken apart, and every
piece keeps the line and column it stands on.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from verify4k.documents.nodes import Mistake, Place
from verify4k.documents.text import decode
from verify4k.errors import ManifestError

if TYPE_CHECKING:
    from verify4k.documents.nodes import Node

MAX_BYTES = 1 << 20


def read_document(data: bytes, path: str) -> Node:
    """Return the document in ``data``; the suffix of ``path`` says how it is written.

    A ``.json`` file is JSON, a ``.toml`` file is searched for ``[tool.verify4k]``, and
    everything else is YAML. Raise `ManifestError` with every mistake that could be found.
    """
    if len(data) > MAX_BYTES:
        message = f"the manifest has {len(data):,} bytes; the limit is {MAX_BYTES:,} (1 MiB)"
        hint = "use patterns such as dist/*.png, or split it into several manifests"
        raise ManifestError([Mistake(Place(path, 1, 1), message, hint)])
    text = decode(data, path)
    suffix = os.path.splitext(path)[1].lower()
    if suffix == ".json":
        from verify4k.documents.json import read_json

        return read_json(text, path)
    if suffix == ".toml":
        from verify4k.documents.toml import read_toml

        return read_toml(text, path)
    from verify4k.documents.yaml import read_yaml

    return read_yaml(text, path)
