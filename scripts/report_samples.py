"""Runs one small check and hands out what each report format makes of it, for the formats' pages."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from verify4k import reporters

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))
from pictures import stored_png  # noqa: E402

MANIFEST = """\
version: 1
files:
  dist/hero.png: 128x72
  dist/logo.png: {size: 48x48, alpha: forbidden}
"""
LINES, WIDTH = 40, 400  # what is shown of a long report, and of a long line
LANGUAGES = {
    "checkstyle": "xml",
    "gitlab": "json",
    "in-toto": "json",
    "json": "json",
    "jsonl": "json",
    "junit": "xml",
    "markdown": "markdown",
    "predicate": "json",
    "rdjson": "json",
    "sarif": "json",
}
PICTURES = """\
![The page: failed assets first, each with a thumbnail, what was promised and measured]\
(../assets/report-light.png#only-light)
![The page: failed assets first, each with a thumbnail, what was promised and measured]\
(../assets/report-dark.png#only-dark)"""


def samples() -> dict[str, list[str]]:
    """Return the lines of each format's page that show what it looks like."""
    return {name: _shown(name, text) for name, text in reports().items()}


def reports() -> dict[str, str]:
    """Check a hero that is half as large as promised and a logo that is right; return every report."""
    names = reporters.names()
    with tempfile.TemporaryDirectory() as folder:
        dist = Path(folder) / "dist"
        dist.mkdir()
        dist.joinpath("hero.png").write_bytes(stored_png(64, 36))
        dist.joinpath("logo.png").write_bytes(stored_png(48, 48))
        Path(folder, "verify4k.yaml").write_text(MANIFEST, "utf-8")
        wanted = [part for name in names for part in ("--report", f"{name}={name}.out")]
        argv = [sys.executable, "-m", "verify4k", "check", *wanted]
        kept = {key: value for key, value in os.environ.items() if not key.startswith("VERIFY4K_")}
        env = kept | {"PYTHONPATH": str(ROOT), "NO_COLOR": "1", "GIT_CEILING_DIRECTORIES": folder}
        done = subprocess.run(argv, cwd=folder, env=env, capture_output=True, text=True, check=False)
        if done.returncode != 1:
            raise SystemExit(f"the sample run ended with {done.returncode}: {done.stderr}")
        return {name: Path(folder, f"{name}.out").read_text("utf-8") for name in names}


def _shown(name: str, text: str) -> list[str]:
    if name == "html":
        return PICTURES.splitlines()
    heading = "A run with a hero of half the promised size and a logo that is right:"
    if name == "sarif":
        heading = "The results of a run with a hero of half the promised size and a logo that is right:"
        text = json.dumps(json.loads(text)["runs"][0]["results"], indent=2)
    lines = [line if len(line) <= WIDTH else f"{line[:WIDTH]}..." for line in text.rstrip("\n").split("\n")]
    more = len(lines) - LINES
    cut = [*lines[:LINES], f"... ({more} more lines)"] if more > 3 else lines
    return [heading, "", f"````{LANGUAGES.get(name, 'text')}", *cut, "````"]
