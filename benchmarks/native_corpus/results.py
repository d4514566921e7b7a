"""Judge every cached case with the analysis as it is now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from benchmarks.native_corpus import cache

if TYPE_CHECKING:
    from pathlib import Path

    from verify4k.analysis.native.verdict import Native

# Sources whose shipped file carries a lattice of its own: no true pictures of their size.
DOUBTFUL = (
    "RainDrops", "horse", "0db577-Path", "firstgeneration", "blue-periwinkle", "dithered-sun",
    "IMG_20200827_231612", "IMG_20200608_111614", "mat_texture", "effect-background",
    "733d19-icon-nano",  # pixel art
    "home-decor-", "f98ed1-example1", "a98174-example2", "product-details-1", "ss-capture",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Judged:
    """A label and what the analysis said of it."""

    label: dict[str, Any]
    found: Native

    @property
    def true(self) -> bool:
        return bool(self.label["ratio"] == 1)

    @property
    def size_right(self) -> bool:
        return self.found.ratio is not None and abs(self.found.ratio / self.label["ratio"] - 1) < 0.02


def judged(work: Path, split: str) -> list[Judged]:
    """Every case that was kept, of doubtful sources too: the table names those and leaves them out."""
    return [Judged(case.label, case.verdict()) for case in cache.kept(work, split)]


def doubtful(label: dict[str, Any]) -> bool:
    return any(name in label["source"] for name in DOUBTFUL)
