"""Waiting for a server of somebody else's: until it answers, or has ended."""

from __future__ import annotations

import contextlib
import subprocess
import urllib.error
import urllib.request
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

_PAUSE = 0.05  # seconds between two knocks: such a server has no other way to say that it listens


def until_it_answers(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    """Ask again as long as the process lives; its end without an answer fails the test with its log."""
    while True:
        with contextlib.suppress(OSError):
            try:
                urllib.request.urlopen(url).close()  # noqa: S310 - our own, on http
            except urllib.error.HTTPError as answer:  # an answer is an answer
                answer.close()
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_PAUSE)
            pytest.fail(f"{url} does not answer: {log.read_text(errors='replace')[-2000:]}")
