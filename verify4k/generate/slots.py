"""A target's place on the disk while its picture is made: one maker at a time, nothing lost by a kill.

Beside ``hero.png`` lie, while it is made, ``.hero.png.verify4k-answer`` (the answer as it
arrives; its lock says that a maker is alive) and ``.hero.png.verify4k-new`` (the picture, to be
judged). A killed process leaves them; the next one finishes from there instead of paying again.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
from typing import TYPE_CHECKING, NamedTuple

from verify4k.errors import UsageError
from verify4k.files.locks import release, take
from verify4k.net.exchange import CAP, Answer, Head, TransportError, unpacked

if TYPE_CHECKING:
    from pathlib import Path

_FLAGS = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
_KEPT_HEADERS = ("content-type", "content-encoding", "x-request-id")


class Spooled(NamedTuple):
    """What an earlier process left: which request it was for, and what there is of its answer."""

    request: str
    answer: Answer | None


class Slot:
    """One target being made. Use as a context manager; ``held`` tells whether it is ours."""

    def __init__(self, target: Path) -> None:
        self.target = target
        self.answer_path = target.with_name(f".{target.name}.verify4k-answer")
        self.new_path = target.with_name(f".{target.name}.verify4k-new")
        self.held = False
        self._descriptor = -1

    def __enter__(self) -> Slot:
        try:
            self.target.parent.mkdir(parents=True, exist_ok=True)
            self._lock()
        except OSError as error:
            raise _unwritable(self.target, error) from error
        return self

    def __exit__(self, *_error: object) -> None:
        # an exchange that was left behind may still write: it must find the slot closed first
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            if self.held:
                if os.fstat(descriptor).st_size == 0:  # nothing was sent: leave nothing lying about
                    self.answer_path.unlink(missing_ok=True)
                release(descriptor)
            os.close(descriptor)
            self.held = False

    def _lock(self) -> None:
        while True:
            self._descriptor = os.open(self.answer_path, _FLAGS, 0o600)
            if not take(self._descriptor, wait=False):
                return
            # a maker that finished in between has removed the file we opened: take the new one
            with contextlib.suppress(FileNotFoundError):
                if os.path.samestat(os.fstat(self._descriptor), self.answer_path.stat()):
                    self.held = True
                    return
            os.close(self._descriptor)

    def spooled(self) -> Spooled | None:
        """Return what an earlier process left in the slot, or None."""
        os.lseek(self._descriptor, 0, os.SEEK_SET)
        with os.fdopen(os.dup(self._descriptor), "rb") as file:
            data = file.read()
        first, _, rest = data.partition(b"\n")
        second, newline, body = rest.partition(b"\n")
        try:
            request = str(json.loads(first)["request"])
            head_line = json.loads(second)
            head = Head(int(head_line["status"]), dict(head_line["headers"]))
        except (ValueError, KeyError, TypeError):
            return Spooled(_request_of(first), None) if first else None
        return Spooled(request, _unpacked(head, body) if newline else None)

    def start(self, request: str) -> None:
        """Begin the spool of a new request; what was in it is gone."""
        os.ftruncate(self._descriptor, 0)
        os.lseek(self._descriptor, 0, os.SEEK_SET)
        os.write(self._descriptor, json.dumps({"request": request}).encode() + b"\n")
        os.fsync(self._descriptor)

    def begin(self, head: Head) -> None:
        """Note an answer's head (`verify4k.net.exchange.Sink`)."""
        kept = {name: head.headers[name] for name in _KEPT_HEADERS if name in head.headers}
        self.write(json.dumps({"status": head.status, "headers": kept}).encode() + b"\n")

    def write(self, chunk: bytes) -> None:
        """Note more of an answer's body. A full disk must not lose the answer in memory."""
        with contextlib.suppress(OSError):
            while chunk and self._descriptor >= 0:
                chunk = chunk[os.write(self._descriptor, chunk) :]

    def put(self, data: bytes) -> None:
        """Write the picture beside the target, whole and on the disk before anyone judges it."""
        try:
            descriptor = os.open(self.new_path, _FLAGS | os.O_TRUNC, 0o644)
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise _unwritable(self.target, error) from error

    def accept(self, *, replace: bool) -> bool:
        """Give the picture the target's name; False when another file has it and must stay."""
        if replace:
            self.new_path.replace(self.target)
            return True
        try:
            os.link(self.new_path, self.target)  # unlike a rename, this never overwrites
        except FileExistsError:
            return False
        except OSError:  # a file system without hard links
            if self.target.exists() or self.target.is_symlink():
                return False
            self.new_path.rename(self.target)
            return True
        self.new_path.unlink()
        return True

    def reject(self, reason: str) -> Path:
        """Keep the picture as ``NAME.rejected.SUFFIX``, and the reason beside it."""
        kept = self._free_name()
        self.new_path.rename(kept)
        kept.with_name(kept.name + ".txt").write_text(reason + "\n", encoding="utf-8")
        return kept

    def _free_name(self) -> Path:
        """Return a name that no earlier rejected picture has; the slot's lock keeps others out."""
        for number in itertools.count(1):
            extra = f"-{number}" if number > 1 else ""
            kept = self.target.with_name(f"{self.target.stem}.rejected{extra}{self.target.suffix}")
            if not os.path.lexists(kept):
                return kept
        raise AssertionError("numbers do not end")

    def clear_new(self) -> None:
        """Remove a picture that nobody will judge any more."""
        self.new_path.unlink(missing_ok=True)

    def clear(self) -> None:
        """Remove what is only needed while a picture is made."""
        self.clear_new()
        self.answer_path.unlink(missing_ok=True)


def tidy(target: Path) -> None:
    """Remove what a killed process left beside a picture that is there and verified."""
    slot = Slot(target)
    if slot.answer_path.exists() or slot.new_path.exists():
        with slot:
            if slot.held:
                slot.clear()


def _request_of(first: bytes) -> str:
    try:
        return str(json.loads(first)["request"])
    except (ValueError, KeyError, TypeError):
        return ""


def _unpacked(head: Head, body: bytes) -> Answer | None:
    """Return the answer as far as it arrived; whether it is whole, its JSON will tell."""
    try:
        return Answer(head, unpacked(head, body, CAP))
    except TransportError:
        return None


def _unwritable(target: Path, error: OSError) -> UsageError:
    return UsageError(
        f"{target.name!a} cannot be written: {error.strerror}", "make its folder writable, then run again"
    )
