"""What a ledger adds up to: dollars by day, route, model and target, and what was sent for nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from verify4k.provenance.ledger_history import History

_MOST = 1e9  # dollars; what costs more, or less than nothing, is a slip of somebody's pen
BY = ("day", "route", "model", "target")


class Sum(NamedTuple):
    """What one day, route, model or target adds up to.

    ``unpriced``: answers that were paid for at an unknown price; ``open``: requests of which it is not
    known whether they were billed. ``at_least``: something of unknown price comes on top.
    """

    name: str
    requests: int = 0
    accepted: int = 0
    dollars: float = 0.0
    at_least: bool = False
    unpriced: int = 0
    open: int = 0


class Unreceived(NamedTuple):
    """A request that was sent and never answered, as far as anybody knows.

    ``waits``: a batch or a task of the provider that may still bring it.
    """

    id: str
    time: str
    target: str
    route: str
    answer: str = ""  # a file that keeps what arrived
    waits: str = ""


def sums(history: History, by: str) -> list[Sum]:
    """Return the sums, by name."""
    found: dict[str, Sum] = {}
    for identity, request in history.requests.items():
        name = _text(request, "time")[:10] if by == "day" else _text(request, by)
        name = name or "unknown"
        found[name] = _added(found.get(name, Sum(name)), request, history.outcomes.get(identity, {}))
    return sorted(found.values())


def total(history: History) -> Sum:
    """Return the sum of everything."""
    found = Sum("all")
    for identity, request in history.requests.items():
        found = _added(found, request, history.outcomes.get(identity, {}))
    return found


def unreceived(history: History) -> Iterator[Unreceived]:
    """Yield what was sent and never received, oldest first."""
    for identity, request in history.requests.items():
        outcome = history.outcomes.get(identity)
        if _free(request) or (outcome is not None and outcome.get("verdict") != "lost"):
            continue
        time, target, route = (_text(request, key) for key in ("time", "target", "route"))
        answer = _text(outcome or {}, "answer")
        yield Unreceived(identity, time, target, route, answer, "" if outcome else _waits(request))


def _waits(request: Mapping[str, Any]) -> str:
    ticket = request.get("ticket")
    if not isinstance(ticket, dict):
        return ""
    task = _text(ticket, "task")
    return f"task {task}" if task else f"batch {_text(ticket, 'batch') or 'not known to have begun'}"


def _added(so_far: Sum, request: Mapping[str, Any], outcome: Mapping[str, Any]) -> Sum:
    dollars = outcome.get("dollars")
    known = isinstance(dollars, int | float) and not isinstance(dollars, bool) and 0 <= dollars < _MOST
    billed = outcome.get("billed")
    return so_far._replace(
        requests=so_far.requests + 1,
        accepted=so_far.accepted + (outcome.get("verdict") == "accepted"),
        dollars=so_far.dollars + (float(dollars) if known and dollars is not None else 0.0),
        at_least=so_far.at_least or bool(outcome.get("dollars_at_least")),
        unpriced=so_far.unpriced + (billed == "yes" and not known),
        open=so_far.open + (not _free(request) and (not outcome or billed in ("unknown", "likely"))),
    )


def _free(request: Mapping[str, Any]) -> bool:
    """Whether nothing was sent: a placeholder, a picture that a person brought."""
    return request.get("kind") in ("placeholder", "browser") or not request.get("endpoint", "sent")


def _text(record: Mapping[str, Any], key: str) -> str:
    value = record.get(key)
    return value if isinstance(value, str) else ""
