"""Rules and how a file of ``verify4k/rules`` registers one.

A rule is a function ``(artifact) -> Iterator[Problem]``. It reads facts, never files, and
lets `CannotRead` fly. A rule over the whole run has two halves: ``collect`` sees each
artifact while it is open and keeps something small; the rule itself compares what was kept. Of very many
artifacts that lies in a file: a rule names them by their places, and reads each when it needs it.
A rule along a chain (`from:`) has the same halves: it compares what ``keep`` kept of an artifact with
what it kept of those it was made from.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from verify4k.errors import UsageError
from verify4k.model import Problem
from verify4k.named_tuple import NamedTuple
from verify4k.options.kinds import describe

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from verify4k.artifacts.artifact import Artifact
    from verify4k.model import Asset, Manifest
    from verify4k.report import Severity

    Check = Callable[[Artifact], Iterator[Problem]]
    Collect = Callable[[Artifact], Any]
    Compare = Callable[[Sequence[tuple[Asset, Any]], "Surroundings"], Iterator[tuple[Asset, Problem]]]
    AskedWhen = Callable[[Asset], bool]
    Keep = Callable[[Artifact, Sequence[Asset]], Any]
    Along = Callable[[Asset, Sequence["Link"]], Iterator[Problem]]


class Served(NamedTuple):
    """How a server answers with an example's picture; ``how`` says what else is special about it.

    `tests/served.py` answers so.
    """

    status: int = 200
    headers: Mapping[str, str] = {}  # besides, or instead of, a true Content-Type; "": leave it out
    how: str = ""

    def __str__(self) -> str:
        said = [f"status {self.status}"] if self.status != 200 else []
        said += [f"`{name}: {value}`" if value else f"no {name}" for name, value in self.headers.items()]
        return ", ".join(["served", *said, *([self.how] if self.how else [])])


class Picture(NamedTuple):
    """A picture to be made for an example; ``kind`` says what is special about it.

    `tests/pictures.py` makes them; the suffix of ``name`` picks the format. One that is ``served``
    is promised by its URL.
    """

    width: int = 64
    height: int = 36
    name: str = "picture.png"
    kind: str = "plain"
    served: Served | None = None


class Example(NamedTuple):
    """One line of a rule's page, and one test: pictures, what is promised, and what is found.

    ``promise`` is the manifest entry of every picture. ``finds`` states message, expected,
    actual and, where it is not the rule's own, severity; ``...`` in a text stands for anything
    that another version of an encoder may change, such as a number of bytes.
    """

    title: str
    pictures: Picture | Sequence[Picture]
    promise: Mapping[str, Any]
    finds: Problem | Sequence[Problem] = ()
    attributes: str = ""  # a .gitattributes: the pictures are committed to a repository that has it
    groups: Mapping[str, Any] = {}  # the manifest's ``groups:``, where the rule is about several files

    @property
    def files(self) -> Sequence[Picture]:
        """The pictures as a sequence."""
        return (self.pictures,) if isinstance(self.pictures, Picture) else self.pictures

    @property
    def problems(self) -> Sequence[Problem]:
        """What is found, as a sequence; empty for an example that passes."""
        return (self.finds,) if isinstance(self.finds, Problem) else self.finds


class Surroundings(NamedTuple):
    """What a rule over the whole run may know besides the artifacts."""

    manifest: Manifest
    images_beside: Callable[[], Sequence[str]]  # targets of image files in the promised folders
    stranger: Callable[[Asset, str], Asset]  # (promised file, target beside it) -> an asset to report
    reopen: Callable[[Asset], Artifact]  # for a second look, in colour; use it as a context manager


class Link:
    """One artifact of a chain: its promise, and what a rule's ``keep`` kept of it."""

    __slots__ = ("_look", "asset")

    def __init__(self, asset: Asset, look: Callable[[], Any]) -> None:
        self.asset = asset
        self._look = look

    @property
    def seen(self) -> Any:
        """What was kept. Raises what ``keep`` raised."""
        return self._look()


class Rule(NamedTuple):
    """One registered rule."""

    id: str
    page: str
    severity: Severity
    enabled: bool  # runs unless a manifest or --select says otherwise
    check: Check | None
    collect: Collect | None
    compare: Compare | None
    options: type | None
    asked: AskedWhen | None  # None: asked of every asset
    examples: tuple[Example, ...]
    pairs: bool = False  # compares assets with each other: nothing to do for one alone
    among: Callable[[Asset], Hashable | None] | None = None  # those with equal answers; None: with no other
    colour: bool = False  # looks at colours: a JPEG is not decoded to brightness alone
    beyond_header: bool = False  # of what can be read it says nothing at header depth, whatever was promised
    keep: Keep | None = None  # what of an artifact, for the promises of these assets
    along: Along | None = None  # compares an artifact with those it was made from

    @property
    def title(self) -> str:
        """The claim, one line."""
        return self.page.partition("\n")[0]

    @property
    def keys(self) -> tuple[str, ...]:
        """The options of an entry that it reads."""
        return () if self.options is None else tuple(describe(self.options))

    def is_asked(self, asset: Asset) -> bool:
        """Whether this asset's manifest entry gives the rule something to check."""
        return self.asked is None or self.asked(asset)


_REGISTRY: dict[str, Rule] = {}


def rule(  # noqa: PLR0913 - all that a rule says of itself
    identity: str,
    *,
    examples: Iterable[Example],
    options: type | None = None,
    when_promised: bool = False,
    asked: AskedWhen | None = None,
    severity: Severity = "error",
    enabled: bool = True,
    colour: bool = False,
    beyond_header: bool = False,
) -> Callable[[Check], Check]:
    """Register a rule about one artifact; the module's docstring is its page.

    ``when_promised``: ask only where the manifest sets one of the rule's ``options``. ``colour``: it
    looks at colours, not at brightness alone. ``beyond_header``: it needs pixels, or all bytes, of every
    picture; at header depth it is then not even called, unless somebody asked for it.
    """
    if when_promised and options is not None:
        asked = _promised(options)

    def register(check: Check) -> Check:
        page = _page(check)
        new = Rule(identity, page, severity, enabled, check, None, None, options, asked, tuple(examples))
        _add(new._replace(colour=colour, beyond_header=beyond_header))
        return check

    return register


def run_rule(  # noqa: PLR0913 - all that such a rule says of itself
    identity: str,
    *,
    collect: Collect,
    examples: Iterable[Example],
    options: type | None = None,
    asked: AskedWhen | None = None,
    severity: Severity = "error",
    enabled: bool = True,
    pairs: bool = False,
    among: Callable[[Asset], Hashable | None] | None = None,
    beyond_header: bool = False,
) -> Callable[[Compare], Compare]:
    """Register a rule about the run as a whole.

    ``pairs``: it compares assets with each other. ``among``: what those have in common that it compares;
    by default a rule of pairs compares all, any other none. ``beyond_header``: see `rule`.
    """
    if pairs and among is None:
        among = _every

    def register(compare: Compare) -> Compare:
        page = _page(compare)
        rule = Rule(
            identity, page, severity, enabled, None, collect, compare, options, asked, tuple(examples)
        )
        _add(rule._replace(pairs=pairs, among=among, beyond_header=beyond_header))
        return compare

    return register


def _every(_asset: Asset) -> str:
    return "every asset with every other"


def chain_rule(
    identity: str,
    *,
    keep: Keep,
    examples: Iterable[Example],
    options: type | None = None,
    when_promised: bool = False,
    colour: bool = False,
) -> Callable[[Along], Along]:
    """Register a rule about an asset that has a ``from:``.

    It is given the asset whose promise counts and the chain that ends in what is judged, the first
    source first; of its examples the first picture is the source of the second, and so on.
    """

    def asked(asset: Asset) -> bool:
        return asset.made_from is not None and (not when_promised or options in asset.options)

    def register(along: Along) -> Along:
        page = _page(along)
        rule = Rule(identity, page, "error", True, None, None, None, options, asked, tuple(examples))
        _add(rule._replace(colour=colour, keep=keep, along=along))
        return along

    return register


def _promised(options: type) -> AskedWhen:
    return lambda asset: options in asset.options


def _page(function: Callable[..., Any]) -> str:
    return (sys.modules[function.__module__].__doc__ or "").strip()


def _add(new: Rule) -> None:
    if not new.page and sys.flags.optimize > 1:
        told = "this Python drops docstrings (-OO, PYTHONOPTIMIZE=2), which are the pages of verify4k's rules"
        raise UsageError(told, "unset PYTHONOPTIMIZE, or set it to 1")
    if not new.page:
        raise TypeError(f"rule {new.id} has no page: write the module's docstring")
    if {bool(example.problems) for example in new.examples} != {True, False}:
        raise TypeError(f"rule {new.id} needs an example that passes and one that fails")
    failing = {key for example in new.examples if example.problems for key in example.promise}
    failing |= {"in-group" for example in new.examples if example.problems and example.groups}
    for key in describe(new.options) if new.options is not None else ():
        if key not in failing:
            raise TypeError(f"option {key} of rule {new.id} has no example that fails")
    if new.id in _REGISTRY:
        raise TypeError(f"two rules are called {new.id}")
    _REGISTRY[new.id] = new


def registered() -> dict[str, Rule]:
    """Return the rules whose files have been imported, by id, sorted; see `verify4k.rules.all_rules`."""
    return dict(sorted(_REGISTRY.items()))
