"""Editors and tools that write pictures, each run for real and once a session; skips where one is missing."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from transformers import TOOLS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


def program(name: str, package: str) -> str:
    """The path of a program that scripts/test.sh installs."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed: sh scripts/test.sh installs {package} where it may")
    return found


def imagemagick() -> str:
    """ImageMagick's convert; several programs are called so."""
    found = program("convert", "imagemagick")
    said = subprocess.run([found, "-version"], capture_output=True, text=True, check=False).stdout
    if "ImageMagick" not in said:
        pytest.skip("convert is not ImageMagick's: sh scripts/test.sh installs imagemagick where it may")
    return found


def done(argv: Sequence[str], **environment: str) -> None:
    """Run a program to its end; what it said is shown where it failed."""
    ran = subprocess.run(argv, env={**os.environ, **environment}, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def inkscape(drawing: Path, folder: Path, widths: Mapping[str, int]) -> None:
    """Export a drawing in these widths, as Inkscape's dialog does."""
    started = program("inkscape", "inkscape")
    actions = [
        f"export-filename:{folder / name}; export-width:{width}; export-do" for name, width in widths.items()
    ]
    done([started, f"--actions={'; '.join(actions)}", str(drawing)], HOME=str(folder))


_GIMP = """
(let* ((image (car (gimp-file-load RUN-NONINTERACTIVE "{source}" "{source}")))
       (layer (car (gimp-image-get-active-layer image))))
  {steps}
  (gimp-file-save RUN-NONINTERACTIVE image (car (gimp-image-get-active-drawable image)) "{made}" "{made}"))
"""


def gimp(folder: Path, exports: Mapping[str, tuple[Path, str]]) -> None:
    """Open each source in GIMP, do steps in Script-Fu (of ``image`` and ``layer``), export it by its name."""
    started = shutil.which("gimp")
    if started is None:
        pytest.skip("GIMP is not installed: 80 MB for these tests alone, so apt install gimp is left to you")
    said = subprocess.run([started, "--version"], capture_output=True, text=True, check=False).stdout
    if re.search(r"\b2\.10\.", said) is None:
        pytest.skip(f"only GIMP 2.10 is driven, and this is {said.strip()}: Script-Fu became another")
    batch = [
        _GIMP.format(source=source, made=folder / name, steps=steps)
        for name, (source, steps) in exports.items()
    ]
    argv = [started, "-i", "-d", "-f", *(f"--batch={script}" for script in batch), "--batch=(gimp-quit 0)"]
    done(argv, GIMP2_DIRECTORY=str(folder / "gimp"), HOME=str(folder))


_SHARP = """
const sharp = require({module!r});
Promise.all([
{lines}
]).catch((error) => {{ console.error(error); process.exit(1); }});
"""


def sharp(folder: Path, exports: Mapping[str, tuple[Path, str]]) -> None:
    """Write each source with sharp, by methods of its pipeline; sharp comes with ipx."""
    module = os.path.join(
        os.environ.get("IPX_MODULES") or str(TOOLS / "ipx" / "node_modules"), "sharp", "lib", "index.js"
    )
    node = shutil.which("node")
    if node is None or not os.path.exists(module):
        pytest.skip("sharp is not installed: sh scripts/test.sh does it where there is npm")
    lines = [
        f"sharp({str(source)!r}){steps}.toFile({str(folder / name)!r}),"
        for name, (source, steps) in exports.items()
    ]
    done([node, "-e", _SHARP.format(module=module, lines="\n".join(lines))])


def chromium(folder: Path, shots: Mapping[str, tuple[str, tuple[int, int], float]]) -> None:
    """Photograph pages (their HTML, the window, the device's pixel ratio) with headless Chromium."""
    sync = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    browser = next((path for name in names if (path := shutil.which(name))), None)
    if browser is None:
        pytest.skip("Chromium is not installed: sh scripts/test.sh does it where it may")
    with sync.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        for name, (html, (width, height), ratio) in shots.items():
            size = {"width": width, "height": height}
            page = started.new_page(viewport=size, device_scale_factor=ratio)
            (folder / "page.html").write_text(html)
            page.goto((folder / "page.html").as_uri())
            page.wait_for_function("[...document.images].every((each) => each.complete)")
            page.screenshot(path=str(folder / name))
            page.close()
        started.close()
