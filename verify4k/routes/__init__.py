"""Ways to get a picture: one file a route, found by its file name, registered by importing it.

A route's file holds ``route``, a `Route`. Its docstring is its page. Routes say what to send and
read what comes back; they never touch the network, the disk or the clock.
"""

from __future__ import annotations

import importlib
import pkgutil
from typing import TYPE_CHECKING

from verify4k.errors import UsageError
from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from verify4k.formats.facts import Size
    from verify4k.net.exchange import Answer
    from verify4k.routes.protocol.envelopes import Received
    from verify4k.routes.protocol.error_bodies import Coded
    from verify4k.routes.protocol.polling import Poll
    from verify4k.routes.protocol.profile import Profile


class SourceImage(NamedTuple):
    """A picture that goes out with an edit."""

    name: str
    format: str  # "png", "jpeg", "webp": by its bytes
    data: bytes
    sha256: str


class Order(NamedTuple):
    """Everything about one picture to be made, settled and validated."""

    target: str
    prompt: str
    size: Size
    quality: str
    model: str  # as the contract knows it; a profile may map it to another name
    format: str  # "png", "jpeg", "webp", from the target's suffix
    background: str = ""  # "opaque", "transparent", "auto"; "" leaves it out
    compression: int | None = None
    extra: Mapping[str, Any] = {}
    sources: tuple[SourceImage, ...] = ()
    mask: SourceImage | None = None


class Call(NamedTuple):
    """What to send: path below the base URL, content type and body."""

    path: str
    content_type: str
    body: bytes


class Route(NamedTuple):
    """One way. Network routes have ``call`` and ``read``, offline ones ``make``, manual ones neither.

    ``unjudged``: rules that no picture of this route can keep, by its nature; as few as possible, and told.
    """

    kind: str
    page: str
    official: Profile
    edits: bool = False
    call: Callable[[Order, Profile], Call] | None = None
    read: Callable[[Answer, Profile], Received] | None = None
    make: Callable[[Order], bytes] | None = None
    coded: Coded | None = None  # what the vendor's own error codes mean, asked before the common ones
    unjudged: frozenset[str] = frozenset()
    poll: Poll | None = None  # how a task is asked for, where the profile's background is on
    batches: bool = False  # whether it has OpenAI's Batch API for this
    serves: str = ""  # how the names of its models begin; empty: any
    masks: bool = True  # whether an edit may say what of the picture may change
    streams: bool = False  # whether the picture may come as a stream, after partial ones
    address_variable: str = (
        ""  # the environment variable by which the vendor's own tools are pointed elsewhere
    )
    address_suffix: str = ""  # what such an address lacks

    @property
    def network(self) -> bool:
        """Whether it sends anything."""
        return self.call is not None


def kinds() -> tuple[str, ...]:
    """Return the names of all routes, sorted, without importing them."""
    files = (module for module in pkgutil.iter_modules(__path__) if not module.ispkg)
    return tuple(sorted(module.name.replace("_", "-") for module in files))


def find_route(kind: str) -> Route:
    """Import one route. Raises `UsageError` with a guess for a name that is none."""
    if kind not in kinds():
        from verify4k.suggest import suggest

        near = suggest(kind, kinds())
        hint = f"did you mean {near}?" if near else f"known: {', '.join(kinds())}"
        raise UsageError(f"there is no route {kind[:60]!a}", hint)
    found: Route = importlib.import_module(f"{__name__}.{kind.replace('-', '_')}").route
    return found
