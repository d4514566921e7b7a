"""Pictures of a finding's evidence, as SVG beside or over the thumbnail.

A rule says what to draw in ``Problem.evidence``; coordinates are pixels of the image:

- ``{"draw": "boxes", "size": [w, h], "boxes": [{"box": [x, y, w, h], "label": "padding"}]}``
- ``{"draw": "grid", "columns": 16, "values": [0.0 ... 1.0], "label": "where alpha is used"}``
- ``{"draw": "curve", "values": [...], "marks": [{"at": 0.66, "label": "ends here"}], "label": "spectrum"}``

Anything else is shown as a table, and two sizes are always drawn to scale.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from verify4k.reporters._xml import escaped

if TYPE_CHECKING:
    from collections.abc import Mapping

    from verify4k.report import Finding

_SIZE = re.compile(r"([1-9][0-9]{0,6})x([1-9][0-9]{0,6})")
_WIDE, _HIGH = 320, 120
_MOST = 4_096  # cells or points: more than a small drawing can show


def draw(finding: Finding) -> str:
    """Return figures for a finding; empty when there is nothing to draw."""
    figures = [_sizes(finding.expected, finding.actual)]
    if finding.evidence:
        figures.append(_evidence(finding.evidence))
    return "".join(figures)


def _evidence(evidence: Mapping[str, Any]) -> str:
    drawing = {"boxes": _boxes, "grid": _grid, "curve": _curve}.get(str(evidence.get("draw")))
    if drawing is not None:
        try:
            return drawing(evidence)
        except (KeyError, TypeError, ValueError, AttributeError, IndexError, ZeroDivisionError):
            pass  # not as described above: the numbers themselves are still evidence
    rows = "".join(f"<dt>{_text(name)}</dt><dd>{_text(value)}</dd>" for name, value in evidence.items())
    return f'<dl class="evidence">{rows}</dl>'


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


def _boxes(evidence: Mapping[str, Any]) -> str:
    width, height = (float(edge) for edge in evidence["size"])
    marks = []
    for one in evidence["boxes"][:_MOST]:
        x, y, w, h = (float(number) for number in one["box"])
        title = f"<title>{_text(one['label'])}</title>" if one.get("label") else ""
        marks.append(f'<rect class="mark" x="{x:g}" y="{y:g}" width="{w:g}" height="{h:g}">{title}</rect>')
    names = dict.fromkeys(str(one["label"]) for one in evidence["boxes"] if one.get("label"))
    label = str(evidence.get("label") or ", ".join(names) or "where")
    svg = _svg(_positive(width), _positive(height), "".join(marks), label)
    return _figure(f'<span class="stage"><img alt="" class="copy">{svg}</span>', label)


def _grid(evidence: Mapping[str, Any]) -> str:
    columns = int(evidence["columns"])
    values = [_unit(value) for value in evidence["values"][:_MOST]]
    rows = -(-len(values) // columns)
    cells = "".join(
        f'<rect class="cell" x="{index % columns}" y="{index // columns}" width="1" height="1" '
        f'fill-opacity="{value:.2f}"/>'
        for index, value in enumerate(values)
        if value > 0
    )
    label = str(evidence.get("label") or "where")
    svg = _svg(_positive(columns), _positive(rows), cells, label)
    return _figure(f'<span class="stage"><img alt="" class="copy">{svg}</span>', label)


def _curve(evidence: Mapping[str, Any]) -> str:
    values = [float(value) for value in evidence["values"][:_MOST]]
    low, high = min(values), max(values)
    span, step = (high - low) or 1.0, _WIDE / max(len(values) - 1, 1)
    points = " ".join(
        f"{index * step:.1f},{(high - value) / span * _HIGH:.1f}" for index, value in enumerate(values)
    )
    label = str(evidence.get("label") or "curve")
    marks = "".join(_mark(one) for one in evidence.get("marks", ()))
    told = "; ".join([label, *(str(one["label"]) for one in evidence.get("marks", ()) if one.get("label"))])
    return _figure(_svg(_WIDE, _HIGH, f'<polyline class="curve" points="{points}"/>{marks}', told), told)


def _mark(one: Mapping[str, Any]) -> str:
    x = _unit(one["at"]) * _WIDE
    return f'<line class="mark" x1="{x:.1f}" x2="{x:.1f}" y1="0" y2="{_HIGH}"/>'


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
