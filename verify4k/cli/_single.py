"""The options of `generate` for one picture without a manifest."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TYPE_CHECKING, Any

import click

from verify4k.cli._output import emit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from verify4k.generate.single import Single

_OPTIONS = (
    click.option("--prompt", default="", metavar="TEXT", help="Make one picture without a manifest's entry."),
    click.option("--size", default="", metavar="SIZE", help="With --prompt: its size, e.g. 4k-landscape."),
    click.option("-o", "--output", default="", metavar="FILE", help="With --prompt: the file."),
    click.option("--quality", default="", metavar="WORD", help="With --prompt: by default high."),
    click.option("--model", default="", metavar="MODEL", help="With --prompt: the image model."),
    click.option("--edit", multiple=True, metavar="FILE", help="With --prompt: start from this; repeatable."),
    click.option("--mask", default="", metavar="FILE", help="With --edit: what of it may change."),
    click.option("--then", multiple=True, metavar="STEP",
                 help='With --prompt: crop, reduce or "convert: webp, quality: 90"; repeatable.'),
    click.option("--save-manifest", is_flag=True, help="With --prompt: write the entry into the manifest."),
)  # fmt: skip
_NAMES = ("prompt", "size", "output", "quality", "model", "edit", "mask", "then", "save_manifest")


def single_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options for one picture to a command."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def single_picture(given: dict[str, Any], targets: tuple[str, ...], config: str | None) -> Single | None:
    """Return the one picture that the command line describes; None where it describes none."""
    said = {name: given[name] for name in _NAMES if given[name]}
    if not said:
        return None
    for name, option in (("prompt", "--prompt"), ("size", "--size"), ("output", "-o")):
        if name not in said:
            raise click.UsageError(
                f"one picture needs {option}: verify4k generate --prompt TEXT --size SIZE -o FILE"
            )
    if targets:
        raise click.UsageError("TARGET names a manifest's entry, --prompt makes a picture without one")
    from verify4k.generate.single import Wanted, single

    wish = {name: value for name, value in said.items() if name != "save_manifest"}
    return single(Wanted(**wish, route=given["route"]), config, os.getcwd())


@contextlib.contextmanager
def said_on_the_command_line(one: Single | None) -> Iterator[None]:
    """Tell objections to what the command line says without the line and column that it has not."""
    from verify4k.errors import ManifestError

    try:
        yield
    except ManifestError as error:
        if one is None:
            raise
        from verify4k.generate.single import spoken

        raise spoken(error) from error


def saved(one: Single) -> int:
    """Write the entry of a verified picture and say so; 1 where that fails, never 2: it was made."""
    from verify4k.errors import UsageError

    try:
        emit(f"promised from now on in {one.save()}", sys.stderr)
    except UsageError as error:
        emit(f"the picture is there, its entry is not saved: {error.message} ({error.hint})", sys.stderr)
        return 1
    return 0
