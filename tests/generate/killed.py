"""What a killed process leaves: a request without an outcome, and what had arrived of its answer."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

from verify4k.generate.slots import Slot
from verify4k.net.exchange import Head

if TYPE_CHECKING:
    from bench import Bench


def body_with(data: bytes) -> bytes:
    """Return the body of a good answer."""
    return json.dumps({"data": [{"b64_json": base64.b64encode(data).decode()}]}).encode()


def leave(bench: Bench, data: bytes, *, status: int = 200, outcome: bool = False) -> None:
    """Leave the folder as a process does that was killed with this much of an answer on the disk."""
    bench.one("a hill")
    bench.generate()
    bench.path("hero.png").unlink()
    bench.server.seen.clear()
    lines = bench.path("verify4k.ledger.jsonl").read_text().splitlines(keepends=True)
    bench.path("verify4k.ledger.jsonl").write_text("".join(lines if outcome else lines[:1]))
    with Slot(bench.path("hero.png")) as slot:
        slot.start(json.loads(lines[0])["id"])
        slot.begin(Head(status, {"content-type": "application/json", "x-request-id": "req_early"}))
        slot.write(data)
