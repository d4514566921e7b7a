"""Remove what earlier runs have measured and downloaded."""

from __future__ import annotations

import os

import click

from verify4k.cli import Command
from verify4k.cli._output import emit
from verify4k.text import printable

GROUP = "Check"


@click.command(cls=Command)
def command() -> int:
    """Remove the facts and the bodies that earlier runs have kept: the next one measures everything anew."""
    from verify4k.artifacts.cache_entries import clean
    from verify4k.artifacts.fact_cache import facts_folder
    from verify4k.files.http_cache import http_cache_folder

    removed = 0
    for folder in (facts_folder(os.environ), http_cache_folder(os.environ)):
        count = clean(folder)
        removed += count
        if count:
            emit(f"removed {count:,} {'entry' if count == 1 else 'entries'} from {printable(folder)}")
    if not removed:
        emit("nothing is kept")
    return 0
