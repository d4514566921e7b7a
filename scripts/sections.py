"""Writes the generated sections of hand-written pages: commands, options and formats.

Usage: python scripts/sections.py [--check]. A section stands between ``<!-- generated: NAME -->`` and
``<!-- end -->``; with --check nothing is written, and a section that is not up to date is exit code 1.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from verify4k import cli
from verify4k.options.kinds import describe
from verify4k.reporters import names, reporter
from verify4k.rules import all_rules

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
PAGES = ("README.md", "docs/manifest.md", "docs/ci.md")
SECTION = re.compile(r"(<!-- generated: (\w+) -->\n)(.*?)(<!-- end -->)", re.DOTALL)


def commands() -> Iterator[str]:
    """Every command, in the groups of --help."""
    yield from ("| command | what it does |", "|---|---|")
    found = [cli.about(name) for name in cli.app.list_commands(click.Context(cli.app))]
    for group in cli.GROUPS:
        yield f"| **{group}** | |"
        for each in found:
            if each.group == group:
                yield f"| `verify4k {each.name}` | {each.does} |"


def options() -> Iterator[str]:
    """Every option of an entry, as the rules declare them."""
    yield from ("| option | values | rule |", "|---|---|---|")
    for rule in all_rules().values():
        for key, (kind, doc) in describe(rule.options).items() if rule.options else ():
            words = kind.words.replace("|", r"\|")
            yield f"| `{key}` | `{words}`: {doc} | [{rule.id}](rules/{rule.id}.md) |"


def formats() -> Iterator[str]:
    """Every format of a report."""
    yield from ("| format | what for |", "|---|---|")
    for name in names():
        first = (reporter(name).__doc__ or "").partition("\n")[0].rstrip(".").replace("``", "`")
        yield f"| [`{name}`](reports/{name}.md) | {first} |"


MAKERS = {"commands": commands, "options": options, "formats": formats}


def filled(text: str) -> str:
    """Return a page with its sections as they are now."""
    return SECTION.sub(lambda found: found[1] + "\n".join(MAKERS[found[2]]()) + "\n" + found[4], text)


def main(*argv: str) -> int:
    """Write the pages, or compare them."""
    stale = []
    for name in PAGES:
        path = ROOT / name
        before = path.read_text("utf-8")
        after = filled(before)
        if after != before:
            stale.append(name)
            if "--check" not in argv:
                path.write_text(after, "utf-8")
    if "--check" in argv and stale:
        print(f"not up to date: {', '.join(stale)}; run: sh scripts/regenerate.sh", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
