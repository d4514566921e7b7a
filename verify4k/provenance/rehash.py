"""What became of the files that a statement names: hashed again, below one folder."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING, Literal

from verify4k.errors import CannotRead, Missing
from verify4k.files.source import FileSource
from verify4k.files.targets import Fence, Outside
from verify4k.files.urls import is_url
from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from verify4k.provenance.attestation import Subject

State = Literal["same", "changed", "missing", "unreadable"]


class Rehashed(NamedTuple):
    """One file then and now."""

    name: str
    state: State
    was: str
    now: str | None
    reason: str


def rehash(subjects: Iterable[Subject], folder: str) -> Iterator[Rehashed]:
    """Hash every file again. A name that leaves the folder is unreadable: nobody looks there."""
    fence = Fence(os.path.realpath(folder))
    for subject in subjects:
        name, was = subject
        if is_url(name):  # what it delivers today is asked by a check, not by this
            said = "it was delivered from a URL: verify4k check asks what comes from there now"
            yield Rehashed(name, "unreadable", was, None, said)
            continue
        try:
            now = hashlib.sha256(FileSource(fence.path(name)).read_all()).hexdigest()
        except Outside as error:
            yield Rehashed(name, "unreadable", was, None, f"the name {error}")
        except Missing as error:
            yield Rehashed(name, "missing", was, None, error.message)
        except CannotRead as error:
            yield Rehashed(name, "unreadable", was, None, error.message)
        else:
            same = now == was
            yield Rehashed(
                name, "same" if same else "changed", was, now, "" if same else "other bytes than then"
            )
