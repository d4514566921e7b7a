"""Show the main job on a sample project: generate placeholders, spoil some, check them all."""

from __future__ import annotations

import os

import click

from verify4k.cli import Command
from verify4k.cli._output import emit

GROUP = "Set up"


@click.command(cls=Command)
@click.argument("folder", default="verify4k-demo", metavar="[FOLDER]")
def command(folder: str) -> int:
    """Write a sample project into FOLDER, generate its pictures offline, spoil some, check all.

    Needs no network and no key; its CDN is a server on this machine that ends with it. Exit
    codes: 0 the sample project was judged as it should be, 1 it was not.
    """
    from verify4k.cli import _sample_project as demo
    from verify4k.cli._sample_server import serving
    from verify4k.errors import UsageError

    if os.path.lexists(folder) and (not os.path.isdir(folder) or os.listdir(folder)):
        raise UsageError(f"{folder} is there already and not empty", "name another folder")
    with serving(folder) as cdn:
        demo.write(folder, cdn.url)
        emit(f"A sample project: {folder}/verify4k.yaml\n\n{demo.manifest(cdn.url).rstrip()}\n")
        made = _show(
            folder,
            ["generate", "--yes", "--quiet"],
            "The pictures it promises are made, by the placeholder route:",
        )
        demo.spoil(folder)
        emit("\nThen the files travel:\n  " + "\n  ".join(demo.STORY))
        checked = _show(
            folder,
            ["check", "--allow-private", "--no-cache"],  # the CDN is on this machine
            "\nThe request is not the proof; the last saved file is, and what is delivered of it:",
        )
    emit(f"\nLook around in {folder}; `verify4k explain RULE` tells more about a rule.")
    return 0 if (made, checked) == (1, 1) else 1  # one is rejected, five are spoiled


def _show(folder: str, argv: list[str], title: str) -> int:
    """Run another command as a user in ``folder`` would, and return its exit code."""
    app = click.get_current_context().find_root().command
    emit(f"{title}\n$ verify4k {' '.join(argv)}")
    here = os.getcwd()
    os.chdir(folder)
    try:
        code: int = app.main(argv, prog_name="verify4k", standalone_mode=False)
        return code
    finally:
        os.chdir(here)
