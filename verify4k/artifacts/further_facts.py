"""What a file says beyond its pixels, JSON-able: density, timing, pictures inside, coding.

Nothing here decides whether a file is intact, so what cannot be told is null and no error.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from verify4k.artifacts.guard import guarded
from verify4k.artifacts.native_facts import coding_facts
from verify4k.errors import Verify4kError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from verify4k.artifacts.artifact import Artifact


KEYS = ("progressive", "density", "timing", "pictures", "gain_map", "hdr", "coding")


def further_facts(artifact: Artifact) -> dict[str, Any]:
    """Return what the keys below say; None where there is nothing to tell.

    Keys: ``progressive``, ``coding``, ``gain_map``, ``hdr`` in words; ``density`` [across, down] in dpi by
    the first field that names one; ``timing``: ``shortest``, ``longest`` and ``total`` in ms, ``plays``
    (0: for ever); ``pictures``: sizes, where there are several.
    """
    return {
        "progressive": _or_none(lambda: artifact.header.progressive),
        "density": _or_none(lambda: _density(artifact)),
        "timing": _or_none(lambda: _timing(artifact)),
        "pictures": _or_none(lambda: _pictures(artifact)),
        "gain_map": _or_none(lambda: artifact.gain_map),
        "hdr": _or_none(lambda: artifact.hdr or None),
        "coding": _or_none(lambda: coding_facts(artifact.coding)),
    }


def _or_none(get: Callable[[], Any]) -> Any:
    try:
        return guarded(get)
    except Verify4kError:
        return None


def _density(artifact: Artifact) -> list[float] | None:
    named = artifact.densities
    return [round(named[0].across, 2), round(named[0].down, 2)] if named else None


def _timing(artifact: Artifact) -> dict[str, Any] | None:
    found = artifact.timing
    if found is None:
        return None
    return {key: round(value, 3) for key, value in found._asdict().items() if key != "frames"}


def _pictures(artifact: Artifact) -> list[list[int]] | None:
    found = artifact.pictures
    return [list(size) for size in found] if len(found) > 1 else None


def further_notes(facts: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines that ``inspect`` prints below a file's row."""
    if facts["pictures"]:
        sizes = ["x".join(map(str, size)) for size in facts["pictures"]]
        if facts["gain_map"]:
            yield f"holds {sizes[0]} and a gain map of {', '.join(sizes[1:])}"
        else:
            icons = dict.fromkeys("x".join(map(str, size)) for size in sorted(facts["pictures"]))
            yield f"holds {', '.join(icons)}"
    if facts["timing"]:
        timing = facts["timing"]
        each = dict.fromkeys((timing["shortest"], timing["longest"]))
        plays = {0: "for ever", 1: "once"}.get(timing["plays"], f"{timing['plays']} times")
        times = " to ".join(f"{time:,g}" for time in each)
        yield f"plays {plays}, {times} ms a frame, {timing['total']:,g} ms in all"
