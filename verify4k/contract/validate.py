"""Whether a size can be requested from a model, and everything worth knowing when it can not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.contract.model import DEFAULT_MODEL, SizeVerdict
from verify4k.contract.rules import experimental, model_notes, model_objections, size_objections
from verify4k.errors import UsageError
from verify4k.options.sizes import called, split_size

if TYPE_CHECKING:
    from verify4k.contract.model import Model
    from verify4k.formats.facts import Size

_WORDS = "write WIDTHxHEIGHT in pixels, like 3840x2160, or a named size like 4k-landscape"


def validate_size(size: str | Size, model: str = DEFAULT_MODEL, today: str | None = None) -> SizeVerdict:
    """Say whether ``size`` can be requested from ``model`` on the ISO date ``today``.

    ``size`` is text like ``3840x2160``, a named size, or a `Size`. Raises `UsageError` for text
    that is no size and for a model nobody has described.

    >>> validate_size("3840x2160").legal
    True
    """
    from verify4k.contract.nearest import nearest
    from verify4k.options.presets import fitting

    wanted = parse_size(size) if isinstance(size, str) else size
    known = find_model(model)
    broken = tuple(size_objections(wanted, known))
    gone = tuple(model_objections(known, today or _today()))
    return SizeVerdict(
        size=wanted,
        model=model,
        legal=not (broken or gone),
        objections=broken + gone,
        experimental="" if broken else experimental(wanted, known),
        notes=tuple(model_notes(known, today or _today())),
        nearest=nearest(wanted, known) if broken else (),
        presets=fitting(wanted),
    )


def parse_size(text: str) -> Size:
    """Return the size that ``text`` writes or names; `UsageError` says how to write one."""
    from verify4k.options.presets import names, preset

    size = split_size(text)
    if size is not None and min(size) > 0:
        return size
    named = preset(text)
    if named is not None:
        return named.size
    if text == "auto":
        raise UsageError("'auto' is no size: it came back as 1254x1254", _WORDS)
    if size is not None:
        raise UsageError(f"{text!a} is no size of a picture: an edge is 0", _WORDS)
    from verify4k.suggest import suggest

    near = called(text) or suggest(text, names()) or _repaired(text)
    raise UsageError(f"{text[:60]!a} is no size", f"did you mean {near}?" if near else _WORDS)


def _repaired(text: str) -> str:
    """Return what ``3840*2160``, ``3840 x 2160 px`` or ``3840,2160`` most likely meant."""
    import re

    numbers: list[str] = re.findall(r"\d+", text, re.ASCII)
    if len(numbers) != 2 or not all(1 <= len(number) <= 6 and int(number) for number in numbers):
        return ""
    return f"{int(numbers[0])}x{int(numbers[1])}"


def find_model(name: str) -> Model:
    """Return the model called ``name``; `UsageError` names the ones that are known."""
    from verify4k.contract.data import MODELS

    found = MODELS.get(name)
    if found is not None:
        return found
    from verify4k.suggest import suggest

    near = suggest(name, MODELS)
    hint = f"did you mean {near}? " if near else ""
    raise UsageError(f"the model {name[:60]!a} is not known", f"{hint}known: {', '.join(MODELS)}")


def _today() -> str:
    import time

    return time.strftime("%Y-%m-%d", time.gmtime())
