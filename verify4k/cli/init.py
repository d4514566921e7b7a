"""Write a commented starter manifest that promises the images found here as they are."""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from verify4k.cli import Command
from verify4k.cli._output import emit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from verify4k.importers.folder import Starter

GROUP = "Set up"
_SHOWN = 20  # findings told on the terminal


@click.command(cls=Command)
@click.argument("folder", default=".", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "-o", "--output", metavar="FILE", help="Where to write; - is stdout.  [default: FOLDER/verify4k.yaml]"
)
@click.option(
    "--from",
    "source",
    metavar="[KIND=]SOURCE",
    help="Write what SOURCE already promises: an icon set, a table, a store's folder, ...",
)
@click.option(
    "--check/--no-check", "checked", default=True, help="Say what check finds now; takes as long as check."
)
@click.option("--force", is_flag=True, help="Replace an existing manifest.")
def command(folder: Path, output: str | None, source: str | None, *, checked: bool, force: bool) -> int:
    """Write a starter manifest for the images below FOLDER.

    Every image is promised at the size it has now (and as animated or CMYK where it is): read it,
    and correct what was meant otherwise. What check finds all the same is told here and noted as
    comments. Images that cannot be read are left as comments.
    """
    from verify4k.importers.folder import starter
    from verify4k.manifest.discovery import manifest_in
    from verify4k.reporters import write_file
    from verify4k.text import counted, printable

    left_out: tuple[str, ...] = ()
    if source is not None:
        (text, promised, said, _), left_out = _imported(source, folder, checked=checked)
    else:
        text, promised, said, unpromised = starter(folder, checked=checked)
        more = (f"and {len(unpromised) - _SHOWN} more; each stands as a comment in the manifest",)
        left_out = tuple(f"not promised: {line}" for line in unpromised[-_SHOWN:])
        left_out += more if len(unpromised) > _SHOWN else ()
    if output == "-":
        emit(text.rstrip("\n"))
        return 0
    path = Path(output) if output else folder / "verify4k.yaml"
    if not force:
        _refuse_another(path, None if output else manifest_in(str(folder)))
    write_file(str(path), text.encode("utf-8", "backslashreplace"))
    now = "as it is now" if promised == 1 else "as they are now"
    kept = f"as {printable(source)} says" if source else f"{now}; correct what was meant otherwise"
    emit(f"wrote {printable(str(path))}: {counted(promised, 'image')} promised {kept}")
    _tell(left_out, said, path)
    return 0


def _tell(left_out: Sequence[str], said: Sequence[str], path: Path) -> None:
    """Tell what the new manifest leaves out, what check says of it, and what to run next."""
    from verify4k.text import printable

    for line in left_out:
        emit(f"note: {printable(line)}")
    for line in said[:_SHOWN]:
        emit(f"check says: {line}")
    if len(said) > _SHOWN:
        emit(f"and {len(said) - _SHOWN} more; each stands as a comment above its entry")
    if said:
        emit("fix what is wrong, promise otherwise what is meant, or accept it: check --write-baseline FILE")
    found = os.path.normpath(path) == "verify4k.yaml"
    emit("next: verify4k check" if found else f"next: verify4k check -c {shlex.quote(printable(str(path)))}")
    emit("before verify4k generate: put 'verify4k.ledger*.jsonl merge=union' into .gitattributes")


def _refuse_another(path: Path, other: str | None) -> None:
    """Raise `UsageError` where the manifest would replace a file, or be taken instead of another one."""
    from verify4k.errors import UsageError

    if os.path.exists(path):  # pathlib's raises for a name that is too long
        raise UsageError(f"{path} exists already", "look at it, or replace it with --force")
    if other is not None:
        raise UsageError(
            f"{other} promises pictures already, and check would no longer read it",
            "add to it, or write elsewhere: -o FILE, or -o - for stdout",
        )


def _imported(written: str, folder: Path, *, checked: bool) -> tuple[Starter, tuple[str, ...]]:
    """Return the manifest, and what the source says of files that nobody will check.

    Targets are relative to ``folder``. `check` is asked where files are promised as they are.
    """
    from verify4k.errors import UsageError
    from verify4k.importers import find_importer, kinds, open_source, recognized
    from verify4k.importers.folder import Starter, said_of
    from verify4k.manifest.writing import manifest_text

    kind, equals, path = written.partition("=")
    if not equals or kind not in kinds():
        path = written
        if equals and not os.path.exists(path):
            find_importer(kind)  # says what it was probably meant to be
    if not os.path.exists(path):
        raise UsageError(f"there is no {path}", "name a file or folder that says what pictures have to be")
    importer = find_importer(kind) if path != written else recognized(path)
    if importer is None:
        raise UsageError(
            f"nothing here knows what {path} promises",
            f"say what it is: --from KIND={path}, KIND one of {', '.join(kinds())}",
        )
    source = open_source(path, path)
    beside = os.path.relpath(importer.root(source), os.path.realpath(folder)).replace(os.sep, "/")
    prefix = "" if beside == "." else f"{beside}/"
    told = importer.read(source)
    found = [
        (each.target if "://" in each.target else prefix + each.target, each.options)
        for each in told.promises
    ]
    if not found:
        raise UsageError(
            f"{path} promises no picture",
            f"what a source of kind {importer.kind} promises: verify4k explain importers",
        )
    text, said = manifest_text(found, path), tuple[str, ...]()
    if checked and importer.kind == "folder":  # others say what files have to be, which is to be checked
        said = tuple(line for lines in said_of(text, folder).values() for line in lines)
    return Starter(text, len(found), said), told.left_out
