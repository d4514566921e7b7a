"""A target's place on the disk while its picture is made: one maker at a time, nothing lost by a kill.

Beside ``hero.png`` lie, while it is made, ``.hero.png.verify4k-answer`` (the answer as it
arrives; its lock says that a maker is alive) and ``.hero.png.verify4k-new`` (the picture, to be
judged). A killed process leaves them; the next one finishes from there instead of paying again.
"""

from __future__ import annotations

import contextlib
import io
import itertools
import json
import os
import shutil
import stat
from typing import TYPE_CHECKING

from verify4k.errors import Verify4kError
from verify4k.files.locks import release, take
from verify4k.files.source import FileSource
from verify4k.generate.disk_space import unwritable
from verify4k.generate.spools import parse_spool
from verify4k.routes.protocol.failures import REQUEST_ID_HEADERS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

    from verify4k.generate.spools import Spooled
    from verify4k.net.exchange import Head

_FLAGS = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
_KEPT_HEADERS = ("content-type", "content-encoding", *REQUEST_ID_HEADERS)


def answer_path(target: Path) -> Path:
    """Return where an answer lies while it arrives: the longest of the names beside a target."""
    return target.with_name(f".{target.name}.verify4k-answer")


class Slot:
    """One target being made. Use as a context manager; ``held`` tells whether it is ours."""

    def __init__(self, target: Path) -> None:
        self.target = target
        self.answer_path = answer_path(target)
        self.new_path = target.with_name(f".{target.name}.verify4k-new")
        self.held = False
        self.answered = False  # a body that claims success has begun to arrive: someone may pay for it
        self._success = False
        self.cut = False  # the spool does not hold all that came
        self._over = False  # nothing of it is needed any more
        self._descriptor = -1

    def __enter__(self) -> Slot:
        try:
            self.target.parent.mkdir(parents=True, exist_ok=True)
            self._lock()
        except OSError as error:
            raise unwritable(self.target, error) from error
        return self

    def __exit__(self, *_error: object) -> None:
        # an exchange that was left behind may still write: it must find the slot closed first
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            if self.held:
                if self._over or os.fstat(descriptor).st_size == 0:  # leave nothing lying about
                    _remove(self.answer_path)
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
        found = parse_spool(data)
        self.answered = bool(found and found.arrived)
        return found

    def start(self, request: str) -> None:
        """Begin the spool of a new request; what was in it is gone."""
        self.answered = self._success = self._over = self.cut = False
        try:
            os.ftruncate(self._descriptor, 0)
            os.lseek(self._descriptor, 0, os.SEEK_SET)
            os.write(self._descriptor, json.dumps({"request": request}).encode() + b"\n")
            os.fsync(self._descriptor)
        except OSError as error:
            raise unwritable(self.target, error) from error

    def begin(self, head: Head) -> None:
        """Note an answer's head (`verify4k.net.exchange.Sink`)."""
        kept = {name: head.headers[name] for name in _KEPT_HEADERS if name in head.headers}
        self._append(json.dumps({"status": head.status, "headers": kept}).encode() + b"\n")

        self._success = 200 <= head.status < 300

    def write(self, chunk: bytes) -> None:
        """Note more of an answer's body."""
        self.answered = self.answered or (self._success and bool(chunk))
        self._append(chunk)

    def _append(self, chunk: bytes) -> None:
        """Write on; a full disk must not lose the answer that is in memory."""
        try:
            while chunk and self._descriptor >= 0:
                chunk = chunk[os.write(self._descriptor, chunk) :]
        except OSError:
            self.cut = True

    @property
    def whole(self) -> bool:
        """Whether the next process would find all of what came: nothing is cut, the folder still there."""
        try:
            found = os.path.samestat(os.fstat(self._descriptor), self.answer_path.stat())
        except OSError:
            return False
        return found and not self.cut

    def put(self, data: bytes) -> None:
        """Write the picture beside the target, whole and on the disk before anyone judges it.

        A folder that was removed meanwhile, as a build does that begins anew, is made again.
        """
        try:
            self.target.parent.mkdir(parents=True, exist_ok=True)
            with contextlib.suppress(FileNotFoundError):
                there = self.new_path.lstat()
                if there.st_nlink > 1:  # a kill came before it lost its first name
                    self.new_path.unlink()
                elif stat.S_ISREG(there.st_mode) and self.new_path.read_bytes() == data:
                    return  # an earlier process wrote it, and it may be nowhere else: it is not cut again
            descriptor = os.open(self.new_path, _FLAGS | os.O_TRUNC, 0o644)
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise unwritable(self.target, error) from error

    def accept(self, *, replace: bool) -> bool:
        """Give the picture the target's name; False when another file has it and must stay."""
        if replace:
            self.new_path.replace(self.target)
            return True
        return self._named(self.target)

    def _named(self, name: Path) -> bool:
        """Give the picture a name, unless something has it."""
        try:
            os.link(self.new_path, name)  # unlike a rename, this never overwrites
        except FileExistsError:
            return False
        except OSError:  # a file system without hard links
            if os.path.lexists(name):
                return False
            self.new_path.rename(name)
            return True
        self.new_path.unlink()
        return True

    def reject(self, reason: str) -> Path:
        """Keep the picture as ``NAME.rejected.SUFFIX``, and the reason beside it."""
        kept = next(filter(self._named, self._names("rejected", self.target.suffix)))
        with contextlib.suppress(OSError):  # on a full disk, say: the ledger has the reason, too
            kept.with_name(kept.name + ".txt").write_text(reason + "\n", encoding="utf-8")
        return kept

    def keep_answer(self) -> str:
        """Keep an answer that cannot be read as ``NAME.unread.answer``, for its owner only; return the name.

        It may have been paid for, and another version or setting may read it. Empty: nothing came. Where it
        cannot be written, the spool itself stays.
        """
        if not self.answered:
            return ""
        os.lseek(self._descriptor, 0, os.SEEK_SET)
        with os.fdopen(os.dup(self._descriptor), "rb") as spool:
            return self._keep(spool, self._names("unread", ".answer"), 0o600)

    def _keep(self, data: BinaryIO, names: Iterator[Path], mode: int) -> str:
        """Write a file under the first name that nothing has; return the name."""
        try:
            self.target.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise unwritable(self.target, error) from error
        for kept in names:
            try:
                descriptor = os.open(kept, _FLAGS | os.O_EXCL, mode)
            except FileExistsError:
                continue
            except OSError as error:
                raise unwritable(self.target, error) from error
            try:
                with os.fdopen(descriptor, "wb") as file:
                    shutil.copyfileobj(data, file)
                    file.flush()
                    os.fsync(file.fileno())
            except OSError as error:
                kept.unlink()
                raise unwritable(self.target, error) from error
            return kept.name
        raise AssertionError("numbers do not end")

    def kept_answer(self, name: str) -> Spooled | None:
        """Return an answer that an earlier run kept beside the target; None when it is gone."""
        if "/" in name or "\\" in name or not name.endswith(".answer"):
            return None
        try:
            return parse_spool(FileSource(self.target.with_name(name)).read_all())
        except Verify4kError:
            return None

    def keep_other(self, data: bytes) -> str:
        """Keep a further picture of the same answer, which was paid for as well; return its name."""
        return self._keep(io.BytesIO(data), self._names("other", self.target.suffix), 0o644)

    def keep_original(self, data: bytes, form: str) -> str:
        """Keep what a step is done to as ``NAME.original.SUFFIX``, whole or not at all; return its name.

        The same bytes, kept by an earlier run, are that file already.
        """
        self.put(data)
        for kept in self._names("original", f".{form}"):
            if kept.is_file() and kept.stat().st_size == len(data) and kept.read_bytes() == data:
                self.clear_new()
                return kept.name
            if self._named(kept):
                return kept.name
        raise AssertionError("numbers do not end")

    def original(self, name: str) -> bytes | None:
        """Return an original that was kept beside the target; None when it is gone."""
        if "/" in name or "\\" in name or not name.startswith(f"{self.target.stem}.original"):
            return None
        try:
            return FileSource(self.target.with_name(name)).read_all()
        except Verify4kError:
            return None

    def _names(self, word: str, suffix: str) -> Iterator[Path]:
        """Yield names beside the target: targets that differ in their suffixes share them."""
        for number in itertools.count(1):
            extra = f"-{number}" if number > 1 else ""
            yield self.target.with_name(f"{self.target.stem}.{word}{extra}{suffix}")

    def clear_new(self) -> None:
        """Remove a picture that nobody will judge any more."""
        _remove(self.new_path)

    def clear(self) -> None:
        """Forget what is only needed while a picture is made; the spool goes when the slot is left.

        Until then it stays: another size may be asked for, and its lock keeps other makers out.
        """
        self.clear_new()
        self.answered = self._success = False
        self._over = True
        os.ftruncate(self._descriptor, 0)


def _remove(path: Path) -> None:
    """Remove a file that may be gone, with the folder that it lay in."""
    with contextlib.suppress(FileNotFoundError, NotADirectoryError):
        path.unlink()
