"""An exception of a rule that compares a file with what it was made from is bound to both."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from accepted import promise
from repositories import GOOD, OTHER, SMALL

if TYPE_CHECKING:
    from pathlib import Path

ARGUMENTS = [(), ("--depth", "header"), ("out.png",), ("out.png", "--depth", "header")]


def kinds(outcome: Any) -> list[str]:
    """How the enlargement of out.png is told."""
    said = json.loads(outcome.out)
    places = ("findings", "suppressed")
    return [place for place in places for each in said[place] if each["rule"] == "no-enlargement"]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A picture that is larger than the one it was made from."""
    (tmp_path / "src.png").write_bytes(SMALL)
    (tmp_path / "out.png").write_bytes(GOOD)
    promise(tmp_path, "src.png: 32x18", "out.png: {size: 64x36, from: src.png}")
    return tmp_path


@pytest.mark.parametrize("arguments", ARGUMENTS)
def test_a_baseline_accepts_it_until_the_source_is_another(
    arguments: tuple[str, ...], project: Path, run: Any
) -> None:
    written = run("check", "--write-baseline", "base.json", "--format", "json")
    assert (written.code, kinds(written)) == (1, ["findings"])
    known = run("check", *arguments, "--baseline", "base.json", "--format", "json")
    assert (known.code, kinds(known)) == (0, ["suppressed"])
    (project / "src.png").write_bytes(SMALL + b"\n")
    changed = run("check", *arguments, "--baseline", "base.json", "--format", "json")
    assert (changed.code, kinds(changed)) == (1, ["findings"])
    (project / "src.png").write_bytes(SMALL)
    (project / "out.png").write_bytes(OTHER)
    changed = run("check", *arguments, "--baseline", "base.json", "--format", "json")
    assert (changed.code, kinds(changed)) == (1, ["findings"])


@pytest.mark.parametrize("arguments", ARGUMENTS)
def test_an_ignore_accepts_it_by_the_digest_that_the_note_tells(
    arguments: tuple[str, ...], project: Path, run: Any
) -> None:
    entry = "out.png: {{size: 64x36, from: src.png, ignore: [{{rule: no-enlargement, reason: x{}}}]}}"
    promise(project, "src.png: 32x18", entry.format(""))
    told = re.search(r"give it sha256: *([0-9a-f]{64})", " ".join(run("check", *arguments).out.split()))
    assert told is not None
    promise(project, "src.png: 32x18", entry.format(f", sha256: {told[1]}"))
    accepted = run("check", *arguments, "--format", "json")
    assert (accepted.code, kinds(accepted)) == (0, ["suppressed"])
    (project / "src.png").write_bytes(SMALL + b"\n")
    changed = run("check", *arguments, "--format", "json")
    assert (changed.code, kinds(changed)) == (1, ["findings"])


def test_shards_know_the_content_of_a_source(project: Path, run: Any) -> None:
    run("check", "--write-baseline", "base.json")
    for part in ("1", "2"):
        run("check", "--baseline", "base.json", "--shard", f"{part}/2", "--report", f"json={part}.json")
    merged = run("merge", "1.json", "2.json", "--format", "json")
    assert (merged.code, kinds(merged)) == (0, ["suppressed"])
