"""Writes the pages of rules, routes, report formats and importers from the words of their files.

Usage: python scripts/reference.py. Each kind has a folder under docs/ that holds nothing else: one page a
thing, and an index. A rule's page shows an example that passes and one that fails, drawn by rule_pictures.py.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parent))
import report_samples
import rule_pictures

from verify4k import importers, reporters, routes
from verify4k.cli import _rule_page
from verify4k.rules import all_rules

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("docs/rules", "docs/routes", "docs/reports", "docs/importers", "docs/assets/rules")


def _words(module: ModuleType) -> tuple[str, str]:
    title, _, body = (module.__doc__ or "").replace("``", "`").partition("\n")
    return title, body.strip()


def rule_pages() -> Iterator[tuple[str, str]]:
    """Every rule: the page that ``explain`` prints, with its picture below the claim."""
    index = [
        "# Rules",
        "",
        "A rule is a claim about one picture, or about all of a run. The same pages come from",
        "`verify4k explain RULE`; `verify4k rules` lists those of your manifest.",
        "",
        "| rule | claim | by default |",
        "|---|---|---|",
    ]
    for rule in all_rules().values():
        claim = f"**{rule.title}**\n"
        picture = f"{claim}\n![{rule_pictures.described(rule)}](../assets/rules/{rule.id}.svg)\n"
        yield f"docs/rules/{rule.id}.md", _rule_page.page(rule).replace(claim, picture, 1) + "\n"
        state = rule.severity if rule.enabled else "off"
        title = rule.title.rstrip(".").replace("|", r"\|")
        index.append(f"| [{rule.id}]({rule.id}.md) | {title} | {state} |")
    yield "docs/rules/index.md", "\n".join(index) + "\n"


def route_pages() -> Iterator[tuple[str, str]]:
    """Every route: what it is, who owns it, what it honours and costs, and who verified that."""
    index = [
        "# Routes",
        "",
        "A route is a way to get a picture; an entry names it under `generate:`. `verify4k routes` shows",
        "these and those of your manifest, and marks what nobody has verified lately.",
        "",
        "| route | what it is |",
        "|---|---|",
    ]
    for kind in routes.kinds():
        title, body = _words(__import__(f"verify4k.routes.{kind.replace('-', '_')}", fromlist=["route"]))
        index.append(f"| [{kind}]({kind}.md) | {title.rstrip('.')} |")
        lines = [f"# {kind}", "", f"**{title}**", *(["", body] if body else [])]
        profile = routes.find_route(kind).official
        rows = {
            "owner": profile.owner,
            "endpoint": profile.base_url,
            "key": profile.key if profile.base_url else "",
            "billing": profile.billing,
            "source": profile.source,
        }
        told = [f"| {name} | {text} |" for name, text in rows.items() if text]
        lines += ["", "| | |", "|---|---|", *told] if told else []
        lines += [
            "",
            "What an entry says about it: [generate](../generate.md), and the options one by one in the",
        ]
        lines += ["[reference](../generate-reference.md)."]
        yield f"docs/routes/{kind}.md", "\n".join(lines) + "\n"
    yield "docs/routes/index.md", "\n".join(index) + "\n"


def report_pages() -> Iterator[tuple[str, str]]:
    """Every report format with its file's words, and what it makes of one small run."""
    index = [
        "# Report formats",
        "",
        "`--format NAME` on stdout, `--report NAME=PATH` into files, as many as you like from one run. The",
        "exit code is the same whatever is written. `verify4k schema report` describes `json`.",
        "",
        "| format | what it is |",
        "|---|---|",
    ]
    samples = report_samples.samples()
    for name in reporters.names():
        title, body = _words(reporters.reporter(name))
        index.append(f"| [{name}]({name}.md) | {title.rstrip('.')} |")
        lines = [f"# {name}", "", f"**{title}**", *(["", body] if body else []), "", *samples[name]]
        yield f"docs/reports/{name}.md", "\n".join(lines) + "\n"
    yield "docs/reports/index.md", "\n".join(index) + "\n"


def importer_pages() -> Iterator[tuple[str, str]]:
    """Every importer with its file's words."""
    index = [importers.INTRODUCTION, "", "| kind | what it is |", "|---|---|"]
    for kind in importers.kinds():
        title, body = _words(importers.find_importer(kind).module)
        index.append(f"| [{kind}]({kind}.md) | {title.rstrip('.')} |")
        yield f"docs/importers/{kind}.md", "\n".join([f"# {kind}", "", f"**{title}**", "", body]) + "\n"
    yield "docs/importers/index.md", "\n".join(index) + "\n"


def pages() -> dict[str, str]:
    """Return each page's text by its name."""
    return dict([*rule_pages(), *route_pages(), *report_pages(), *importer_pages()])


def drawings() -> dict[str, str]:
    """Return each rule's picture by its name."""
    return {f"docs/assets/rules/{rule.id}.svg": rule_pictures.drawing(rule) for rule in all_rules().values()}


def strays(made: dict[str, str]) -> list[str]:
    """Return files of the generated folders that nothing makes any more."""
    there = (path for folder in FOLDERS for path in (ROOT / folder).glob("*"))
    return sorted(name for path in there if (name := path.relative_to(ROOT).as_posix()) not in made)


def main() -> None:
    """Write every page and picture, and take away those of things that are gone."""
    made = {**pages(), **drawings()}
    for name in strays(made):
        (ROOT / name).unlink()
    for name, text in made.items():
        path = ROOT / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if name.endswith(".svg") and path.exists() and rule_pictures.alike(path.read_text("utf-8"), text):
            continue  # another version of an encoder draws the same
        path.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
