"""What the how-to pages tell people to write and to type is understood as it stands."""

from __future__ import annotations

import json
import re
import shlex
from typing import TYPE_CHECKING, Any

import click
import pytest
from installed_tools import ROOT
from pictures import gradient, save

from verify4k.cli import app
from verify4k.manifest.load import load_manifest

if TYPE_CHECKING:
    from pathlib import Path

PAGES = [*sorted((ROOT / "docs" / "howto").glob("*.md")), ROOT / "docs" / "faq.md", ROOT / "README.md"]
TEXT = {path.name: path.read_text("utf-8") for path in PAGES}
MANIFESTS = [
    (name, block)
    for name, text in TEXT.items()
    for block in re.findall(r"```yaml\n(version: 1\n.*?)```", text, re.DOTALL)
]
COMMANDS = sorted(
    {
        (name, line)
        for name, text in TEXT.items()
        for block in [*re.findall(r"```sh\n(.*?)```", text, re.DOTALL), *re.findall(r"`([^`\n]+)`", text)]
        for line in re.findall(r"(?:^|\| )(verify4k [a-z-]+ [^#\n|<]+)", block, re.MULTILINE)
    }
)


@pytest.mark.parametrize(("name", "block"), MANIFESTS, ids=[name for name, _ in MANIFESTS])
def test_a_manifest_of_the_page_is_read(name: str, block: str, tmp_path: Path) -> None:
    (tmp_path / "verify4k.yaml").write_text(block)
    assert load_manifest(tmp_path / "verify4k.yaml").assets


def test_there_are_manifests_and_commands() -> None:
    assert len(MANIFESTS) >= 3
    assert len(COMMANDS) >= 15


@pytest.mark.parametrize(("name", "line"), COMMANDS, ids=[f"{name}: {line}" for name, line in COMMANDS])
def test_a_command_of_the_page_is_understood(name: str, line: str, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)
    _, command, *args = shlex.split(line.strip())
    found = app.get_command(click.Context(app), command)
    assert found is not None, line
    found.make_context(command, args)  # raises for an option or a choice that there is not


def test_the_task_of_vs_code_reads_what_is_printed(run: Any, tmp_path: Path) -> None:
    [block] = re.findall(r"```json\n(.*?)```", TEXT["editors.md"], re.DOTALL)
    pattern = json.loads(block)["tasks"][0]["problemMatcher"]["pattern"]
    (tmp_path / "a.png").write_bytes(save(gradient(64, 36), "x.png"))
    (tmp_path / "verify4k.yaml").write_text("version: 1\nfiles: {a.png: 32x18}\n")
    first = run("check", "--format", "concise").out.splitlines()[0]
    found = re.match(pattern["regexp"], first)
    assert found is not None, first
    assert (found[pattern["file"]], found[pattern["line"]]) == ("verify4k.yaml", "2")
    assert (found[pattern["severity"]], found[pattern["code"]]) == ("error", "exact-size")
