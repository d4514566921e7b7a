"""Pictures of a finding's evidence, as SVG beside or over the thumbnail.

What is known by name in ``Problem.evidence`` is drawn, in pixels of the stored image:

- ``box``, ``art``, ``crop``: [x, y, w, h], a part of the picture
- ``x: [...], y: [...], peak: 0.5``: strength along both axes at ratios 0..1, with the peak marked
- ``residual: [[pixels, levels], ...]``: what undoing an enlargement leaves, of native edges close by
- ``grid: [...], columns: 16``: how much of each cell, 0..1
- ``votes: [{source, size, agrees}]``: sizes that metadata names; said in words
- ``coding: {quality, exact, subsampling}``: how a JPEG was compressed; said in words, None is left out

Beside a ``crop`` stands the asset's close-up of that place, where there is one.

Everything else, and what is not as described, is shown as a table. Two sizes, expected and got,
are always drawn to scale.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from verify4k.reporters._html_close_up import draw_close_up
from verify4k.reporters._xml import escaped

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from verify4k.report import CloseUp, Finding

_SIZE = re.compile(r"([1-9][0-9]{0,6})x([1-9][0-9]{0,6})")
_WIDE, _HIGH = 320, 120
_MOST = 4_096  # cells or points: more than a small drawing can show


def draw(finding: Finding, size: Sequence[int] | None = None, close_up: CloseUp | None = None) -> str:
    """Return figures for a finding about a picture of ``size``; empty when there is nothing to draw."""
    figures = [_sizes(finding.expected, finding.actual)]
    rest = dict(finding.evidence or {})
    beside = draw_close_up(close_up) if close_up is not None and "crop" in rest else ""
    for keys, drawing in _DRAWN:
        if not keys <= rest.keys():
            continue
        try:
            figures.append(drawing(rest, size))
        except (KeyError, TypeError, ValueError, AttributeError, IndexError, ZeroDivisionError):
            continue  # not as described above: the numbers themselves are still evidence
        rest = {key: value for key, value in rest.items() if key not in keys}
    return "".join(figures) + beside + _table(rest)


def _table(rest: Mapping[str, Any]) -> str:
    rows = "".join(f"<dt>{_text(name)}</dt><dd>{_text(value)}</dd>" for name, value in rest.items())
    return f'<dl class="evidence">{rows}</dl>' if rows else ""


def _sizes(expected: str, actual: str) -> str:
    wanted, seen = _SIZE.fullmatch(expected), _SIZE.fullmatch(actual)
    if wanted is None or seen is None:
        return ""
    shapes = [(int(match[1]), int(match[2])) for match in (wanted, seen)]
    scale = min(_WIDE / max(w for w, _ in shapes), _HIGH / max(h for _, h in shapes))
    rects = "".join(
        f'<rect class="{kind}" width="{max(w * scale, 1):.1f}" height="{max(h * scale, 1):.1f}"/>'
        for kind, (w, h) in zip(("wanted", "seen"), shapes, strict=True)
    )
    label = f"promised {expected} (outline) against measured {actual} (filled), to scale"
    return _figure(_svg(_WIDE, _HIGH, rects, label), label)


def _box(evidence: Mapping[str, Any], size: Sequence[int] | None) -> str:
    return _part(evidence["box"], size, "the picture inside its borders")


def _art(evidence: Mapping[str, Any], size: Sequence[int] | None) -> str:
    return _part(evidence["art"], size, "the art on its canvas")


def _crop(evidence: Mapping[str, Any], size: Sequence[int] | None) -> str:
    return _part(evidence["crop"], size, "the place with most detail: look here")


def _part(box: Sequence[float], size: Sequence[int] | None, label: str) -> str:
    if size is None:
        raise ValueError
    width, height = (_positive(float(edge)) for edge in size)
    x, y, w, h = (float(number) for number in box)
    rect = f'<rect class="mark" x="{x:g}" y="{y:g}" width="{_positive(w):g}" height="{_positive(h):g}"/>'
    return _over(width, height, rect, f"{label}: {w:g}x{h:g} at {x:g},{y:g}")


def _grid(evidence: Mapping[str, Any], _size: Sequence[int] | None) -> str:
    columns = int(evidence["columns"])
    values = [_unit(value) for value in evidence["grid"][:_MOST]]
    rows = -(-len(values) // columns)
    cells = "".join(
        f'<rect class="cell" x="{index % columns}" y="{index // columns}" width="1" height="1" '
        f'fill-opacity="{value:.2f}"/>'
        for index, value in enumerate(values)
        if value > 0
    )
    return _over(_positive(columns), _positive(rows), cells, "where in the picture")


def _over(width: float, height: float, content: str, label: str) -> str:
    """Lay a drawing over the thumbnail, which the script puts there."""
    svg = _svg(width, height, content, label)
    return _figure(f'<span class="stage"><img alt="" class="copy">{svg}</span>', label)


def _votes(evidence: Mapping[str, Any], _size: Sequence[int] | None) -> str:
    told = ""
    for vote in evidence["votes"]:
        width, height = vote["size"]
        weight = "the size that the pixels tell" if vote["agrees"] else "a second vote without the pixels'"
        told += f"<li>{_text(vote['source'])} names {_text(f'{width}x{height}')}: {weight}</li>"
    return f'<ul class="votes">{told}</ul>' if told else ""


def _coding(evidence: Mapping[str, Any], _size: Sequence[int] | None) -> str:
    coding = evidence["coding"]
    if coding is None:
        return ""
    about = "" if coding["exact"] else "about "
    sampled = f", {coding['subsampling']}" if coding["subsampling"] else ""
    told = f"JPEG quality {about}{coding['quality']} on libjpeg's scale{sampled}"
    return f'<ul class="votes"><li>{_text(told)}</li></ul>'


def _curves(evidence: Mapping[str, Any], _size: Sequence[int] | None) -> str:
    axes = {name: [float(value) for value in evidence[name][:_MOST]] for name in ("x", "y")}
    high = max(max(values) for values in axes.values()) or 1.0
    content = ""
    for name, values in axes.items():
        step = _WIDE / max(len(values) - 1, 1)
        points = " ".join(
            f"{index * step:.1f},{_HIGH - _unit(value / high) * _HIGH:.1f}"
            for index, value in enumerate(values)
        )
        content += f'<polyline class="curve {name}" points="{points}"/>'
    label = "traces of enlargement by native ratio, 0 to 1; solid: across, dashed: down"
    if evidence["peak"] is not None:
        at = _unit(evidence["peak"]) * _WIDE
        content += f'<line class="mark" x1="{at:.1f}" x2="{at:.1f}" y1="0" y2="{_HIGH}"/>'
        label += f"; the peak is at {float(evidence['peak']):.3g}"
    return _figure(_svg(_WIDE, _HIGH, content, label), label)


def _residual(evidence: Mapping[str, Any], _size: Sequence[int] | None) -> str:
    points = [(int(width), _positive(float(left) + 1e-6)) for width, left in evidence["residual"][:_MOST]]
    high, (least, _) = max(left for _, left in points), min(points, key=lambda point: point[1])
    step = _WIDE / max(len(points) - 1, 1)
    path = " ".join(
        f"{index * step:.1f},{_HIGH - left / high * _HIGH:.1f}" for index, (_, left) in enumerate(points)
    )
    label = (
        f"what undoing the enlargement leaves, of a native edge of {points[0][0]} to {points[-1][0]} pixels: "
        f"least at {least}, up to {high:.3g} levels"
    )
    return _figure(_svg(_WIDE, _HIGH, f'<polyline class="curve x" points="{path}"/>', label), label)


_DRAWN = (
    (frozenset({"votes"}), _votes),
    (frozenset({"coding"}), _coding),
    (frozenset({"box"}), _box),
    (frozenset({"art"}), _art),
    (frozenset({"x", "y", "peak"}), _curves),
    (frozenset({"residual"}), _residual),
    (frozenset({"crop"}), _crop),
    (frozenset({"grid", "columns"}), _grid),
)


def _svg(width: float, height: float, content: str, label: str) -> str:
    return (
        f'<svg viewBox="0 0 {width:g} {height:g}" preserveAspectRatio="none" role="img" '
        f'aria-label="{_text(label)}">{content}</svg>'
    )


def _figure(drawing: str, caption: str) -> str:
    return f'<figure class="evidence">{drawing}<figcaption>{_text(caption)}</figcaption></figure>'


def _positive(number: float) -> float:
    if not 0 < number < 1e9:
        raise ValueError
    return number


def _unit(value: object) -> float:
    return min(max(float(value), 0.0), 1.0)  # type: ignore[arg-type]


def _text(value: object) -> str:
    return escaped(value if isinstance(value, str) else repr(value))
