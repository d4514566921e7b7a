"""Pictures that go out with an edit: inside the manifest's folder, really pictures, within the limits.

A manifest must not be able to upload a key file by calling it a picture, so the bytes decide.
Limits: up to 16 pictures of png, webp or jpg below 50 MB; a mask is a PNG below 4 MB of the
first picture's size with an alpha channel (published description, ``CreateImageEditRequest``).
"""

from __future__ import annotations

import contextlib
import hashlib
from typing import TYPE_CHECKING

from verify4k.documents.nodes import Mistake
from verify4k.errors import UsageError, Verify4kError
from verify4k.files.source import FileSource
from verify4k.files.targets import Fence, Outside
from verify4k.formats.facts import BytesReader
from verify4k.formats.limits import DEFAULT
from verify4k.formats.registry import HEAD, load, sniff
from verify4k.routes import SourceImage

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from verify4k.formats.facts import Header
    from verify4k.manifest.generation import GenerateOptions
    from verify4k.model import Asset

_LARGEST, _LARGEST_MASK = 50_000_000, 4_000_000


def source_path(root: Path, target: str) -> str:
    """Return where a source lies. Raises `UsageError` when it leaves the folder."""
    try:
        return Fence(str(root)).path(target)
    except Outside as error:
        raise UsageError(
            f"{target!a} {error}", "an edit starts from a picture in the manifest's folder"
        ) from error


def load_source(root: Path, target: str, what: str = "picture to edit") -> SourceImage:
    """Read one picture to edit, or ``what`` else. Raises `UsageError` for what must not be sent."""
    try:
        data = FileSource(source_path(root, target)).read_all()
    except Verify4kError as error:
        raise UsageError(f"the {what}, {target!a}: {error.message}", error.hint) from error
    found = sniff(data[:HEAD])
    if found not in ("png", "jpeg", "webp"):
        raise UsageError(f"{target!a} is no PNG, JPEG or WebP picture", f"a {what} is one of those")
    _header(target, found, data)
    if len(data) >= _LARGEST:
        raise UsageError(f"{target!a} has {len(data):,} bytes", f"a {what} must be below 50 MB")
    with _told(target):
        damage = load(found).walk(BytesReader(data)).damage
    if damage:
        raise UsageError(f"the {what} {target!a} is damaged: {damage[0]}", "export it again")
    return SourceImage(target.rpartition("/")[2], found, data, hashlib.sha256(data).hexdigest())


def load_mask(root: Path, target: str, first: SourceImage | None) -> SourceImage:
    """Read a mask for ``first`` (None: not there yet). Raises `UsageError` for what the API would refuse."""
    mask = load_source(root, target, "mask")
    head = _header(target, mask.format, mask.data)
    if mask.format != "png" or not head.alpha or len(mask.data) >= _LARGEST_MASK:
        raise UsageError(f"{target!a} cannot be a mask", "a mask is a PNG with an alpha channel, below 4 MB")
    with _told(target):
        used = load("png").decode(mask.data, head, colour=False, limits=DEFAULT).alpha_used()
    if not used:
        said = f"nothing of the mask {target!a} is transparent, so nothing of the picture may change"
        raise UsageError(said, "make transparent what is to change")
    if first is None:
        return mask
    wanted = _header(first.name, first.format, first.data).stored
    if head.stored != wanted:
        raise UsageError(f"the mask {target!a} is {head.stored}", f"it must be {wanted}, as {first.name!a}")
    return mask


def _header(target: str, found: str, data: bytes) -> Header:
    with _told(target):
        return load(found).header(BytesReader(data))


@contextlib.contextmanager
def _told(target: str) -> Iterator[None]:
    """Tell what a parser meets as a mistake about one picture."""
    try:
        yield
    except Verify4kError as error:
        raise UsageError(f"the picture {target!a} is damaged: {error.message}", "export it again") from error


def source_objections(
    asset: Asset, options: GenerateOptions, root: Path, made: frozenset[str]
) -> Iterator[Mistake]:
    """Yield what stands against the pictures and the mask of an edit, before anything is paid.

    What is ``made`` in the same run cannot be looked at yet.
    """
    first: SourceImage | None = None
    for number, name in enumerate(options.edit):
        if name in made:
            continue
        try:
            found = load_source(root, name)
        except UsageError as error:
            yield Mistake(options.place("edit", asset.place), error.message, error.hint)
        else:
            first = found if number == 0 else first
    if not options.mask:
        return
    try:
        load_mask(root, options.mask, first)
    except UsageError as error:
        yield Mistake(options.place("mask", asset.place), error.message, error.hint)
