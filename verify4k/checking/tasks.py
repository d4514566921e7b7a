"""One artifact's work as it travels to where it is done: small, plain and the same everywhere."""

from __future__ import annotations

import atexit
import sys
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from verify4k.artifacts.artifact import Artifact
from verify4k.checking.judging import Judged, judge, judge_rest, nothing_judged
from verify4k.checking.plan import Planned
from verify4k.errors import Verify4kError
from verify4k.files.source import FileSource, PiecesOnly
from verify4k.named_tuple import NamedTuple
from verify4k.report import Undecided
from verify4k.rules import all_rules

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from verify4k.artifacts.fact_cache import FactCache
    from verify4k.artifacts.tools import Tools
    from verify4k.artifacts.tracking import Tracked
    from verify4k.checking.plan import Asked, Settings
    from verify4k.checking.scope import Scope
    from verify4k.files.source import Source
    from verify4k.model import Asset
    from verify4k.provenance.ledger_history import History


T = TypeVar("T")


class Context(NamedTuple):
    """What all artifacts of a run share. ``ledger``: by value where it is not the root's file."""

    settings: Settings
    root: str
    own_ledger: bool = False
    ledger: History | Verify4kError | None = None

    def history(self) -> History | None:
        """Return the ledger that the run goes by. Raises `CannotRead`."""
        if not self.own_ledger:
            from verify4k.checking.scope import ledger_at

            return ledger_at(self.root)
        if isinstance(self.ledger, Verify4kError):
            raise self.ledger
        return self.ledger


class Task(NamedTuple):
    """One artifact and what it is asked."""

    asset: Asset
    source: Source
    asked: Asked
    path: str  # as people write it
    bind: bool
    tracked: Tracked | Verify4kError | None  # what git knows of it

    def tracking(self, _asset: Asset) -> Tracked | None:
        """Return what git knows. Raises `CannotRead`."""
        if isinstance(self.tracked, Verify4kError):
            raise self.tracked
        return self.tracked


def task_of(scope: Scope, asset: Asset, asked: Asked, path: str, *, bind: bool) -> Task:
    """Return the work on one artifact of a run."""
    tracked: Tracked | Verify4kError | None = None
    if scope.tracking is not None:
        try:
            tracked = scope.tracking(asset)
        except Verify4kError as error:
            tracked = error
    return Task(asset, scope.source_of(asset), asked, path, bind, tracked)


def context_of(scope: Scope, settings: Settings) -> Context:
    """Return the context of a run, fit for travelling."""
    plain = settings._replace(bounds={})
    if scope.ledger is None:
        return Context(plain, scope.manifest.root)
    try:
        return Context(plain, scope.manifest.root, own_ledger=True, ledger=scope.ledger())
    except Verify4kError as error:
        return Context(plain, scope.manifest.root, own_ledger=True, ledger=error)


def opened(
    task: Task,
    tools: Tools,
    history: Callable[[], History | None],
    settings: Settings,
    planned: Sequence[Planned],
) -> Artifact:
    """Open an artifact as a run looks at it."""
    decodes = settings.depth == "full"
    colour = decodes and (settings.thumbnails or True in [each.rule.colour for each in planned])
    artifact = Artifact(
        task.asset,
        task.source,
        settings.depth,
        colour=colour,
        tools=tools,
        ledger=history,
        tracking=task.tracking,
        limits=settings.limits,
    )
    return remembering(artifact, settings.fact_cache)


def remembering(artifact: Artifact, fact_cache: FactCache | None) -> Artifact:
    """Give an artifact what earlier runs have measured of it, where it is a file looked at in depth."""
    source = artifact.source
    if fact_cache is not None and artifact.depth == "full" and isinstance(source, FileSource):
        artifact.cached_facts = fact_cache.of(source.path, artifact.limits, colour=artifact.colour)
    return artifact


def work(
    tools: Tools,
    history: Callable[[], History | None],
    settings: Settings,
    planned: Sequence[Planned],
    task: Task,
) -> Judged:
    """Judge one artifact here."""
    artifact = opened(task, tools, history, settings, planned)
    return judge(artifact, planned, settings, task.path, bind=task.bind)


def remembered(
    tools: Tools,
    history: Callable[[], History | None],
    settings: Settings,
    planned: Sequence[Planned],
    task: Task,
) -> Judged | None:
    """Judge here a file that an earlier run has measured all of; None for any other.

    To send it to a process and its outcome back takes longer than to judge it, and no decoder meets it: a
    fact that nobody remembers asks for the whole file, and this process does not read it.
    """
    if type(task.source) is not FileSource or settings.thumbnails:
        return None
    source = PiecesOnly(task.source.path, task.source.limit)
    artifact = opened(task._replace(source=source), tools, history, settings, planned)
    if not artifact.fresh:
        return None
    judged = judge(artifact, planned, settings, task.path, bind=task.bind)
    return None if source.refused else judged


def rest(
    tools: Tools, history: Callable[[], History | None], settings: Settings, task: Task, judged: Judged
) -> Judged:
    """Ask here what only this process can ask, for an artifact that another one has judged."""
    planned = _planned(task)
    if all(each.rule.id in judged.states for each in planned):
        return judged
    return judge_rest(opened(task, tools, history, settings, planned), planned, judged, task.path)


def _planned(task: Task) -> list[Planned]:
    rules = all_rules()
    return [Planned(rules[name], *how) for name, how in ((each[0], each[1:]) for each in task.asked)]


def work_away(context: Context, task: Task) -> tuple[Any, ...]:
    """Judge one artifact in a process that is not the run's; return all of `Judged` but the asset."""
    return tuple(work(_tools(), context.history, context.settings, _planned(task), task))[1:]


def came_back(asset: Asset, told: tuple[Any, ...]) -> Judged:
    """Return what `work_away` has told, about the asset that this process knows."""
    judged = Judged(asset, *told)
    # names that came through a pipe are new each time: shared, they take a third of the memory
    return judged._replace(states=_shared_names(judged.states), facts=_shared_names(judged.facts))


def _shared_names(named: Mapping[str, T]) -> dict[str, T]:
    return {sys.intern(name): value for name, value in named.items()}


@cache
def _tools() -> Tools:
    """Return this process's tools, which end when it does."""
    from verify4k.artifacts.tools import Tools
    from verify4k.checking.children import ending

    tools = Tools()
    ending.append(tools.close)
    atexit.register(tools.close)
    return tools


def undone(task: Task, error: Verify4kError) -> Judged:
    """Return the outcome of an artifact whose work did not come to its end: nothing is known of it."""
    from verify4k.artifacts.inspection import known_facts

    judged = nothing_judged(task.asset)
    artifact = Artifact(task.asset, task.source, "header")
    artifact.failures["data"] = error
    rules = all_rules()
    for rule, _, _, lends, _ in task.asked:
        judged.states[rule] = "not-asked" if lends else "undecided"
        if rules[rule].along is not None:
            judged.kept[rule] = error
    first = task.asked[0][0] if task.asked else ""
    judged.told.append(error)
    judged.undecided.append(
        Undecided(task.asset.target, first, error.message, error.hint, task.asset.place, task.path)
    )
    return judged._replace(facts=known_facts(artifact))
