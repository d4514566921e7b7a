"""The animation plays as promised: how many frames, how long each is shown, how often it repeats.

Sticker stores refuse frames of less than 8 ms, advertising stops after 30 seconds, and CDNs that optimise
GIFs drop the loop or merge frames. `frames: 2..60` counts what plays (a still has one), `frame-time: 20ms..`
bounds every frame, `duration: ..30s` one round, `loop: forever`, `once` or a number of rounds. A picture that
does not move has no times; `animation: required` says that it has to move.

Times are those that the file names. Browsers show frames of 10 ms and less for 100 ms.

Fix: set the times in the export; look for the optimiser that changed them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.model import Problem
from verify4k.options.kinds import Options, Range, option, whole_range
from verify4k.options.numbers import Span, span
from verify4k.options.numbers import plays as rounds
from verify4k.rule import Example, Picture, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify4k.artifacts.artifact import Artifact

_FIX = "set it in the export; look for the optimiser that changed it"
_UNITS = {"ms": 1.0, "s": 1000.0}


class TimingOptions(Options):
    """How the picture may play."""

    frames: Range | None = option(
        whole_range("a number of frames that play, like 2..60 (the cells of a sheet: grid: 8x4)"),
        "frames that play",
    )
    frame_time: Span | None = option(span("20ms..1s", "ms", _UNITS), "how long each frame is shown")
    duration: Span | None = option(span("1s..30s", "ms", _UNITS), "how long one round takes")
    loop: int | None = option(rounds, "how often it plays")


@rule(
    "right-timing",
    options=TimingOptions,
    when_promised=True,
    examples=[
        Example(
            "two frames of 100 ms, for ever",
            Picture(name="spin.gif", kind="animated"),
            {"frames": "2", "frame-time": "20ms..", "duration": "..1s", "loop": "forever"},
        ),
        Example("a still has no times", Picture(), {"frame-time": "20ms..", "loop": "forever"}),
        Example(
            "a frame was lost",
            Picture(name="spin.gif", kind="animated"),
            {"frames": "3.."},
            finds=Problem("the number of frames differs", "3.. frames", "2 frames"),
        ),
        Example(
            "frames too short",
            Picture(name="spin.gif", kind="animated"),
            {"frame-time": "120ms.."},
            finds=Problem("a frame is shown too short or too long", "at least 120 ms", "100 ms"),
        ),
        Example(
            "a round takes too long",
            Picture(name="spin.gif", kind="animated"),
            {"duration": "..0.15s"},
            finds=Problem("one round takes too short or too long", "at most 150 ms", "200 ms"),
        ),
        Example(
            "plays once where it has to go on",
            Picture(name="spin.gif", kind="animated-once"),
            {"loop": "forever"},
            finds=Problem("it plays another number of times", "forever", "once"),
        ),
    ],
)
def right_timing(artifact: Artifact) -> Iterator[Problem]:
    """Compare frames and times with the promise."""
    wants = artifact.asset[TimingOptions]
    if wants.frames is not None and artifact.frames not in wants.frames:
        found = _frames(str(artifact.frames))
        yield Problem("the number of frames differs", _frames(str(wants.frames)), found, _FIX, "frames")
    if wants.frame_time is None and wants.duration is None and wants.loop is None:
        return
    timing = artifact.timing
    if timing is None:
        return
    if wants.frame_time and not all(map(wants.frame_time.holds, (timing.shortest, timing.longest))):
        times = dict.fromkeys((timing.shortest, timing.longest))
        found = " to ".join(f"{time:,.6g}" for time in times) + " ms"
        yield Problem(
            "a frame is shown too short or too long", str(wants.frame_time), found, _FIX, "frame-time"
        )
    if wants.duration and not wants.duration.holds(timing.total):
        found = f"{timing.total:,.6g} ms"
        yield Problem("one round takes too short or too long", str(wants.duration), found, _FIX, "duration")
    if wants.loop is not None and timing.plays != wants.loop:
        yield Problem(
            "it plays another number of times", _times(wants.loop), _times(timing.plays), _FIX, "loop"
        )


def _frames(count: str) -> str:
    return "one frame" if count == "1" else f"{count} frames"


def _times(number: int) -> str:
    return {0: "forever", 1: "once"}.get(number, f"{number} times")
