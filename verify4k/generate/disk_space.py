"""Room on the disk: looked for before a picture is paid for, and what becomes of one that finds none."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from verify4k.errors import UsageError

if TYPE_CHECKING:
    from verify4k.formats.facts import Size

_BYTES = 4  # a pixel: a photograph takes about 1.7 as PNG, and its answer a third more


def ensure_disk_space(target: Path, size: Size) -> None:
    """Raise `UsageError` where a picture of this size may not fit: it would be paid for and lost."""
    needed = size.pixels * _BYTES
    total, _, free = shutil.disk_usage(target.parent)
    if total and free < needed:  # some file systems tell nothing
        said = f"{free / 1e6:.1f} MB are free, a picture of {size} may need {needed / 1e6:.1f}"
        raise UsageError(f"{target.name!a} is not asked for: {said}", "make room, then run again")


def keep_elsewhere(data: bytes, suffix: str) -> str:
    """Keep bytes that find no room beside their target in the folder for temporary files; return the path.

    Empty where there is no room either.
    """
    path = ""
    try:
        descriptor, path = tempfile.mkstemp(suffix, "verify4k-")
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
    except OSError:
        if path:
            Path(path).unlink(missing_ok=True)
        return ""
    return path


def unwritable(target: Path, error: OSError) -> UsageError:
    """Return what is said of a file that cannot be written, with the next step."""
    what, hint = error.strerror, "make its folder writable, then run again"
    if error.errno == errno.ENOSPC:
        hint = "make room, then run again"
    elif error.errno == errno.ENAMETOOLONG:
        hint = "give it a shorter name: files beside it are called .NAME.verify4k-answer"
    elif error.errno in (errno.ENOTDIR, errno.EEXIST):
        what, hint = "a file lies where its folder should be", "move that file, or name another target"
    elif error.errno == errno.ELOOP:
        what, hint = "what lies beside it under our name is a symbolic link", "remove that, then run again"
    return UsageError(f"{target.name!a} cannot be written: {what}", hint)
