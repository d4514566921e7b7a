"""Put the reports of all shards together: the report of a single run."""

from __future__ import annotations

import click

from verify4k.cli import Command
from verify4k.reporters import names

GROUP = "Check"


@click.command(cls=Command, context_settings={"auto_envvar_prefix": "VERIFY4K"})
@click.argument("parts", nargs=-1, required=True, metavar="REPORT.json...")
@click.option("--format", "form", type=click.Choice(names()), default="text", help="Format on stdout.")
@click.option("--report", "reports", multiple=True, metavar="FMT=PATH", help="Write a report; repeatable.")
@click.option("-q", "--quiet", is_flag=True, help="Findings only.")
@click.option("-v", "--verbose", count=True, help="Also what holds; twice: every rule.")
def command(parts: tuple[str, ...], form: str, reports: tuple[str, ...], *, quiet: bool, verbose: int) -> int:
    """Merge what `check --shard I/N --report json=FILE` has written, in the checkout that it was written for.

    Rules that compare pictures with each other are asked here, about all of them. Exit codes are
    those of check; a shard that is missing, or that saw other files, is a mistake: 2.
    """
    from verify4k.checking.shard_reports import read_shard_reports
    from verify4k.cli._run import Request, run
    from verify4k.cli._sharding import asked_by

    merged = read_shard_reports(parts)
    asked, urls = asked_by(merged)
    request = Request(
        **asked,
        every=False,
        form=form,
        reports=reports,
        jobs=None,
        scheduler=None,
        shard=None,
        crawl=None,
        write_baseline=None,
        quiet=quiet,
        verbose=verbose,
        scope={},
        urls=urls,
    )
    return run(request, merged, parts)
