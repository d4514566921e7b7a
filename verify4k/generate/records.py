"""Ledger lines: what is written about a request before it leaves, and about what came of it."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import TYPE_CHECKING, Any

from verify4k import __version__
from verify4k.generate.edges import TIME
from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from verify4k.formats.facts import Size
    from verify4k.generate.plan import Job
    from verify4k.routes import Order
    from verify4k.routes.protocol.envelopes import Usage


_REASON = 1500  # characters: a longer line would be no record; all of it stands beside what was rejected
_OLD = dt.timedelta(days=1)
BATCH = "batch"  # billing of a request that went out in a batch, at half the price


def share_of(line: Mapping[str, Any]) -> float:
    """Return which part of the usual price a request costs, by its line."""
    return 0.5 if line.get("billing") == BATCH else 1.0


def is_old(line: Mapping[str, Any], now: float, than: dt.timedelta = _OLD) -> bool:
    """Whether a request was recorded more than a day (``than``) before ``now``, seconds since the epoch."""
    try:
        begun = dt.datetime.strptime(str(line.get("time")), TIME).replace(tzinfo=dt.UTC)
        return dt.datetime.fromtimestamp(now, dt.UTC) - begun > than
    except (ValueError, OverflowError):
        return False


def prompt_hash(prompt: str) -> str:
    """Return the SHA-256 of a prompt; the text itself stays in the manifest."""
    return hashlib.sha256(prompt.encode()).hexdigest()


def order_hash(order: Order) -> str:
    """Return a digest of everything that decides what an answer shows, size included."""
    parts = [
        order.target,
        prompt_hash(order.prompt),
        str(order.size),
        order.quality,
        order.model,
        order.format,
        order.background,
        str(order.compression),
        json.dumps(dict(order.extra), sort_keys=True),
        *(one.sha256 for one in order.sources),
        order.mask.sha256 if order.mask else "",
    ]
    return hashlib.sha256("\0".join(parts).encode("utf-8", "backslashreplace")).hexdigest()


def request_line(identity: str, time: str, job: Job, order: Order, endpoint: str) -> dict[str, Any]:
    """Return the line that is on disk before the request leaves."""
    profile = job.profile
    return {
        "event": "request",
        "id": identity,
        "time": time,
        "tool": f"verify4k {__version__}",
        "target": order.target,
        "route": profile.name,
        "kind": profile.kind,
        "owner": profile.owner,
        "endpoint": endpoint,
        "model": order.model,
        "model_sent": profile.models.get(order.model, order.model),
        "size": str(order.size),
        "quality": order.quality,
        "format": order.format,
        "background": order.background,
        "prompt_sha256": prompt_hash(order.prompt),
        "prompt_version": job.options.prompt_version,
        "order_sha256": order_hash(order),
        "sources": [{"name": one.name, "sha256": one.sha256} for one in order.sources],
        "billing": profile.billing,
        "estimate": {"tokens": job.estimate.tokens, "dollars": job.estimate.dollars},
    }


class Outcome(NamedTuple):
    """What came of one request."""

    verdict: str  # "accepted", "rejected", "failed", "lost"
    reason: str = ""
    sha256: str = ""
    bytes: int | None = None
    size: Size | None = None
    request_id: str = ""
    usage: Usage | None = None
    dollars: float | None = None
    billed: str = ""
    seconds: float | None = None
    attempts: int | None = None
    kept_as: str = ""
    more: Mapping[str, Any] = {}

    def line(self, identity: str, time: str, target: str) -> dict[str, Any]:
        """Return the ledger line."""
        return {
            "event": "outcome",
            "id": identity,
            "time": time,
            "target": target,
            "verdict": self.verdict,
            "reason": self.reason[:_REASON],
            "sha256": self.sha256,
            "bytes": self.bytes,
            "size": str(self.size) if self.size else None,
            "request_id": self.request_id,
            "usage": _usage(self.usage) if self.usage else None,
            "dollars": self.dollars,
            "billed": self.billed,
            "seconds": None if self.seconds is None else round(self.seconds, 3),
            "attempts": self.attempts,
            "kept_as": self.kept_as,
            **self.more,
        }


def _usage(usage: Usage) -> dict[str, Any]:
    """Return the server's counts and, where it tells kinds apart, the picture's tokens by kind."""
    kinds = {kind: count for kind, count in usage.picture._asdict().items() if count is not None}
    told_apart = kinds.keys() - {"total_in", "total_out"}
    found = {name: count for name, count in usage._asdict().items() if name != "picture"}
    return found | ({"picture": kinds} if told_apart else {})
