"""One picture that the command line asks for: the manifest of one entry that it stands for.

A manifest that is found lends its routes, defaults and named sizes; without one there are none. Either
way the picture goes the one way there is: objections, budget, ledger, judgement, name.
"""

from __future__ import annotations

import hashlib
import os
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

from verify4k.contract.data import MODELS
from verify4k.contract.model import DEFAULT_MODEL
from verify4k.documents.building import node_of
from verify4k.documents.nodes import Name, Pairs, Place, Scalar
from verify4k.documents.read import read_document
from verify4k.documents.text import unusable
from verify4k.errors import ManifestError, Missing, UsageError
from verify4k.files.paths import shown_path
from verify4k.files.source import FileSource
from verify4k.manifest.adding import with_entry
from verify4k.manifest.discovery import discover
from verify4k.manifest.generation import Top
from verify4k.manifest.load import load_manifest, manifest_of
from verify4k.manifest.writing import manifest_text
from verify4k.named_tuple import NamedTuple
from verify4k.steps import step_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from verify4k.documents.building import Value
    from verify4k.documents.nodes import Node
    from verify4k.model import Manifest

COMMAND_LINE = "the command line"
QUALITY = "high"  # where neither the command line nor a manifest chooses; the plan says so before it costs
_NEW = "verify4k.yaml"
_LONGEST_NAME = 255
_HOW = "as written by: verify4k generate --save-manifest"
_OTHERS = ("files", "groups", "unlisted-ok")  # what a manifest promises besides


class Wanted(NamedTuple):
    """What the command line says about one picture; an empty text is not said."""

    prompt: str
    size: str
    output: str
    quality: str = ""
    model: str = ""
    route: str = ""
    edit: tuple[str, ...] = ()
    mask: str = ""
    then: tuple[str, ...] = ()


class Single(NamedTuple):
    """One picture: the manifest it stands for, its entry, and the project's manifest, if there is one."""

    manifest: Manifest
    target: str
    entry: dict[str, Value]
    project: str  # path of the project's manifest; empty: there is none
    folder: str  # where one would be written

    def save(self) -> str:
        """Write the entry into the project's manifest, or into a new one; return its path.

        Raises:
            UsageError: there is no place for it, or it cannot be written.
        """
        if not self.project:
            path = os.path.join(self.folder, _NEW)
            data = manifest_text([(self.target, self.entry)], "pictures asked for", _HOW).encode()
            replaced = b""
        else:
            path = self.project
            replaced = FileSource(path).read_all()
            data = with_entry(replaced, path, self.target, self.entry)
            load_manifest(path)  # a mistake that came meanwhile is told as what it is
        _write(Path(path), data, replaced)
        return path


def single(wanted: Wanted, config: str | None, here: str) -> Single:
    """Return the manifest of one picture. Raises `UsageError` for what the command line says wrong."""
    wanted = wanted._replace(prompt=_spelled(wanted.prompt))
    _refuse_file(wanted.prompt, here)
    project = _project(config, here)
    output = os.path.abspath(os.path.join(here, wanted.output))
    lent = _lent(project, output, here)
    root, name = lent.root, lent.name
    target = _below(output, root, "-o")
    entry = _entry(wanted, root, here, quality=lent.quality(wanted.model))
    place = Place(COMMAND_LINE, 1, 1)
    files = Pairs(place, ((Name(place, target), node_of(entry, place)),))
    whole = Pairs(place, (*lent.pairs, (Scalar(place, "files"), files)))
    digest = hashlib.sha256(repr(entry).encode()).hexdigest()
    try:
        manifest = manifest_of(whole, digest, name, os.path.dirname(project) or root)
    except ManifestError as error:
        raise spoken(error) from error
    return Single(manifest, target, entry, project, root)


def _spelled(prompt: str) -> str:
    """Return the prompt as it was typed: where the locale is not UTF-8, its bytes come undecoded."""
    if not unusable(prompt):
        return prompt
    try:
        return os.fsencode(prompt).decode()
    except UnicodeError as error:
        raise UsageError(
            "--prompt is not UTF-8 text", "type it in UTF-8, or write it into a manifest"
        ) from error


def _refuse_file(prompt: str, here: str) -> None:
    """Raise `UsageError` where a file's name stands for its text: the name would be drawn, and paid."""
    if prompt.strip() == "-":
        raise UsageError("--prompt is the text itself and is not read from stdin", '--prompt "$(cat)"')
    name = prompt.removeprefix("@")
    if "." in name and len(name) <= _LONGEST_NAME and os.path.isfile(os.path.join(here, name)):
        raise UsageError(
            f"--prompt is the text itself, and {name!a} is a file", f'--prompt "$(cat {shlex.quote(name)})"'
        )


def spoken(error: ManifestError) -> UsageError:
    """Return mistakes of the command line without the line and column that it has not."""
    if any(one.place.path != COMMAND_LINE for one in error.mistakes):
        return error
    first, *rest = error.mistakes
    steps = rf"(?:then: )?\{{((?:{'|'.join(step_names())}): [^}}]*)\}}"  # as a manifest writes them
    hint = re.sub(steps, r'--then "\1"', first.hint.replace("then: crop", "--then crop"))
    return UsageError("; ".join(one.message for one in (first, *rest)), hint)


def _project(config: str | None, here: str) -> str:
    if config:
        return os.path.abspath(config)
    try:
        return discover(here)
    except UsageError:
        return ""


class _Lent(NamedTuple):
    """What the surroundings lend: the folder that targets are relative to, keys of a manifest, its name."""

    root: str
    pairs: tuple[tuple[Scalar, Node], ...]
    name: str
    defaults: Mapping[str, Any] = {}

    def quality(self, model: str) -> str:
        """Return the quality to write where the command line says none; empty where a manifest does."""
        found = MODELS.get(model or self.defaults.get("model", DEFAULT_MODEL))
        knows_none = found is not None and not found.qualities
        return "" if "quality" in self.defaults or knows_none else QUALITY


def _lent(project: str, output: str, here: str) -> _Lent:
    if not project:
        inside = output.startswith(here.rstrip(os.sep) + os.sep)
        place = Place(COMMAND_LINE, 1, 1)
        version = ((Scalar(place, "version"), Scalar(place, "1")),)
        return _Lent(here if inside else os.path.dirname(output), version, COMMAND_LINE)
    manifest = load_manifest(project)
    target = os.path.relpath(output, manifest.root).replace(os.sep, "/")
    if any(asset.target == target for asset in manifest.assets):
        raise UsageError(
            f"{os.path.basename(project)} promises {target!a} already",
            f"make it with: verify4k generate {target}",
        )
    document = read_document(FileSource(project).read_all(), project)
    pairs = document.pairs if isinstance(document, Pairs) else ()
    kept = tuple(pair for pair in pairs if pair[0].text not in _OTHERS)
    top = manifest.generate
    defaults = top.defaults if isinstance(top, Top) else {}
    return _Lent(manifest.root, kept, shown_path(project, here), defaults)


def _below(path: str, root: str, option: str) -> str:
    target = os.path.relpath(os.path.join(os.path.realpath(os.path.dirname(path)), os.path.basename(path)),
                             os.path.realpath(root)).replace(os.sep, "/")  # fmt: skip
    if target.startswith("../") or os.path.isabs(target):
        raise UsageError(f"{option} {path!a} lies outside {root}", "name a file in the manifest's folder")
    return target


def _entry(wanted: Wanted, root: str, here: str, *, quality: str) -> dict[str, Value]:
    """Return the entry as a manifest writes it."""

    def inside(path: str, option: str) -> str:
        return _below(os.path.abspath(os.path.join(here, path)), root, option)

    said: Iterator[tuple[str, Value]] = (
        (name, value)
        for name, value in (
            ("prompt", wanted.prompt),
            ("quality", wanted.quality or quality),
            ("model", wanted.model),
            ("route", wanted.route),
            ("edit", [inside(path, "--edit") for path in wanted.edit]),
            ("mask", inside(wanted.mask, "--mask") if wanted.mask else ""),
            ("then", [_step(text, lambda path: inside(path, "--then")) for text in wanted.then]),
        )
        if value
    )
    return {"size": wanted.size, "generate": dict(said)}


def _step(text: str, inside: Callable[[str], str]) -> Value:
    """Return a step as a manifest writes it: ``crop``, or ``convert: webp, quality: 90`` with its options."""
    parts = [part.partition(":") for part in text.strip().strip("{}").split(",")]
    if not all(colon for _, colon, _ in parts):
        return text
    found: dict[str, Value] = {name.strip(): value.strip() for name, _, value in parts}
    word, _, path = str(found.get("alpha", "")).partition(" ")
    return found | ({"alpha": f"{word} {inside(path.strip())}"} if path else {})


def _write(path: Path, data: bytes, replaced: bytes) -> None:
    """Write beside the manifest, then rename, unless somebody changed it meanwhile."""
    beside = path.with_name(f".{path.name}.verify4k-new")
    try:
        beside.write_bytes(data)
        if replaced:
            if path.read_bytes() != replaced:
                raise UsageError(f"{path.name} changed meanwhile", "save again")
            beside.chmod(path.stat().st_mode & 0o777)
            beside.replace(path)
            return
        os.link(beside, path)
    except (OSError, Missing) as error:
        why = getattr(error, "strerror", "") or str(error)
        raise UsageError(f"{path} cannot be written: {why}", "write it by hand") from error
    finally:
        beside.unlink(missing_ok=True)
