"""Attacks that got through once, each as its finder wrote it: pytest tests/test_attacks.py runs them all.

A script of tests/data/attacks makes what it needs in a folder of its own and prints what came out; only
what it measured (seconds, memory) and the number of its tries were taken out.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import pytest

ATTACKS = Path(__file__).parent / "data" / "attacks"
ROOT = Path(__file__).parent.parent


class Outcome(NamedTuple):
    """What a script must print, and must not."""

    said: tuple[str, ...]
    never: tuple[str, ...] = ("crashed", "exit 124", "Traceback")
    needs: str = "bash"


OUTCOMES = {
    "01-passed-with-ignore": Outcome(
        ("exit 2", "exit 1 by environment", '"result": "FAILED"'), ("PASSED", "every promise holds")
    ),
    "02-exiftool-config": Outcome(("1 passed",), ("pull request runs",), "exiftool"),
    "03-ledger-dev-zero": Outcome(("this is a device", "exit 3", "FIFO: exit 3")),
    "04-exiftool-dies-hangs": Outcome(("undecided", "exit 3 (")),
    "05-exiftool-ztxt-memory": Outcome(("undecided[metadata] b.png",), ("1 passed",), "exiftool"),
    "06-race-metadata": Outcome((), ("bound to the file",), "exiftool"),
    "07-manifest-quadratic": Outcome(("1 passed",)),
    "08-verify-attestation-other-type": Outcome(("FAILED statement: exit 1", "of the type: exit 2")),
    "09-windows-fence": Outcome(("is an absolute path", "has a backslash"), ("let through", "Traceback")),
    "11-staged-ledger-and-fifo": Outcome(("exit 1: a ledger", "/dev/ptmx: exit 2")),
}


@pytest.fixture(scope="module")
def command(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command under test, with a python beside it, as the scripts want them."""
    folder = tmp_path_factory.mktemp("bin")
    for name, call in (("python", ""), ("verify4k", " -I -m verify4k")):
        (folder / name).write_text(f'#!/bin/sh\nexec {sys.executable}{call} "$@"\n')
        (folder / name).chmod(0o755)
    return folder / "verify4k"


def test_every_script_has_an_outcome() -> None:
    assert {path.stem for path in ATTACKS.glob("*.sh")} == set(OUTCOMES)


@pytest.mark.skipif(sys.platform != "linux", reason="the scripts use /proc, ulimit and devices of Linux")
@pytest.mark.parametrize("name", OUTCOMES)
def test_the_attack_does_not_get_through(name: str, command: Path, tmp_path: Path) -> None:
    outcome = OUTCOMES[name]
    if shutil.which(outcome.needs) is None:
        pytest.skip(f"{outcome.needs} is not installed")
    script = ["env", f"V={command}", f"TMPDIR={tmp_path}", "bash", str(ATTACKS / f"{name}.sh")]
    done = subprocess.run(script, capture_output=True, text=True, check=False)
    printed = done.stdout + done.stderr
    for words in outcome.said:
        assert words in printed
    for words in outcome.never:
        assert words not in printed, printed


def test_an_exception_for_one_picture_does_not_cover_another_that_shares_its_beginning(
    tmp_path: Path, run: Any
) -> None:
    first, second = ((ATTACKS / f"10-{name}.jpg").read_bytes() for name in "AB")
    digest = sha256(first).hexdigest()
    assert sha256(second).hexdigest()[:12] == digest[:12]  # 78 seconds of one processor
    for digits, first_is_covered in ((12, False), (31, False), (32, True), (64, True)):
        (tmp_path / "verify4k.yaml").write_text(
            f"version: 1\nfiles:\n  a.jpg: 1x1  # verify4k: ignore[exact-size@{digest[:digits]}] x\n"
        )
        for data, covered in ((first, first_is_covered), (second, False)):
            (tmp_path / "a.jpg").write_bytes(data)
            assert run("check", "--select", "exact-size").code == (0 if covered else 1), digits


# -- the page that speaks of them ------------------------------------------------------------------


def test_each_line_of_the_security_page_names_a_test_that_exists() -> None:
    page = (ROOT / "SECURITY.md").read_text("utf-8")
    rows = [
        line
        for line in page.splitlines()
        if line.startswith("| ") and not line.startswith(("| ---", "| What"))
    ]
    assert len(rows) > 20
    for row in rows:
        named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", row)
        assert named, row
        for path, test in named:
            text = (ROOT / path).read_text("utf-8")
            assert not test or f"def {test}(" in text, f"{path}::{test}"
