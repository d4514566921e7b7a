"""What pages list is what the code has: commands, options and formats are generated, and none is missing."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from installed_tools import ROOT

from verify4k.options.kinds import describe
from verify4k.reporters import names
from verify4k.rules import all_rules


def test_the_generated_sections_are_up_to_date() -> None:
    argv = [sys.executable, str(ROOT / "scripts" / "sections.py"), "--check"]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("docs/manifest.md", [key for r in all_rules().values() if r.options for key in describe(r.options)]),
        ("docs/ci.md", names()),
        ("README.md", ["verify4k check", "verify4k demo", "verify4k import", "verify4k verify-attestation"]),
    ],
)
def test_a_page_has_a_row_for_each(page: str, words: list[str]) -> None:
    text = (ROOT / page).read_text("utf-8")
    rows = set(re.findall(r"^\| \[?`([^`]+)`(?:\]\([^)]+\))? \| ", text, re.MULTILINE))
    assert [word for word in words if word not in rows] == []


def test_every_count_of_the_page_on_native_resolution_stands_in_the_record() -> None:
    page = (ROOT / "docs" / "native-resolution.md").read_text("utf-8")
    record = (ROOT / "docs" / "native-measurement.md").read_text("utf-8")
    counts = re.findall(r"^\| .* \| (\d+) of (\d+) \|$", page, re.MULTILINE)
    assert len(counts) == 10
    assert [f"{few}/{all_}" for few, all_ in counts if f"| {few}/{all_} (" not in record] == []
