"""Draws what a rule is about: one example that passes and one that fails, as a small SVG.

The pictures are those of the rule's examples, made by the same code as for the tests and asked for their
facts by `verify4k.inspect`. Light and dark follow the page that shows them.
"""

from __future__ import annotations

import base64
import io
import math
import re
import sys
import tempfile
import textwrap
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from xml.sax.saxutils import escape

from PIL import Image, ImageChops, ImageFile, ImageStat, UnidentifiedImageError

import verify4k
from verify4k.documents.flow import flow

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from verify4k.rule import Example, Picture, Rule

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from pictures import make

CARD, GAP, EDGE, BAND = 420, 16, 14, 132  # a card, the space between two, its margin, the pictures' height
CLOSE_UPS = ("detail", "native-resolution")  # a whole picture, shown small, does not tell these
STYLE = """\
svg{--card:#fff;--line:#c9d1d9;--ink:#1b1f24;--dim:#57606a;--good:#116329;--bad:#b3202c;--check:#dde2e7}
@media(prefers-color-scheme:dark){svg{--card:#15191f;--line:#3a424d;--ink:#e6edf3;--dim:#a3adb8;\
--good:#56d364;--bad:#ff8a80;--check:#2a313a}}
text{font:13px system-ui,"Segoe UI",Helvetica,Arial,sans-serif;fill:var(--ink)}
.h{font-weight:600;font-size:14px}.m{font-family:ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace;\
font-size:12px}
.d{fill:var(--dim);font-size:12px}.bad{fill:var(--bad)}.good{fill:var(--good)}.c{text-anchor:middle}"""
MARKS = {"good": "M-4 0l3 3 5-6", "bad": "M-3.5-3.5l7 7m0-7l-7 7"}
_EMBEDDED = re.compile(r"data:image/(?:png|jpeg);base64,([A-Za-z0-9+/=]+)")
PLACEHOLDERS = {
    "missing": "no file",
    "html": "an HTML page",
    "lfs-pointer": "a Git LFS pointer",
}


class Shown(NamedTuple):
    """One picture of an example: the bytes that stand in the file, and what to call them."""

    picture: Picture
    data: bytes | None
    facts: str


def drawing(rule: Rule) -> str:
    """Return the SVG of a rule."""
    passing, failing = chosen(rule)
    with tempfile.TemporaryDirectory() as folder:
        sides = [
            ("good", f"Passes: {passing.title}", _seen(passing, Path(folder) / "a"), _said(passing, rule)),
            ("bad", f"Fails: {failing.title}", _seen(failing, Path(folder) / "b"), _said(failing, rule)),
        ]
    largest = max(max(s.picture.width, s.picture.height * 1.6) for *_, seen, _ in sides for s in seen)
    deepest = max(len(said) for *_, said in sides)
    height = 30 + BAND + 48 + deepest * 17 + 8
    body = []
    for index, (state, title, seen, said) in enumerate(sides):
        left = index * (CARD + GAP)
        body.append(f'<g transform="translate({left} 0)">')
        body += _card(state, title, height)
        body += _pictures(seen, largest, close=rule.id in CLOSE_UPS)
        body += [
            f'<text x="{EDGE}" y="{30 + BAND + 60 + line * 17}" class="{style}">{_text(words)}</text>'
            for line, (style, words) in enumerate(said)
        ]
        body.append("</g>")
    width = 2 * CARD + GAP
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-1 -1 {width + 2} {height + 2}" width="{width}" '
        f'role="img">\n<title>{_text(described(rule))}</title>\n<style>{STYLE}</style>\n'
        + "\n".join(body)
        + "\n</svg>\n"
    )


def described(rule: Rule) -> str:
    """Return what the drawing shows, in words."""
    passing, failing = chosen(rule)
    found = "; ".join(problem.message for problem in failing.problems)
    return f"Passes: {passing.title}. Fails: {failing.title} ({found})."


def chosen(rule: Rule) -> tuple[Example, Example]:
    """Return the first example that fails, and of those that pass the one that is most like it."""
    failing = next(example for example in rule.examples if example.problems)
    alike = [
        (
            example.promise.keys() != failing.promise.keys(),
            len(example.files) != len(failing.files),
            int(abs(math.log2(example.files[0].width / failing.files[0].width))) // 3,
            place,
        )
        for place, example in enumerate(rule.examples)
        if not example.problems
    ]
    return rule.examples[min(alike)[-1]], failing


def _seen(example: Example, folder: Path) -> list[Shown]:
    found = []
    for picture in example.files[:3]:
        path = make(picture, folder)
        if not path.exists():
            found.append(Shown(picture, None, ""))
            continue
        data = path.read_bytes()
        found.append(Shown(picture, data, ", ".join(_facts(verify4k.inspect(data)))))
    return found


def _facts(told: dict[str, Any]) -> Iterator[str]:
    """Yield what there is to say of a file besides what every plain picture has."""
    if told["format"] is None:
        return
    size = told["displayed"] or told["stored"]
    yield told["format"] + (f" {size[0]}x{size[1]}" if size else "")
    if told["alpha"] not in (None, "none"):
        yield f"alpha {told['alpha']}"
    if told["mode"] not in (None, "rgb"):
        yield told["mode"]
    if told["bit_depth"] not in (None, 8):
        yield f"{told['bit_depth']} bits"
    if (told["frames"] or 1) > 1:
        yield f"{told['frames']} frames"
    if (told["orientation"] or 1) != 1:
        yield f"Exif orientation {told['orientation']}"
    if told["trailing_bytes"]:
        yield "data behind the end"
    if told["integrity"] not in (None, "ok"):
        yield told["integrity"]


def _said(example: Example, rule: Rule) -> list[tuple[str, str]]:
    """Return lines below the pictures, each with its style: the promise, then what is found."""
    served = sorted({str(p.served) for p in example.files if p.served})
    lines = [("d", part) for text in served for part in _wrapped(text.replace("`", ""), 62)]
    if example.attributes:
        lines += [("d m", part) for part in _wrapped(f".gitattributes: {example.attributes}", 52)]
    promised = flow(example.groups) if example.groups else flow(example.promise)
    origin = f", from: {example.files[0].name}" if rule.along is not None else ""
    if example.promise or example.groups or origin:
        lines += [("m", part) for part in _wrapped(f"promised {promised}{origin}", 52)]
    else:
        lines.append(("d", "promised: nothing but to be there"))
    for problem in example.problems:
        severity = problem.severity or rule.severity
        lines += [("bad", part) for part in _wrapped(f"{severity}: {problem.message}", 60)]
        pair = f"expected {problem.expected}, found {problem.actual}".replace(
            "...", "\N{HORIZONTAL ELLIPSIS}"
        )
        lines += [("d", part) for part in _wrapped(pair, 62)]
    if not example.problems:
        lines.append(("good", "holds"))
    return lines


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, max_lines=3, placeholder=" \N{HORIZONTAL ELLIPSIS}")


def _text(words: str) -> str:
    return escape(words)


def _card(state: str, title: str, height: int) -> Iterator[str]:
    yield f'<rect width="{CARD}" height="{height}" rx="8" fill="var(--card)" stroke="var(--line)"/>'
    yield f'<circle cx="{EDGE + 8}" cy="20" r="8" fill="var(--{state})"/>'
    yield (
        f'<path transform="translate({EDGE + 8} 20)" d="{MARKS[state]}" fill="none" stroke="var(--card)" '
        'stroke-width="2"/>'
    )
    yield f'<text x="{EDGE + 24}" y="25" class="h">{_text(textwrap.shorten(title, 56))}</text>'


def _pictures(seen: Sequence[Shown], largest: float, *, close: bool) -> Iterator[str]:
    """Yield the pictures side by side, all at one scale, each with its name and facts."""
    column = (CARD - 2 * EDGE) / len(seen)
    scale = min(column - 12, BAND * 1.6) / largest
    for place, shown in enumerate(seen):
        middle = EDGE + column * (place + 0.5)
        width, height = shown.picture.width * scale, shown.picture.height * scale
        box = (middle - width / 2, 40 + (BAND - height) / 2, width, height)
        yield _picture(shown, box, close=close)
        note = {"unlisted": "not in the manifest"}.get(shown.picture.kind, shown.facts)
        yield f'<text x="{middle:.0f}" y="{30 + BAND + 22}" class="m c">{_text(shown.picture.name)}</text>'
        yield f'<text x="{middle:.0f}" y="{30 + BAND + 36}" class="d c">{_text(note)}</text>'


def _picture(shown: Shown, box: tuple[float, ...], *, close: bool) -> str:
    given = 'x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"'.format(*box)
    thumbnail = None if shown.data is None else _thumbnail(shown.data, close=close)
    if thumbnail is None:
        words = PLACEHOLDERS.get(shown.picture.kind, "no picture")
        x, y = box[0] + box[2] / 2, box[1] + box[3] / 2 + 4
        return (
            f'<rect {given} fill="none" stroke="var(--dim)" stroke-dasharray="4 3"/>'
            f'<text x="{x:.1f}" y="{y:.1f}" class="d c">{words}</text>'
        )
    return (
        f'<rect {given} fill="var(--check)"/>'
        f'<image {given} preserveAspectRatio="xMidYMid meet" href="{thumbnail}"/>'
    )


def _thumbnail(data: bytes, *, close: bool) -> str | None:
    """Return a small copy of a picture, as browsers show it; what is cut off stays empty."""
    tolerant, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, True
    try:
        with warnings.catch_warnings(action="ignore"), Image.open(io.BytesIO(data)) as image:
            image.load()
            small = image.convert("RGBA" if image.mode in ("RGBA", "LA", "PA") else "RGB")
    except UnidentifiedImageError:
        return None
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = tolerant
    if close:
        width, height = 96, 96 * small.height // small.width
        x, y = (small.width - width) // 2, (small.height - height) // 2
        small = small.crop((x, y, x + width, y + height))
    small.thumbnail((200, 130))
    buffer = io.BytesIO()
    if small.mode == "RGBA" or small.width <= 96:
        small.save(buffer, "PNG", optimize=True)
        return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()
    small.save(buffer, "JPEG", quality=85, optimize=True)
    return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode()


def alike(one: str, other: str) -> bool:
    """Whether two drawings say and show the same, but for what another version of an encoder may change."""
    first, second = _EMBEDDED.findall(one), _EMBEDDED.findall(other)
    if _EMBEDDED.sub("", one) != _EMBEDDED.sub("", other) or len(first) != len(second):
        return False
    return all(_near(*pair) for pair in zip(first, second, strict=True))


def _near(one: str, other: str) -> bool:
    first, second = (Image.open(io.BytesIO(base64.b64decode(data))).convert("RGBA") for data in (one, other))
    if first.size != second.size:
        return False
    difference = ImageStat.Stat(ImageChops.difference(first, second))
    return max(difference.mean) < 4
