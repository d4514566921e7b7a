"""Batches of the test server: what is sent in them, and what their files are made to answer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bench import Bench


def two(bench: Bench, **more: Any) -> None:
    """Promise two pictures that a batch can take."""
    bench.manifest(
        {
            name: {"size": "1024x640", "generate": {"prompt": f"picture {name}", **more}}
            for name in ("a.png", "b.png")
        }
    )


def good_line(bench: Bench) -> dict[str, Any]:
    """Send one picture in a batch; return the line of its output."""
    bench.one("a crimson lighthouse")
    bench.generate("--batch")
    found: dict[str, Any] = json.loads(bench.server.shelf.files["out-batch_1"])
    return found


def answer_with(bench: Bench, *lines: object) -> None:
    """Put lines into the file that the first batch answers with."""
    texts = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
    bench.server.shelf.files["out-batch_1"] = b"\n".join(texts)
