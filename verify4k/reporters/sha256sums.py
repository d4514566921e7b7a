"""A checksum file for ``sha256sum -c``, of the bytes that were verified; empty unless all of them were.

``sha256sum -c`` fails on a file without checksums, so that the sums of a failed run cannot be
taken for those of a good one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify4k.reporters._plain import shown
from verify4k.reporters._result import result

if TYPE_CHECKING:
    from verify4k.report import RenderOptions, Report

ERRORS = "surrogateescape"  # a name that is no UTF-8 is written as the bytes it has

_ESCAPES = str.maketrans({"\\": "\\\\", "\n": "\\n", "\r": "\\r"})


def render(report: Report, options: RenderOptions) -> str:  # noqa: ARG001 - every reporter's signature
    """Return a comment with the result, then one line a file, sorted by name."""
    word, reasons = result(report)
    why = f": {shown(', '.join(reasons))}" if reasons else ""
    lines = [f"# verify4k {shown(report.version)}: {word}{why}"]
    if word != "FAILED":
        files = {asset.path: asset.sha256 for asset in report.assets if "delivery" not in asset.facts}
        lines += [_line(path, sha256) for path, sha256 in sorted(files.items())]
        # what came from a URL is no file that the program could read: a comment keeps its digest
        urls = [asset for asset in report.assets if "delivery" in asset.facts]
        lines += [f"# {asset.sha256}  {shown(asset.path)}" for asset in sorted(urls, key=lambda a: a.path)]
    return "".join(line + "\n" for line in lines)


def _line(path: str, sha256: str | None) -> str:
    """Write a name as GNU coreutils does: a leading backslash says that it holds escapes."""
    escaped = path.translate(_ESCAPES)
    return f"{'' if escaped == path else chr(92)}{sha256}  {escaped}"
