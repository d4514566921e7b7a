"""What docs/manifest.md tells newcomers to write is read as it stands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from verify4k.manifest.load import load_manifest

PAGE = (Path(__file__).parents[2] / "docs" / "manifest.md").read_text()
BY_TASK = PAGE.partition("## By task")[2].partition("\n## ")[0]
ENTRIES = re.findall(r"^\| (.+) \| `(\{.+\})` \|$", BY_TASK, re.MULTILINE)


def test_the_page_has_its_table() -> None:
    assert len(ENTRIES) >= 10


@pytest.mark.parametrize(("task", "entry"), ENTRIES)
def test_every_entry_by_task_is_a_manifest(task: str, entry: str, tmp_path: Path) -> None:
    (tmp_path / "a.png").touch()
    (tmp_path / "verify4k.yaml").write_text(f"version: 1\nfiles:\n  a.png: {entry}\n")
    (asset,) = load_manifest(tmp_path / "verify4k.yaml").assets
    assert asset.options, task
