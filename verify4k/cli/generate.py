"""Make the promised pictures that are missing, and verify each before it gets its name."""

from __future__ import annotations

import itertools
import os
import sys
from typing import TYPE_CHECKING, Any

import click

from verify4k.cli import Command
from verify4k.cli._batches import by_batch, in_batches
from verify4k.cli._numbers import Amount
from verify4k.cli._output import colour_wanted, emit, styled, tell
from verify4k.cli._single import said_on_the_command_line, saved, single_options, single_picture
from verify4k.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from verify4k.generate.choosing import Choice
    from verify4k.generate.edges import Edges
    from verify4k.generate.keys import Trust
    from verify4k.generate.plan import Job
    from verify4k.generate.results import Result
    from verify4k.generate.single import Single
    from verify4k.model import Manifest
    from verify4k.net.exchange import Secret
    from verify4k.provenance.ledger import Ledger

GROUP = "Make"


@click.command(cls=Command, context_settings={"auto_envvar_prefix": "VERIFY4K"})
@click.argument("targets", nargs=-1, metavar="[TARGET]...")
@click.option("-c", "--config", metavar="FILE", help="The manifest; by default found from here upwards.")
@click.option(
    "--dry-run", is_flag=True, help="List every request with size, quality and price; send nothing."
)
@click.option("--failed", is_flag=True, help="Also make anew what is there and fails.")
@click.option("--route", default="", metavar="NAME", help="Use this route for everything, e.g. placeholder.")
@click.option("--max-cost", type=Amount(0), metavar="USD", help="Refuse a plan that may cost more.")
@click.option("--max-images", type=click.IntRange(0), metavar="N", help="Refuse a plan with more requests.")
@click.option(
    "--deadline",
    type=Amount(0.1, 86_400),
    default=600.0,
    show_default=True,
    metavar="SECONDS",
    help="For one picture, waiting and trying again included.",
)
@click.option("-j", "--jobs", type=click.IntRange(1, 64), default=4, show_default=True, help="At a time.")
@click.option(
    "--trust-route",
    multiple=True,
    metavar="NAME=HOST[/PATH][,VARIABLE]",
    help="Let a route of the manifest send key and prompts there; repeatable.",
)
@click.option("-y", "--yes", is_flag=True, help="Do not ask before spending.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("-q", "--quiet", is_flag=True, help="No progress.")
@click.option("--batch", is_flag=True, help="Send everything in batches: half the price, up to a day.")
@click.option("--resume", is_flag=True, help="Collect what waits in batches; costs nothing.")
@click.option(
    "--partials",
    type=click.IntRange(0, 3),
    metavar="N",
    help="Let answers come as streams, after N partial pictures that are shown on a terminal; each costs.",
)
@single_options
def command(targets: tuple[str, ...], config: str | None, **given: Any) -> int:
    """Make the promised pictures that are missing, or only the TARGETs.

    One picture without a manifest: --prompt "..." --size 4k-landscape -o hero.png

    Every answer is judged by the manifest's rules before it gets the target's name; what fails
    is kept as NAME.rejected.SUFFIX. A verified file is never replaced.

    Exit codes: 0 everything is there and verified, 1 something is not, 2 refused before anything
    was sent, 3 something could not be verified, 130 interrupted.
    """
    from verify4k.cli._manifest import open_manifest

    given["way"] = _way(batch=given.pop("batch"), resume=given.pop("resume"))
    wish = _Wish(**{name: given.pop(name) for name in _Wish._fields if name in given})
    if wish.way and wish.partials is not None:
        raise click.UsageError("--partials is about answers that come at once, a batch answers later")
    one = single_picture({**given, "route": wish.route}, targets, config)
    manifest = one.manifest if one else open_manifest(config)
    if not manifest.assets:
        raise click.UsageError("nothing to make: the manifest promises no file")
    code = _generate(manifest, targets, wish, one)
    return saved(one) if one and given["save_manifest"] and code == 0 and not wish.dry_run else code


def _way(*, batch: bool, resume: bool) -> str | None:
    if batch and resume:  # one of them spends, the other must not
        raise click.UsageError("--batch sends, --resume collects: which one is meant?")
    return "batch" if batch else "resume" if resume else None


class _Wish(NamedTuple):
    """What the command line says, the pictures apart."""

    dry_run: bool
    failed: bool
    route: str
    max_cost: float | None
    max_images: int | None
    deadline: float
    jobs: int
    trust_route: tuple[str, ...]
    yes: bool
    form: str
    quiet: bool
    way: str | None  # "batch", "resume" or None: one by one
    partials: int | None
    collect: str = ""  # how a batch is collected, in words


def _generate(manifest: Manifest, targets: tuple[str, ...], wish: _Wish, one: Single | None) -> int:
    from verify4k.generate.edges import real_edges
    from verify4k.generate.guards import within_budget
    from verify4k.generate.keys import configured_trust, parse_trust
    from verify4k.generate.results import COLLECT, COLLECT_ONE

    edges = real_edges()
    trust = [parse_trust(text) for text in wish.trust_route] + configured_trust(edges.environ)
    with said_on_the_command_line(one):
        choice, planned = _plan(manifest, edges, targets, wish)
    if wish.way == "batch":
        planned = in_batches(planned)
    if wish.way != "resume":
        within_budget(list(planned.values()), wish.max_cost, wish.max_images)
    if wish.dry_run:
        _show_plan(list(planned.values()), choice, wish.form)
        return 0
    return _carry_out(
        manifest, edges, choice, planned, trust, wish._replace(collect=COLLECT_ONE if one else COLLECT)
    )


def _plan(
    manifest: Manifest, edges: Edges, targets: Sequence[str], wish: _Wish
) -> tuple[Choice, dict[str, Job]]:
    from verify4k.cli._manifest import chosen_assets
    from verify4k.generate.choosing import choose
    from verify4k.generate.guards import settled_jobs
    from verify4k.generate.plan import Wishes, all_drafts

    assets = chosen_assets(manifest, targets)
    choice = choose(manifest, assets, failed=wish.failed, route=wish.route)
    wishes = Wishes(wish.route, wish.partials, batch=wish.way == "batch")
    drafts = all_drafts(manifest, choice.wanted, edges.today(), wishes, edges.environ)
    return choice, settled_jobs(drafts, choice.replaces)


def _carry_out(
    manifest: Manifest,
    edges: Edges,
    choice: Choice,
    planned: dict[str, Job],
    trust: Sequence[Trust],
    wish: _Wish,
) -> int:
    from verify4k.errors import UsageError
    from verify4k.generate.choosing import settled_results, tidy_verified
    from verify4k.generate.guards import keys_for, network_ready
    from verify4k.generate.results import CRASHED, exit_code

    keys = keys_for(list(planned.values()), edges.environ, trust)
    network_ready(list(planned.values()), edges)
    _agree(list(planned.values()), yes=wish.yes or wish.way == "resume")
    for kept in tidy_verified(manifest, choice, edges):
        tell(f"note: {kept}")
    if wish.way == "resume":
        _tell_uncollected(manifest, choice)
    made = _make(manifest, planned, edges, keys, wish)
    results = [*settled_results(choice.settled), *made.results]
    code = CRASHED if made.crash else exit_code(results)
    try:
        _show_results(list(planned.values()), results, code, wish.form)
    except UsageError as error:  # a full disk behind stdout; something was sent, so it is never 2
        tell(f"error: {error.message}")
        code = code or 1
    if made.crash:
        raise made.crash
    if made.interrupted:
        raise KeyboardInterrupt
    return code


def _tell_uncollected(manifest: Manifest, choice: Choice) -> None:
    """Say what waits in batches for pictures that this run does not make."""
    from pathlib import Path

    from verify4k.generate.batch_collecting import uncollected
    from verify4k.provenance.ledger import Ledger

    there = {target for target, found in choice.settled.items() if found.verdict != "missing"}
    asked_for = {asset.target for asset in manifest.assets} - (choice.settled.keys() - there)
    for said in uncollected(Ledger(Path(manifest.root)).read(), there, asked_for):
        tell(f"note: {said}")


def _show_plan(planned: Sequence[Job], choice: Choice, form: str) -> None:
    from verify4k.generate.choosing import settled_results
    from verify4k.generate.summaries import as_json, plan_lines, result_lines

    open_ones = [one for one in settled_results(choice.settled) if one.status != "verified"]
    if form == "json":
        emit(as_json(planned, open_ones, 0))
        return
    lines = [*plan_lines(planned), *result_lines(open_ones, lambda text, _tint: text)]
    emit("\n".join(lines) or "nothing to make: everything that can be made is verified")


def _agree(planned: Sequence[Job], *, yes: bool) -> None:
    """Ask before spending, on a terminal; elsewhere only --yes agrees."""
    from verify4k.errors import UsageError
    from verify4k.generate.summaries import plan_lines, total_line

    paid = [job for job in planned if job.paid]
    if yes or not paid:
        return
    if not (sys.stdin and sys.stdin.isatty() and sys.stderr and sys.stderr.isatty()):
        raise UsageError(f"this would send {total_line(paid)}", "look with --dry-run, agree with --yes")
    emit("\n".join(plan_lines(paid)), sys.stderr)
    if not click.confirm("Send these requests?", err=True):
        raise UsageError("nothing was sent")


class _Made(NamedTuple):
    """What a run made, and how it ended."""

    results: list[Result]
    interrupted: bool = False
    crash: Exception | None = None


def _make(
    manifest: Manifest,
    planned: Mapping[str, Job],
    edges: Edges,
    keys: dict[str, Secret | None],
    wish: _Wish,
) -> _Made:
    from verify4k.cli._generation_progress import GenerationProgress, instructions, terminated_like_ctrl_c
    from verify4k.generate.make import RunContext
    from verify4k.generate.running import GRACE, Run
    from verify4k.generate.variants import make_chosen

    manual = {target: job for target, job in planned.items() if not (job.route.network or job.route.make)}
    active = {target: job for target, job in planned.items() if target not in manual}
    by_hand = [instructions(job) for job in manual.values()]
    if not active:
        return _Made(by_hand)
    terminal = bool(sys.stderr and sys.stderr.isatty())
    colour = terminal and colour_wanted(sys.stderr, os.environ)
    progress = GenerationProgress(
        sys.stderr, len(active), edges.clock, terminal=terminal, quiet=wish.quiet, colour=colour
    )
    context = RunContext(
        manifest, edges, _ledger(manifest), wish.deadline, keys, progress.watch(), wish.collect
    )
    if wish.way:
        return _Made([*by_batch(context, active, wish.way), *by_hand])
    run = Run(active, lambda job: make_chosen(context, job), edges.stop)
    with terminated_like_ctrl_c():
        results = run.go(wish.jobs, progress.watcher(), None if terminal else GRACE, edges.clock)
    progress.done()
    return _Made([*results, *by_hand], run.interrupted, run.crash)


def _ledger(manifest: Manifest) -> Ledger:
    """Return the ledger, ready to be written; lines that are no records are told."""
    from pathlib import Path

    from verify4k.provenance.ledger import Ledger

    ledger = Ledger(Path(manifest.root))
    ledger.ready()
    history = ledger.read()
    if history.gap is not None:
        emit(f"warning: {history.gap}: what was paid for there is not known here", sys.stderr)
    for odd in itertools.islice(history.bad_lines(), 3):
        emit(f"warning: line {odd.line} of {ledger.path.name} is no record: {odd.what}", sys.stderr)
    return ledger


def _show_results(planned: Sequence[Job], results: Sequence[Result], code: int, form: str) -> None:
    from verify4k.generate.summaries import as_json, result_lines, summary_line, unjudged_lines

    if form == "json":
        emit(as_json(planned, results, code))
        return
    colour = colour_wanted(sys.stdout, os.environ)
    lines = list(result_lines(results, lambda text, tint: styled(text, tint, colour=colour)))
    emit("\n".join([*lines, *unjudged_lines(results), summary_line(results)]))
