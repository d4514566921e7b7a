"""Hash the files of an attestation again and say what changed since."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from verify4k.cli import Command
from verify4k.cli._output import emit

if TYPE_CHECKING:
    from verify4k.provenance.attestation import Statement
    from verify4k.provenance.rehash import Rehashed

GROUP = "Check"


@click.command(cls=Command)
@click.argument("file", metavar="FILE")
@click.option("--against", "folder", metavar="DIR", required=True, help="The folder that the names start in.")
@click.option("--allow-warned", is_flag=True, help="Also accept WARNED: accepted findings, a part.")
@click.option("--hashes-only", is_flag=True, help="Compare hashes of any statement; look at no result.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(file: str, folder: str, *, allow_warned: bool, hashes_only: bool, form: str) -> int:
    """Verify FILE, an in-toto test result or a checksum file, against the files in DIR.

    FILE must say one result of a check, as verify4k writes it; --hashes-only takes any in-toto
    statement and any checksum file, and says nothing about a verdict.

    Exit codes: 0 every file is the one that passed, 1 a file changed or is missing, or the result
    was not PASSED, 2 FILE is no such statement, 3 a file could not be read. Signatures are not
    looked at: that is what gh attestation verify and cosign are for.
    """
    import os

    from verify4k.documents.strict_json import MAX_BYTES
    from verify4k.errors import CannotRead, Missing, UsageError
    from verify4k.files.source import FileSource
    from verify4k.provenance.attestation import read_statement
    from verify4k.provenance.rehash import rehash

    try:
        statement = read_statement(FileSource(file, MAX_BYTES).read_all(), file, hashes_only=hashes_only)
    except (Missing, CannotRead) as error:
        raise UsageError(f"cannot read {file}: {error.message}") from error
    if not os.path.isdir(folder):
        raise UsageError(f"{folder} is no folder", "name the folder that the files are in")
    fates = list(rehash(statement.subjects, folder))
    manifests = [fate for fate in rehash(statement.manifests, folder) if fate.state in {"same", "changed"}]
    accepted = statement.result in {"", "PASSED", *(["WARNED"] if allow_warned else [])}
    code = _code(fates, accepted=accepted)
    lines = _json(statement, fates, manifests, code) if form == "json" else _text(statement, fates, manifests)
    for line in lines:
        emit(line)
    return code


def _code(fates: list[Rehashed], *, accepted: bool) -> int:
    states = {fate.state for fate in fates}
    if states & {"changed", "missing"} or not accepted:
        return 1
    return 3 if "unreadable" in states else 0


def _text(statement: Statement, fates: list[Rehashed], manifests: list[Rehashed]) -> list[str]:
    from verify4k.reporters._plain import shown
    from verify4k.text import counted

    lines = []
    for fate in fates:
        if fate.state != "same":
            lines += [f"{fate.state} {shown(fate.name)}", f"  {shown(fate.reason)}", f"  was  {fate.was}"]
            lines += [f"  now  {fate.now}"] if fate.now else []
    lines += [
        f"note: the manifest {shown(fate.name)} changed since: it may promise other things now"
        for fate in manifests
        if fate.state == "changed"
    ]
    if not statement.result:
        lines.append("note: only hashes were compared; no result was looked at")
    elif statement.result != "PASSED":
        why = "".join(f"\n  {shown(reason)}" for reason in statement.reasons)
        lines.append(f"the result was {statement.result}, not PASSED{':' if why else ''}{why}")
    counts = {
        state: sum(fate.state == state for fate in fates)
        for state in ("same", "changed", "missing", "unreadable")
    }
    told = ", ".join(f"{number} {state}" for state, number in counts.items() if number or state == "same")
    return [*lines, f"{counted(len(fates), 'file')}: {told}"]


def _json(statement: Statement, fates: list[Rehashed], manifests: list[Rehashed], code: int) -> list[str]:
    from verify4k.reporters._dump import dump

    document = {
        "schema": 1,
        "exit_code": code,
        "result": statement.result or None,
        "reasons": list(statement.reasons),
        "files": [fate._asdict() for fate in fates],
        "manifests": [fate._asdict() for fate in manifests],
    }
    return [dump(document, indent=2)]
