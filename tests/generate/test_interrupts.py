"""Ctrl-C: nothing new is sent, what is on its way is finished or abandoned, nothing received is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest
from apiserver import streaming

if TYPE_CHECKING:
    from apiserver.server import Handler
    from bench import Bench

COMMAND = [sys.executable, "-m", "verify4k", "generate", "--yes", "-j", "1"]


class OnTerminal:
    """The command on a terminal of its own, where an interrupt waits for what is on its way, however long."""

    def __init__(self, bench: Bench, count: int, *options: str) -> None:
        files = {f"{n}.png": {"size": "1024x640", "generate": {"prompt": str(n)}} for n in range(count)}
        bench.manifest(files)
        self._screen, terminal = os.openpty()
        self.process = subprocess.Popen(
            [*COMMAND, *options], cwd=bench.folder, stdin=terminal, stdout=terminal, stderr=terminal
        )
        os.close(terminal)
        self.said = ""

    def until(self, words: str) -> None:
        """Read until the screen shows ``words``; the end of the process ends the waiting, too."""
        while words not in self.said:
            more = self._more()
            assert more, f"it ended without {words!r}: {self.said}"

    def interrupt(self, how: signal.Signals = signal.SIGINT) -> None:
        """Press Ctrl-C, or send another signal."""
        self.process.send_signal(how)

    def end(self) -> int:
        """Read the rest; return the exit code."""
        while self._more():
            pass
        os.close(self._screen)
        return self.process.wait()

    def _more(self) -> str:
        try:
            more = os.read(self._screen, 65536).decode(errors="replace")
        except OSError:  # nobody holds the other end any more
            more = ""
        self.said += more
        return more


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="needs a terminal")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)])
def test_a_picture_on_its_way_is_finished_and_the_rest_is_not_sent(bench: Bench, how: signal.Signals) -> None:
    arrived, stopping = threading.Event(), threading.Event()

    def hold(handler: Handler) -> None:
        arrived.set()
        stopping.wait()
        handler.answer()

    bench.server.script["0"] = [hold]
    run = OnTerminal(bench, 3)
    arrived.wait()
    run.interrupt(how)
    run.until("1 picture is still on its way")
    stopping.set()
    assert run.end() == 130, run.said
    assert bench.path("0.png").exists()
    assert len(bench.server.seen) == 1
    assert run.said.count("not asked for") == 2
    assert "Traceback" not in run.said


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="needs a terminal")
def test_a_partial_picture_is_shown_before_the_picture_is_there(bench: Bench) -> None:
    shown = threading.Event()

    def slowly(handler: Handler) -> None:
        streaming.begin(handler)
        partial, done = streaming.events(handler)
        streaming.write(handler, partial)
        shown.wait()
        streaming.write(handler, done)
        handler.close_connection = True

    bench.server.script["0"] = [slowly]
    run = OnTerminal(bench, 1, "--partials", "1")
    run.until("0.png: partial picture 1 after")
    assert not bench.path("0.png").exists()
    shown.set()
    assert run.end() == 0, run.said
    assert bench.path("0.png").exists()


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="needs a terminal")
def test_a_picture_that_takes_too_long_is_abandoned_and_the_next_run_says_so(bench: Bench) -> None:
    arrived, over = threading.Event(), threading.Event()

    def hang(handler: Handler) -> None:
        arrived.set()
        over.wait()

    bench.server.script["0"] = [hang, lambda handler: handler.answer()]
    run = OnTerminal(bench, 1)
    arrived.wait()
    run.interrupt()
    run.until("Ctrl-C again abandons them")
    run.interrupt()
    assert run.end() == 130, run.said
    over.set()
    assert "it may have been billed" in run.said
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
        said = process.communicate()[0]
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
        assert b"1 request, about $0.003" in shown
        assert len(bench.server.seen) == requests
        assert process.returncode == (0 if requests else 2), said
