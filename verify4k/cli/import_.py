"""Take in a picture that a person made or was given, verify it, and record where it comes from."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from verify4k.cli import Command
from verify4k.cli._output import emit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from verify4k.model import Asset, Manifest

GROUP = "Make"
_LONGEST = 2000


@click.command("import", cls=Command, context_settings={"auto_envvar_prefix": "VERIFY4K"})
@click.argument("file", metavar="FILE")
@click.option("--as", "target", required=True, metavar="TARGET", help="The promised file that this is.")
@click.option("-c", "--config", metavar="FILE", help="The manifest; by default found from here upwards.")
@click.option("--route", default="browser", show_default=True, metavar="NAME", help="The way it came.")
@click.option("--source", default="", metavar="TEXT", help="Where it was made: tool, address, project.")
@click.option("--terms", default="", metavar="TEXT", help="The account's terms when it was made.")
@click.option("--rights", default="", metavar="TEXT", help="Who may use it how; needed before a release.")
@click.option("--replace", is_flag=True, help="Replace a file of that name, if it fails.")
def command(
    file: str,
    target: str,
    config: str | None,
    route: str,
    source: str,
    terms: str,
    rights: str,
    *,
    replace: bool,
) -> int:
    """Verify FILE against what the manifest promises of TARGET, copy it there, and record it.

    The bytes are taken as they are. Exit codes: 0 taken in, 1 it breaks a promise and stays where
    it is, 2 usage, 3 it could not be verified.
    """
    from verify4k.cli._manifest import chosen_assets, open_manifest
    from verify4k.generate.edges import real_edges
    from verify4k.generate.importing import Origin, take_in

    _refuse(file, {"--source": source, "--terms": terms, "--rights": rights})
    manifest = open_manifest(config)
    asset = _asset(manifest, [*chosen_assets(manifest, [target])], target)
    result = take_in(
        manifest,
        asset,
        Path(os.path.abspath(file)),
        Origin(route, source.strip(), terms.strip(), rights.strip()),
        real_edges(),
        replace=replace,
    )
    emit(result.text)
    return result.code


def _refuse(file: str, texts: Mapping[str, str]) -> None:
    from verify4k.errors import UsageError

    if file.lower().startswith(("http://", "https://")):
        raise UsageError("import takes a file, not a URL", "download it first: curl -fO URL")
    for name, text in texts.items():
        if len(text) > _LONGEST:
            said = f"{name} has {len(text):,} characters, at most {_LONGEST:,} fit into a record"
            raise UsageError(said, "say in short where it stands")


def _asset(manifest: Manifest, found: list[Asset], target: str) -> Asset:
    from verify4k.errors import UsageError

    if len(found) != 1:
        raise UsageError(f"{target!a} means {len(found)} promises of {manifest.path}", "name one file")
    return found[0]
