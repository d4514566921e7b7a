"""Entries of the cache, whole or not there, whoever writes beside; the folder may be removed at any time."""

from __future__ import annotations

import hashlib
import json
import os
import time
from contextlib import suppress
from itertools import count
from typing import Any

from verify4k.errors import CannotRead

TAG = "CACHEDIR.TAG"
_SIGNATURE = (
    "Signature: 8a477f597d28d172789f06886806bc55\n# Facts that verify4k has measured; remove it at will.\n"
)
_decode = json.JSONDecoder().raw_decode
_MOST = 200_000  # entries, some 1 KB each
_OFTEN = 10_000  # entries that one process writes between two looks whether there is room
_HOUR, _DAY = 3_600, 86_400  # seconds
_LARGEST = 1 << 20
_writes = count(1)
# O_NONBLOCK: opening a FIFO that nobody writes to would wait for ever
_READING = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
_USUAL = 1 << 13  # bytes that most entries have at most


def open_folder(folder: str) -> None:
    """Make the folder and its CACHEDIR.TAG, and room in it once a day; who writes much makes room, too."""
    with suppress(OSError):
        os.makedirs(folder, mode=0o700, exist_ok=True)
        tag = os.path.join(folder, TAG)
        if not os.path.exists(tag):
            _write(folder, tag, _SIGNATURE.encode())
        if time.time() - os.stat(tag).st_mtime > _DAY:
            os.utime(tag)
            _make_room(folder)


def read_entry(path: str) -> Any:
    """Return what an entry holds; None for one that is not whole."""
    try:
        descriptor = os.open(path, _READING)
        try:
            data = os.read(descriptor, _USUAL)  # to make room for the largest takes longer than all else
            if len(data) == _USUAL:
                data += os.read(descriptor, _LARGEST)
        finally:
            os.close(descriptor)
        said, _, body = data.partition(b"\n")
        if _seal(path, body) != said:
            return None
        return _decode(body.decode())[0]
    except (OSError, ValueError, RecursionError):
        return None


def keep_entry(folder: str, path: str, document: Any) -> bool:
    """Write an entry; return whether it is not too large for that. Raises `OSError`."""
    body = json.dumps(document, separators=(",", ":")).encode()
    if len(body) >= _LARGEST - 100:
        return False
    _write(folder, path, _seal(path, body) + b"\n" + body)
    if next(_writes) % _OFTEN == 0:  # a run over a million pictures does not wait for tomorrow
        _make_room(folder)
    return True


def _seal(path: str, body: bytes) -> bytes:
    """Return the digest of an entry and of its name: what was meant for another is not whole."""
    return hashlib.sha256(path[path.rfind(os.sep) + 1 :].encode() + b"\n" + body).hexdigest().encode()


def _write(folder: str, path: str, data: bytes) -> None:
    import tempfile  # brings six modules more

    handle, new = tempfile.mkstemp(dir=folder, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        _put(new, path)
    except BaseException:
        with suppress(OSError):  # the folder may be gone
            os.unlink(new)
        raise


def _put(new: str, path: str) -> None:
    try:
        os.replace(new, path)
    except (IsADirectoryError, PermissionError):  # as Windows says it
        os.rmdir(path)  # an empty folder in an entry's place: else it would never be kept again
        os.replace(new, path)


def _make_room(folder: str) -> None:
    """Remove the oldest entries beyond a number, and what a killed run has left."""
    found: list[tuple[float, str]] = []
    with os.scandir(folder) as entries:
        for each in entries:
            with suppress(FileNotFoundError):  # others write and remove beside us
                if each.name != TAG:
                    found.append((each.stat().st_mtime, each.path))
    found.sort(reverse=True)
    left = [each for each in found[:_MOST] if ".new-" in each[1] and each[0] < time.time() - _HOUR]
    for _, path in [*found[_MOST:], *left]:
        with suppress(OSError):
            os.unlink(path)


def clean(folder: str) -> int:
    """Remove all entries, and the folder where nothing else is in it; return how many there were.

    Raises `CannotRead` where one stays.
    """
    removed, stays = 0, 0
    names = _listed(folder) if folder else []
    if TAG not in names:
        return 0  # not ours
    ours = [os.path.join(folder, name) for name in names if _ours(name)]
    ours.sort(key=lambda path: path.endswith(TAG))
    for path in ours:
        try:
            if not (stays and path.endswith(TAG)):  # which says that the rest is ours
                os.unlink(path)
                removed += not path.endswith(TAG)
        except FileNotFoundError:
            continue  # another one removes them, too
        except OSError:
            stays += 1
    if stays:
        said = f"{stays} of what is kept in {ascii(folder)[1:-1]} cannot be removed"
        raise CannotRead(said, "remove the folder by hand")
    with suppress(OSError):
        os.rmdir(folder)
    return removed


def _listed(folder: str) -> list[str]:
    """Return what lies in a folder: nothing where it is none. Raises `CannotRead` where nobody may look."""
    try:
        return os.listdir(folder)
    except PermissionError as error:
        said = f"what is kept in {ascii(folder)[1:-1]} cannot be listed"
        raise CannotRead(said, "run as its owner, or remove the folder by hand") from error
    except OSError:
        return []


def _ours(name: str) -> bool:
    return name == TAG or name.startswith(".new-") or name.endswith((".facts", ".path", ".body"))


def digest(text: str) -> str:
    """Return the SHA-256 of a text or a path, hexadecimal: a name for an entry."""
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()
