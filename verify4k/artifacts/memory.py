"""Facts of earlier runs, by content: measured once for the same bytes and the same version, never a verdict.

An entry belongs to a SHA-256, to the code that measured it and to the limits it kept. Which content a path
has is remembered too, by size, times and inode, where the file was older than two seconds when it was read: a
file that changes within the tick of a clock is read again, and so is one whose file system keeps no change
time of its own. What is not whole is not there. The folder carries a CACHEDIR.TAG and may be removed at any
time; several runs may use it at once.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from verify4k.documents.plain import Reader, Writer
from verify4k.errors import CannotRead, UsageError
from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from verify4k.formats.limits import Limits

KEPT = frozenset(
    ("sha256", "sha512", "sha1", "md5", "damage", "walk", "alpha", "rows_digest", "pixel_digest", "native",
     "native_evidence", "padding", "blank", "detail", "edges", "art", "rounding", "frame_faults")
)  # fmt: skip
OF_BYTES = frozenset(("sha256", "sha512", "sha1", "md5"))  # what is known without a look at what they mean
_DECODERS = (
    "PIL",
    "numpy",
    "simplejpeg",
    "pyspng",
    "zlib_ng",
    "pillow_heif",
    "pillow_jxl",
    "OpenEXR",
    "brotli",
)
ABSENT = object()
TAG = "CACHEDIR.TAG"
_SIGNATURE = (
    "Signature: 8a477f597d28d172789f06886806bc55\n# Facts that verify4k has measured; remove it at will.\n"
)
_SECOND = 1_000_000_000  # nanoseconds
_SETTLED = 2 * _SECOND
_MOST = 200_000  # entries, some 1 KB each
_DAY = 86_400
_LARGEST = 1 << 20


def facts_folder(environ: Mapping[str, str]) -> str:
    """Return where facts are kept: in VERIFY4K_CACHE_DIR, or below the user's cache folder."""
    base = environ.get("XDG_CACHE_HOME") or environ.get("LOCALAPPDATA")
    above = os.path.join(base or os.path.join(os.path.expanduser("~"), ".cache"), "verify4k")
    return os.path.join(environ.get("VERIFY4K_CACHE_DIR") or above, "facts")


class Memory(NamedTuple):
    """The folder, and what its entries must have been measured by."""

    folder: str
    version: str

    def of(self, path: str, limits: Limits, *, colour: bool) -> Remembered:
        """Return what is known of a file."""
        return Remembered(self, path, f"{self.version} {tuple(limits)} {colour:d}")


def memory_in(folder: str) -> Memory:
    """Open the folder, and make room in it once a day."""
    with suppress(OSError):
        os.makedirs(folder, mode=0o700, exist_ok=True)
        tag = os.path.join(folder, TAG)
        if not os.path.exists(tag):
            _write(folder, tag, _SIGNATURE.encode())
        if time.time() - os.stat(tag).st_mtime > _DAY:
            os.utime(tag)
            _make_room(folder)
    return Memory(folder, _version())


class Remembered:
    """What is known of one file. ``fresh``: it need not even be read to know its content."""

    def __init__(self, memory: Memory, path: str, measured_by: str) -> None:
        self._memory = memory
        self._by = measured_by
        self._began = time.time_ns()
        self._stat = _looks(path)
        self._path = os.path.join(memory.folder, f"{_digest(os.path.abspath(path))}.path")
        self._facts: dict[str, Any] | None = None
        self.used: set[str] = set()
        self._sha256 = self._content()
        self.fresh = self._sha256 is not None

    def _content(self) -> str | None:
        """Return the digest of what the file held when it looked exactly like this."""
        known = _read(self._path)
        if self._stat is None or not isinstance(known, dict) or known.get("stat") != list(self._stat):
            return None
        digest = known.get("sha256")
        return digest if isinstance(digest, str) and len(digest) == 64 else None

    def find(self, name: str, holder: Any) -> Any:
        """Return a fact; `ABSENT` for one that is to be measured."""
        if name == "sha256":
            found = ABSENT if self._sha256 is None else self._sha256
        else:
            found = self._known(holder.sha256).get(name, ABSENT)
        if found is not ABSENT:
            self.used.add(name)
        return found

    def _known(self, sha256: str) -> dict[str, Any]:
        if self._facts is None:
            entry = _read(self._of(sha256))
            try:
                self._facts = Reader().value(entry) if entry is not None else {}
            except UsageError:
                self._facts = {}
            if not isinstance(self._facts, dict):
                self._facts = {}
        return self._facts

    def _of(self, sha256: str) -> str:
        return os.path.join(self._memory.folder, f"{_digest(f'{sha256} {self._by}')}.facts")

    def keep(self, measured: Mapping[str, Any]) -> None:
        """Write down what was measured of the file."""
        sha256 = measured.get("sha256")
        if sha256 is None:
            return
        with suppress(OSError):
            if not self.fresh and self._stat is not None and max(self._stat[1:3]) + _SETTLED < self._began:
                _keep(self._memory.folder, self._path, {"stat": list(self._stat), "sha256": sha256})
            known = self._known(sha256)
            if measured.keys() - known.keys() <= {"sha256"}:
                return
            plain: dict[str, Any] = {}
            for name, value in {**known, **measured}.items():
                if name != "sha256":  # the entry's name says it
                    plain[name] = Writer().plain(value)
            document = {"map": [[name, value] for name, value in plain.items()]}
            _keep(self._memory.folder, self._of(sha256), document)


def _looks(path: str) -> tuple[int, ...] | None:
    """Return what a file looks like; None where that cannot tell a changed file from what it was.

    A change time of whole seconds is none: squashfs, ISO 9660 and sshfs tell the time of modification there,
    which reproducible builds set alike for all files. Windows tells when the file was created.
    """
    found = _stat(path)
    if found is None or (found[1] if os.name == "nt" else found[2]) % _SECOND == 0:
        return None
    return found


def _stat(path: str) -> tuple[int, ...] | None:
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return None
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino, found.st_dev


def _read(path: str) -> Any:
    """Return what an entry holds; None for one that is not whole."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        try:  # as large as it is: to make room for the largest takes longer than everything else
            data = os.read(descriptor, min(os.fstat(descriptor).st_size, _LARGEST))
        finally:
            os.close(descriptor)
        said, _, body = data.partition(b"\n")
        if _seal(path, body) != said:
            return None
        return json.loads(body)
    except (OSError, ValueError, RecursionError):
        return None


def _keep(folder: str, path: str, document: Any) -> None:
    body = json.dumps(document, separators=(",", ":")).encode()
    if len(body) < _LARGEST - 100:
        _write(folder, path, _seal(path, body) + b"\n" + body)


def _seal(path: str, body: bytes) -> bytes:
    """Return the digest of an entry and of its name: what was meant for another is not whole."""
    return hashlib.sha256(os.path.basename(path).encode() + b"\n" + body).hexdigest().encode()


def _write(folder: str, path: str, data: bytes) -> None:
    import tempfile  # brings six modules more

    handle, new = tempfile.mkstemp(dir=folder, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.replace(new, path)
    except BaseException:
        os.unlink(new)
        raise


def _make_room(folder: str) -> None:
    """Remove the oldest entries beyond a number, and what a killed run has left."""
    with os.scandir(folder) as entries:
        found = sorted(
            ((each.stat().st_mtime, each.path) for each in entries if each.name != TAG), reverse=True
        )
    for _, path in [*found[_MOST:], *(each for each in found[:_MOST] if ".new-" in each[1])]:
        with suppress(OSError):
            os.unlink(path)


def clean(folder: str) -> int:
    """Remove all entries, and the folder where nothing else is in it; return how many there were.

    Raises `CannotRead` where one stays.
    """
    removed, stays = 0, 0
    if not os.path.exists(os.path.join(folder, TAG)):
        return 0  # not ours
    with os.scandir(folder) as entries:
        ours = [each.path for each in entries if _ours(each.name)]
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


def _ours(name: str) -> bool:
    return name == TAG or name.startswith(".new-") or name.endswith((".facts", ".path", ".body"))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


def _version() -> str:
    """Return what tells one state of the measuring code, ours and the decoders', from another."""
    from importlib.util import find_spec

    import verify4k

    seen: list[str] = [verify4k.__version__]
    folder = os.path.dirname(os.path.abspath(verify4k.__file__))
    for part in ("formats", "analysis", "artifacts", "data"):
        seen.extend(_looks_of(os.path.join(folder, part)))
    for name in _DECODERS:
        spec = find_spec(name)
        if spec is not None and spec.origin:
            seen.append(f"{spec.origin} {_stat(spec.origin)}")
    return _digest("\n".join(seen))


def _looks_of(folder: str) -> Iterable[str]:
    with os.scandir(folder) as entries:
        for each in sorted(entries, key=lambda entry: entry.name):
            if each.is_dir(follow_symlinks=False):
                if each.name != "__pycache__":
                    yield from _looks_of(each.path)
            elif not each.name.endswith(".pyc"):
                found = each.stat()
                yield f"{each.path} {found.st_size} {found.st_mtime_ns}"
