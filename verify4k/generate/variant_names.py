"""What the variants of a picture are called, and which of them are there."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from verify4k.documents.nodes import Mistake
from verify4k.manifest.generation import CHOICES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.manifest.generation import GenerateOptions
    from verify4k.model import Asset


def variant_name(name: str, number: int) -> str:
    """Return what a target or a path is called as a variant: ``art/hero.variant-2.png``."""
    stem, dot, suffix = name.rpartition(".")
    return f"{stem}.variant-{number}{dot}{suffix}"


def missing_variants(asset: Asset, options: GenerateOptions, variants: int) -> int:
    """Return how many pictures may have to be asked for."""
    if variants == 1:
        return 1
    if options.choose not in CHOICES:
        return 0
    paths = (variant_name(asset.path, number) for number in range(1, variants + 1))
    there = [os.path.lexists(path) for path in paths]
    return variants - sum(there)


def choice_objections(asset: Asset, options: GenerateOptions, variants: int) -> Iterator[Mistake]:
    """Yield what stands against the way in which a variant is chosen."""
    if options.choose in CHOICES:
        return
    names = [variant_name(asset.target, number) for number in range(1, variants + 1)]
    if variants > 1 and options.choose not in names:
        at = options.place("choose", asset.place)
        yield Mistake(
            at, f"{options.choose[:80]!a} is no variant of {asset.target!a}", f"there are {', '.join(names)}"
        )
    elif variants > 1 and not os.path.lexists(variant_name(asset.path, names.index(options.choose) + 1)):
        at = options.place("choose", asset.place)
        yield Mistake(
            at, f"{options.choose!a} is not there", "make the variants first, with choose: by-person"
        )
