"""Progress while pictures are made: lines, and on a terminal a status line that cleans up after itself."""

from __future__ import annotations

import io

from verify4k.cli._generation_progress import GenerationProgress
from verify4k.documents.nodes import Place
from verify4k.formats.facts import Size
from verify4k.generate.cost import Estimate
from verify4k.generate.plan import Job
from verify4k.generate.results import Result
from verify4k.manifest.generation import GenerateOptions
from verify4k.model import Asset
from verify4k.routes import Order, find_route

ROUTE = find_route("openai-images")
JOB = Job(
    Asset("a\n.png", "a.png", Place("m", 1, 1)),
    GenerateOptions(),
    ROUTE,
    ROUTE.official,
    Order("a\n.png", "", Size(3840, 2160), "high", "gpt-image-2", "png"),
    Estimate(None, None),
)


def _told(*, terminal: bool, quiet: bool = False, seconds: float = 75.0) -> str:
    stream = io.StringIO()
    moments = iter([0.0, *[seconds] * 20])
    progress = GenerationProgress(stream, 2, lambda: next(moments), terminal=terminal, quiet=quiet)
    watcher = progress.watcher()
    watcher.started(JOB)
    watcher.tick(1)
    watcher.finished(Result("a\n.png", "made"))
    watcher.tick(1)
    watcher.interrupted(1)
    progress.done()
    return stream.getvalue()


def test_without_a_terminal_only_an_interrupt_is_answered() -> None:
    assert _told(terminal=False) == "stopping: nothing new is sent, 1 picture is still on its way\n"


def test_a_terminal_gets_a_status_line_with_elapsed_time_and_keeps_none() -> None:
    text = _told(terminal=True)
    assert "\r\033[K0 of 2 done, 1 on their way, 1 min 15 s" in text
    assert "\r\033[K1 of 2 done" in text
    assert "making a\\x0a.png (3840x2160, openai-images)\n" in text
    assert "made a\\x0a.png after 1 min 15 s\n" in text
    assert "Ctrl-C again abandons them" in text
    assert text.endswith("\r\033[K")


def test_quiet_still_answers_an_interrupt() -> None:
    assert _told(terminal=True, quiet=True).startswith("stopping: nothing new is sent")


def test_short_times_are_seconds() -> None:
    assert "after 3.2 s" in _told(terminal=True, seconds=3.21)
