"""File names that mean another one: written as another system or another tool would."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from verify4k.documents.nodes import Mistake
from verify4k.errors import ManifestError
from verify4k.files.targets import without_parents
from verify4k.options.kinds import TYPOGRAPHIC_QUOTES, shown

if TYPE_CHECKING:
    from collections.abc import Container

    from verify4k.documents.nodes import Place, Scalar

_DRIVE = re.compile(r"[A-Za-z]:[\\\\/]")
_BRACES = re.compile(r"\{[^{}]*(,|\.\.)[^{}]*\}")
_ESCAPES = {"\t": "\\t", "\n": "\\n", "\r": "\\r", "\a": "\\a", "\b": "\\b", "\f": "\\f", "\v": "\\v"}


def refuse_misspelt(key: Scalar, name: str, options: Container[str]) -> None:
    """Raise `ManifestError` for a name that is not there and is spelt as verify4k does not read it."""
    if _DRIVE.match(name):
        said, hint = (
            "is an absolute path of Windows",
            "name it from the manifest's folder on: art/hero.png",
        )
    elif letter := next((letter for letter in _ESCAPES if letter in name), ""):
        said = f"has a control character where {_ESCAPES[letter]} was probably meant"
        hint = "a backslash begins an escape in double quotes; write art/hero.png"
    elif "\\" in name:
        said, hint = "has backslashes", f"folders are separated by slashes: {name.replace(chr(92), '/')}"
    elif name.startswith("~/"):
        said, hint = "begins with ~, which only a shell reads", "name it from the manifest's folder on"
    elif name.startswith("!"):
        said, hint = "begins with !, which takes nothing out here", "write exclude: into the pattern's entry"
    elif _BRACES.search(name):
        said, hint = "has braces, which are no wildcards here", "write one entry for each, or use * ? [...]"
    elif name[0] in TYPOGRAPHIC_QUOTES:
        said, hint = "begins with a typographic quote", "use plain ones: \" or '"
    elif name in options:
        said, hint = "is an option, and stands where a file is named", "indent it below its file"
    else:
        return
    raise ManifestError([Mistake(key.place, f"{shown(name)} {said}", hint)])


def refuse_detour(target: str, place: Place) -> None:
    """Raise `ManifestError` for a target, or a pattern, that goes through ".." and stays in the folder.

    It would be another asset than the same file under its own name: promised twice, made twice, unlisted.
    """
    direct = without_parents(target)
    # one that leaves the folder, or that is one, is told as that
    if direct != target and direct.split("/")[0] not in ("..", "") and not target.endswith("/.."):
        said = f'{shown(target)} goes through "..", and a file has one name'
        raise ManifestError([Mistake(place, said, f"write it as {shown(direct)}")])
