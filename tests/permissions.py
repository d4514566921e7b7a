"""What file permissions mean where the tests run as root, who may read and write everything."""

from __future__ import annotations

import ctypes
import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

_VERSION = 0x20080522  # _LINUX_CAPABILITY_VERSION_3 of linux/capability.h: two words of 32 bits each
_OVERRIDING = 1 << 1 | 1 << 2  # CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Set(ctypes.Structure):
    _fields_ = (
        ("effective", ctypes.c_uint32),
        ("permitted", ctypes.c_uint32),
        ("inheritable", ctypes.c_uint32),
    )


@contextmanager
def permissions_hold() -> Iterator[None]:
    """Let permissions count for this thread and its copies; a program that is started has root's rights again.

    The user stays the same: another one could not import from a checkout that is only root's.
    """
    if os.name == "nt":
        pytest.skip("permissions are POSIX's")
    if os.geteuid() != 0:
        yield
        return
    if sys.platform != "linux":
        pytest.skip("only Linux takes root's rights away for a while")
    libc = ctypes.CDLL(None, use_errno=True)
    header, sets = _Header(_VERSION, 0), (_Set * 2)()

    def told(call: str) -> None:
        if getattr(libc, call)(ctypes.byref(header), sets):
            raise OSError(ctypes.get_errno(), f"{call} failed")

    told("capget")
    had = sets[0].effective
    sets[0].effective = had & ~_OVERRIDING
    told("capset")
    try:
        yield
    finally:
        sets[0].effective = had
        told("capset")
