"""Mentions of pictures -> promises: what several places say of one picture, merged without false alarms."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from verify4k.documents.building import Value
    from verify4k.documents.nodes import Place
    from verify4k.pages.reference import Reference, Shape

# A page does not ask others to stand still.
_STILL = (".png", ".jpg", ".jpeg", ".ico", ".bmp", ".tif", ".tiff")
_EDGE = re.compile("[0-9]{1,9}")  # the width of a size as written, which may be anything
SLACK = 0.02  # how far two stated shapes may differ and still be one: attributes are rounded


def merged(references: Iterable[tuple[str, Reference]]) -> list[tuple[str, Place, Mapping[str, Value]]]:
    """Return target, place and manifest options for each picture, in the order of first mention.

    What two places say of the exact width or size stays as it is said, so that a page that
    contradicts itself is told so. A place that is wider than another needs more pixels; places of
    different shapes mean that the page crops, and then no shape is promised.

    Args:
        references: each with the target that its URL means.
    """
    groups: dict[str, list[Reference]] = {}
    for target, reference in references:
        groups.setdefault(target, []).append(reference)
    found: list[tuple[str, Place, Mapping[str, Value]]] = []
    for target, said in groups.items():
        path = target.partition("?")[0].partition("#")[0].lower()
        if path.endswith(".svg"):  # it is drawn at any size
            formats = list(dict.fromkeys(form for each in said for form in each.format))
            found.append((target, said[0].place, {"format": list(formats) if formats else "svg"}))
        else:
            holds = path.endswith(".ico")
            moves = {} if path.endswith(_STILL) else {"animation": "allowed"}
            found += [(target, place, {**options, **moves}) for place, options in _of_one(said, holds=holds)]
    return found


def _of_one(said: Sequence[Reference], *, holds: bool) -> list[tuple[Place, Mapping[str, Value]]]:
    options: dict[str, Value] = {}
    exact = _stated(said, holds=holds)
    widest = max((each for each in said if each.least), key=lambda each: each.least or 0, default=None)
    shape = _common([each.shape for each in said if each.shape])
    if shape is not None:
        options |= {"ratio": f"{shape.width}:{shape.height}", "tolerance": f"{SLACK:.0%}"}
    if widest is not None and not exact:
        options["width"] = f"{widest.least}.."
    elif widest is not None and _narrowest(said, holds=holds) < (widest.least or 0):
        # what is said exactly is too narrow here: both are asked, and one of the two is a lie
        exact = [(place, _as_size(stated)) for place, stated in exact]
        exact.append((widest.place, {"width": f"{widest.least}.."}))
    formats = tuple(dict.fromkeys(form for each in said for form in each.format))
    if formats:
        options["format"] = list(formats)
    first, *others = exact or [(said[0].place, {})]
    return [(first[0], {**options, **first[1]}), *others]


def _narrowest(said: Sequence[Reference], *, holds: bool) -> int:
    """Return the width of which what is stated exactly lets a picture be at least; of an icon, its widest."""
    widths = [each.width for each in said if each.width and not each.size]
    edges = [_EDGE.match(size) for each in said for size in each.size]
    widths += [int(edge[0]) if edge else 0 for edge in edges]
    return max(widths) if holds else min(widths)


def _as_size(stated: dict[str, Value]) -> dict[str, Value]:
    """Return an exact width as a size with any height: an entry has one `width`."""
    return {"size": f"{stated['width']}x*"} if "width" in stated else stated


def _stated(said: Sequence[Reference], *, holds: bool) -> list[tuple[Place, dict[str, Value]]]:
    """Return each different exact width or size once, with the place that says it first.

    Args:
        holds: whether the picture is an icon that holds several sizes.
    """
    found: dict[str, tuple[Place, dict[str, Value]]] = {}
    for each in said:
        if each.size:
            value: Value = each.size[0] if len(each.size) == 1 and not holds else list(each.size)
            found.setdefault(f"size {each.size}", (each.place, {"sizes" if holds else "size": value}))
        elif each.width:
            found.setdefault(f"width {each.width}", (each.place, {"width": str(each.width)}))
    return list(found.values())


def _common(shapes: Sequence[Shape]) -> Shape | None:
    """Return the largest of shapes that agree; None where they do not, or where there is none."""
    if not shapes:
        return None
    first = max(shapes, key=lambda shape: shape.width * shape.height)
    wanted = first.width / first.height
    agree = all(abs(shape.width / shape.height / wanted - 1) <= SLACK for shape in shapes)
    return first if agree else None
