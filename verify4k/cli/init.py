"""Write a commented starter manifest that promises the images found here as they are."""

from __future__ import annotations

from pathlib import Path

import click

from verify4k.cli._output import emit


@click.command()
@click.argument("folder", default=".", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "-o", "--output", metavar="FILE", help="Where to write; - is stdout.  [default: FOLDER/verify4k.yaml]"
)
@click.option("--force", is_flag=True, help="Replace an existing manifest.")
def command(folder: Path, output: str | None, *, force: bool) -> int:
    """Write a starter manifest for the images below FOLDER.

    Every image is promised at the size it has now: read it, and correct what was meant
    otherwise. Images that cannot be read are left as comments.
    """
    from verify4k.errors import UsageError
    from verify4k.importers.folder import starter
    from verify4k.reporters import write_file

    text, promised = starter(folder)
    if output == "-":
        emit(text.rstrip("\n"))
        return 0
    path = Path(output) if output else folder / "verify4k.yaml"
    if path.exists() and not force:
        raise UsageError(f"{path} exists already", "look at it, or replace it with --force")
    write_file(str(path), text.encode("utf-8", "backslashreplace"))
    emit(f"wrote {path}: {promised} images promised as they are now; correct what was meant otherwise")
    emit("next: verify4k check")
    return 0
