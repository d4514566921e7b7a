"""Bodies of earlier runs, kept on the disk: used only after the server says that they are still the same.

An entry belongs to one URL and the headers that it was asked with. It is kept where the server gives a
validator that can be relied on, allows storing, and saw no secret header; a statement about a release
never rests on one. The folder carries a CACHEDIR.TAG, so that backups leave it out, and may be removed.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
import time
from typing import TYPE_CHECKING, Any

from verify4k.errors import Verify4kError
from verify4k.files.paths import cache_folder
from verify4k.files.source import FileSource
from verify4k.named_tuple import NamedTuple
from verify4k.net.http_dates import moment
from verify4k.net.responses import Hop, ResponseInfo

if TYPE_CHECKING:
    from collections.abc import Mapping

    from verify4k.files.url_requests import Headers

_TAG = "Signature: 8a477f597d28d172789f06886806bc55\n# What verify4k downloaded; remove it at will.\n"
_LARGEST = 64 << 20  # bytes of one body
_MOST_TOLD = 1 << 20  # bytes that say what the server told
_ROOM = 1 << 30  # bytes of all of them; the longest unused go first
_DAYS = 30
_OF_THE_BODY = ("content-type", "content-length", "content-encoding", "content-range", "transfer-encoding")
_SETTLED = 60.0  # seconds after which a time stamp of whole seconds tells one version from the next


class CachedBody(NamedTuple):
    """One body, and what the server told with it."""

    about: ResponseInfo
    body: bytes
    stored: float  # seconds since the epoch

    @property
    def conditions(self) -> Headers:
        """Headers that ask whether it is still the same."""
        mark, date = self.about.header("etag"), self.about.header("last-modified")
        found = [("If-None-Match", mark)] if mark else []
        return tuple(found or [("If-Modified-Since", date)])

    def is_meant_by(self, answer: ResponseInfo) -> bool:
        """Whether a 304 speaks of this body: some servers answer 304 whatever they were asked about."""
        said, ours = answer.header("etag"), self.about.header("etag")
        return not said or not ours or said.removeprefix("W/") == ours

    def confirmed(self, answer: ResponseInfo) -> ResponseInfo:
        """Return what is known of it after a 304: the newer headers stand before the older ones.

        What a 304 says of a body that it does not have is left out, as Chromium leaves it out: busybox calls
        it text/html, others 0 bytes long.
        """
        newer = {name: value for name, value in answer.headers.items() if not name.startswith(_OF_THE_BODY)}
        headers = {**self.about.headers, **newer}
        return answer._replace(status=self.about.status, headers=headers)


class HttpCache:
    """The folder of kept bodies. What cannot be read or written there is not kept, and nothing fails."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._ready = False

    def find(self, url: str, headers: Headers) -> CachedBody | None:
        """Return what is kept of a URL, if it is whole."""
        path = self._path(url, headers)
        try:
            seal, _, held = FileSource(path, _LARGEST + _MOST_TOLD).read_all().partition(b"\n")
            if seal != _seal(path, held):
                return None
            said, _, body = held.partition(b"\n")
            told = json.loads(said)
            if told["url"] != url:
                return None
            os.utime(path)  # the longest unused go first
            return CachedBody(_about(told), body, float(told["stored"]))
        except (OSError, ValueError, KeyError, TypeError, Verify4kError):
            return None

    def keep(self, url: str, headers: Headers, about: ResponseInfo, body: bytes) -> None:
        """Keep a body where that is allowed and of use."""
        if len(body) > _LARGEST or not reliable(about):
            return
        told = {
            "url": url,
            "stored": time.time(),
            "final_url": about.final_url,
            "hops": [list(hop) for hop in about.hops],
            "headers": dict(about.headers),
        }
        entry = self._path(url, headers)
        held = json.dumps(told).encode() + b"\n" + body
        with contextlib.suppress(OSError):
            self._prepare()
            handle, path = tempfile.mkstemp(dir=self._folder, prefix=".new-")
            try:
                with os.fdopen(handle, "wb") as file:
                    file.writelines((_seal(entry, held), b"\n", held))
                os.replace(path, entry)
            except BaseException:
                os.unlink(path)
                raise

    def _path(self, url: str, headers: Headers) -> str:
        asked = "\n".join([url, *(f"{name.lower()}: {value}" for name, value in headers)])
        return os.path.join(self._folder, hashlib.sha256(asked.encode()).hexdigest() + ".body")

    def _prepare(self) -> None:
        """Make the folder, and make room in it, once a run."""
        if self._ready:
            return
        self._ready = True
        os.makedirs(self._folder, mode=0o700, exist_ok=True)
        tag = os.path.join(self._folder, "CACHEDIR.TAG")
        if not os.path.exists(tag):
            with open(tag, "w", encoding="ascii") as file:
                file.write(_TAG)
        _make_room(self._folder)


def _seal(path: str, held: bytes) -> bytes:
    """Return the digest of an entry and of its name: what a disk has changed, or another's, is not whole."""
    return hashlib.sha256(os.path.basename(path).encode() + b"\n" + held).hexdigest().encode()


def _make_room(folder: str) -> None:
    with os.scandir(folder) as entries:
        found = sorted(
            ((entry.stat().st_mtime, entry.stat().st_size, entry.path) for entry in entries
             if entry.name.endswith(".body") or entry.name.startswith(".new-")),
            reverse=True,
        )  # fmt: skip
    room, oldest = _ROOM, time.time() - _DAYS * 86400
    for used, size, path in found:
        room -= size
        if room < 0 or used < oldest:
            with contextlib.suppress(OSError):
                os.unlink(path)


def _about(told: Mapping[str, Any]) -> ResponseInfo:
    hops = tuple(Hop(str(url), int(status), str(location)) for url, status, location in told["hops"])
    headers = {str(name): str(value) for name, value in told["headers"].items()}
    return ResponseInfo(str(told["url"]), str(told["final_url"]), hops, 200, headers, ())


def reliable(about: ResponseInfo) -> bool:
    """Whether an answer may be kept, and whether its validator tells it from the next version.

    A weak mark does not; a date, and the marks that servers make of one, only when it was a minute old
    (RFC 9110, 8.8.2.2): two versions of one second look alike.
    """
    said = about.header("cache-control").lower()
    mark, date = about.header("etag"), about.header("last-modified")
    if about.status != 200 or "no-store" in said or about.header("vary") == "*" or mark.startswith("W/"):
        return False
    if not date:
        return bool(mark)
    now, changed = about.header("date"), moment(date)
    sent = moment(now) if now else time.time()
    return sent is not None and changed is not None and sent - changed >= _SETTLED


def http_cache_folder(environ: Mapping[str, str]) -> str:
    """Return where bodies are kept; empty where there is no place for them."""
    return cache_folder(environ, "bodies")
