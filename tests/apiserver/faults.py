"""The register of misbehaviours, each with what verify4k must make of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from apiserver.server import Handler

    Act = Callable[[Handler], None]


class Fault(NamedTuple):
    """One misbehaviour. ``says``: words that must reach the user."""

    name: str
    acts: tuple[Act, ...]
    says: str
    requests: int = 1
    made: bool = False  # a right picture all the same
    billed: bool = False  # "may have been billed" must be said
    kept: bool = False  # the bytes stay as NAME.rejected.SUFFIX
    unread: bool | None = False  # the answer stays as NAME.unread.answer; None: by chance
    deadline: float = 300.0
    responses: bool = False  # speaks the Responses API
    stream: bool = False  # asked for as a stream with two partial pictures


FAULTS: dict[str, Fault] = {}


def fault(
    name: str,
    says: str,
    *then: Act,
    requests: int = 1,
    made: bool = False,
    billed: bool = False,
    kept: bool = False,
    unread: bool | None = False,
    deadline: float = 300.0,
    responses: bool = False,
    stream: bool = False,
) -> Callable[[Act], Act]:
    """Register a misbehaviour; ``then`` is what later requests meet."""

    def register(act: Act) -> Act:
        assert name not in FAULTS, name
        FAULTS[name] = Fault(
            name, (act, *then), says, requests, made, billed, kept, unread, deadline, responses, stream
        )
        return act

    return register


def all_faults() -> list[Fault]:
    """Import the files that register, and return everything."""
    from apiserver import envelope_faults, error_faults, picture_faults, stream_faults, wire_faults

    assert all((envelope_faults, error_faults, picture_faults, stream_faults, wire_faults))
    return list(FAULTS.values())
