"""Each folder here is a situation somebody reported: its manifest, its files, and what the command has to say.

``expected.txt`` holds commands and what they print, as a terminal would show it: ``$ verify4k ...``, the
output, ``[exit N]``. ``case.txt`` says what is right and why.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Outcome

CASES = sorted(path.parent for path in Path(__file__).parent.rglob("expected.txt"))
_STEP = re.compile(r"^\$ verify4k (.*)\n((?:.*\n)*?)\[exit (\d+)\]$", re.MULTILINE)


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_the_case_ends_as_it_says(case: Path, run: Callable[..., Outcome], tmp_path: Path) -> None:
    shutil.copytree(case, tmp_path, dirs_exist_ok=True)
    assert (case / "case.txt").read_text().strip()
    steps = _STEP.findall((case / "expected.txt").read_text())
    assert steps, "expected.txt has no command"
    for command, expected, code in steps:
        outcome = run(*command.split())
        assert outcome.out + outcome.err == expected
        assert outcome.code == int(code)
