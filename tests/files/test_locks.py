"""Locks: one holder at a time, gone with its holder, and no obstacle where there are none."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

import pytest

from verify4k.files.locks import locked, release, take

if TYPE_CHECKING:
    import fcntl
    from pathlib import Path
else:
    fcntl = pytest.importorskip("fcntl", reason="locks of POSIX")


def test_a_lock_is_held_once(tmp_path: Path) -> None:
    first = os.open(tmp_path / "a", os.O_RDWR | os.O_CREAT)
    second = os.open(tmp_path / "a", os.O_RDWR)
    with locked(first):
        assert not take(second, wait=False)
    assert take(second, wait=False)
    release(second)
    os.close(first)
    os.close(second)


@pytest.mark.parametrize(
    ("number", "fine"), [(errno.ENOLCK, True), (errno.ENOTSUP, True), (errno.EIO, False)]
)
def test_a_file_system_without_locks_is_no_obstacle(
    monkeypatch: pytest.MonkeyPatch, number: int, *, fine: bool
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(number, "no")

    monkeypatch.setattr(fcntl, "flock", refuse)
    if fine:
        with locked(0):
            pass
        return
    with pytest.raises(OSError, match="no"):
        take(0, wait=True)
