"""Takes the pictures of the documentation: the terminal and the HTML report, light and dark.

Usage: python scripts/pictures.py. A sample project is checked for real; what `verify4k check` prints is
shown by a page of our own in Chromium, and so is the report that it writes. Needs playwright.
"""

from __future__ import annotations

import html
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "docs" / "assets"
MANIFEST = """\
version: 1
defaults: {alpha: forbidden}
files:
  dist/hero.png: 3840x2160
  dist/logo.png: {size: 512x512, alpha: required}
  dist/poster.png: 1080x1620
"""
STYLE = """
body { margin: 0; }
div { padding: 20px; font: 15px/1.45 "DejaVu Sans Mono", monospace; white-space: pre; width: max-content;
       background: var(--paper); color: var(--ink); }
.light { --paper: #ffffff; --ink: #1b1f24; --red: #b3202c; --green: #116329; --dim: #57606a; }
.dark { --paper: #0d1117; --ink: #e6edf3; --red: #ff7b72; --green: #56d364; --dim: #9aa4af; }
.c1 { font-weight: 700; } .c31 { color: var(--red); } .c32 { color: var(--green); }
.c2, .c90 { color: var(--dim); }
.c35, .c36, .c33 { color: var(--dim); }
"""


def sample(folder: Path) -> None:
    """Write a project with a hero that somebody reduced and a logo that lost its transparency."""
    from PIL import Image, ImageDraw

    (folder / "dist").mkdir()
    wide = (-2.2, -1.2, 2.06, 1.2)
    Image.effect_mandelbrot((2560, 1440), wide, 120).convert("RGB").save(folder / "dist/hero.png")
    logo = Image.new("RGB", (512, 512), "#f6f8fa")
    ImageDraw.Draw(logo).regular_polygon((256, 256, 200), 6, fill="#2da44e")
    logo.save(folder / "dist/logo.png")
    Image.effect_mandelbrot((1080, 1620), (-0.8, -0.1, -0.7, 0.05), 160).convert("RGB").save(
        folder / "dist/poster.png"
    )
    (folder / "verify4k.yaml").write_text(MANIFEST)


def spans(text: str) -> str:
    """Return terminal text with its colours as HTML."""
    pieces = re.split(r"\033\[([\d;]*)m", text)
    out, classes = [html.escape(pieces[0])], ""
    for codes, piece in zip(pieces[1::2], pieces[2::2], strict=True):
        classes = " ".join(f"c{code}" for code in codes.split(";") if code not in ("", "0"))
        out.append(f'<span class="{classes}">{html.escape(piece)}</span>' if classes else html.escape(piece))
    return "".join(out)


def main() -> int:
    """Take four pictures."""
    from playwright.sync_api import sync_playwright

    chromium = next((path for name in ("chromium", "google-chrome") if (path := shutil.which(name))), None)
    OUT.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name, sync_playwright() as started:
        folder = Path(name)
        sample(folder)
        argv = [
            sys.executable,
            "-m",
            "verify4k",
            "check",
            "--color",
            "always",
            "--report",
            "html=report.html",
        ]
        env = os.environ | {"PYTHONPATH": str(ROOT)}
        done = subprocess.run(argv, cwd=folder, env=env, capture_output=True, text=True, check=False)
        browser = started.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for scheme in ("light", "dark"):
            page: Any = browser.new_page(color_scheme=scheme, viewport={"width": 1000, "height": 640})
            shown = f"$ verify4k check\n{spans(done.stdout)}"
            page.set_content(
                f'<meta charset="utf-8"><style>{STYLE}</style><body><div class="{scheme}">{shown}</div>'
            )
            page.locator("div").screenshot(path=OUT / f"terminal-{scheme}.png")
            page.goto((folder / "report.html").as_uri())
            page.screenshot(path=OUT / f"report-{scheme}.png")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
