"""Coverage of worker processes that are copies of the tests' own process.

A copy goes on measuring as this process does. What it has run it notes before it answers, since once it has
answered it may be killed at any time. coverage's own ways to do that (another `Coverage`, a data file) take 20
to 100 ms a copy, more than most of what is tested: so this reaches into its collector.
"""

from __future__ import annotations

import itertools
import os
import pickle
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from verify4k.checking import children

if TYPE_CHECKING:
    from collections.abc import Generator

    Taken = dict[str, set[int]]  # of each file the steps from line to line, as the tracer packs them


def _measuring() -> Taken | None:
    """Return what pytest-cov's measurement has seen so far, live; None: nothing is measured."""
    if "coverage" not in sys.modules:
        return None
    measurement = sys.modules["coverage"].Coverage.current()
    taken: Taken | None = measurement and measurement._collector.data
    return taken


def _noting(taken: Taken, folder: Path) -> None:
    """Let workers note what they run in files in ``folder``."""
    answer, numbers, here = children._answer, itertools.count(), os.getpid()

    def answer_measured(message: bytes) -> bytes:
        number = next(numbers)
        if os.getpid() != here and not number:
            for steps in taken.values():  # of this process, before it was copied
                steps.clear()
        try:
            return answer(message)
        finally:
            with (folder / f"{os.getpid()}-{number}").open("wb") as note:
                pickle.dump({name: steps for name, steps in taken.items() if steps}, note, -1)

    children._answer = answer_measured


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtestloop() -> Generator[None, object, object]:
    """Measure the workers of all tests, where the tests are measured."""
    taken = _measuring()
    if taken is None:
        return (yield)
    folder = Path(tempfile.mkdtemp(prefix="verify4k-coverage-"))
    _noting(taken, folder)
    try:
        return (yield)
    finally:
        for note in folder.iterdir():
            for name, steps in pickle.loads(note.read_bytes()).items():  # noqa: S301 - from our own copies
                taken.setdefault(name, set()).update(steps)
        shutil.rmtree(folder)
