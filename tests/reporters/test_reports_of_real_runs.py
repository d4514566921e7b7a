"""Reports of real runs of the real command: several at once, and the exit code stays what it is."""

from __future__ import annotations

import hashlib
import json
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from verify4k.reporters import names

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

GOOD = "version: 1\nfiles:\n  a.png: 64x36\n  b.png: 32x18\n"
BAD = "version: 1\nfiles:\n  a.png: 3840x2160\n  b.png: 32x18\n  gone.png: 1x1\n"


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    Image.effect_noise((64, 36), 50).convert("RGB").save(tmp_path / "a.png")
    Image.effect_noise((32, 18), 90).convert("RGB").save(tmp_path / "b.png")
    (tmp_path / "verify4k.yaml").write_text(GOOD)
    return tmp_path


@pytest.mark.parametrize("name", names())
def test_no_format_changes_the_exit_code(name: str, pictures: Path, run: Callable[..., Any]) -> None:
    assert run("check", "--format", name).code == 0
    (pictures / "verify4k.yaml").write_text(BAD)
    outcome = run("check", "--format", name)
    assert outcome.code == 1
    assert outcome.err == ""
    assert run("check", "--format", "text", "--report", f"{name}=out").code == 1
    assert (pictures / "out").read_text(encoding="utf-8").rstrip("\n") == outcome.out.rstrip("\n")


def test_every_report_of_one_run_at_once(pictures: Path, run: Callable[..., Any]) -> None:
    wanted = [part for name in names() for part in ("--report", f"{name}=report.{name}")]
    assert run("check", *wanted).code == 0
    assert {path.name for path in pictures.glob("report.*")} == {f"report.{name}" for name in names()}


def test_a_statement_binds_the_bytes_on_disk(pictures: Path, run: Callable[..., Any]) -> None:
    run("check", "--report", "in-toto=statement.json", "--report", "sha256sums=SUMS")
    statement = json.loads((pictures / "statement.json").read_bytes())
    assert statement["predicate"]["result"] == "PASSED"
    for subject in statement["subject"]:
        data = (pictures / subject["name"]).read_bytes()
        assert subject["digest"]["sha256"] == hashlib.sha256(data).hexdigest()
    command = ["sha256sum", "--strict", "-c", "SUMS"]
    assert subprocess.run(command, cwd=pictures, capture_output=True, check=False).returncode == 0


def test_header_depth_is_never_attested_as_passed(pictures: Path, run: Callable[..., Any]) -> None:
    assert (
        run("check", "--depth", "header", "--report", "in-toto=s.json", "--report", "sha256sums=SUMS").code
        == 0
    )
    statement = json.loads((pictures / "s.json").read_bytes())
    assert statement["predicate"]["result"] == "FAILED"
    assert statement["subject"] == []
    assert (pictures / "SUMS").read_text().startswith("# verify4k ")
    assert len((pictures / "SUMS").read_text().splitlines()) == 1


def test_the_page_shows_pictures_of_what_was_decoded(pictures: Path, run: Callable[..., Any]) -> None:
    run("check", "--report", "html=report.html")
    assert (pictures / "report.html").read_text(encoding="utf-8").count(
        'data-src="data:image/webp;base64,UklGR'
    ) == 2
