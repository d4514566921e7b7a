"""What became of each picture of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from verify4k.errors import Verify4kError
    from verify4k.formats.facts import Size

Status = Literal[
    "made",
    "verified",
    "rejected",
    "undecided",
    "failed",
    "busy",
    "manual",
    "not-sent",
    "stopped",
    "pending",  # in a batch
]


class Result(NamedTuple):
    """One target's result. ``stop``: the account is meant, nothing more should be sent."""

    target: str
    status: Status
    message: str = ""
    size: Size | None = None
    bytes: int | None = None
    seconds: float | None = None
    dollars: float | None = None
    request_id: str = ""
    kept_as: str = ""
    notes: tuple[str, ...] = ()
    stop: bool = False
    wait: float | None = None
    unjudged: tuple[str, ...] = ()  # rules that a good picture was not judged by
    dollars_at_least: bool = False  # something of unknown price comes on top


def failed(target: str, error: Verify4kError) -> Result:
    """Return what an error means for one picture, so that it ends no run that has sent something."""
    return Result(target, "failed", error.message + (f" ({error.hint})" if error.hint else ""))


COLLECT = "verify4k generate --resume"
COLLECT_ONE = "the same command, with --resume in place of --batch"
CRASHED = 70  # a bug of ours, whatever became of the pictures


def exit_code(results: Iterable[Result]) -> int:
    """Return 0 when every picture is there and verified, 1 when one is not, 3 when undecided."""
    statuses = {result.status for result in results}
    if statuses <= {"made", "verified"}:
        return 0
    return 3 if statuses <= {"made", "verified", "undecided"} else 1
