"""Ctrl-C: nothing new is sent, what is on its way is finished or abandoned, nothing received is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from bench import Bench

COMMAND = [sys.executable, "-m", "verify4k", "generate", "--yes", "-j", "1"]


def _start(bench: Bench, count: int = 3) -> subprocess.Popen[str]:
    files = {f"{n}.png": {"size": "1024x640", "generate": {"prompt": str(n)}} for n in range(count)}
    bench.manifest(files)
    return subprocess.Popen(
        COMMAND, cwd=bench.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def _wait_for(condition: Callable[[], object]) -> None:
    end = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_picture_on_its_way_is_finished_and_the_rest_is_not_sent(bench: Bench) -> None:
    bench.server.delay = lambda: 1.0
    process = _start(bench)
    _wait_for(lambda: bench.server.seen)
    process.send_signal(signal.SIGINT)
    said = process.communicate()[0]
    assert process.returncode == 130, said
    assert bench.path("0.png").exists()
    assert len(bench.server.seen) == 1
    assert said.count("not asked for") == 2
    assert "Traceback" not in said


def test_a_picture_that_takes_too_long_is_abandoned_and_the_next_run_says_so(bench: Bench) -> None:
    bench.server.script["0"] = [lambda handler: handler.hang(), lambda handler: handler.answer()]
    process = _start(bench, 1)
    _wait_for(lambda: bench.server.seen)
    process.send_signal(signal.SIGINT)
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    said = process.communicate()[0]
    assert process.returncode == 130, said
    assert "it may have been billed" in said
    again = bench.generate()
    assert again.code == 0, again.all
    assert "sent earlier and never received: it may have been billed" in again.out
    assert [line["verdict"] for line in bench.ledger if line["event"] == "outcome"] == ["lost", "accepted"]


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="needs a terminal")
def test_on_a_terminal_it_asks_before_spending(bench: Bench) -> None:
    bench.one("x")
    for answer, requests in (("n\n", 0), ("y\n", 1)):
        main, terminal = os.openpty()
        process = subprocess.Popen(
            [sys.executable, "-m", "verify4k", "generate"],
            cwd=bench.folder,
            stdin=terminal,
            stdout=subprocess.PIPE,
            stderr=terminal,
            text=True,
        )
        os.close(terminal)
        os.write(main, answer.encode())
        said = process.communicate(timeout=30)[0]
        shown = b""
        while True:
            try:
                more = os.read(main, 65536)
            except OSError:
                break
            if not more:
                break
            shown += more
        os.close(main)
        assert b"Send these requests?" in shown
        assert b"1 requests, about $0.003" in shown
        assert len(bench.server.seen) == requests
        assert process.returncode == (0 if requests else 2), said
