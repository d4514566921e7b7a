"""Facts of earlier runs, by content: measured once for the same bytes and the same version, never a verdict.

An entry belongs to a SHA-256, to the code that measured it and to the limits it kept. Which content a path
has is remembered by the same code and limits too, by size, times and inode, where the file was older than two
seconds when it was read: a file that changes within the tick of a clock is read again, and so is one whose
file system keeps no change time of its own. The same facts stand there once more, so that one entry is read
for a file that has not changed, and the file itself is not opened. What is not whole is not there. The folder
carries a CACHEDIR.TAG and may be removed at any time; several runs may use it at once.
"""

from __future__ import annotations

import os
import sys
import time
from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from verify4k.artifacts.cache_entries import digest, keep_entry, open_folder, read_entry
from verify4k.documents.plain import Reader, Writer
from verify4k.errors import UsageError
from verify4k.files.paths import cache_folder
from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from verify4k.formats.limits import Limits

KEPT = frozenset(
    ("sha256", "sha512", "sha1", "md5", "damage", "walk", "alpha", "rows_digest", "pixel_digest", "native",
     "native_evidence", "padding", "blank", "detail", "edges", "art", "rounding", "frame_faults", "format",
     "header", "claims", "marked", "profile")
)  # fmt: skip
OF_BYTES = frozenset(("sha256", "sha512", "sha1", "md5"))  # what is known without a look at what they mean
OF_HEADERS = frozenset(("format", "header"))
OF_CONTAINERS = frozenset(("walk", "claims", "marked", "profile"))  # that it is intact was not asked for them
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
# what installing a library of the system's touches: glibc's list of them, Alpine's and conda's of packages
_INSTALLED = ("/etc/ld.so.cache", "/lib/apk/db/installed", f"{sys.prefix}/conda-meta/history")
ABSENT = object()
_SECOND = 1_000_000_000  # nanoseconds
_SETTLED = 2 * _SECOND


def facts_folder(environ: Mapping[str, str]) -> str:
    """Return where facts are kept; empty where there is no place for them."""
    return cache_folder(environ, "facts")


class FactCache(NamedTuple):
    """The folder, and what its entries must have been measured by."""

    folder: str
    version: str

    def of(self, path: str, limits: Limits, *, colour: bool) -> CachedFacts:
        """Return what is known of a file."""
        return CachedFacts(self.folder, path, _measured_by(self.version, limits, colour=colour))


@lru_cache(maxsize=16)
def _measured_by(version: str, limits: Limits, *, colour: bool) -> str:
    return digest(f"{version} {tuple(limits)} {colour:d}")


def open_fact_cache(folder: str) -> FactCache | None:
    """Open the folder, and make room in it once a day; None where there is none."""
    if not folder:
        return None
    open_folder(folder)
    return FactCache(folder, _version())


class CachedFacts:
    """What is known of one file. ``fresh``: it need not even be read to know its content.

    ``used``: the names of the facts that were asked for and known. ``news``: whether `keep` is needed.
    """

    def __init__(self, folder: str, path: str, measured_by: str) -> None:
        self._folder = folder
        self._by = measured_by
        self._began = time.time_ns()
        self._stat = _looks(path)
        whole = path if path[:1] == "/" else os.path.abspath(path)
        self._path = f"{folder}{os.sep}{digest(f'{whole} {measured_by}')}.path"
        self._facts: dict[str, Any] | None = None  # as they are written
        self.used: set[str] = set()
        self._sha256 = self._content()
        self.fresh = self._sha256 is not None
        self.news = not self.fresh

    @property
    def size(self) -> int:
        """Number of bytes of a file that is there."""
        return 0 if self._stat is None else self._stat[0]

    def _content(self) -> str | None:
        """Return the digest of what the file held when it looked exactly like this."""
        known = read_entry(self._path)
        if self._stat is None or not isinstance(known, dict) or known.get("stat") != list(self._stat):
            return None
        sha256, facts = known.get("sha256"), known.get("facts")
        if not isinstance(sha256, str) or len(sha256) != 64:
            return None
        if isinstance(facts, dict):  # they were not too large for a second copy
            self._facts = facts
        return sha256

    def find(self, name: str, holder: Any) -> Any:
        """Return a fact; `ABSENT` for one that is to be measured."""
        if name == "sha256":
            found = ABSENT if self._sha256 is None else self._sha256
        else:
            found = self._known(holder.sha256 if self._facts is None else "").get(name, ABSENT)
            if found.__class__ in (dict, list):
                try:
                    found = Reader().value(found)
                except UsageError:
                    found = ABSENT
        if found is not ABSENT:
            self.used.add(name)
        return found

    def _known(self, sha256: str) -> dict[str, Any]:
        """Return all facts of a content, as they are written."""
        if self._facts is None:
            entry = read_entry(self._of(sha256))
            self._facts = entry if isinstance(entry, dict) else {}
        return self._facts

    def _of(self, sha256: str) -> str:
        return f"{self._folder}{os.sep}{digest(f'{sha256} {self._by}')}.facts"

    def keep(self, measured: Mapping[str, Any]) -> None:
        """Write down what was measured of the file."""
        sha256 = measured.get("sha256")
        if sha256 is None:
            return
        known = self._known(sha256)
        new = measured.keys() - known.keys() > {"sha256"}
        if not new and self.fresh:
            return
        if new:
            plain = {name: Writer().plain(value) for name, value in measured.items() if name not in known}
            del plain["sha256"]  # the entry's name says it
            self._facts = known = {**known, **plain}
        with suppress(OSError):
            if new:
                keep_entry(self._folder, self._of(sha256), known)
            if self._stat is not None and (self.fresh or max(self._stat[1:3]) + _SETTLED < self._began):
                said = {"stat": list(self._stat), "sha256": sha256}
                if not keep_entry(self._folder, self._path, {**said, "facts": known}):
                    keep_entry(self._folder, self._path, said)


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
            if name == "PIL":
                seen.extend(_libraries_of(os.path.dirname(spec.origin)))
    return digest("\n".join(seen))


def _libraries_of(pillow: str) -> Iterable[str]:
    """Yield what changes when the system's libraries do, for a Pillow that decodes with those.

    Wheels bring their own: beside it on Linux, in it on macOS, linked into it on Windows.
    """
    beside = os.path.join(os.path.dirname(pillow), "pillow.libs")
    if not (os.path.isdir(beside) or os.path.isdir(os.path.join(pillow, ".dylibs"))):
        yield from (f"{path} {_stat(path)}" for path in _INSTALLED)


def _looks_of(folder: str) -> Iterable[str]:
    with os.scandir(folder) as entries:
        for each in sorted(entries, key=lambda entry: entry.name):
            if each.is_dir(follow_symlinks=False):
                if each.name != "__pycache__":
                    yield from _looks_of(each.path)
            elif not each.name.endswith(".pyc"):
                found = each.stat()
                yield f"{each.path} {found.st_size} {found.st_mtime_ns}"
