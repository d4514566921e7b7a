"""What the tests of exceptions share: the digest of a picture, and a manifest that promises it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from repositories import SMALL

if TYPE_CHECKING:
    from pathlib import Path

SHA = hashlib.sha256(SMALL).hexdigest()


def promise(folder: Path, *lines: str, name: str = "verify4k.yaml") -> None:
    """Write a manifest with these entries."""
    (folder / name).write_text("version: 1\nfiles:\n" + "".join(f"  {line}\n" for line in lines))
